//! How long a cache that began empty took to fill, as the series of the trial tells it.

use cachemark_results::{ColdStart, Interval};

/// A cache counts as filled from this share of its steady hit ratio on.
const FILLED: f64 = 0.95;

/// None where the cache was never asked, or had no hits to begin with: there was nothing to climb to.
pub(crate) fn cold_start(series: &[Interval]) -> Option<ColdStart> {
    let last = &series[series.len() - series.len().div_ceil(4)..];
    let (hits, lookups) = last.iter().fold((0, 0), |(hits, lookups), each| (hits + each.hits, lookups + asked(each)));
    let steady_hit_ratio = (hits > 0).then(|| hits as f64 / lookups as f64)?;
    let arrived = arrival(series, FILLED * steady_hit_ratio)?;
    let length_ns = series.get(1).map_or(0, |second| second.start_ns - series[0].start_ns);
    Some(ColdStart { steady_hit_ratio, to_95_percent_ns: arrived.start_ns + length_ns })
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
    fn of(counts: &[(u64, u64)]) -> Option<ColdStart> {
        let interval = |(at, &(hits, misses)): (usize, &(u64, u64))| Interval {
            start_ns: 100 * at as u64,
            operations: hits + misses,
            failures: 0,
            hits,
            misses,
            p50_ns: None,
            p99_ns: None,
        };
        cold_start(&counts.iter().enumerate().map(interval).collect::<Vec<_>>())
    }

    fn filled_after(counts: &[(u64, u64)]) -> Option<u64> {
        of(counts).map(|cold| cold.to_95_percent_ns)
    }

    #[test]
    fn a_cache_fills_once_its_ratio_is_95_percent_of_the_last_quarter_s() {
        let counts = [(10, 90), (50, 50), (78, 22), (80, 20), (79, 21), (81, 19), (80, 20), (80, 20)];
        assert_eq!(of(&counts), Some(ColdStart { steady_hit_ratio: 0.8, to_95_percent_ns: 300 }));
    }

    #[test]
    fn a_cache_that_never_hits_never_fills() {
        assert_eq!(of(&[(0, 100), (0, 100), (0, 100), (0, 100)]), None);
        assert_eq!(of(&[(1, 0), (0, 100), (0, 100), (0, 100)]), None);
    }

    #[test]
    fn a_cache_that_is_never_asked_says_nothing() {
        assert_eq!(of(&[(0, 0), (0, 0)]), None);
        assert_eq!(of(&[]), None);
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
        assert_eq!(filled_after(&counts), Some(200));
    }

    #[test]
    fn one_pass_finds_what_trying_every_interval_does() {
        let counts: Vec<(u64, u64)> = (0..40_u64).map(|at| (at * 37 % 11 + at / 8, at * 53 % 7)).collect();
        let cold = of(&counts).unwrap();
        let holds_from = |from: usize| {
            let (mut hits, mut lookups) = (0, 0);
            counts[from..].iter().all(|&(more, misses)| {
                (hits, lookups) = (hits + more, lookups + more + misses);
                hits as f64 >= FILLED * cold.steady_hit_ratio * lookups as f64
            })
        };
        let first = (0..counts.len()).find(|&from| holds_from(from)).unwrap();
        assert_eq!(cold.to_95_percent_ns, 100 * (first as u64 + 1));
    }
}
