//! Drives the load of one trial and records what comes back.
//!
//! Each driver thread has a single-threaded runtime and runs its share of the clients as tasks. A client issues one
//! operation, waits for its end, records it, and issues the next (a closed loop). All clients read every key first if
//! asked to (the scan), then run unmeasured (the warm-up), then measured (the window), then stop; what is in flight is
//! finished (the drain), loads that outlive their caller included.
//!
//! **An operation belongs to the window if it was issued in it.** Throughput alone counts the operations that *ended*
//! in the window, whenever they were issued: both its numerator and its denominator are then of the window.

mod bucket;
mod client;
mod driver;
mod interval;
mod recorder;

pub(crate) use bucket::BucketKey;
pub use bucket::Outcome;
pub(crate) use driver::{Drive, Driven, drive};
pub use interval::Part;
pub use recorder::{Ended, IntervalPort, Recorded, Recorder};
