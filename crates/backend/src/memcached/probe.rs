//! What Memcached tells of itself.

use super::text::TextConnection;
use super::{Memcached, busy};
use crate::budget::Budget;
use crate::claim;
use crate::encoded;
use crate::lane::{Again, Repeat};
use crate::leases_made::LeasesMade;
use cachemark_core::{CacheError, CacheProbe, Counters, Entry, Held, Key, Probe, ProbeFuture, Recency, Seeing};
use futures::future::BoxFuture;
use percent_encoding::percent_decode_str;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Questions wait this long at most.
const PATIENCE: Duration = Duration::from_secs(5);

/// Keys asked for at once in a look. Questions are short and answers are not: the server stops reading while nobody takes
/// what it has answered, so the questions have to fit into what lies between the two.
const LOOKED_AT: usize = 200;

/// The beginning of the keys that are ours.
const OURS: &str = "cm:";

const SETTINGS: [&str; 7] =
    ["maxbytes", "item_size_max", "num_threads", "maxconns", "evictions", "cas_enabled", "lru_maintainer_thread"];

/// Gets that were the probe's own, so that they can be taken out of the server's count.
#[derive(Debug, Default)]
pub(super) struct Inspections {
    pub(super) made: AtomicU64,
    pub(super) found: AtomicU64,
}

impl Memcached {
    /// Asks something over the probe's own connection, which is idle for as long as a trial lasts: a server that closes
    /// what is idle has closed it by then. All that the probe asks leaves the server alike, asked once or twice.
    pub(super) async fn probe<T: Send>(
        &self,
        question: impl for<'a> Fn(&'a mut TextConnection) -> BoxFuture<'a, Result<T, CacheError>>,
    ) -> Result<T, CacheError> {
        let (budget, mut again) = (Budget::lasting(PATIENCE), Again::new(Repeat::Harmless));
        loop {
            let mut lane = self.probing.lane(0, &budget).await?;
            let asked = budget.bound(question(lane.start())).await;
            let asked = asked.map(|answer| answer.map_err(|error| self.told(error.into())));
            if let Some(answer) = lane.settle_or_again(asked, &mut again) {
                return answer;
            }
        }
    }

    /// The first question, whose answer is the largest item: something that listens may be no Memcached.
    pub(super) async fn greet(&self) -> Result<usize, CacheError> {
        let endpoint = &self.options.endpoint;
        self.item_size_limit().await.map_err(|error| match error {
            CacheError::Corrupt(_) => {
                CacheError::Rejected(format!("{endpoint}: what listens there does not speak the Memcached protocol"))
            }
            CacheError::ConnectionLost(_) => CacheError::Unavailable(format!(
                "{endpoint}: the connection was closed before an answer came; maybe it does not speak the Memcached \
                 protocol"
            )),
            CacheError::Timeout(span) => {
                CacheError::Unavailable(format!("{endpoint}: it takes connections, and gave no answer within {span:?}"))
            }
            // A login that was refused names the address already.
            CacheError::Rejected(text) if !text.starts_with(&endpoint.to_string()) => {
                CacheError::Rejected(format!("{endpoint}: {text}"))
            }
            other => other,
        })
    }

    pub(super) async fn stats(&self, command: &'static str) -> Result<BTreeMap<String, String>, CacheError> {
        self.probe(move |text| Box::pin(text.stats(command))).await
    }

    /// The largest item in bytes, header and key included (`-I`).
    async fn item_size_limit(&self) -> Result<usize, CacheError> {
        let settings = self.stats("stats settings").await?;
        let limit = settings.get("item_size_max").and_then(|limit| limit.parse().ok());
        limit.ok_or_else(|| CacheError::Corrupt("the server does not say its item_size_max".to_owned()))
    }

    /// The keys that are ours, as the server lists them, but for the one that says whose they are.
    pub(super) async fn listed(&self) -> Result<BTreeSet<Vec<u8>>, CacheError> {
        let listing = || self.probe(|text| Box::pin(text.list("lru_crawler metadump all", "key=")));
        let listed = busy::until_free(busy::PATIENCE, listing).await?;
        let keys = listed.iter().filter_map(|line| line.strip_prefix("key=")?.split(' ').next());
        let ours = keys.map(unescaped).filter(|key| key.starts_with(OURS.as_bytes()) && key != claim::KEY.as_bytes());
        Ok(ours.collect())
    }

    /// Removes keys.
    async fn remove(&self, keys: &[Key]) -> Result<(), CacheError> {
        for key in keys {
            let command = format!("delete {key}");
            self.probe(move |text| {
                let command = command.clone();
                Box::pin(async move { text.ask(&command).await })
            })
            .await?;
        }
        Ok(())
    }
}

impl Probe<CacheError> for Memcached {
    fn ping(&self) -> ProbeFuture<'_, Duration, CacheError> {
        Box::pin(async {
            let began = Instant::now();
            self.probe(|text| Box::pin(text.ask("version"))).await?;
            Ok(began.elapsed())
        })
    }

    fn version(&self) -> ProbeFuture<'_, String, CacheError> {
        Box::pin(async {
            let answer = self.probe(|text| Box::pin(text.ask("version"))).await?;
            let version = answer.strip_prefix("VERSION ").ok_or_else(|| CacheError::Corrupt(answer.clone()))?;
            Ok(format!("Memcached {version}"))
        })
    }

    /// The server's settings by its own names, and our `lanes`.
    fn settings(&self) -> ProbeFuture<'_, BTreeMap<String, String>, CacheError> {
        Box::pin(async {
            let mut settings = self.stats("stats settings").await?;
            settings.retain(|name, _| SETTINGS.contains(&name.as_str()));
            settings.insert("lanes".to_owned(), self.options.lanes.to_string());
            Ok(settings)
        })
    }

    /// `gets`, `hits`, `sets`, `deletes`, `evictions`, `entries`, `memory-bytes`, of the whole server: other users of
    /// it are counted too. The looks and refused stores of our own versioned sets are taken out by our own count of
    /// them, so a versioned set counts as a set where it stored, and as nothing where it did not; and so are leases, which the
    /// server counts as hits, and refused sets under them. A get that touches it counts as a touch. `expired` is not
    /// there: the server counts only those entries that somebody asked for in vain or its crawler met. But the stub of a lease is
    /// among the server's `entries` while it is there, and among `evictions` if it goes that way: nobody can tell which of them were stubs.
    ///
    /// And of our own: `leases-made`, how many we had it make, what lanes cost, `versioned-sets` and `versioned-set-round-trips`.
    fn counters(&self) -> ProbeFuture<'_, Counters, CacheError> {
        Box::pin(async {
            let stats = self.stats("stats").await?;
            let ours = self.versioned.snapshot();
            let inspected = self.inspections.made.load(Ordering::Relaxed);
            let found = self.inspections.found.load(Ordering::Relaxed);
            let stat = |name: &str| stats.get(name).and_then(|value| value.parse::<u64>().ok());
            let sum = |names: [&str; 2]| Some(stat(names[0])? + stat(names[1])?);
            let less = |count: Option<u64>, ours: u64| Some(count?.saturating_sub(ours));
            let stubs = self.leases.stubs();
            let figures = [
                ("gets", less(sum(["cmd_get", "cmd_touch"]), ours.looks + inspected)),
                ("hits", less(sum(["get_hits", "touch_hits"]), ours.found + found + stubs)),
                ("sets", less(stat("cmd_set"), ours.refused + self.leases.refused())),
                ("deletes", sum(["delete_hits", "delete_misses"])),
                ("evictions", stat("evictions")),
                ("entries", stat("curr_items")),
                ("memory-bytes", stat("bytes")),
            ];
            let figures = figures.into_iter().filter_map(|(name, value)| Some((name, value?)));
            let of_ours = [
                ("versioned-sets", ours.calls),
                ("versioned-set-round-trips", ours.round_trips),
                (LeasesMade::NAME, self.leases.made.count()),
            ];
            Ok(Counters(figures.chain(self.lanes().counters()).chain(of_ours).collect()))
        })
    }
}

impl CacheProbe for Memcached {
    /// Flushes the server if it is ours; otherwise removes the keys under `cm:`, which must be all that we use. Those
    /// it finds by the server's own listing, which it repeats until there is none that it had not met.
    fn clear(&self) -> ProbeFuture<'_, (), CacheError> {
        Box::pin(async {
            if self.options.owned {
                return self.probe(|text| Box::pin(text.ask("flush_all"))).await.map(drop);
            }
            // A listing walks queues that the server reorders meanwhile, so it may miss some.
            const MOST_ROUNDS: u32 = 20;
            let mut seen = BTreeSet::new();
            for _ in 0..MOST_ROUNDS {
                let keys = self.unseen(&mut seen).await?;
                if keys.is_empty() {
                    return Ok(());
                }
                self.remove(&keys).await?;
            }
            Err(CacheError::Rejected("keys of ours are still being set while they are cleared".to_owned()))
        })
    }

    /// Each gets a lifetime that is over. The server counts it as expired when somebody asks for it. Leases end too. A server of this
    /// run's own is flushed where all are to expire, which is the same to it.
    fn expire<'a>(&'a self, keys: Option<&'a [Key]>) -> ProbeFuture<'a, (), CacheError> {
        Box::pin(async move {
            match keys {
                Some(keys) => self.expire_keys(keys).await,
                None if self.options.owned => self.clear().await,
                None => self.expire_ours().await,
            }
        })
    }

    /// Of a server of this run's own: its `-m`, in whole mebibytes, 8 at least. It gives back what it has of memory beyond that.
    fn cut_room(&self, share: f64) -> ProbeFuture<'_, (), CacheError> {
        Box::pin(self.set_room(share))
    }

    /// Not counted as a get or a hit (see the counters), but as a use for the eviction policy.
    fn inspect<'a>(&'a self, key: &'a Key) -> ProbeFuture<'a, Option<Entry>, CacheError> {
        Box::pin(async move {
            let key = key.clone();
            let asking = self.probe(move |text| {
                let key = key.clone();
                Box::pin(async move { text.value(key.as_str()).await })
            });
            let found = asking.await?;
            self.inspections.made.fetch_add(1, Ordering::Relaxed);
            self.inspections.found.fetch_add(u64::from(found.is_some()), Ordering::Relaxed);
            found.map(encoded::decoded).transpose()
        })
    }

    /// What the server lists; its listing walks queues that it reorders meanwhile, so of a server at work it may miss some.
    fn keys(&self) -> ProbeFuture<'_, Vec<Key>, CacheError> {
        Box::pin(async { Ok(self.listed().await?.into_iter().filter_map(|key| Key::new(key).ok()).collect()) })
    }

    /// Not counted as gets or hits, nor as uses.
    fn look<'a>(
        &'a self,
        keys: &'a [Key],
        see: &'a mut Seeing<'a, Option<Held>>,
    ) -> ProbeFuture<'a, Recency, CacheError> {
        Box::pin(async move {
            for (number, chunk) in keys.chunks(LOOKED_AT).enumerate() {
                let asked: Arc<[Key]> = chunk.into();
                let looking = self.probe(move |text| {
                    let asked = Arc::clone(&asked);
                    Box::pin(async move { text.held(&asked).await })
                });
                let held = looking.await?;
                let found = held.iter().flatten().count();
                self.inspections.made.fetch_add(held.len() as u64, Ordering::Relaxed);
                self.inspections.found.fetch_add(found as u64, Ordering::Relaxed);
                held.into_iter().enumerate().for_each(|(at, held)| see(number * LOOKED_AT + at, held));
            }
            Ok(Recency::Kept)
        })
    }
}

/// A key of a listing, where bytes other than letters, digits and a few more stand as `%` and two digits.
fn unescaped(listed: &str) -> Vec<u8> {
    percent_decode_str(listed).collect()
}

#[cfg(test)]
mod tests {
    use super::unescaped;

    #[test]
    fn listed_keys_are_unescaped() {
        let cases =
            [("cm%3Aa", "cm:a"), ("plain", "plain"), ("%25%3a", "%:"), ("50%", "50%"), ("%zz", "%zz"), ("%+1", "%+1")];
        for (listed, key) in cases {
            assert_eq!(unescaped(listed), key.as_bytes());
        }
    }
}
