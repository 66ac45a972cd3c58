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
mod asked;
mod client;
mod drained;
mod driver;
mod driver_threads;
mod failure;
mod free;
mod load;
mod pace;
mod pacer;
#[cfg(test)]
mod scripted;
mod sleep;
mod start;
mod thread;
mod warm_up;

pub use asked::Asked;
pub use driver::{Driven, Driver};
pub use driver_threads::DriverThreads;
pub use failure::DriveError;
pub use load::Load;
#[cfg(test)]
pub(crate) use scripted::Scripted;
pub use sleep::sleep_until;
pub(crate) use warm_up::WINDOWS;
