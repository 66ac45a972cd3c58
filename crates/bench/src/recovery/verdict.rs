//! What it comes to.

use super::phase::Bounds;
use super::usual::Usual;
use super::{Course, OneWindow};
use cachemark_results::RecoveryVerdict;

/// So many windows in a row that are as before make a recovery.
pub(crate) const IN_A_ROW: usize = 3;
/// The timeouts after which whatever the fault has left of work is over: what is still slow then keeps itself slow.
const TIMEOUTS: u64 = 600;

/// What became of a trial, by its windows from the first fault on.
pub(super) struct Outcome {
    pub(super) verdict: RecoveryVerdict,
    pub(super) detected_after_ns: Option<u64>,
    pub(super) recovered_after_ns: Option<u64>,
    /// Windows that were harmed once it had recovered.
    pub(super) harmed_again: u64,
    /// Whether it was looked at for long enough to tell one that stays down.
    pub(super) looked_long: bool,
}

impl Outcome {
    /// Of a trial to which nothing was done: whatever was worse in it came by itself.
    pub(super) fn of_nothing(course: &Course, bounds: &Bounds) -> Self {
        Self {
            verdict: RecoveryVerdict::Unharmed,
            detected_after_ns: None,
            recovered_after_ns: Some(0),
            harmed_again: 0,
            looked_long: bounds.seen_until_ns >= since_timeouts(course, bounds),
        }
    }
}

/// From when on what is slow keeps itself slow.
fn since_timeouts(course: &Course, bounds: &Bounds) -> u64 {
    bounds.over_ns.saturating_add(TIMEOUTS.saturating_mul(course.timeout_ns))
}

/// The windows from the first fault on, of which `during` have some of a fault.
pub(super) fn of(course: &Course, bounds: &Bounds, usual: &Usual, affected: &[OneWindow], during: usize) -> Outcome {
    let after = &affected[during..];
    let unharmed = Outcome::of_nothing(course, bounds);
    let harmed = harmed(course, usual, affected, during);
    let as_before = |window: &OneWindow| usual.is_as_before(course, window);
    let first_harm = harmed.iter().position(|harmed| *harmed);
    // What is never as before again is harmed, however little.
    let first_harm = first_harm.or_else(|| {
        let place =
            first_in_a_row(after, as_before).is_none().then(|| affected.iter().position(|it| !as_before(it)))?;
        place.filter(|_| after.len() >= IN_A_ROW)
    });
    let Some(first) = first_harm else { return unharmed };
    let detected_after_ns =
        Some((affected[first].interval.start_ns + course.length_ns).saturating_sub(bounds.began_ns));
    let told = Outcome { detected_after_ns, recovered_after_ns: None, ..unharmed };
    if told.looked_long && is_stuck(course, usual, after, since_timeouts(course, bounds)) {
        return Outcome { verdict: RecoveryVerdict::Metastable, ..told };
    }
    // Harm that came late is not recovered from before it came.
    let earliest = during.max(first + 1);
    let Some(place) = first_in_a_row(&affected[earliest..], as_before).map(|place| earliest + place) else {
        return Outcome { verdict: RecoveryVerdict::NotRecovered, ..told };
    };
    let verdict = if place == during { RecoveryVerdict::Degraded } else { RecoveryVerdict::Recovered };
    Outcome {
        verdict,
        recovered_after_ns: Some(affected[place].interval.start_ns.saturating_sub(bounds.over_ns)),
        harmed_again: harmed[place..].iter().filter(|harmed| **harmed).count() as u64,
        ..told
    }
}

/// Which windows were harmed. Once the faults are over, a single one is taken for chance: it takes two in a row, but for the first.
fn harmed(course: &Course, usual: &Usual, affected: &[OneWindow], during: usize) -> Vec<bool> {
    let beyond: Vec<bool> = affected.iter().map(|window| usual.is_harmed(course, window)).collect();
    let beside = |place: usize| {
        let before = place > during && beyond[place - 1];
        before || beyond.get(place + 1).copied().unwrap_or(false)
    };
    (0..beyond.len()).map(|place| beyond[place] && (place <= during || beside(place))).collect()
}

/// The place of the first of so many windows in a row.
fn first_in_a_row(windows: &[OneWindow], is_good: impl Fn(&OneWindow) -> bool) -> Option<usize> {
    windows.windows(IN_A_ROW).position(|row| row.iter().all(&is_good))
}

/// Whether too little is answered once 600 timeouts have passed: of all windows that began then, and of the last three at least, no three in
/// a row have a goodput as before.
fn is_stuck(course: &Course, usual: &Usual, after: &[OneWindow], from_ns: u64) -> bool {
    if after.len() < IN_A_ROW {
        return false;
    }
    let later = after.iter().filter(|window| window.interval.start_ns >= from_ns).count();
    let last = &after[after.len() - later.max(IN_A_ROW).min(after.len())..];
    first_in_a_row(last, |window| usual.has_goodput(course, window)).is_none()
}
