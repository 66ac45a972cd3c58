//! Service time of every answered operation: in an open loop, what stands beside the response time.

use super::times::{Family, OF_INTERVALS, times};
use super::{Loops, OpenTable, Shown};

times! {
    "service",
    "service",
    "service time (completion - actual start) of every answered operation",
    Family {
        open_loop: false,
        shown: [
            Shown::InTables { of: Loops::Open(OpenTable::Times), rank: 180 },
            Shown::InTables { of: Loops::Open(OpenTable::Times), rank: 170 },
        ],
        over_time: Some(OF_INTERVALS),
    },
    |trial| trial.all_time
}
