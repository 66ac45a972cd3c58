//! Reads by what the cache did for them.

use super::buckets::Bucket;

/// Reads that asked a cache, by what it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lookups {
    /// Answered by the cache.
    pub hits: u64,
    /// Not answered by it, for it had no valid entry: whether a load answered them or what the strategy has queued for its store.
    pub misses: u64,
    /// Not answered by it, for it failed: bypassed reads, and those that failed with it. Over HTTP also those that a service
    /// says went past its cache, if it answered others from it.
    pub failed: u64,
}

impl Lookups {
    /// Of a trial's buckets. Where every read went past the cache it was not asked, and nothing was looked up.
    #[must_use]
    pub fn of(buckets: &[Bucket]) -> Self {
        let sum = |sources: &[&str]| -> u64 {
            buckets.iter().filter(|bucket| sources.contains(&bucket.source.as_str())).map(|bucket| bucket.count).sum()
        };
        let (hits, misses) = (sum(&["hit", "stale-served"]), sum(&["miss-led", "miss-joined", "miss-queued"]));
        let failed = sum(&["cache-failed"]);
        // Records from before `cache-failed` have such reads as `bypass`.
        let passed_by = if hits + misses + failed > 0 { sum(&["bypass"]) } else { 0 };
        Self { hits, misses, failed: failed + passed_by }
    }

    /// All of them.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.hits + self.misses + self.failed
    }

    /// Reads answered by the cache / reads that asked it; none if none did.
    #[must_use]
    pub fn hit_ratio(&self) -> Option<f64> {
        let asked = self.asked();
        (asked > 0).then(|| self.hits as f64 / asked as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lookups(counts: &[(&str, u64)]) -> Lookups {
        let bucket = |&(source, count): &(&str, u64)| Bucket {
            operation: "read".into(),
            source: source.into(),
            result: "ok".into(),
            count,
            ..Bucket::default()
        };
        Lookups::of(&counts.iter().map(bucket).collect::<Vec<_>>())
    }

    #[test]
    fn a_lookup_that_failed_was_not_answered_by_the_cache() {
        let mixed = lookups(&[("hit", 6), ("miss-led", 1), ("miss-joined", 1), ("cache-failed", 2), ("none", 5)]);
        assert_eq!((mixed, mixed.hit_ratio()), (Lookups { hits: 6, misses: 2, failed: 2 }, Some(0.6)));
        assert_eq!(lookups(&[("cache-failed", 3)]).hit_ratio(), Some(0.0));
        assert_eq!(lookups(&[("hit", 3), ("bypass", 1)]).hit_ratio(), Some(0.75));
        assert_eq!(lookups(&[("hit", 3), ("miss-queued", 1)]).hit_ratio(), Some(0.75), "the cache's own word");
    }

    #[test]
    fn a_cache_that_was_not_asked_has_no_hit_ratio() {
        assert_eq!(lookups(&[("bypass", 9), ("none", 1)]).hit_ratio(), None);
    }
}
