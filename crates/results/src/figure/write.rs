//! Service time of writes and deletes.

use super::Shown;
use super::times::{Family, times};

times! {
    "write",
    "write",
    "service time (completion - actual start) of answered writes and deletes",
    Family { open_loop: false, shown: [Shown::OnRequest, Shown::OnRequest], over_time: None },
    |trial| trial.write_time
}
