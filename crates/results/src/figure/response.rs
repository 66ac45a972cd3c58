//! Response time of every answered operation; only an open loop has intended starts to count it from.

use super::times::{Family, OF_INTERVALS, times};
use super::{Loops, OpenTable, Shown};

times! {
    "response",
    "response",
    "response time (completion - intended start) of every answered operation",
    Family {
        open_loop: true,
        shown: [
            Shown::InTables { of: Loops::Open(OpenTable::Times), rank: 150 },
            Shown::InTables { of: Loops::Open(OpenTable::Times), rank: 45 },
        ],
        over_time: Some(OF_INTERVALS),
    },
    |trial| trial.open_loop.as_ref()?.all_response
}
