//! A cache in memory whose entries expire in virtual time, and which can lose a share of them.

use crate::pause::Pauses;
use cachemark_core::{
    Cache, CacheError, Capabilities, Entry, Freshness, Key, LeaseToken, Leased, OpContext, SetOutcome, Version,
};
use cachemark_workload::Seed;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::time::Instant;

/// What the cache can do: what a strategy needs besides, it is not simulated with.
pub(crate) const CAPABILITIES: Capabilities =
    Capabilities { ttl: true, versioned_set: true, touch: true, ..Capabilities::NONE };

#[derive(Debug)]
pub(crate) struct SimCache {
    pauses: Arc<Pauses>,
    hit: Duration,
    fill: Duration,
    entries: Mutex<HashMap<Key, Held>>,
    /// By which seed what is put in is made older than it is; none once the cache is as full as it begins.
    ages: Mutex<Option<Seed>>,
    fills: AtomicU64,
}

#[derive(Debug)]
struct Held {
    entry: Entry,
    until: Option<Instant>,
}

impl Held {
    fn is_live(&self, now: Instant) -> bool {
        self.until.is_none_or(|until| until > now)
    }
}

impl SimCache {
    pub(crate) fn new(pauses: Arc<Pauses>, hit: Duration, fill: Duration) -> Self {
        Self { pauses, hit, fill, entries: Mutex::default(), ages: Mutex::default(), fills: AtomicU64::new(0) }
    }

    /// From now on counts no fill, and makes each entry that expires older by a share of its lifetime, which key and seed say: as old as it
    /// would be by chance. No longer if there is no seed.
    pub(crate) fn age(&self, seed: Option<Seed>) {
        *self.ages.lock().unwrap_or_else(PoisonError::into_inner) = seed.map(|seed| seed.child("ages"));
    }

    /// What is left of an entry of that lifetime.
    fn aged(&self, seed: Seed, key: &Key, mut entry: Entry, ttl: Option<Duration>) -> (Entry, Option<Duration>) {
        let Some(ttl) = ttl else { return (entry, None) };
        let Freshness { filled_at_ns, fresh_for_ns, .. } = entry.freshness;
        // One that says for how long it is fresh is fresh, and not kept beyond that for some other end.
        let lifetime = if fresh_for_ns == 0 { ttl } else { Duration::from_nanos(fresh_for_ns).min(ttl) };
        let age = lifetime.mul_f64(drawn(seed, key));
        if fresh_for_ns != 0 {
            let before_ns = u64::try_from(age.as_nanos()).unwrap_or(u64::MAX).saturating_add(self.pauses.skipped_ns());
            entry.freshness.filled_at_ns = filled_at_ns.saturating_sub(before_ns);
        }
        (entry, Some(ttl.saturating_sub(age)))
    }

    /// Puts an entry in, in no time and without counting it.
    pub(crate) fn preload(&self, key: Key, entry: Entry, ttl: Option<Duration>) {
        self.entries().insert(key, Held { entry, until: ttl.map(|ttl| Instant::now() + ttl) });
    }

    /// Loses a share of the entries, each with the same chance. Which ones, key and seed say.
    pub(crate) fn lose(&self, share: f64, seed: Seed) {
        let seed = seed.child("lost entries");
        let is_lost = |key: &Key| drawn(seed, key) <= share;
        self.entries().retain(|key, _| share <= 0.0 || !is_lost(key));
    }

    /// How often it was filled.
    pub(crate) fn fills(&self) -> u64 {
        self.fills.load(Ordering::Relaxed)
    }

    fn entries(&self) -> MutexGuard<'_, HashMap<Key, Held>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, key: &Key, entry: Entry, ttl: Option<Duration>) {
        let ages = *self.ages.lock().unwrap_or_else(PoisonError::into_inner);
        let (entry, ttl) = match ages {
            Some(seed) => self.aged(seed, key, entry, ttl),
            None => {
                self.fills.fetch_add(1, Ordering::Relaxed);
                (entry, ttl)
            }
        };
        self.preload(key.clone(), entry, ttl);
    }
}

/// A number from 0 to 1 that is each key's own.
fn drawn(seed: Seed, key: &Key) -> f64 {
    seed.nth(key.fingerprint()).get() as f64 / u64::MAX as f64
}

impl Cache for SimCache {
    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    async fn get(&self, _ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        self.pauses.pause(self.hit).await;
        let now = Instant::now();
        Ok(self.entries().get(key).filter(|held| held.is_live(now)).map(|held| held.entry.clone()))
    }

    async fn set(&self, _ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        self.pauses.pause(self.fill).await;
        self.put(key, entry, ttl);
        Ok(())
    }

    async fn set_if_newer(
        &self,
        _ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
    ) -> Result<SetOutcome, CacheError> {
        self.pauses.pause(self.fill).await;
        let now = Instant::now();
        let held: Option<Version> =
            self.entries().get(key).filter(|held| held.is_live(now)).map(|held| held.entry.version);
        if held.is_some_and(|held| entry.is_superseded_by(held)) {
            return Ok(SetOutcome::Superseded);
        }
        self.put(key, entry, ttl);
        Ok(SetOutcome::Stored)
    }

    async fn get_or_lease(&self, _ctx: &OpContext, _key: &Key, _lease: Duration) -> Result<Leased, CacheError> {
        Err(CacheError::Unsupported("leases"))
    }

    async fn set_leased(
        &self,
        _ctx: &OpContext,
        _key: &Key,
        _entry: Entry,
        _ttl: Option<Duration>,
        _token: LeaseToken,
    ) -> Result<SetOutcome, CacheError> {
        Err(CacheError::Unsupported("leases"))
    }

    async fn get_and_touch(&self, _ctx: &OpContext, key: &Key, ttl: Duration) -> Result<Option<Entry>, CacheError> {
        self.pauses.pause(self.hit).await;
        let now = Instant::now();
        let mut entries = self.entries();
        Ok(entries.get_mut(key).filter(|held| held.is_live(now)).map(|held| {
            held.until = Some(now + ttl);
            held.entry.clone()
        }))
    }

    async fn delete(&self, _ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        self.pauses.pause(self.hit).await;
        self.entries().remove(key);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::value;

    fn full(keys: usize) -> SimCache {
        let cache = SimCache::new(Arc::new(Pauses::new(Seed::new(1))), Duration::ZERO, Duration::ZERO);
        (0..keys).for_each(|key| cache.preload(name(key), Entry::live(Version(1), value()), None));
        cache
    }

    fn name(key: usize) -> Key {
        Key::new(format!("k{key}")).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn it_loses_the_share_that_it_is_told_to_and_the_same_keys_by_seed() {
        for share in [0.0, 0.25, 1.0] {
            let (one, other) = (full(4_000), full(4_000));
            one.lose(share, Seed::new(7));
            other.lose(share, Seed::new(7));
            let left = one.entries().len();
            // Standard deviation 27.
            assert!(left.abs_diff((4_000.0 * (1.0 - share)) as usize) < 110, "{share}: {left}");
            assert!(left == other.entries().len() && one.entries().keys().all(|key| other.entries().contains_key(key)));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn entries_expire_in_virtual_time() {
        let (cache, ctx) = (full(0), OpContext::new(1));
        let entry = Entry::live(Version(3), value());
        cache.set(&ctx, &name(1), entry.clone(), Some(Duration::from_secs(3_600))).await.unwrap();
        assert_eq!(cache.get(&ctx, &name(1)).await, Ok(Some(entry)));
        tokio::time::sleep(Duration::from_secs(3_600)).await;
        assert_eq!((cache.get(&ctx, &name(1)).await, cache.fills()), (Ok(None), 1));
    }

    #[tokio::test(start_paused = true)]
    async fn what_it_begins_with_is_as_old_as_by_chance_whatever_key_it_is() {
        let (cache, ctx) = (full(0), OpContext::new(1));
        let ttl = Duration::from_secs(1_000);
        cache.age(Some(Seed::new(7)));
        for key in 0..1_000 {
            let dated = Freshness { filled_at_ns: u64::MAX / 2, load_cost_ns: 1, fresh_for_ns: 500_000_000_000 };
            let entry = Entry { freshness: dated, ..Entry::live(Version(1), value()) };
            let entry = if key % 2 == 0 { entry } else { Entry::live(Version(1), value()) };
            cache.set(&ctx, &name(key), entry, Some(ttl)).await.unwrap();
        }
        assert_eq!(cache.fills(), 0);
        let left = |key: usize| {
            let entries = cache.entries();
            let held = &entries[&name(key)];
            let age_ns = u64::MAX / 2 - held.entry.freshness.filled_at_ns;
            let left = held.until.unwrap() - Instant::now();
            if key.is_multiple_of(2) {
                assert!(
                    (left.as_nanos() + u128::from(age_ns)).abs_diff(ttl.as_nanos()) < 1_000,
                    "its date says the same"
                );
            }
            left.as_secs_f64()
        };
        for (first, from, to) in [(0, 500.0, 1_000.0), (1, 0.0, 1_000.0)] {
            let of = |keys: std::ops::Range<usize>| keys.filter(|key| key % 2 == first).map(left).collect::<Vec<_>>();
            assert!(of(0..1_000).iter().all(|left| (from..=to).contains(left)));
            for keys in [0..500, 500..1_000] {
                let (all, middle) = (of(keys), f64::midpoint(from, to));
                let mean = all.iter().sum::<f64>() / all.len() as f64;
                // Standard deviation of the mean: (to - from) / sqrt(12 * 250).
                assert!((mean - middle).abs() < 0.08 * (to - from), "{mean} of {middle}");
            }
        }
        cache.age(None);
        cache.set(&ctx, &name(1), Entry::live(Version(1), value()), Some(ttl)).await.unwrap();
        assert_eq!((left(1), cache.fills()), (1_000.0, 1));
    }
}
