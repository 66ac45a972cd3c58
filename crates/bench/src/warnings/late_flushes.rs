//! Whether the window holds what the store was to be written.

use cachemark_results::warning;
use cachemark_results::{Trial, Warning};
use std::time::Duration;

/// The share of what the store was written since the window began, from 0 to 1, that may come after its end.
const LATE: f64 = 0.1;

/// Flushes that came after the window, of a strategy that brings writes into the store `waiting` later. `late` is how many
/// rows were written or deleted from the window's end to that of the drain.
pub(crate) fn of(trial: &Trial, late: u64, waiting: Option<Duration>) -> Option<Warning> {
    let waiting = waiting?;
    let all = trial.store.writes + trial.store.deletes + late;
    (late as f64 > LATE * all as f64).then(|| {
        let text = format!(
            "{late} of {all} changes of rows came into the store after the window, since writes wait for {waiting:?}"
        );
        let help =
            "store_load has those of the window alone; make --duration longer, at least ten times as long as that";
        Warning::new(warning::LATE_FLUSHES, format!("{text}: {help}"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_results::StoreOperations;

    #[test]
    fn more_than_a_tenth_is_told_of_a_strategy_whose_writes_wait() {
        let store = StoreOperations { writes: 80, deletes: 10, reads: 1_000, ..StoreOperations::default() };
        let trial = Trial { store, ..Trial::default() };
        let waiting = Some(Duration::from_millis(500));
        assert_eq!((of(&trial, 10, waiting), of(&trial, 90, None)), (None, None));
        let told = of(&trial, 11, waiting).unwrap();
        assert_eq!((told.code.as_str(), told.invalidates), ("late-flushes", false));
        assert!(
            told.text.starts_with("11 of 101 changes of rows came into the store after the window"),
            "{}",
            told.text
        );
        assert!(of(&Trial::default(), 1, waiting).is_some() && of(&Trial::default(), 0, waiting).is_none());
    }
}
