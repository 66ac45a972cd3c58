//! What it comes to.

use super::phase::Bounds;
use super::usual::{GOODPUT, Usual};
use super::{Course, OneWindow};
use cachemark_results::RecoveryVerdict;

/// So many windows in a row that are as before make a recovery.
const IN_A_ROW: usize = 3;
/// The timeouts after which whatever the fault has left of work is over: what is still slow then keeps itself slow.
const TIMEOUTS: u64 = 600;

/// The verdict, and how long after the last fault the recovery came, if it did.
pub(super) fn of(
    course: &Course,
    bounds: &Bounds,
    usual: &Usual,
    after: &[OneWindow],
    harmed: bool,
) -> (RecoveryVerdict, Option<u64>) {
    if !harmed {
        return (RecoveryVerdict::Unharmed, Some(0));
    }
    if is_stuck(course, bounds, usual, after) {
        return (RecoveryVerdict::Metastable, None);
    }
    let mut starts = after.windows(IN_A_ROW);
    match starts.position(|row| row.iter().all(|window| usual.is_as_before(course, window))) {
        None => (RecoveryVerdict::NotRecovered, None),
        Some(place) => {
            let took_ns = after[place].interval.start_ns.saturating_sub(bounds.over_ns);
            let verdict = if place == 0 { RecoveryVerdict::Degraded } else { RecoveryVerdict::Recovered };
            (verdict, Some(took_ns))
        }
    }
}

/// Whether goodput is below 90 % still, once 600 timeouts have passed: over all windows that began then, and over the last three at
/// least.
fn is_stuck(course: &Course, bounds: &Bounds, usual: &Usual, after: &[OneWindow]) -> bool {
    let from_ns = bounds.over_ns.saturating_add(TIMEOUTS.saturating_mul(course.timeout_ns));
    if bounds.seen_until_ns < from_ns || after.is_empty() {
        return false;
    }
    let later = after.iter().filter(|window| window.interval.start_ns >= from_ns).count();
    let last = &after[after.len() - later.max(IN_A_ROW).min(after.len())..];
    let goodput = last.iter().map(|window| course.goodput(window)).sum::<f64>() / last.len() as f64;
    goodput < GOODPUT * usual.goodput
}
