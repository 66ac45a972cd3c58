//! Test equipment shared by the crates: scripted caches and stores, a manual clock, the conformance suites that every backend
//! must pass, and the anomaly suite that every strategy is held to.

pub mod anomaly;
pub mod conformance;
pub mod scripted;
