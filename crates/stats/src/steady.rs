//! Has a run come to rest? Tested on the last windows of the warm-up, not assumed.
//!
//! A window is a number of operations, not a length of time: windows of equal length would hold few operations where a
//! stack is slow, and the test would see less of it than of a fast one. The second half of the warm-up's windows is
//! dealt into k groups of neighbours ([`SteadyRule::groups`]), and these are tested, in this order:
//! 1. Each of them has a median service time. A window in which too little ended to have one is too short.
//! 2. The hit ratios of the groups lie within half a percentage point of each other (greatest less least).
//! 3. The hit ratio of the later half, all its lookups together, lies within a quarter of a percentage point of the
//!    earlier half's. A straight trend that just passes 2 just passes 3 too.
//! 4. The middle service time of the later half (the median of its windows' medians) lies within a factor of 1.1 of the
//!    earlier half's, or within 4 errors of the difference where that is more: the median of half fast reads and half slow
//!    writes jumps from one to the other by chance.
//!
//! With k odd the middle group belongs to neither half.
//!
//! Limits 2 and 3 are for groups with many lookups. A ratio over n lookups has a sampling error of its own,
//! `sqrt(h * (1 - h) / n)`: 0.5 points for 10 000 lookups at h = 0.5. A fixed limit below that would never be met,
//! however steady the cache. So each limit widens to a multiple of that error where that is more: 5 errors of one
//! group for the span of ten groups (passed by chance in about 1 run of 100), 3 errors of the difference for the
//! halves (3 of 1000).
//!
//! A test whose limit is wide sees little. What it could have seen is the limit of 3, and it is part of the answer: where a
//! move of 2 points between the halves ([`SteadyRule::telling`]), or a halving of the speed, could have passed unseen, the
//! answer is not "steady" but "could not be told". The same comparison of two halves is open to others, who have more lookups: [`HitRatioShift`].

mod outcome;
mod shift;

pub use outcome::{Steadiness, Trend};
pub use shift::{HitRatioShift, Lookups};

use crate::quantile::median_of_sorted;

/// One window of the warm-up: so many operations on end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SteadyWindow {
    /// Lookups that found their key in the cache.
    pub hits: u64,
    /// Lookups; 0 for a strategy without a cache.
    pub lookups: u64,
    /// The median service time in ns; `None` where too few operations ended to have one.
    pub median_service_ns: Option<u64>,
}

/// The limits of the test. [`SteadyRule::default`] has those that the [module](self) tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SteadyRule {
    /// Into how many groups the second half of the windows is dealt: 10. Fewer than 2 are taken as 2.
    pub groups: usize,
    /// The most by which hit ratios may differ between groups: 0.005.
    pub hit_ratio_span: f64,
    /// How many sampling errors of a group the span may be, if that is more: 5.
    pub span_errors: f64,
    /// The greatest move of the hit ratio between halves that may pass unseen in a run that is called steady: 0.02.
    pub telling: f64,
    /// The most by which the service time may differ between halves, as a factor less 1: 0.1.
    pub service_time_shift: f64,
}

impl Default for SteadyRule {
    fn default() -> Self {
        Self { groups: 10, hit_ratio_span: 0.005, span_errors: 5.0, telling: 0.02, service_time_shift: 0.1 }
    }
}

impl SteadyRule {
    /// Tests the second half of `windows`, which are in the order of time and of equal numbers of operations.
    pub fn test(&self, windows: &[SteadyWindow]) -> Steadiness {
        let needed = self.groups.max(2);
        let each = windows.len() / 2 / needed;
        if each == 0 {
            return Steadiness::TooFewWindows { have: windows.len(), needed: 2 * needed };
        }
        let last: Vec<SteadyWindow> = windows[windows.len() - each * needed..].chunks(each).map(joined).collect();
        if last.iter().any(|window| window.median_service_ns.is_none()) {
            return Steadiness::TooShortWindows;
        }
        let (before, after) = (&last[..needed / 2], &last[needed.div_ceil(2)..]);
        let shift = HitRatioShift::between(Lookups::of(before), Lookups::of(after));
        let trend = self
            .span_of(&last)
            .and_then(|(span, allowed)| (span > allowed).then_some(Trend::HitRatioSpan { span, allowed }))
            .or_else(|| shift.filter(HitRatioShift::is_seen).map(Trend::HitRatioShift))
            .or_else(|| self.service_time_shift((before, after)));
        let restless = self.service_time_allowed((before, after));
        match trend {
            Some(trend) => Steadiness::Trending(trend),
            None if shift.is_some_and(|shift| shift.allowed > self.telling) => {
                Steadiness::TooFewLookups { could_see: shift.map_or(1.0, |shift| shift.allowed) }
            }
            None if restless > MOST_RESTLESS => Steadiness::RestlessTimes { allowed: restless },
            None => Steadiness::Steady { could_see: shift.map(|shift| shift.allowed) },
        }
    }

    /// How far the windows' hit ratios lie apart, and how far they may. Windows without a lookup have no say.
    fn span_of(&self, windows: &[SteadyWindow]) -> Option<(f64, f64)> {
        let pooled = Lookups::of(windows);
        let ratio = pooled.ratio()?;
        let looked_up = windows.iter().filter(|window| window.lookups > 0);
        let ratios = looked_up.clone().map(|window| window.hits as f64 / window.lookups as f64);
        let (least, greatest) = ratios.fold((f64::INFINITY, f64::NEG_INFINITY), |(least, greatest), ratio| {
            (least.min(ratio), greatest.max(ratio))
        });
        let each = Lookups { hits: 0, lookups: pooled.lookups / looked_up.count() as u64 };
        let error = each.error(ratio);
        Some((greatest - least, self.hit_ratio_span.max(self.span_errors * error)))
    }

    fn service_time_shift(&self, halves: (&[SteadyWindow], &[SteadyWindow])) -> Option<Trend> {
        let (earlier_ns, later_ns) = (middle_service_ns(halves.0)?, middle_service_ns(halves.1)?);
        let allowed = self.service_time_allowed(halves);
        let factor = (later_ns / earlier_ns).max(earlier_ns / later_ns);
        (factor > 1.0 + allowed).then_some(Trend::ServiceTimeShift { earlier_ns, later_ns, allowed })
    }

    /// How far the halves' service times may lie apart, as a factor less 1.
    fn service_time_allowed(&self, halves: (&[SteadyWindow], &[SteadyWindow])) -> f64 {
        self.service_time_shift.max((SERVICE_ERRORS * error_of_logs(halves)).exp_m1())
    }
}

/// The widest limit of the service time, as a factor less 1, with which a run may be called steady: twice as slow must show.
const MOST_RESTLESS: f64 = 1.0;

/// How many errors of their difference the halves' service times may lie apart: with the eight degrees of freedom of ten groups
/// more by chance in 4 of 1000.
const SERVICE_ERRORS: f64 = 4.0;

/// The error of the difference between the halves' service times, as logarithms, from how the groups of each half differ.
fn error_of_logs((before, after): (&[SteadyWindow], &[SteadyWindow])) -> f64 {
    let squares = |windows: &[SteadyWindow]| -> f64 {
        let logs = windows.iter().filter_map(|window| window.median_service_ns).map(|ns| (ns.max(1) as f64).ln());
        let mean = logs.clone().sum::<f64>() / windows.len() as f64;
        logs.map(|log| (log - mean).powi(2)).sum()
    };
    let groups = before.len() + after.len();
    let Some(freedom) = groups.checked_sub(2).filter(|&freedom| freedom > 0) else { return 0.0 };
    let variance = (squares(before) + squares(after)) / freedom as f64;
    (variance * (1.0 / before.len() as f64 + 1.0 / after.len() as f64)).sqrt()
}

/// Neighbours as one; the median is that of their medians, for the times themselves are gone.
fn joined(windows: &[SteadyWindow]) -> SteadyWindow {
    let lookups = Lookups::of(windows);
    let whole = windows.iter().all(|window| window.median_service_ns.is_some());
    let median_service_ns = middle_service_ns(windows).filter(|_| whole).map(|ns| ns as u64);
    SteadyWindow { hits: lookups.hits, lookups: lookups.lookups, median_service_ns }
}

/// The median of the windows' medians, in ns, at least 1.
fn middle_service_ns(windows: &[SteadyWindow]) -> Option<f64> {
    let mut medians: Vec<f64> =
        windows.iter().filter_map(|window| window.median_service_ns).map(|ns| ns as f64).collect();
    medians.sort_by(f64::total_cmp);
    (!medians.is_empty()).then(|| median_of_sorted(&medians).max(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Windows of `lookups` each, with these hit ratios and median service times.
    fn windows(lookups: u64, ratios: &[f64], medians_us: &[u64]) -> Vec<SteadyWindow> {
        let window = |(ratio, median_us): (&f64, &u64)| SteadyWindow {
            hits: (ratio * lookups as f64).round() as u64,
            lookups,
            median_service_ns: Some(median_us * 1_000),
        };
        ratios.iter().zip(medians_us).map(window).collect()
    }

    const LEVEL: [u64; 10] = [100, 104, 97, 101, 99, 103, 98, 100, 102, 96];
    const EVEN: [f64; 10] = [0.9, 0.901, 0.902, 0.9, 0.899, 0.901, 0.9, 0.902, 0.899, 0.901];

    /// The result for these windows after as many that nobody looks at.
    fn test(windows: &[SteadyWindow]) -> Steadiness {
        let unseen = SteadyWindow { hits: 0, lookups: 9, median_service_ns: Some(1) };
        SteadyRule::default().test(&[vec![unseen; windows.len()], windows.to_vec()].concat())
    }

    #[test]
    fn level_windows_are_steady() {
        let steady = test(&windows(1_000_000, &EVEN, &LEVEL));
        assert_eq!(steady, Steadiness::Steady { could_see: Some(0.0025) });
        assert_eq!(steady.is_steady(), Some(true));
    }

    #[test]
    fn too_few_windows_tell_nothing() {
        let few = SteadyRule::default().test(&windows(1_000_000, &EVEN, &LEVEL));
        assert_eq!(few, Steadiness::TooFewWindows { have: 10, needed: 20 });
        assert_eq!(few.is_steady(), None);
    }

    #[test]
    fn more_windows_are_tested_in_groups() {
        let run: Vec<_> = windows(1_000, &EVEN, &LEVEL).into_iter().flat_map(|window| vec![window; 1_000]).collect();
        let Steadiness::Steady { could_see: Some(seen) } = test(&run) else { panic!("{:?}", test(&run)) };
        assert!(seen < 0.003, "{seen}");
        let climb: Vec<_> = (0..10_000).map(|at| 0.36 + 0.05 * f64::from(at) / 10_000.0).collect();
        let found = test(&windows(64, &climb, &[100; 10_000]));
        assert_eq!(found.is_steady(), Some(false), "{found:?}");
    }

    #[test]
    fn a_hit_ratio_that_spreads_is_a_trend() {
        let mut ratios = EVEN;
        ratios[4] = 0.894;
        let found = test(&windows(1_000_000, &ratios, &LEVEL));
        let Steadiness::Trending(trend @ Trend::HitRatioSpan { .. }) = found else { panic!("{found:?}") };
        assert_eq!(trend.to_string(), "the hit ratio spans 0.80 points over the groups, allowed 0.50");
    }

    #[test]
    fn a_hit_ratio_that_creeps_is_a_trend() {
        let ratios: Vec<f64> = (0..10).map(|window| 0.9 + 0.0048 / 9.0 * f64::from(window)).collect();
        let found = test(&windows(10_000_000, &ratios, &LEVEL));
        let Steadiness::Trending(trend @ Trend::HitRatioShift { .. }) = found else { panic!("{found:?}") };
        assert_eq!(trend.to_string(), "the hit ratio moved +0.27 points between halves, allowed 0.25");
    }

    #[test]
    fn a_service_time_that_falls_is_a_trend() {
        let medians = [130, 131, 129, 130, 128, 110, 111, 109, 112, 110];
        let found = test(&windows(1_000_000, &EVEN, &medians));
        let Steadiness::Trending(trend @ Trend::ServiceTimeShift { .. }) = found else { panic!("{found:?}") };
        assert_eq!(trend.to_string(), "the service time fell by a factor of 1.18 between halves, allowed 1.10");
    }

    #[test]
    fn a_median_that_jumps_between_reads_and_writes_is_no_trend_and_hides_one() {
        // As in half reads of 5 µs and half writes of 500 µs.
        let medians = [5, 480, 6, 450, 5, 470, 6, 490, 480, 5];
        let found = test(&windows(1_000_000, &EVEN, &medians));
        assert!(matches!(found, Steadiness::RestlessTimes { .. }), "{found:?}");
        assert_eq!(found.is_steady(), None);
        // A tenth of the jump is within what may be.
        let less = [300, 480, 310, 450, 305, 470, 306, 490, 480, 305];
        assert_eq!(test(&windows(1_000_000, &EVEN, &less)).is_steady(), Some(true));
        let risen = [5, 6, 5, 5, 6, 480, 470, 490, 480, 475];
        assert_eq!(test(&windows(1_000_000, &EVEN, &risen)).is_steady(), Some(false));
    }

    #[test]
    fn a_window_without_a_median_tells_nothing() {
        let mut run = windows(1_000_000, &EVEN, &LEVEL);
        run[7].median_service_ns = None;
        assert_eq!(test(&run), Steadiness::TooShortWindows);
    }

    #[test]
    fn without_lookups_the_service_time_decides() {
        assert_eq!(test(&windows(0, &EVEN, &LEVEL)), Steadiness::Steady { could_see: None });
    }

    #[test]
    fn a_test_that_could_see_little_does_not_call_a_run_steady() {
        // Between 0.48 and 0.52 over 1000 lookups is chance: the sampling error of a window is 1.6 points.
        let ratios = [0.48, 0.51, 0.5, 0.49, 0.52, 0.5, 0.49, 0.51, 0.48, 0.52];
        let found = test(&windows(1_000, &ratios, &LEVEL));
        let Steadiness::TooFewLookups { could_see } = found else { panic!("{found:?}") };
        assert!((0.029..0.031).contains(&could_see), "{could_see}");
        assert_eq!(found.to_string(), "could not be told: only a move of the hit ratio by 3.0 points shows");
        let found = test(&windows(1_000_000, &ratios, &LEVEL));
        assert!(matches!(found, Steadiness::Trending(Trend::HitRatioSpan { .. })), "{found:?}");
    }

    #[test]
    fn an_odd_number_of_groups_leaves_the_middle_out() {
        let rule = SteadyRule { groups: 3, ..SteadyRule::default() };
        let found = rule.test(&windows(0, &[0.0; 6], &[1, 1, 1, 100, 900, 105]));
        assert_eq!(found.is_steady(), Some(true), "{found:?}");
    }
}
