//! How late the operations of an open loop were sent.

use super::Shown;
use super::times::{Family, times};

times! {
    "schedule_lag",
    "schedule lag",
    "schedule lag (actual start - intended start) of every operation sent",
    Family { open_loop: true, shown: [Shown::OnRequest, Shown::OnRequest], over_time: None },
    |trial| trial.open_loop.as_ref()?.schedule_lag
}
