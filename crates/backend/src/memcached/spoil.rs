//! What is done to the entries of a Memcached server, or to its room, on purpose.

use super::Memcached;
use super::text::TextConnection;
use cachemark_core::{CacheError, Key};
use futures::future::BoxFuture;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// Keys asked for at once: as in a look.
const AT_ONCE: usize = 200;

/// The server takes no less, in mebibytes.
const LEAST_ROOM: u64 = 8;
/// It gives its pages back one at a time, and so long may that take.
const ROOM_PATIENCE: Duration = Duration::from_secs(5);
/// How long it takes for one, about.
const PAUSE: Duration = Duration::from_millis(2);

fn ask(command: String) -> impl for<'a> Fn(&'a mut TextConnection) -> BoxFuture<'a, Result<String, CacheError>> {
    move |text| {
        let command = command.clone();
        Box::pin(async move { text.ask(&command).await })
    }
}

impl Memcached {
    /// Gives what is under `keys` a lifetime that is over. Such a touch counts as no get.
    pub(super) async fn expire_keys(&self, keys: &[Key]) -> Result<(), CacheError> {
        for chunk in keys.chunks(AT_ONCE) {
            let asked: Arc<[Key]> = chunk.into();
            let expiring = self.probe(move |text| {
                let asked = Arc::clone(&asked);
                Box::pin(async move { text.expire(&asked).await })
            });
            let found = expiring.await?;
            self.inspections.made.fetch_add(chunk.len() as u64, Ordering::Relaxed);
            self.inspections.found.fetch_add(found, Ordering::Relaxed);
        }
        Ok(())
    }

    /// The same of every key of ours.
    pub(super) async fn expire_ours(&self) -> Result<(), CacheError> {
        let mut seen = BTreeSet::new();
        // A listing walks queues that the server reorders meanwhile, so one may miss some.
        const ROUNDS: u32 = 3;
        for _ in 0..ROUNDS {
            let keys = self.unseen(&mut seen).await?;
            if keys.is_empty() {
                break;
            }
            self.expire_keys(&keys).await?;
        }
        Ok(())
    }

    /// The keys of ours that the server lists and that were in no listing before: whatever is set again meanwhile stays.
    pub(super) async fn unseen(&self, seen: &mut BTreeSet<Vec<u8>>) -> Result<Vec<Key>, CacheError> {
        let listed = self.listed().await?;
        let unseen = listed.into_iter().filter(|key| seen.insert(key.clone()));
        Ok(unseen.filter_map(|key| Key::new(key).ok()).collect())
    }

    /// Leaves the server a share of the memory that it was set to when this was first asked for.
    pub(super) async fn set_room(&self, share: f64) -> Result<(), CacheError> {
        if !self.options.owned {
            return Err(CacheError::Unsupported("changing its room: the server is not this run's own"));
        }
        let known = *self.room.lock().unwrap_or_else(PoisonError::into_inner);
        let whole = match known {
            Some(whole) => whole,
            None => self.room_now().await?,
        };
        *self.room.lock().unwrap_or_else(PoisonError::into_inner) = Some(whole);
        let mebibytes = (whole as f64 * share).round() as u64;
        if mebibytes < LEAST_ROOM && share < 1.0 {
            return Err(CacheError::Rejected(format!(
                "a room of {mebibytes} MiB: the server takes no less than {LEAST_ROOM}; cut it less, or give it more to begin with \
                 (cache-memory-mib)"
            )));
        }
        self.probe(ask(format!("cache_memlimit {mebibytes}"))).await?;
        self.give_back(mebibytes << 20).await
    }

    /// In mebibytes.
    async fn room_now(&self) -> Result<u64, CacheError> {
        let settings = self.stats("stats settings").await?;
        let bytes = settings.get("maxbytes").and_then(|bytes| bytes.parse::<u64>().ok());
        bytes
            .map(|bytes| bytes >> 20)
            .ok_or_else(|| CacheError::Corrupt("the server does not say its maxbytes".to_owned()))
    }

    /// Has the server give back pages until it has no more than `bytes` in them: it only takes no further ones by itself. Each is
    /// taken from the sizes that have the most.
    async fn give_back(&self, bytes: u64) -> Result<(), CacheError> {
        let until = Instant::now() + ROOM_PATIENCE;
        while Instant::now() < until {
            let slabs = self.stats("stats slabs").await?;
            let held = slabs.get("total_malloced").and_then(|held| held.parse::<u64>().ok()).unwrap_or(0);
            let Some(class) = widest(&slabs).filter(|_| held > bytes) else { return Ok(()) };
            match self.probe(ask(format!("slabs reassign {class} 0"))).await {
                // It is at one, or about to be.
                Ok(_) => {}
                Err(CacheError::Rejected(said)) if said.starts_with("BUSY") => {}
                Err(error) => return Err(error),
            }
            tokio::time::sleep(PAUSE).await;
        }
        Err(CacheError::Rejected(format!("it did not give back its memory within {ROOM_PATIENCE:?}")))
    }
}

/// The class of sizes that has the most pages, if one has any to spare.
fn widest(slabs: &BTreeMap<String, String>) -> Option<u32> {
    let pages = slabs.iter().filter_map(|(name, pages)| {
        let class = name.strip_suffix(":total_pages")?.parse::<u32>().ok()?;
        Some((pages.parse::<u64>().ok()?, class))
    });
    pages.filter(|(pages, class)| *pages > 1 && *class > 0).max().map(|(_, class)| class)
}

#[cfg(test)]
mod tests {
    use super::widest;
    use std::collections::BTreeMap;

    #[test]
    fn pages_are_taken_where_there_are_the_most() {
        let slabs = |of: &[(&str, &str)]| -> BTreeMap<String, String> {
            of.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let some =
            slabs(&[("1:total_pages", "3"), ("12:total_pages", "9"), ("12:used_chunks", "99"), ("active_slabs", "2")]);
        assert_eq!(widest(&some), Some(12));
        assert_eq!(widest(&slabs(&[("1:total_pages", "1")])), None, "the last one of a class stays");
    }
}
