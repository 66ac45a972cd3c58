//! Test equipment shared by the crates: scripted caches and stores, a manual clock, and the conformance suites that
//! every backend must pass.

pub mod conformance;
pub mod scripted;
