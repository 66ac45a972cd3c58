//! One operation, once it has ended.

use super::bucket::{BucketKey, Outcome};
use super::oracle::known::Known;
use cachemark_core::{CacheEffect, HopTimes, Source, Stamp, StampError, Version};
use cachemark_workload::OperationKind;

/// What the stamp of a value that was found says, or what is wrong with it; none where no value was found.
pub type Stamped = Option<Result<Stamp, StampError>>;

/// One operation that has ended. Times are the trial clock's, in nanoseconds.
#[derive(Debug, Clone, Copy)]
pub struct Ended {
    /// What was asked.
    pub operation: OperationKind,
    /// Of which key, by its index.
    pub key: u64,
    /// Whose operation it was.
    pub session: u32,
    /// Where the answer came from; none for writes, deletes and failed reads.
    pub source: Option<Source>,
    /// How it ended.
    pub outcome: Outcome,
    /// The version that a read was answered from, or that a write or delete was acknowledged as; none for an operation that
    /// was not answered, and of a service that does not say.
    pub version: Option<Version>,
    /// The stamp of the value that a read was answered with, as [`Recorder::found`](crate::Recorder::found) said.
    pub stamped: Stamped,
    /// What was known of the key before it was sent, as [`Recorder::ask`](crate::Recorder::ask) said.
    pub known: Known,
    /// What became of the cache's entry; none for reads, and where a write or delete was not acknowledged.
    pub cache: Option<CacheEffect>,
    /// When it was to be issued; none in a closed loop.
    pub intended_ns: Option<u64>,
    /// When it was issued.
    pub started_ns: u64,
    /// When it ended.
    pub ended_ns: u64,
    /// Whether it belongs to the window, as [`Recorder::issue`](crate::Recorder::issue) said.
    pub measured: bool,
    /// What its hops took; none where hops are not timed.
    pub hops: Option<HopTimes>,
}

impl Ended {
    #[inline]
    pub(super) fn bucket(&self) -> BucketKey {
        BucketKey::new(self.operation, self.source, self.outcome)
    }

    /// Completion - actual start.
    pub(super) fn service_ns(&self) -> u64 {
        self.ended_ns.saturating_sub(self.started_ns)
    }

    /// Completion - intended start; where there is none, the service time.
    pub(super) fn response_ns(&self) -> u64 {
        self.ended_ns.saturating_sub(self.intended_ns.unwrap_or(self.started_ns))
    }
}
