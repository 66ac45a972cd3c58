//! What is done to the entries of a Redis server, or to its room, on purpose.

use super::Redis;
use cachemark_core::{CacheError, Key};
use redis::Pipeline;
use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::time::Duration;

/// Keys of one pipeline.
const AT_ONCE: usize = 1_000;

/// The shortest lifetime that can be asked for is one millisecond. Less is a deletion to the server, which it would count as one.
const LIFETIME_MS: u64 = 1;

/// Until that is over.
const OVER: Duration = Duration::from_millis(LIFETIME_MS + 2);

const ROOM: &str = "maxmemory";

fn expiring<'k>(keys: impl Iterator<Item = &'k [u8]>) -> Pipeline {
    let mut pipeline = redis::pipe();
    pipeline.ignore_errors();
    for key in keys {
        pipeline.cmd("PEXPIRE").arg(key).arg(LIFETIME_MS);
    }
    pipeline
}

impl Redis {
    /// Has what is under `keys` expire, a batch at a time.
    pub(super) async fn expire_keys(&self, keys: &[Key]) -> Result<(), CacheError> {
        for chunk in keys.chunks(AT_ONCE) {
            self.probe_all(&expiring(chunk.iter().map(Key::as_bytes))).await?;
        }
        tokio::time::sleep(OVER).await;
        Ok(())
    }

    /// The same of every key that is ours, as the server's walk over its keys meets them.
    pub(super) async fn expire_ours(&self) -> Result<(), CacheError> {
        let mut cursor = 0;
        loop {
            let (next, keys) = self.scanned(cursor).await?;
            if !keys.is_empty() {
                self.probe_all(&expiring(keys.iter().map(Vec::as_slice))).await?;
            }
            if next == 0 {
                break;
            }
            cursor = next;
        }
        tokio::time::sleep(OVER).await;
        Ok(())
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
        if whole == 0 {
            return Err(CacheError::Unsupported("changing its room: its memory has no bound"));
        }
        *self.room.lock().unwrap_or_else(PoisonError::into_inner) = Some(whole);
        // 0 would be no bound at all.
        let bytes = ((whole as f64 * share) as u64).clamp(1, whole);
        self.probe::<()>(redis::cmd("CONFIG").arg("SET").arg(ROOM).arg(bytes).take()).await
    }

    async fn room_now(&self) -> Result<u64, CacheError> {
        let asked: BTreeMap<String, String> = self.probe(redis::cmd("CONFIG").arg("GET").arg(ROOM).take()).await?;
        let bytes = asked.get(ROOM).and_then(|bytes| bytes.parse().ok());
        bytes.ok_or_else(|| CacheError::Corrupt("the server does not say its maxmemory".to_owned()))
    }
}
