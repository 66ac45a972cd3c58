//! Whether the hit ratio was level while it was measured: the halves of the windows, over all trials of a cell.
//!
//! One short window has too few lookups to tell; the trials of a cell together have many times as many. What they still
//! could not have seen is told too.

use cachemark_results::{HalfLookups, Run, Trial};
use cachemark_stats::{HitRatioShift, Lookups};

/// A move within the window that matters: 1 point.
const MATTERS: f64 = 0.01;
/// A move that must not pass unseen where the window is taken for level: 2 points.
const TELLING: f64 = 0.02;

/// What the windows of a cell tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Level {
    /// The hit ratio moved within the windows.
    Moved(HitRatioShift),
    /// No move was seen, and this one could have passed unseen.
    CouldNotSee(f64),
}

/// The cells whose hit ratio moved over the trials that are `judged`, or of which these are too few to tell. Cold starts and
/// runs without a warm-up are left out: they are to move.
pub(super) fn not_level<'a>(run: &'a Run, judged: &[&Trial]) -> Vec<(&'a str, Level)> {
    let of = |cell: &str| {
        let level = |trial: &&&Trial| trial.steady.is_some() && trial.invalid_because().is_none();
        let trials = judged.iter().filter(|trial| trial.cell == cell).filter(level);
        of_halves(trials.filter_map(|trial| trial.halves))
    };
    run.manifest.cells.iter().filter_map(|cell| Some((cell.id.as_str(), of(&cell.id)?))).collect()
}

fn of_halves(halves: impl Iterator<Item = [HalfLookups; 2]>) -> Option<Level> {
    let of = |half: HalfLookups| Lookups { hits: half.hits, lookups: half.lookups };
    let [before, after] =
        halves.fold([Lookups::default(); 2], |sum, [first, second]| [sum[0].and(of(first)), sum[1].and(of(second))]);
    let shift = HitRatioShift::between(before, after)?;
    if shift.is_seen() && (shift.later - shift.earlier).abs() > MATTERS {
        return Some(Level::Moved(shift));
    }
    (shift.allowed > TELLING).then_some(Level::CouldNotSee(shift.allowed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn over(trials: usize, lookups: u64, ratios: [f64; 2]) -> Option<Level> {
        let half = |ratio: f64| HalfLookups { hits: (ratio * lookups as f64) as u64, lookups };
        of_halves((0..trials).map(|_| ratios.map(half)))
    }

    #[test]
    fn the_climb_that_no_single_trial_shows_is_seen_over_eight() {
        assert!(matches!(over(1, 2_000, [0.376, 0.401]), Some(Level::CouldNotSee(seen)) if seen > 0.04));
        assert!(matches!(over(8, 2_000, [0.376, 0.401]), Some(Level::Moved(_))));
    }

    #[test]
    fn a_level_window_says_nothing_and_a_tiny_move_does_not_matter() {
        assert_eq!(over(8, 4_000, [0.43, 0.431]), None);
        assert_eq!(over(8, 10_000_000, [0.43, 0.436]), None, "it is seen, and less than a point");
        assert_eq!(over(0, 1, [0.0, 0.0]), None);
    }
}
