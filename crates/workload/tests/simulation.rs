//! Predictions against what this crate's own operations do to simulated caches.

use cachemark_core::HitModel;
use cachemark_workload::predict::{
    KeyRates, Popularity, SlidingTtl, cold_mean_hit_ratio, fixed_ttl, fixed_ttl_invalidated, fixed_ttl_reset_by_writes,
    hit_ratio_over_keys, mean_age_of_stale, sliding_ttl, stale_ratio_of_hits, warm,
};
use cachemark_workload::{KeyDistribution, Mix, OpStream, Operation, OperationKind, Seed, ValueSize, WorkloadSpec};
use std::collections::{BTreeMap, HashMap};

fn spec(keys: u64, read_ratio: f64) -> WorkloadSpec {
    let zipf = KeyDistribution::Zipf { exponent: 0.99 };
    WorkloadSpec::new(keys, zipf, Mix::of_reads(read_ratio), ValueSize::Fixed { bytes: 100 }).unwrap()
}

fn operations(spec: &WorkloadSpec, count: usize) -> impl Iterator<Item = Operation> {
    OpStream::new(spec, Seed::new(7), 0, 0).take(count)
}

/// Exact least-recently-used eviction, by time of use.
#[derive(Default)]
struct Lru {
    used: HashMap<u64, usize>,
    by_use: BTreeMap<usize, u64>,
}

impl Lru {
    fn remove(&mut self, key: u64) -> bool {
        self.used.remove(&key).map(|at| self.by_use.remove(&at)).is_some()
    }

    /// Makes `key` the most recent; whether it was there.
    fn touch(&mut self, key: u64, now: usize, room: usize) -> bool {
        let hit = self.remove(key);
        self.used.insert(key, now);
        self.by_use.insert(now, key);
        if self.used.len() > room
            && let Some((_, oldest)) = self.by_use.pop_first()
        {
            self.used.remove(&oldest);
        }
        hit
    }
}

fn simulated_lru(spec: &WorkloadSpec, room: usize, model: HitModel) -> f64 {
    const WARM_UP: usize = 100_000;
    let (mut cache, mut hits, mut reads) = (Lru::default(), 0u32, 0u32);
    for (now, operation) in operations(spec, WARM_UP + 400_000).enumerate() {
        let is_read = operation.kind == OperationKind::Read;
        let hit = match model {
            HitModel::InvalidatedByWrites if !is_read => cache.remove(operation.key),
            HitModel::UntouchedByWrites if !is_read => continue,
            _ => cache.touch(operation.key, now, room),
        };
        if is_read && now >= WARM_UP {
            reads += 1;
            hits += u32::from(hit);
        }
    }
    f64::from(hits) / f64::from(reads)
}

#[test]
fn exact_lru_hits_as_often_as_predicted() {
    for (read_ratio, room, model) in [
        (1.0, 1_000, HitModel::KeptByWrites),
        (1.0, 100, HitModel::KeptByWrites),
        (0.7, 1_000, HitModel::KeptByWrites),
        (0.2, 1_000, HitModel::UntouchedByWrites),
        (0.9, 1_000, HitModel::InvalidatedByWrites),
        (0.5, 1_000, HitModel::InvalidatedByWrites),
        (0.9, 20_000, HitModel::InvalidatedByWrites),
    ] {
        let spec = spec(10_000, read_ratio);
        let popularity = Popularity::of(spec.distribution(), spec.keys());
        let predicted = warm(&popularity, read_ratio, model, Some(room as u64), None).hit_ratio;
        let seen = simulated_lru(&spec, room, model);
        assert!((seen - predicted).abs() < 0.01, "{read_ratio} {room} {model:?}: {seen}, predicted {predicted}");
        if (read_ratio, room) == (1.0, 1_000) {
            assert!((seen - 0.665).abs() < 0.02, "{seen}");
        }
    }
}

#[test]
fn a_cold_cache_fills_as_predicted() {
    let spec = spec(10_000, 1.0);
    let probabilities = spec.probabilities();
    let (mut cache, mut hits) = (Lru::default(), 0u32);
    for (now, operation) in operations(&spec, 100_000).enumerate() {
        hits += u32::from(cache.touch(operation.key, now, usize::MAX));
        if [1_000, 10_000, 100_000].contains(&(now + 1)) {
            let seen = f64::from(hits) / (now + 1) as f64;
            let predicted = cold_mean_hit_ratio(&probabilities, now as u64 + 1);
            assert!((seen - predicted).abs() < 0.03, "after {}: {seen}, predicted {predicted}", now + 1);
        }
    }
}

/// When a cached entry was filled, when it expires, and when it went stale.
struct Entry {
    expires: usize,
    stale_since: Option<usize>,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Rule {
    Fixed,
    Sliding,
    Invalidated,
    ResetByWrites,
    SlidingInvalidated,
    SlidingResetByWrites,
}

impl Rule {
    fn renews(self) -> bool {
        matches!(self, Self::Sliding | Self::SlidingInvalidated | Self::SlidingResetByWrites)
    }
}

/// Hit ratio, stale ratio of hits, and mean age of stale hits, in operations.
fn simulated_ttl(spec: &WorkloadSpec, ttl: usize, rule: Rule) -> [f64; 3] {
    let mut cache: HashMap<u64, Entry> = HashMap::new();
    let (mut reads, mut hits, mut stale, mut age) = (0.0, 0.0, 0.0, 0.0);
    for (now, operation) in operations(spec, 500_000).enumerate() {
        let live = cache.get_mut(&operation.key).filter(|entry| entry.expires > now);
        let fresh = Entry { expires: now + ttl, stale_since: None };
        match (operation.kind, live) {
            (OperationKind::Read, Some(entry)) => {
                (reads, hits) = (reads + 1.0, hits + 1.0);
                if let Some(since) = entry.stale_since {
                    (stale, age) = (stale + 1.0, age + (now - since) as f64);
                }
                if rule.renews() {
                    entry.expires = now + ttl;
                }
            }
            (OperationKind::Read, None) => {
                reads += 1.0;
                cache.insert(operation.key, fresh);
            }
            _ if matches!(rule, Rule::ResetByWrites | Rule::SlidingResetByWrites) => {
                let _ = cache.insert(operation.key, fresh);
            }
            _ if matches!(rule, Rule::Invalidated | Rule::SlidingInvalidated) => drop(cache.remove(&operation.key)),
            (_, Some(entry)) => entry.stale_since = entry.stale_since.or(Some(now)),
            (_, None) => {}
        }
    }
    [hits / reads, stale / hits, age / stale]
}

#[test]
fn entries_with_a_ttl_hit_as_often_as_predicted() {
    let spec = spec(1_000, 0.8);
    let rates = || spec.probabilities().into_iter().map(|p| KeyRates { reads: 0.8 * p, writes: 0.2 * p });
    type Formula = fn(KeyRates, f64) -> f64;
    fn sliding(rates: KeyRates, ttl: f64, model: HitModel) -> f64 {
        SlidingTtl { length: ttl, jitter: 0.0 }.of_key(rates, model)
    }
    let formulas: [(Rule, Formula); 6] = [
        (Rule::Fixed, fixed_ttl),
        (Rule::Sliding, sliding_ttl),
        (Rule::Invalidated, fixed_ttl_invalidated),
        (Rule::ResetByWrites, fixed_ttl_reset_by_writes),
        (Rule::SlidingInvalidated, |rates, ttl| sliding(rates, ttl, HitModel::InvalidatedByWrites)),
        (Rule::SlidingResetByWrites, |rates, ttl| sliding(rates, ttl, HitModel::KeptByWrites)),
    ];
    for (rule, formula) in formulas {
        for ttl in [100, 1_000, 10_000] {
            let predicted = hit_ratio_over_keys(rates(), |rates| formula(rates, f64::from(ttl)));
            let [seen, ..] = simulated_ttl(&spec, ttl as usize, rule);
            assert!((seen - predicted).abs() < 0.01, "{rule:?} {ttl}: {seen}, predicted {predicted}");
        }
    }
}

#[test]
fn hits_are_as_stale_and_as_old_as_predicted() {
    // Uniform keys, so that every key has the same rates.
    let mix = Mix::of_reads(0.8);
    let spec = WorkloadSpec::new(100, KeyDistribution::Uniform, mix, ValueSize::Fixed { bytes: 100 }).unwrap();
    for ttl in [100, 500, 3_000] {
        let [_, stale, age] = simulated_ttl(&spec, ttl, Rule::Fixed);
        let (writes, ttl) = (0.2 / 100.0, ttl as f64);
        let predicted = (stale_ratio_of_hits(writes, ttl), mean_age_of_stale(writes, ttl));
        assert!((stale - predicted.0).abs() < 0.01, "{ttl}: {stale}, predicted {predicted:?}");
        assert!((age / predicted.1 - 1.0).abs() < 0.03, "{ttl}: {age}, predicted {predicted:?}");
    }
}
