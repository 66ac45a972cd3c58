//! How much was answered.

use super::{Figure, Loops, Measure, Needs, Shown};
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
    over_time: Some(|interval, seconds| Some(interval.operations as f64 / seconds)),
    share_of: None,
    shown: Shown::InTables { of: Loops::Both, rank: 8 },
};
