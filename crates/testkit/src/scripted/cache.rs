//! A cache in memory.

use super::call::{Call, CallLog, Op, Part};
use super::leases::Leases;
use super::script::{Script, scripting};
use super::{Gate, When};
use cachemark_core::{
    Cache, CacheError, Capabilities, Entry, Held as Seen, Key, LeaseToken, Leased, OpContext, SetOutcome,
};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// A cache that holds to the contract of [`Cache`] in memory, and does what a test tells it. It never evicts unless
/// told to ([`ScriptedCache::evict`]).
#[derive(Debug)]
pub struct ScriptedCache {
    pub(super) script: Script<CacheError>,
    capabilities: Capabilities,
    content: Mutex<Content>,
}

#[derive(Debug, Default)]
pub(super) struct Content {
    entries: HashMap<Key, Held>,
    leases: Leases,
    pub(super) gets: u64,
    pub(super) hits: u64,
    pub(super) sets: u64,
    pub(super) deletes: u64,
}

#[derive(Debug)]
struct Held {
    entry: Entry,
    expires: Option<Instant>,
}

scripting!(ScriptedCache, CacheError);

impl ScriptedCache {
    /// An empty cache that can do everything, with a log of its own.
    #[must_use]
    pub fn new() -> Self {
        Self::logging_to(&CallLog::new())
    }

    /// An empty cache that can do everything and logs to `log`.
    #[must_use]
    pub fn logging_to(log: &CallLog) -> Self {
        let all = Capabilities { ttl: true, versioned_set: true, lease: true, touch: true, ..Capabilities::NONE };
        let capabilities = Capabilities { shared: true, ..all };
        Self { script: Script::new(log.clone()), capabilities, content: Mutex::default() }
    }

    /// The same cache with other capabilities: without `ttl` entries stay, without `versioned_set`, `lease` or `touch` those
    /// are unsupported, over `largest_entry` entries are refused.
    #[must_use]
    pub fn with_capabilities(self, capabilities: Capabilities) -> Self {
        Self { capabilities, ..self }
    }

    /// Puts an entry in, without expiry, past the script and the log.
    pub fn put(&self, key: &Key, entry: Entry) {
        let mut content = self.content();
        content.leases.void(key);
        content.entries.insert(key.clone(), Held { entry, expires: None });
    }

    /// Takes an entry out, past the script and the log. A lease stays.
    pub fn evict(&self, key: &Key) {
        self.content().entries.remove(key);
    }

    /// The entry under `key`, past the script and the log.
    #[must_use]
    pub fn entry(&self, key: &Key) -> Option<Entry> {
        self.content().live(key).cloned()
    }

    /// The same, with how long it has left.
    pub(super) fn held(&self, key: &Key) -> Option<Seen> {
        let (content, now) = (self.content(), Instant::now());
        let held = content.entries.get(key).filter(|held| !held.is_expired(now))?;
        let remaining = held.expires.map(|expires| expires.saturating_duration_since(now));
        Some(Seen { entry: Some(held.entry.clone()), remaining })
    }

    /// The keys of the entries, in their order.
    pub(super) fn entries(&self) -> Vec<Key> {
        let now = Instant::now();
        let content = self.content();
        let live = content.entries.iter().filter(|(_, held)| !held.is_expired(now));
        let mut keys: Vec<Key> = live.map(|(key, _)| key.clone()).collect();
        keys.sort_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
        keys
    }

    /// How many entries there are.
    #[must_use]
    pub fn len(&self) -> usize {
        let now = Instant::now();
        self.content().entries.values().filter(|held| !held.is_expired(now)).count()
    }

    /// Whether there are no entries.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(super) fn clear(&self) {
        let mut content = self.content();
        content.entries.clear();
        content.leases.clear();
    }

    pub(super) fn content(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check_size(&self, entry: &Entry) -> Result<(), CacheError> {
        match self.capabilities.largest_entry {
            Some(limit) if entry.encoded_len() > limit => Err(CacheError::TooLarge { len: entry.encoded_len(), limit }),
            _ => Ok(()),
        }
    }

    fn hold(&self, content: &mut Content, key: &Key, entry: Entry, ttl: Option<Duration>) {
        content.sets += 1;
        content.leases.void(key);
        let expires = ttl.filter(|_| self.capabilities.ttl).map(|ttl| Instant::now() + ttl);
        content.entries.insert(key.clone(), Held { entry, expires });
    }
}

impl Default for ScriptedCache {
    fn default() -> Self {
        Self::new()
    }
}

impl Held {
    fn is_expired(&self, now: Instant) -> bool {
        self.expires.is_some_and(|expires| expires <= now)
    }
}

impl Content {
    /// The same, counted as a get.
    fn got(&mut self, key: &Key) -> Option<Entry> {
        let found = self.live(key).cloned();
        self.gets += 1;
        self.hits += u64::from(found.is_some());
        found
    }

    fn live(&self, key: &Key) -> Option<&Entry> {
        self.entries.get(key).filter(|held| !held.is_expired(Instant::now())).map(|held| &held.entry)
    }
}

/// A call that is about how long something is to last.
pub(super) fn lasting_call(op: Op, ctx: &OpContext, key: &Key, lasting: Duration) -> Call {
    Call { ttl: Some(lasting), ..Call::new(Part::Cache, op, ctx, key) }
}

pub(super) fn set_call(op: Op, ctx: &OpContext, key: &Key, entry: &Entry, ttl: Option<Duration>) -> Call {
    Call { version: Some(entry.version), ttl, ..Call::new(Part::Cache, op, ctx, key) }
}

impl Cache for ScriptedCache {
    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    async fn get(&self, ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        let effect = async { Ok(self.content().got(key)) };
        self.script.run(ctx, Call::new(Part::Cache, Op::Get, ctx, key), effect).await
    }

    async fn set(&self, ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        let call = set_call(Op::Set, ctx, key, &entry, ttl);
        let effect = async {
            self.check_size(&entry)?;
            self.hold(&mut self.content(), key, entry, ttl);
            Ok(())
        };
        self.script.run(ctx, call, effect).await
    }

    async fn set_if_newer(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
    ) -> Result<SetOutcome, CacheError> {
        let call = set_call(Op::SetIfNewer, ctx, key, &entry, ttl);
        let effect = async {
            if !self.capabilities.versioned_set {
                return Err(CacheError::Unsupported("versioned set"));
            }
            self.check_size(&entry)?;
            let mut content = self.content();
            if content.live(key).is_some_and(|held| entry.is_superseded_by(held.version)) {
                return Ok(SetOutcome::Superseded);
            }
            self.hold(&mut content, key, entry, ttl);
            Ok(SetOutcome::Stored)
        };
        self.script.run(ctx, call, effect).await
    }

    async fn get_or_lease(&self, ctx: &OpContext, key: &Key, lease: Duration) -> Result<Leased, CacheError> {
        let effect = async {
            if !self.capabilities.lease {
                return Err(CacheError::Unsupported("leases"));
            }
            let mut content = self.content();
            let found = content.got(key);
            Ok(found.map_or_else(|| content.leases.take(key, lease), Leased::Hit))
        };
        self.script.lease(ctx, lasting_call(Op::GetOrLease, ctx, key, lease), effect).await
    }

    async fn set_leased(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
        token: LeaseToken,
    ) -> Result<SetOutcome, CacheError> {
        let call = set_call(Op::SetLeased, ctx, key, &entry, ttl);
        let effect = async {
            if !self.capabilities.lease {
                return Err(CacheError::Unsupported("leases"));
            }
            self.check_size(&entry)?;
            let mut content = self.content();
            if !content.leases.is_valid(key, token) {
                return Ok(SetOutcome::Superseded);
            }
            self.hold(&mut content, key, entry, ttl);
            Ok(SetOutcome::Stored)
        };
        self.script.run(ctx, call, effect).await
    }

    async fn get_and_touch(&self, ctx: &OpContext, key: &Key, ttl: Duration) -> Result<Option<Entry>, CacheError> {
        let effect = async {
            if !self.capabilities.touch {
                return Err(CacheError::Unsupported("touch"));
            }
            let mut content = self.content();
            let found = content.got(key);
            if found.is_some()
                && let Some(held) = content.entries.get_mut(key)
            {
                held.expires = Some(Instant::now() + ttl);
            }
            Ok(found)
        };
        self.script.run(ctx, lasting_call(Op::GetAndTouch, ctx, key, ttl), effect).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        let effect = async {
            let mut content = self.content();
            content.deletes += 1;
            content.leases.void(key);
            content.entries.remove(key);
            Ok(())
        };
        self.script.run(ctx, Call::new(Part::Cache, Op::Delete, ctx, key), effect).await
    }
}
