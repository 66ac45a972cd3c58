//! How late a sleeping thread wakes, with the finest timer that the kernel gives.
//!
//! An open loop sends each operation at a moment fixed before; one that starts late is charged to the response time. If one
//! arrival in a hundred starts more than 1 ms late, the trial is invalid, or only labelled where the servers run beside the
//! client on the same machine. So a 99th percentile above that is a warning, and ten times as much fails: few response times are
//! so long that such lag would not matter.

use super::{Finding, Ground, Level};
use std::time::{Duration, Instant};

/// A short second: some five hundred sleeps, enough for a 99th percentile.
const WATCH: Duration = Duration::from_millis(900);
const SLEEP: Duration = Duration::from_millis(1);
/// Of fewer, none stands for one in a hundred.
const FEWEST: usize = 100;
const WARN_NS: f64 = 1e6;
const FAIL_NS: f64 = 1e7;

pub(super) fn check(_: &Ground) -> Vec<Finding> {
    // On a thread of its own, which takes the timer's setting with it when it ends.
    let watched = std::thread::spawn(watch).join();
    vec![watched.map_or_else(|_| Finding::unknown("wake-up", "the watching thread died"), |late| judge(&late))]
}

/// By how much each sleep was too long, in nanoseconds, sorted.
fn watch() -> Vec<u64> {
    finest_timer();
    let begun = Instant::now();
    let mut late = Vec::new();
    while begun.elapsed() < WATCH {
        let asleep = Instant::now();
        std::thread::sleep(SLEEP);
        late.push(u64::try_from(asleep.elapsed().saturating_sub(SLEEP).as_nanos()).unwrap_or(u64::MAX));
    }
    late.sort_unstable();
    late
}

/// Lets the kernel wake this thread without waiting for others to wake together with it (mostly 50 µs).
fn finest_timer() {
    #[cfg(target_os = "linux")]
    // A kernel that refuses leaves its own slack, and the figure shows it.
    let _ = rustix::thread::set_current_timer_slack(std::num::NonZeroU64::new(1));
}

fn judge(late: &[u64]) -> Finding {
    const CHECK: &str = "wake-up";
    if late.len() < FEWEST {
        let seen = format!("a thread could sleep {} times in {} ms", late.len(), WATCH.as_millis());
        return Finding::new(CHECK, Level::Fail, seen).advise("end what runs beside: this thread is hardly let run");
    }
    let at = |share: f64| late[((late.len() - 1) as f64 * share) as usize];
    let (median, tail) = (at(0.5), at(0.99));
    let micros = |ns: u64| ns as f64 / 1e3;
    let seen = format!("a sleeper wakes {:.0} µs late, one in a hundred {:.0} µs", micros(median), micros(tail));
    Finding::new(CHECK, Level::at_most(tail as f64, WARN_NS, FAIL_NS), seen)
        .advise("end what runs beside; an open loop whose arrivals are so late is invalid, or labelled where its servers run here too")
        .with("samples", late.len())
        .with("p50_ns", median)
        .with("p99_ns", tail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tail_decides() {
        let with_tail = |ns: u64| [vec![50_000; 190], vec![ns; 10]].concat();
        let levels = [100_000, 2_000_000, 20_000_000].map(|ns| judge(&with_tail(ns)).level);
        assert_eq!(levels, [Level::Ok, Level::Warn, Level::Fail]);
        assert_eq!(judge(&[1; 20]).level, Level::Fail);
        assert_eq!(judge(&with_tail(2_000_000)).to_json()["figures"]["p50_ns"], 50_000);
    }

    #[test]
    fn nobody_wakes_early() {
        let late = watch();
        assert!(!late.is_empty() && late.is_sorted());
    }
}
