//! How fast the store was asked.

use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// Over the whole window.
pub const STORE_RATE: &Figure = &Figure {
    name: "store_rate",
    title: "store rate",
    meaning: "Store operations that ended in the window, per second of it. Who answers more operations may ask the store more: \
              store_load is for each of them",
    unit: Measure::Rate,
    better: Direction::Neither,
    needs: Needs::StoreCalls,
    read: |trial| {
        let operations = trial.loads.map(|_| trial.store.operations())?;
        Some(operations as f64 / (trial.window.measured_ns as f64 / 1e9))
    },
    over_time: Some(|interval, seconds| Some(interval.store_operations? as f64 / seconds)),
    share_of: None,
    shown: Shown::OnRequest,
};

/// At its peak.
pub const MAX: &Figure = &Figure {
    name: "store_rate.max",
    title: "store rate max",
    meaning: "The most store operations that ended in one interval of the series (interval-ms), per second of it: what the store \
              has to bear at its peak. A shorter interval shows a sharper peak",
    unit: Measure::Rate,
    better: Direction::LowerIsBetter,
    needs: Needs::StoreCalls,
    read: |trial| trial.store_rate_max_ops_per_s,
    over_time: None,
    share_of: None,
    shown: Shown::OnRequest,
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Interval, Loads, StoreOperations, Trial, Window};

    #[test]
    fn a_rate_is_per_second_of_the_window_where_the_store_was_watched() {
        let store = StoreOperations { reads: 30, writes: 9, errors: 1, ..StoreOperations::default() };
        let window = Window { measured_ns: 500_000_000, ..Window::default() };
        let watched = Trial { store, window, loads: Some(Loads::default()), ..Trial::default() };
        assert_eq!(STORE_RATE.of(&watched), Some(80.0));
        assert_eq!(STORE_RATE.of(&Trial { loads: None, ..watched.clone() }), None);
        assert_eq!(STORE_RATE.of(&Trial { window: Window::default(), ..watched }), None, "no time at all");

        let over_time = STORE_RATE.over_time.unwrap();
        let interval = Interval { store_operations: Some(7), ..Interval::default() };
        assert_eq!(over_time(&interval, 0.1), Some(70.0));
        assert_eq!(over_time(&Interval::default(), 0.1), None);
    }

    #[test]
    fn a_peak_is_as_it_was_recorded() {
        let trial = Trial { store_rate_max_ops_per_s: Some(120.0), ..Trial::default() };
        assert_eq!((MAX.of(&trial), MAX.of(&Trial::default())), (Some(120.0), None));
    }
}
