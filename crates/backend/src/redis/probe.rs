//! What Redis tells of itself.

use super::connection::Way;
use super::info::Info;
use super::{Redis, command};
use crate::budget::Budget;
use crate::claim;
use crate::lane::{Again, LaneStats, Repeat};
use crate::leases_made::LeasesMade;
use cachemark_core::{CacheError, CacheProbe, Counters, Entry, Held, Key, Probe, ProbeFuture, Recency, Seeing};
use redis::{Cmd, FromRedisValue, Pipeline, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

/// Questions wait this long at most.
const PATIENCE: Duration = Duration::from_secs(5);

/// Flushing a full server takes a while.
const FLUSH_PATIENCE: Duration = Duration::from_secs(60);

/// The keys that are ours.
const OURS: &str = "cm:*";

/// Keys looked at in each step of a scan.
const SCANNED: usize = 1_000;

/// Keys of one pipeline of a look: their values are in memory at once.
const LOOKED_AT: usize = 500;

const SETTINGS: [&str; 5] = ["maxmemory", "maxmemory-policy", "save", "appendonly", "io-threads"];

impl Redis {
    /// Asks something over the probe's own connection, which is idle for as long as a trial lasts: a server that closes
    /// what is idle has closed it by then. All that the probe asks leaves the server alike, asked once or twice.
    pub(super) async fn probe<T: FromRedisValue>(&self, command: Cmd) -> Result<T, CacheError> {
        self.probe_for(PATIENCE, command).await
    }

    async fn probe_for<T: FromRedisValue>(&self, patience: Duration, command: Cmd) -> Result<T, CacheError> {
        let (budget, mut again) = (Budget::lasting(patience), Again::new(Repeat::Harmless));
        loop {
            let mut lane = self.probing.lane(0, &budget).await?;
            let connection = lane.start();
            let before = connection.sent();
            let asked = budget.bound(command.query_async(&mut connection.client)).await;
            let asked = asked.map(|answer| answer.map_err(|error| self.unanswered(connection, before, &error)));
            if let Some(answer) = lane.settle_or_again(asked, &mut again) {
                return answer;
            }
        }
    }

    /// The same of several commands at once; an error of one of them is its answer.
    pub(super) async fn probe_all(&self, commands: &Pipeline) -> Result<Vec<Value>, CacheError> {
        let (budget, mut again) = (Budget::lasting(PATIENCE), Again::new(Repeat::Harmless));
        loop {
            let mut lane = self.probing.lane(0, &budget).await?;
            let connection = lane.start();
            let before = connection.sent();
            let asked = budget.bound(commands.query_async(&mut connection.client)).await;
            let asked = asked.map(|answer| answer.map_err(|error| self.unanswered(connection, before, &error)));
            if let Some(answer) = lane.settle_or_again(asked, &mut again) {
                return answer;
            }
        }
    }

    async fn info(&self) -> Result<String, CacheError> {
        self.probe(redis::cmd("INFO").arg("all").take()).await
    }

    /// The server's settings by name. A managed server may keep CONFIG to itself: those it refuses are left out.
    async fn configured(&self) -> Result<BTreeMap<String, String>, CacheError> {
        let mut settings = BTreeMap::new();
        for name in SETTINGS {
            match self.probe::<BTreeMap<String, String>>(redis::cmd("CONFIG").arg("GET").arg(name).take()).await {
                Ok(found) => settings.extend(found),
                Err(CacheError::Rejected(_)) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(settings)
    }

    /// The next batch of keys under our prefix, but for the one that says whose they are, and where the batch after it begins: at
    /// 0 there is none.
    pub(super) async fn scanned(&self, cursor: u64) -> Result<(u64, Vec<Vec<u8>>), CacheError> {
        let mut scan = redis::cmd("SCAN");
        scan.arg(cursor).arg("MATCH").arg(OURS).arg("COUNT").arg(SCANNED);
        let (next, mut keys): (u64, Vec<Vec<u8>>) = self.probe(scan).await?;
        keys.retain(|key| key != claim::KEY.as_bytes());
        Ok((next, keys))
    }

    /// Removes the keys under our prefix, a batch at a time.
    async fn remove_ours(&self) -> Result<(), CacheError> {
        let mut cursor = 0u64;
        loop {
            let (next, keys) = self.scanned(cursor).await?;
            if !keys.is_empty() {
                self.probe::<u64>(redis::cmd("UNLINK").arg(keys).take()).await?;
            }
            if next == 0 {
                return Ok(());
            }
            cursor = next;
        }
    }
}

impl Probe<CacheError> for Redis {
    fn ping(&self) -> ProbeFuture<'_, Duration, CacheError> {
        Box::pin(async {
            let began = Instant::now();
            self.probe::<String>(redis::cmd("PING")).await?;
            Ok(began.elapsed())
        })
    }

    fn version(&self) -> ProbeFuture<'_, String, CacheError> {
        Box::pin(async {
            let info = self.info().await?;
            Info::parse(&info).version().ok_or_else(|| CacheError::Corrupt("INFO names no version".to_owned()))
        })
    }

    /// The server's settings by its own names, and how we use it: `mode`, and `lanes` where it has any.
    fn settings(&self) -> ProbeFuture<'_, BTreeMap<String, String>, CacheError> {
        Box::pin(async {
            let mut settings = self.configured().await?;
            settings.insert("mode".to_owned(), self.options.mode.name().to_owned());
            if self.options.mode == super::RedisMode::Dedicated {
                settings.insert("lanes".to_owned(), self.options.lanes.to_string());
            }
            Ok(settings)
        })
    }

    /// `gets`, `hits`, `sets`, `deletes`, `evictions`, `expired`, `entries`, `memory-bytes`, of the whole server: other
    /// users of it are counted too. A versioned set, or one under a lease, counts as a set where it stored, and as nothing
    /// where it did not. A lease counts as nothing, and is no hit: those that were met are taken out by our own count.
    /// But the marker of a lease is among the server's `entries` while it is there, and among `expired` or `evictions` if it goes that
    /// way: nobody can tell which of them were markers.
    ///
    /// And of our own: `leases-made`, how many we had it make, and what lanes cost, of which mode `shared` has `lanes-connected` and
    /// `lanes-found-closed` alone.
    fn counters(&self) -> ProbeFuture<'_, Counters, CacheError> {
        Box::pin(async {
            let info = self.info().await?;
            let database = self.options.endpoint.connection().redis_settings().db();
            let mut counters = Info::parse(&info).counters(database, self.leases.met());
            let queues = self.options.mode == super::RedisMode::Dedicated;
            counters.0.insert(LeasesMade::NAME, self.leases.made.count());
            let lanes = self.lanes().counters().into_iter();
            counters.0.extend(lanes.filter(|&(name, _)| queues || LaneStats::SHARED.contains(&name)));
            Ok(counters)
        })
    }
}

impl CacheProbe for Redis {
    /// Flushes the server if it is ours; otherwise removes the keys under `cm:`, which must be all that we use.
    fn clear(&self) -> ProbeFuture<'_, (), CacheError> {
        Box::pin(async {
            if self.options.owned {
                return self.probe_for::<()>(FLUSH_PATIENCE, redis::cmd("FLUSHALL").arg("SYNC").take()).await;
            }
            self.remove_ours().await
        })
    }

    /// Each gets the shortest lifetime that there is, and is counted as expired. Leases end too.
    fn expire<'a>(&'a self, keys: Option<&'a [Key]>) -> ProbeFuture<'a, (), CacheError> {
        Box::pin(async move {
            match keys {
                Some(keys) => self.expire_keys(keys).await,
                None => self.expire_ours().await,
            }
        })
    }

    /// Of a server of this run's own: its `maxmemory`.
    fn cut_room(&self, share: f64) -> ProbeFuture<'_, (), CacheError> {
        Box::pin(self.set_room(share))
    }

    /// Counts neither as a get nor as a hit. It does count as a use for the eviction policy.
    fn inspect<'a>(&'a self, key: &'a Key) -> ProbeFuture<'a, Option<Entry>, CacheError> {
        Box::pin(async {
            let (budget, mut again) = (Budget::lasting(PATIENCE), Again::new(Repeat::Harmless));
            loop {
                let mut lane = self.probing.lane(0, &budget).await?;
                let connection = lane.start();
                let before = connection.sent();
                let asked = budget.bound(command::inspect(key, &mut connection.client)).await;
                let asked = asked.map(|answer| answer.map_err(|error| self.unanswered(connection, before, &error)));
                if let Some(answer) = lane.settle_or_again(asked, &mut again) {
                    return command::entry(answer?);
                }
            }
        })
    }

    /// What the server's own walk over its keys meets; it may meet one twice. A key that is none of ours in form is passed over.
    fn keys(&self) -> ProbeFuture<'_, Vec<Key>, CacheError> {
        Box::pin(async {
            let (mut cursor, mut found) = (0u64, BTreeSet::new());
            loop {
                let (next, keys) = self.scanned(cursor).await?;
                found.extend(keys);
                if next == 0 {
                    return Ok(found.into_iter().filter_map(|key| Key::new(key).ok()).collect());
                }
                cursor = next;
            }
        })
    }

    /// Servers from 7.2 on can read an entry without counting that as a use (`CLIENT NO-TOUCH`); of an older one recency is
    /// touched. Counts as gets and hits, as everything does that reads values in bulk.
    fn look<'a>(
        &'a self,
        keys: &'a [Key],
        see: &'a mut Seeing<'a, Option<Held>>,
    ) -> ProbeFuture<'a, Recency, CacheError> {
        Box::pin(async move {
            let mut recency = Recency::Kept;
            for (number, chunk) in keys.chunks(LOOKED_AT).enumerate() {
                let mut answers = self.probe_all(&command::look(chunk)).await?.into_iter();
                if matches!(answers.next(), None | Some(Value::ServerError(_))) {
                    recency = Recency::Touched;
                }
                for at in 0..chunk.len() {
                    let (Some(value), Some(lifetime)) = (answers.next(), answers.next()) else {
                        return Err(CacheError::Corrupt("fewer answers than questions".to_owned()));
                    };
                    see(number * LOOKED_AT + at, command::held(value, &lifetime)?);
                }
            }
            Ok(recency)
        })
    }
}
