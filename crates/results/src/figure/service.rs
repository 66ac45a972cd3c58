//! Service time of every answered operation: in an open loop, what stands beside the response time.

use super::times::{Family, OF_INTERVALS, times};
use super::{Loops, Shown};

times! {
    "service",
    "service",
    "service time (completion - actual start) of every answered operation",
    Family {
        open_loop: false,
        shown: [
            Shown::InTables { of: Loops::Open, rank: 18 },
            Shown::InTables { of: Loops::Open, rank: 17 },
        ],
        over_time: Some(OF_INTERVALS),
    },
    |trial| trial.all_time
}
