//! Has a run come to rest? Tested on the last windows of the warm-up, not assumed.
//!
//! The rule, over the last k windows ([`SteadyRule::windows`]), in this order:
//! 1. Each of them has a median service time. A window in which too little ended to have one is a stall, or too short.
//! 2. The hit ratios of the windows lie within half a percentage point of each other (greatest less least).
//! 3. The hit ratio of the later half, all its lookups together, lies within a quarter of a percentage point of the
//!    earlier half's. A straight trend that just passes 2 just passes 3 too.
//! 4. The middle service time of the later half (the median of its windows' medians) lies within a factor of 1.1 of the
//!    earlier half's.
//!
//! With k odd the middle window belongs to neither half.
//!
//! Limits 2 and 3 are for windows with many lookups. A ratio over n lookups has a sampling error of its own,
//! `sqrt(h * (1 - h) / n)`: 0.5 points for 10 000 lookups at h = 0.5. A fixed limit below that would never be met,
//! however steady the cache. So each limit widens to a multiple of that error where that is more: 5 errors of one
//! window for the span of ten windows (passed by chance in about 1 run of 100), 3 errors of the difference for the
//! halves (3 of 1000). The span's limit is part of the answer, so that a page can say how much the test could see.

mod outcome;

pub use outcome::{Steadiness, Trend};

use crate::quantile::median_of_sorted;

/// One window of the warm-up.
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
    /// How many of the last windows are looked at: 10. Fewer than 2 are taken as 2.
    pub windows: usize,
    /// The most by which hit ratios may differ between windows: 0.005.
    pub hit_ratio_span: f64,
    /// How many sampling errors of a window the span may be, if that is more: 5.
    pub span_errors: f64,
    /// The most by which the hit ratio may differ between halves: 0.0025.
    pub hit_ratio_shift: f64,
    /// How many sampling errors of the difference that shift may be, if that is more: 3.
    pub shift_errors: f64,
    /// The most by which the service time may differ between halves, as a factor less 1: 0.1.
    pub service_time_shift: f64,
}

impl Default for SteadyRule {
    fn default() -> Self {
        Self {
            windows: 10,
            hit_ratio_span: 0.005,
            span_errors: 5.0,
            hit_ratio_shift: 0.0025,
            shift_errors: 3.0,
            service_time_shift: 0.1,
        }
    }
}

impl SteadyRule {
    /// Tests the last windows of `windows`, which are in the order of time.
    pub fn test(&self, windows: &[SteadyWindow]) -> Steadiness {
        let needed = self.windows.max(2);
        let Some(start) = windows.len().checked_sub(needed) else {
            return Steadiness::TooFewWindows { have: windows.len(), needed };
        };
        let last = &windows[start..];
        let halves = (&last[..needed / 2], &last[needed.div_ceil(2)..]);
        let span = self.span_of(last);
        let trend = silence(last)
            .or_else(|| {
                span.and_then(|(span, allowed)| (span > allowed).then_some(Trend::HitRatioSpan { span, allowed }))
            })
            .or_else(|| self.hit_ratio_shift(halves))
            .or_else(|| self.service_time_shift(halves));
        match trend {
            Some(trend) => Steadiness::Trending(trend),
            None => Steadiness::Steady { hit_ratio_allowed: span.map(|(_, allowed)| allowed) },
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
        let each = pooled.lookups as f64 / looked_up.count() as f64;
        let error = (ratio * (1.0 - ratio) / each).sqrt();
        Some((greatest - least, self.hit_ratio_span.max(self.span_errors * error)))
    }

    fn hit_ratio_shift(&self, halves: (&[SteadyWindow], &[SteadyWindow])) -> Option<Trend> {
        let (before, after) = (Lookups::of(halves.0), Lookups::of(halves.1));
        let (earlier, later) = (before.ratio()?, after.ratio()?);
        let error = (before.variance(earlier) + after.variance(later)).sqrt();
        let allowed = self.hit_ratio_shift.max(self.shift_errors * error);
        ((later - earlier).abs() > allowed).then_some(Trend::HitRatioShift { earlier, later, allowed })
    }

    fn service_time_shift(&self, halves: (&[SteadyWindow], &[SteadyWindow])) -> Option<Trend> {
        let (earlier_ns, later_ns) = (middle_service_ns(halves.0)?, middle_service_ns(halves.1)?);
        let allowed = self.service_time_shift;
        let factor = (later_ns / earlier_ns).max(earlier_ns / later_ns);
        (factor > 1.0 + allowed).then_some(Trend::ServiceTimeShift { earlier_ns, later_ns, allowed })
    }
}

/// The lookups of several windows together.
struct Lookups {
    hits: u64,
    lookups: u64,
}

impl Lookups {
    fn of(windows: &[SteadyWindow]) -> Self {
        Self {
            hits: windows.iter().map(|window| window.hits).sum(),
            lookups: windows.iter().map(|window| window.lookups).sum(),
        }
    }

    fn ratio(&self) -> Option<f64> {
        (self.lookups > 0).then(|| self.hits as f64 / self.lookups as f64)
    }

    /// The sampling variance of `ratio`, if lookups were independent.
    fn variance(&self, ratio: f64) -> f64 {
        ratio * (1.0 - ratio) / self.lookups as f64
    }
}

fn silence(windows: &[SteadyWindow]) -> Option<Trend> {
    windows.iter().any(|window| window.median_service_ns.is_none()).then_some(Trend::Silent)
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

    fn test(windows: &[SteadyWindow]) -> Steadiness {
        SteadyRule::default().test(windows)
    }

    #[test]
    fn level_windows_are_steady() {
        assert_eq!(test(&windows(1_000_000, &EVEN, &LEVEL)), Steadiness::Steady { hit_ratio_allowed: Some(0.005) });
    }

    #[test]
    fn only_the_last_windows_count() {
        let mut run = windows(1_000_000, &[0.0, 0.3, 0.6], &[900, 500, 200]);
        assert_eq!(test(&run), Steadiness::TooFewWindows { have: 3, needed: 10 });
        run.extend(windows(1_000_000, &EVEN, &LEVEL));
        assert!(matches!(test(&run), Steadiness::Steady { .. }));
    }

    #[test]
    fn a_hit_ratio_that_spreads_is_a_trend() {
        let mut ratios = EVEN;
        ratios[4] = 0.894;
        let found = test(&windows(1_000_000, &ratios, &LEVEL));
        let Steadiness::Trending(trend @ Trend::HitRatioSpan { .. }) = found else { panic!("{found:?}") };
        assert_eq!(trend.to_string(), "the hit ratio spans 0.80 points over the windows, allowed 0.50");
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
        assert_eq!(trend.to_string(), "the service time moved by a factor of 0.85 between halves, allowed 1.10");
    }

    #[test]
    fn a_window_without_a_median_is_a_trend() {
        let mut run = windows(1_000_000, &EVEN, &LEVEL);
        run[7].median_service_ns = None;
        assert_eq!(test(&run), Steadiness::Trending(Trend::Silent));
    }

    #[test]
    fn without_lookups_the_service_time_decides() {
        assert_eq!(test(&windows(0, &EVEN, &LEVEL)), Steadiness::Steady { hit_ratio_allowed: None });
    }

    #[test]
    fn small_windows_get_their_sampling_error_and_say_so() {
        // Between 0.48 and 0.52 over 1000 lookups is chance: the sampling error of a window is 1.6 points.
        let ratios = [0.48, 0.51, 0.5, 0.49, 0.52, 0.5, 0.49, 0.51, 0.48, 0.52];
        let found = test(&windows(1_000, &ratios, &LEVEL));
        let Steadiness::Steady { hit_ratio_allowed: Some(allowed) } = found else { panic!("{found:?}") };
        assert!((0.078..0.080).contains(&allowed), "{allowed}");
        let found = test(&windows(1_000_000, &ratios, &LEVEL));
        assert!(matches!(found, Steadiness::Trending(Trend::HitRatioSpan { .. })), "{found:?}");
    }

    #[test]
    fn an_odd_number_of_windows_leaves_the_middle_out() {
        let rule = SteadyRule { windows: 3, ..SteadyRule::default() };
        let found = rule.test(&windows(0, &[0.0; 3], &[100, 900, 105]));
        assert!(matches!(found, Steadiness::Steady { .. }), "{found:?}");
    }
}
