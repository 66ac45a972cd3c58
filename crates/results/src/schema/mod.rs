//! The shapes of the files.

pub(crate) mod audit;
pub(crate) mod buckets;
pub(crate) mod capacity;
pub(crate) mod cell;
pub(crate) mod failures;
pub(crate) mod fault;
pub(crate) mod freshness;
pub(crate) mod hops;
pub(crate) mod host;
pub(crate) mod loads;
pub(crate) mod lookups;
pub(crate) mod manifest;
pub(crate) mod open_loop;
pub(crate) mod packed;
pub(crate) mod power;
pub(crate) mod recovery;
pub(crate) mod series;
pub(crate) mod stability;
pub(crate) mod stale_cause;
pub(crate) mod times;
pub(crate) mod trial;
