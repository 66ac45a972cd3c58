//! The record of a run on disk: what it holds, how it is written so that nothing torn can be read, how it is read.
//!
//! ```text
//! <utc>-<name>-<hash>/
//!   manifest.json        what was to be run, in which order, and how far it came
//!   definition.toml      the definition, resolved
//!   environment.json     the machine, the tool, the servers
//!   trials/<number>/     one finished trial each: whole, or not there at all
//!     summary.json  series.json  histograms.json
//!     intervals.hlog     a histogram for each interval of the window, for any reader of HDR interval logs
//!   trials.tar.zst       in the place of trials/: all of them in one file, of a record that was packed
//!   .lock                the process that writes the record holds a lock on it
//!   goose/               of a load: goose's own report of each trial, as page and as JSON
//!   stability.json       where the system breaks down for good, if that was simulated
//!   report.html  SUMMARY.md  charts/   made from the above, and can be made again
//! ```
//!
//! Every file carries [`SCHEMA_VERSION`]. Times are nanoseconds and say so in their names; ratios are 0 to 1.

// The made-up record of tests/ names the crate as those do who use it.
#[cfg(test)]
extern crate self as cachemark_results;

pub mod assertion;
mod atomic;
pub mod axis;
mod check;
mod crash;
mod differences;
pub mod disk;
mod environment;
mod error;
pub mod figure;
pub mod host;
pub mod json_schema;
mod lock;
mod log_lines;
mod pack;
mod read;
mod schema;
pub mod warning;
mod write;

pub use assertion::Assertion;
pub use atomic::write_whole;
pub use check::definition_hash;
pub use differences::Difference;
pub use disk::DataDisk;
pub use environment::{Environment, Host, Server, Tool};
pub use error::RecordError;
pub use figure::Figure;
pub use log_lines::LogLines;
pub use pack::{PackError, PackedRecord, Thoroughness, pack};
pub use read::{Run, latest_in, read_manifest, records_in};
pub use schema::audit::{Audit, AuditExample, AuditFinding, CacheAudit, StoreAudit};
pub use schema::buckets::{Bucket, BucketHistogram, Histograms};
pub use schema::capacity::{Capacity, CapacityProbe, Unfound};
pub use schema::cell::{Cell, Part, SettingMap};
pub use schema::failures::FailedCalls;
pub use schema::fault::FaultSeen;
pub use schema::freshness::{AgeHistograms, Checked, FreshWithin, Freshness, OracleTable};
pub use schema::hops::{HopHistograms, HopSummary};
pub use schema::host::{HostNoise, HostUse};
pub use schema::loads::Loads;
pub use schema::lookups::Lookups;
pub use schema::manifest::{Manifest, Resumption, Status};
pub use schema::open_loop::{MANY, OpenLoop};
pub use schema::packed::Packed;
pub use schema::power::Power;
pub use schema::recovery::{AsBefore, Phase as RecoveryPhase, RESTLESS, Recovery, RecoveryVerdict, WorstWindow};
pub use schema::series::{Interval, Series};
pub use schema::stability::{
    STABILITY, Stability, StabilityBoundary, StabilityCheck, StabilityMap, StabilityPoint, StabilityRule,
    StabilityScenario, StabilityState, StabilityStep,
};
pub use schema::stale_cause::{StaleCause, StaleCauses};
pub use schema::times::TimeSummary;
pub use schema::trial::{
    CacheOperations, ColdStart, HalfLookups, LaneShares, LaneUse, LaneWait, SteadyState, StoreOperations, Totals,
    Trial, Warning, Window,
};
pub use write::{RunWriter, add_concerns, set_notes, set_title};

/// The version of the record's form, in every file. 2 added what an open loop has; a record of version 1 is read as one
/// without. 3 added arms; in a record of before each strategy is one.
pub const SCHEMA_VERSION: u32 = 3;
/// The oldest version that is still read.
pub const OLDEST_VERSION: u32 = 1;
