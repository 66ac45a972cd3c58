//! Test equipment shared by the crates: scripted caches and stores, a manual clock, the conformance suites that every backend
//! must pass, the anomaly suite that every strategy is held to, and ports for servers.

pub mod anomaly;
pub mod conformance;
mod free_port;
pub mod scripted;

pub use free_port::free_port;
