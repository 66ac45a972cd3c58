//! What was left for the store.

use super::{Figure, Loops, Measure, Needs, OpenTable, Shown};
use cachemark_stats::Direction;

/// Store operations for each operation asked.
pub const STORE_LOAD: &Figure = &Figure {
    name: "store_load",
    title: "store load",
    meaning: "Store operations for each operation asked, both of the window: what a strategy writes after it is not in it \
              (`late-flushes`). Offload is 1 - store load",
    unit: Measure::Ratio,
    better: Direction::LowerIsBetter,
    needs: Needs::Operations,
    read: |trial| (trial.asked() > 0).then_some(trial.store_load),
    over_time: None,
    share_of: None,
    shown: Shown::InTables { of: Loops::Both(OpenTable::Other), rank: 60 },
};
