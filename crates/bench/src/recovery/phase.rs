//! Before, during and after.

use super::usual::median;
use super::{Course, OneWindow};
use cachemark_results::{FaultSeen, RecoveryPhase as Phase};

/// When the first fault was in place, and when the last was over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) began_ns: u64,
    pub(super) over_ns: u64,
    /// The end of the last window.
    pub(super) seen_until_ns: u64,
    length_ns: u64,
}

impl Bounds {
    /// None if no fault was ever in place. One that was never undone lasts to the end.
    pub(super) fn of(course: &Course, faults: &[FaultSeen]) -> Option<Self> {
        let seen_until_ns = course.windows.last()?.interval.start_ns + course.length_ns;
        let in_place = || faults.iter().filter(|fault| fault.began_ns.is_some());
        let began_ns = in_place().filter_map(|fault| fault.began_ns).min()?;
        let over_ns = in_place().map(|fault| fault.ended_ns.unwrap_or(seen_until_ns)).max()?;
        Some(Self { began_ns, over_ns, seen_until_ns, length_ns: course.length_ns })
    }

    /// The windows that ended before it began; those that began once it was over; and between them those that have some of it.
    pub(super) fn split<'a>(&self, windows: &'a [OneWindow]) -> (&'a [OneWindow], &'a [OneWindow], &'a [OneWindow]) {
        let before = windows.partition_point(|window| window.interval.start_ns + self.length_ns <= self.began_ns);
        let (before, rest) = windows.split_at(before);
        let (during, after) = rest.split_at(rest.partition_point(|window| window.interval.start_ns < self.over_ns));
        (before, during, after)
    }
}

/// What the windows of one phase come to together.
pub(super) fn of(course: &Course, windows: &[OneWindow]) -> Phase {
    let (Some(first), Some(last)) = (windows.first(), windows.last()) else { return Phase::default() };
    let sum = |of: fn(&OneWindow) -> u64| windows.iter().map(of).sum::<u64>();
    let seconds = windows.len() as f64 * course.seconds();
    let answered = sum(|window| window.interval.answered());
    let (hits, misses) = (sum(|window| window.interval.hits), sum(|window| window.interval.misses));
    let store: Option<Vec<u64>> = windows.iter().map(|window| window.interval.store_operations).collect();
    let p99s: Vec<u64> = windows.iter().filter_map(|window| window.interval.p99_ns).collect();
    let mut phase = Phase {
        start_ns: first.interval.start_ns,
        end_ns: last.interval.start_ns + course.length_ns,
        operations: sum(|window| window.interval.operations),
        answered,
        shed: sum(|window| window.interval.shed.unwrap_or(0)),
        goodput_ops_per_s: answered as f64 / seconds,
        hit_ratio: (hits + misses > 0).then(|| hits as f64 / (hits + misses) as f64),
        p99_ns: None,
        usual_p99_ns: median(p99s),
        worst_p99_ns: windows.iter().filter_map(|window| window.interval.p99_ns).max(),
        store_ops_per_s: store.as_ref().map(|store| store.iter().sum::<u64>() as f64 / seconds),
        store_peak_ops_per_s: store.and_then(|store| Some(*store.iter().max()? as f64 / course.seconds())),
        stale_reads: windows.iter().map(|window| window.interval.stale_reads).sum(),
        ..Phase::default()
    };
    for (kind, count) in windows.iter().flat_map(|window| &window.errors) {
        *phase.errors.entry(kind.to_string()).or_default() += count;
    }
    phase
}
