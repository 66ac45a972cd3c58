//! Whether the cache was as theory says, once it was warm.

use crate::definition::Definition;
use crate::plan::CellPlan;
use cachemark_results::{Trial, Warning};

/// The difference of a measured hit ratio from the predicted one that needs a reason: 2 points.
const OFF: f64 = 0.02;
/// How many sampling errors it may be where that is more: a short window has few lookups.
const SAMPLING_ERRORS: f64 = 3.0;

/// What is to be said of a trial's warm-up beside its test.
pub(crate) fn of_warm_up(trial: &Trial, cell: &CellPlan, definition: &Definition, cut_short: bool) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if cut_short {
        let (cap, total) = (definition.driving.warm_up_cap, cell.warm_up.total(definition.keys));
        let text = format!("the warm-up was broken off after {cap:?}, before its {total} operations were done");
        warnings.push(Warning::new("warm-up-cut", format!("{text}; set warm-up-cap-ms higher, or take fewer keys")));
    }
    warnings.extend(cell.predicted_hit_ratio.and_then(|predicted| off(trial, predicted)));
    warnings
}

/// The measured hit ratio, if it is not what theory gives. A cold start is on its way there.
fn off(trial: &Trial, predicted: f64) -> Option<Warning> {
    let measured = trial.hit_ratio.filter(|_| trial.steady.is_some())?;
    let lookups = trial.cache.gets.max(1) as f64;
    let error = (predicted * (1.0 - predicted) / lookups).sqrt();
    let apart = (measured - predicted).abs();
    (apart > OFF.max(SAMPLING_ERRORS * error)).then(|| {
        let text = format!("hit ratio {measured:.3}, where theory gives {predicted:.3}");
        let why = "the cache was not yet as in the long run, has other room than the definition says, lost entries, or was \
                   asked for keys whose misses were still being loaded";
        Warning::new("off-prediction", format!("{text}: {why}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::calm;
    use cachemark_results::{CacheOperations, SteadyState};

    fn off_by(measured: f64, gets: u64) -> bool {
        let trial = Trial {
            hit_ratio: Some(measured),
            cache: CacheOperations { gets, ..CacheOperations::default() },
            steady: Some(SteadyState { steady: None, trend: None, could_see: None }),
            ..calm()
        };
        off(&trial, 0.43).is_some()
    }

    #[test]
    fn two_points_need_a_reason_unless_they_are_chance() {
        assert!(off_by(0.409, 100_000) && off_by(0.451, 100_000));
        assert!(!off_by(0.411, 100_000) && !off_by(0.449, 100_000));
        // Of 500 lookups two points are less than a sampling error.
        assert!(!off_by(0.37, 500) && off_by(0.36, 500));
    }

    #[test]
    fn a_window_without_a_warm_up_is_on_its_way() {
        assert_eq!(off(&Trial { hit_ratio: Some(0.1), ..calm() }, 0.43), None);
    }
}
