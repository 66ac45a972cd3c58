//! A near cache: each process keeps in its memory what it got from the cache that all share, and is told what is changed there.

use cachemark_core::{Cache, CacheError, Capabilities, Entry, Key, OpContext};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

/// Tells every near cache of a change, whoever made it, as soon as the shared cache has it.
#[derive(Clone, Default)]
pub(crate) struct Messages(Arc<Mutex<Vec<Arc<Near>>>>);

#[derive(Default)]
struct Near(Mutex<HashMap<Key, Slot>>);

enum Slot {
    /// The shared cache has been asked, and nothing was changed since: a number tells who asked.
    Asked(u64),
    Kept(Entry),
}

pub(crate) struct NearCache<C> {
    shared: Arc<C>,
    near: Arc<Near>,
    messages: Messages,
    /// Whether a reply is kept only where its place is still held.
    placeholder: bool,
}

impl Messages {
    fn tell(&self, key: &Key) {
        for near in &*self.0.lock().unwrap() {
            near.slots().remove(key);
        }
    }
}

impl Near {
    fn slots(&self) -> MutexGuard<'_, HashMap<Key, Slot>> {
        self.0.lock().unwrap()
    }

    fn kept(&self, key: &Key) -> Option<Entry> {
        match self.slots().get(key) {
            Some(Slot::Kept(entry)) => Some(entry.clone()),
            Some(Slot::Asked(_)) | None => None,
        }
    }
}

impl<C: Cache> NearCache<C> {
    pub(crate) fn new(shared: Arc<C>, messages: &Messages, placeholder: bool) -> Self {
        let near = Arc::<Near>::default();
        messages.0.lock().unwrap().push(Arc::clone(&near));
        Self { shared, near, messages: messages.clone(), placeholder }
    }
}

impl<C: Cache> Cache for NearCache<C> {
    fn capabilities(&self) -> Capabilities {
        Capabilities { versioned_set: false, lease: false, touch: false, ..self.shared.capabilities() }
    }

    async fn get(&self, ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        if let Some(kept) = self.near.kept(key) {
            return Ok(Some(kept));
        }
        let asking = ctx.write_id().sequence;
        self.near.slots().insert(key.clone(), Slot::Asked(asking));
        let reply = self.shared.get(ctx, key).await?;
        if let Some(entry) = &reply {
            let mut slots = self.near.slots();
            let has_its_place = matches!(slots.get(key), Some(Slot::Asked(asked)) if *asked == asking);
            if has_its_place || !self.placeholder {
                slots.insert(key.clone(), Slot::Kept(entry.clone()));
            }
        }
        Ok(reply)
    }

    async fn set(&self, ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        self.shared.set(ctx, key, entry, ttl).await?;
        self.messages.tell(key);
        Ok(())
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        self.shared.delete(ctx, key).await?;
        self.messages.tell(key);
        Ok(())
    }
}
