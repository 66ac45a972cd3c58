//! Drives the load of one trial and records what comes back.
//!
//! Each driver thread has a single-threaded runtime. In a closed loop it runs its share of the clients as tasks: a client
//! issues one operation, waits for its end, records it, and issues the next. In an open loop it runs its share of the
//! arrivals: each operation starts when its time has come, whether or not others have ended. Either way every key is read
//! first if that is wanted (the scan), then as many operations run unmeasured as the caches need (the warm-up, of the closed
//! loop's clients in either case), then the load begins, and a moment later it is measured (the window); what is in flight then is
//! finished (the drain), loads that outlive their caller included.
//!
//! **An operation belongs to the window if it was issued in it**, in an open loop if it was to be issued in it. Throughput
//! alone counts the operations that *ended* in the window, whenever they were issued: both its numerator and its
//! denominator are then of the window.

mod arrivals;
mod bucket;
mod client;
mod cpu;
mod driver;
mod ended;
mod failure;
mod free;
mod interval;
mod load;
mod pace;
mod pacer;
mod recorded;
mod recorder;
mod schedule;
#[cfg(test)]
mod scripted;
mod start;
mod thread;
mod warm_up;
mod window;

pub(crate) use bucket::BucketKey;
pub use bucket::Outcome;
pub(crate) use driver::{Driven, drive};
pub use ended::Ended;
pub(crate) use failure::DriveError;
pub use interval::Part;
pub(crate) use load::Drive;
pub use recorded::Recorded;
pub(crate) use recorded::{ArrivalCounts, Times};
pub use recorder::{IntervalPort, Recorder};
#[cfg(test)]
pub(crate) use scripted::drive_scripted;
pub(crate) use warm_up::Warmed;
pub use window::Window;
