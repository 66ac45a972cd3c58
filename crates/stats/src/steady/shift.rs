//! Whether the hit ratio of later lookups is that of earlier ones.

use super::SteadyWindow;

/// The most by which two hit ratios may differ and count as one, however many lookups there are: a quarter of a point.
const LEAST: f64 = 0.0025;
/// How many sampling errors of the difference they may differ by, where that is more: by chance more in 3 of 1000.
const ERRORS: f64 = 3.0;

/// Lookups of a cache, counted together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lookups {
    /// Those that found their key.
    pub hits: u64,
    /// All of them.
    pub lookups: u64,
}

impl Lookups {
    /// Those of several windows.
    #[must_use]
    pub fn of(windows: &[SteadyWindow]) -> Self {
        windows.iter().fold(Self::default(), |sum, window| sum.and(Self { hits: window.hits, lookups: window.lookups }))
    }

    /// Both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { hits: self.hits + other.hits, lookups: self.lookups + other.lookups }
    }

    /// The hit ratio, 0 to 1; none without a lookup.
    #[must_use]
    pub fn ratio(self) -> Option<f64> {
        (self.lookups > 0).then(|| self.hits as f64 / self.lookups as f64)
    }

    /// The sampling error of a hit ratio of `ratio` over so many lookups, if these were independent.
    #[must_use]
    pub fn error(self, ratio: f64) -> f64 {
        (ratio * (1.0 - ratio) / self.lookups.max(1) as f64).sqrt()
    }
}

/// What became of a hit ratio from earlier lookups to later ones, 0 to 1 each.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HitRatioShift {
    /// Of the earlier lookups.
    pub earlier: f64,
    /// Of the later ones.
    pub later: f64,
    /// The greatest difference that may be chance, and so what the comparison could have seen.
    pub allowed: f64,
}

impl HitRatioShift {
    /// Compares; none where one of them has no lookup.
    ///
    /// The sampling error is taken at the ratio of both together: a half whose ratio happens to be 0 or 1 has none of its own.
    #[must_use]
    pub fn between(before: Lookups, after: Lookups) -> Option<Self> {
        let (earlier, later) = (before.ratio()?, after.ratio()?);
        let pooled = before.and(after).ratio()?;
        let error = before.error(pooled).hypot(after.error(pooled));
        Some(Self { earlier, later, allowed: LEAST.max(ERRORS * error) })
    }

    /// Whether the difference is more than chance.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        (self.later - self.earlier).abs() > self.allowed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shift(before: (u64, u64), after: (u64, u64)) -> Option<HitRatioShift> {
        let of = |(hits, lookups)| Lookups { hits, lookups };
        HitRatioShift::between(of(before), of(after))
    }

    #[test]
    fn what_can_be_seen_grows_with_the_lookups() {
        let few = shift((200, 400), (220, 400)).unwrap();
        assert!(!few.is_seen() && (0.10..0.11).contains(&few.allowed), "{few:?}");
        let many = shift((20_000, 40_000), (22_000, 40_000)).unwrap();
        assert!(many.is_seen() && (0.010..0.011).contains(&many.allowed), "{many:?}");
    }

    #[test]
    fn the_climb_that_a_published_window_hid_is_seen_over_its_blocks() {
        // 0.365 to 0.411 over a window: its halves lie 2.5 points apart; one trial had some 4,000 lookups, eight 32,000.
        assert!(!shift((752, 2_000), (802, 2_000)).unwrap().is_seen());
        assert!(shift((6_016, 16_000), (6_416, 16_000)).unwrap().is_seen());
    }

    #[test]
    fn halves_without_lookups_say_nothing_and_sure_ones_may_differ_little() {
        assert_eq!(shift((0, 0), (1, 2)), None);
        assert_eq!(shift((500, 500), (500, 500)).unwrap().allowed, LEAST);
    }
}
