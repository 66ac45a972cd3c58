//! Whether the cache was as theory says, once it was warm.

use crate::cell_plan::CellPlan;
use crate::definition::{Definition, Phase};
use crate::prediction::{is_load_off, is_off};
use cachemark_results::warning;
use cachemark_results::{Trial, Warning};

/// What is to be said of a trial's warm-up beside its test.
pub(crate) fn of_warm_up(trial: &Trial, cell: &CellPlan, definition: &Definition, cut_short: bool) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if cut_short {
        let (cap, total) = (definition.driving.warm_up_cap, cell.warm_up.total(definition.keys));
        let text = format!("the warm-up was broken off after {cap:?}, before its {total} operations were done");
        warnings
            .push(Warning::new(warning::WARM_UP_CUT, format!("{text}; set warm-up-cap-ms higher, or take fewer keys")));
    }
    warnings.extend(unexpired(cell, definition));
    // A cold start is on its way there.
    if definition.driving.phase != Phase::Cold {
        warnings.extend(off(trial));
    }
    warnings
}

/// Lifetimes that the warm-up's cap does not allow to wait for.
fn unexpired(cell: &CellPlan, definition: &Definition) -> Option<Warning> {
    if cell.warm_up.lifetime.is_zero() {
        return None;
    }
    let (lifetime, cap) = (cell.warm_up.lifetime, definition.driving.warm_up_cap);
    (2 * lifetime > cap).then(|| {
        let text = format!("entries live for up to {lifetime:?}, and a warm-up takes two lifetimes, {cap:?} at most");
        let help = "entries were put in at once and expire at once, or not in the window at all; set warm-up-cap-ms higher, or \
                    take a shorter lifetime";
        Warning::new(warning::UNEXPIRED, format!("{text}: {help}"))
    })
}

/// What was measured, if it is not what theory gives. From another hit ratio another store load follows, so that is told alone.
fn off(trial: &Trial) -> Option<Warning> {
    off_hits(trial).or_else(|| off_load(trial))
}

fn off_hits(trial: &Trial) -> Option<Warning> {
    let (measured, predicted) = (trial.hit_ratio?, trial.predicted_hit_ratio?);
    is_off(measured, predicted, trial.lookups().asked()).then(|| {
        let text = format!("hit ratio {measured:.3}, where theory gives {predicted:.3}");
        let why = "the cache was not yet as in the long run, has other room than the definition says, or lost entries";
        Warning::new(warning::OFF_PREDICTION, format!("{text}: {why}"))
    })
}

/// The store was asked more often, or less, than hits and writes account for.
fn off_load(trial: &Trial) -> Option<Warning> {
    let (measured, predicted) = (trial.store_load, trial.predicted_store_load?);
    is_load_off(measured, predicted, trial.asked()).then(|| {
        let text = format!(
            "store load {measured:.3}, where theory gives {predicted:.3} though the hit ratio is as it should be"
        );
        let why =
            "loads were repeated or spared, writes cost another number of store operations, or the mix was another";
        Warning::new(warning::OFF_PREDICTION, format!("{text}: {why}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample_trials::calm;
    use cachemark_results::{Bucket, Totals};

    fn with_hits(measured: f64, lookups: u64) -> Trial {
        let bucket = |source: &str, count| Bucket {
            operation: "read".into(),
            source: source.into(),
            result: "ok".into(),
            count,
            ..Bucket::default()
        };
        let hits = (measured * lookups as f64) as u64;
        let buckets = vec![bucket("hit", hits), bucket("miss-led", lookups - hits)];
        Trial { hit_ratio: Some(measured), predicted_hit_ratio: Some(0.43), buckets, ..calm() }
    }

    fn off_by(measured: f64, lookups: u64) -> bool {
        off(&with_hits(measured, lookups)).is_some()
    }

    #[test]
    fn a_hit_ratio_that_theory_does_not_give_is_told() {
        assert!(off_by(0.40, 100_000) && !off_by(0.42, 100_000));
        assert!(!off_by(0.40, 500));
        assert_eq!(off(&Trial { hit_ratio: Some(0.1), ..calm() }), None, "where there is no theory");
    }

    /// A strategy that loads each miss twice has the hit ratio that it should have, and asks the store too often.
    #[test]
    fn a_store_load_that_theory_does_not_give_is_told() {
        let of = |store_load: f64, issued: u64| {
            let totals = Totals { issued, ok: issued, ..calm().totals };
            off(&Trial { store_load, predicted_store_load: Some(0.6), totals, ..calm() })
        };
        let told = of(0.7, 100_000).unwrap();
        assert!(told.is(warning::OFF_PREDICTION) && told.text.contains("store load 0.700"), "{}", told.text);
        assert!(of(0.5, 100_000).is_some());
        assert_eq!([of(0.61, 100_000), of(0.65, 500)], [None, None], "near enough, or chance");
        let both = off(&Trial { store_load: 0.9, predicted_store_load: Some(0.6), ..with_hits(0.2, 100_000) });
        assert!(both.unwrap().text.starts_with("hit ratio"), "one follows from the other");
    }
}
