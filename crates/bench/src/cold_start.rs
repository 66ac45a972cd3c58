//! How long a cache that began empty took to fill, as the series of the trial tells it.

use crate::prediction::is_off;
use cachemark_results::{ColdStart, Interval};
use cachemark_stats::{HitRatioShift, Lookups};

/// A cache counts as filled from this share of its steady hit ratio on.
const FILLED: f64 = 0.95;
/// A move of the hit ratio that a level end must not hide: 4 points, of some 40 that a cache climbs.
const TELLING: f64 = 0.04;

/// What came of a cold start.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Filled {
    /// There was nothing to climb to: the cache was never asked, or had no hits.
    Nothing,
    /// The window ended before the hit ratio was level, and why that is known: there is no figure.
    NotYet(String),
    /// It filled.
    Full(ColdStart),
}

/// `predicted` is the hit ratio of the long run, where theory gives one.
///
/// The end is taken for full only if it is level: the hit ratio of the last quarter of the window is that of the quarter before
/// it, and, where there is a prediction, within two points of it. Otherwise the figure would be a share of whatever the window
/// happened to reach.
pub(crate) fn cold_start(series: &[Interval], predicted: Option<f64>) -> Filled {
    let quarter = series.len().div_ceil(4);
    let (before, last) = series.split_at(series.len() - quarter);
    let before = lookups(&before[before.len().saturating_sub(quarter)..]);
    let last = lookups(last);
    let Some(steady_hit_ratio) = last.ratio().filter(|_| last.hits > 0) else { return Filled::Nothing };
    let shift = HitRatioShift::between(before, last);
    match shift {
        None => return Filled::NotYet("the window has too few intervals with lookups".into()),
        Some(HitRatioShift { earlier, later, .. }) if shift.is_some_and(|shift| shift.is_seen()) => {
            return Filled::NotYet(format!(
                "the hit ratio still moved from {earlier:.3} to {later:.3} in the last half"
            ));
        }
        Some(HitRatioShift { allowed, .. }) if allowed > TELLING => {
            let points = 100.0 * allowed;
            return Filled::NotYet(format!(
                "the last half has so few lookups that a climb of {points:.0} points could hide"
            ));
        }
        Some(_) => {}
    }
    if let Some(predicted) = predicted.filter(|&predicted| is_off(steady_hit_ratio, predicted, last.lookups)) {
        return Filled::NotYet(format!(
            "the hit ratio came to {steady_hit_ratio:.3}, where theory gives {predicted:.3}"
        ));
    }
    let Some(arrived) = arrival(series, FILLED * steady_hit_ratio) else { return Filled::Nothing };
    let length_ns = series.get(1).map_or(0, |second| second.start_ns - series[0].start_ns);
    Filled::Full(ColdStart { steady_hit_ratio, to_95_percent_ns: arrived.start_ns + length_ns })
}

fn lookups(intervals: &[Interval]) -> Lookups {
    let of = |each: &Interval| Lookups { hits: each.hits, lookups: asked(each) };
    intervals.iter().fold(Lookups::default(), |sum, each| sum.and(of(each)))
}

/// The first interval from which on the hit ratio, counted from its beginning, is never below `enough`: not after itself, nor
/// after any later interval. So one lucky interval of few lookups is no arrival.
///
/// Where the ratio counted from an interval falls below, it does so from every interval on the way: up to each of those it
/// was not below, so what remains is. That is why one pass is enough.
fn arrival(series: &[Interval], enough: f64) -> Option<&Interval> {
    let mut first = None;
    let (mut hits, mut lookups) = (0, 0);
    for each in series.iter().filter(|each| asked(each) > 0) {
        hits += each.hits;
        lookups += asked(each);
        if hits as f64 >= enough * lookups as f64 {
            first = first.or(Some(each));
        } else {
            first = None;
            (hits, lookups) = (0, 0);
        }
    }
    first
}

fn asked(interval: &Interval) -> u64 {
    interval.hits + interval.misses
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Hits and misses of intervals of 100 ns.
    fn of(counts: &[(u64, u64)], predicted: Option<f64>) -> Filled {
        cold_start(&series(counts), predicted)
    }

    fn series(counts: &[(u64, u64)]) -> Vec<Interval> {
        let interval = |(at, &(hits, misses)): (usize, &(u64, u64))| Interval {
            start_ns: 100 * at as u64,
            operations: hits + misses,
            hits,
            misses,
            ..Interval::default()
        };
        counts.iter().enumerate().map(interval).collect()
    }

    fn filled_after(counts: &[(u64, u64)]) -> Option<u64> {
        match of(counts, None) {
            Filled::Full(cold) => Some(cold.to_95_percent_ns),
            _ => None,
        }
    }

    /// Each interval a hundred times as large: enough for a level end to be seen.
    fn large(counts: &[(u64, u64)]) -> Vec<(u64, u64)> {
        counts.iter().map(|(hits, misses)| (100 * hits, 100 * misses)).collect()
    }

    const LEVEL: [(u64, u64); 8] = [(10, 90), (50, 50), (78, 22), (80, 20), (79, 21), (81, 19), (80, 20), (80, 20)];

    #[test]
    fn a_cache_fills_once_its_ratio_is_95_percent_of_the_last_quarter_s() {
        let full = Filled::Full(ColdStart { steady_hit_ratio: 0.8, to_95_percent_ns: 300 });
        assert_eq!(of(&large(&LEVEL), None), full);
        assert_eq!(of(&large(&LEVEL), Some(0.81)), full);
    }

    #[test]
    fn a_window_that_ends_on_the_way_gives_no_figure() {
        // As published: 0.5 s of a climb that takes longer.
        let climb = [(5, 95), (15, 85), (25, 75), (33, 67), (37, 63)];
        let Filled::NotYet(why) = of(&large(&climb), None) else { panic!() };
        assert!(why.contains("still moved from"), "{why}");
        let Filled::NotYet(why) = of(&LEVEL, None) else { panic!() };
        assert!(why.contains("so few lookups"), "{why}");
        let Filled::NotYet(why) = of(&large(&LEVEL), Some(0.9)) else { panic!() };
        assert!(why.contains("came to 0.800, where theory gives 0.900"), "{why}");
    }

    #[test]
    fn a_cache_that_never_hits_never_fills() {
        assert_eq!(of(&[(0, 100), (0, 100), (0, 100), (0, 100)], None), Filled::Nothing);
        assert_eq!(of(&[(1, 0), (0, 100), (0, 100), (0, 100)], None), Filled::Nothing);
    }

    #[test]
    fn a_cache_that_is_never_asked_says_nothing() {
        assert_eq!(of(&[(0, 0), (0, 0)], None), Filled::Nothing);
        assert_eq!(of(&[], None), Filled::Nothing);
    }

    #[test]
    fn a_lucky_interval_is_no_arrival() {
        let climb = [(1, 0), (0, 0), (30, 70), (60, 40), (79, 21)];
        let level = [(80, 20); 95];
        assert_eq!(filled_after(&[&climb[..], &level].concat()), Some(500), "however long it stays level after");
    }

    #[test]
    fn a_dip_that_the_intervals_before_make_up_for_is_noise() {
        let counts = [(10, 90), (78, 22), (75, 25), (80, 20), (80, 20), (80, 20), (80, 20), (80, 20)];
        assert_eq!(filled_after(&large(&counts)), Some(200));
    }

    #[test]
    fn one_pass_finds_what_trying_every_interval_does() {
        let counts: Vec<(u64, u64)> = (0..40_u64).map(|at| (at * 37 % 11 + at / 8, at * 53 % 7)).collect();
        let series = series(&counts);
        let enough = 0.6;
        let holds_from = |from: usize| {
            let (mut hits, mut lookups) = (0, 0);
            counts[from..].iter().all(|&(more, misses)| {
                (hits, lookups) = (hits + more, lookups + more + misses);
                hits as f64 >= enough * lookups as f64
            })
        };
        let first = (0..counts.len()).find(|&from| holds_from(from) && counts[from] != (0, 0));
        assert_eq!(arrival(&series, enough).map(|found| found.start_ns / 100), first.map(|first| first as u64));
    }
}
