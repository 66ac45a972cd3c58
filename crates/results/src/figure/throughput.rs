//! How much was answered.

use super::{Figure, Loops, Measure, Needs, OpenTable, Shown};
use cachemark_stats::Direction;

/// Operations answered per second.
pub const THROUGHPUT: &Figure = &Figure {
    name: "throughput",
    title: "throughput",
    meaning: "Operations answered within the window, per second of it",
    unit: Measure::Rate,
    better: Direction::HigherIsBetter,
    needs: Needs::Nothing,
    read: |trial| Some(trial.throughput_ops_per_s),
    over_time: Some(|interval, seconds| Some(interval.answered() as f64 / seconds)),
    share_of: None,
    shown: Shown::InTables { of: Loops::Both(OpenTable::Times), rank: 38 },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Interval;

    #[test]
    fn a_throughput_over_time_is_of_what_was_answered_as_that_of_a_trial_is() {
        let interval = Interval { operations: 50, failures: 30, ..Interval::default() };
        assert_eq!(THROUGHPUT.over_time.unwrap()(&interval, 0.1), Some(200.0));
    }
}
