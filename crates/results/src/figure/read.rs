//! Service time of reads.

use super::times::{Family, times};
use super::{Loops, Shown};

times! {
    "read",
    "read",
    "service time (completion - actual start) of answered reads",
    Family {
        open_loop: false,
        shown: [
            Shown::InTables { of: Loops::Closed, rank: 160 },
            Shown::InTables { of: Loops::Closed, rank: 40 },
        ],
        over_time: None,
    },
    |trial| trial.read_time
}
