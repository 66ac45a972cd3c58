//! One operation, once it has ended.

use super::answer::Answer;
use super::bucket::{BucketKey, Outcome};
use super::oracle::known::Known;
use cachemark_core::{CacheEffect, HopTimes, Source, Stamp, StampError, Version};
use cachemark_workload::OperationKind;

/// What the stamp of a value that was found says, or what is wrong with it; none where no value was found.
pub type Stamped = Option<Result<Stamp, StampError>>;

/// One operation that was issued: what the fields of the same names in [`Ended`] say.
#[derive(Debug, Clone, Copy)]
#[expect(missing_docs, reason = "each is the field of its name there")]
pub struct Issued {
    pub operation: OperationKind,
    pub key: u64,
    pub session: u32,
    pub known: Known,
    pub intended_ns: Option<u64>,
    pub started_ns: u64,
    pub measured: bool,
}

impl Issued {
    /// Its end, at `ended_ns`: what it was answered with, and the stamp of the value that it found.
    #[must_use]
    #[inline]
    pub fn ended(self, answer: Answer, stamped: Stamped, ended_ns: u64) -> Ended {
        let Self { operation, key, session, known, intended_ns, started_ns, measured } = self;
        let Answer { source, outcome, version, cache } = answer;
        Ended {
            operation,
            key,
            session,
            source,
            outcome,
            version,
            stamped,
            known,
            cache,
            intended_ns,
            started_ns,
            ended_ns,
            measured,
            hops: None,
        }
    }
}

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
    /// The stamp of the value that a read was answered with, whichever it was found with.
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
    #[inline]
    pub(super) fn service_ns(&self) -> u64 {
        self.ended_ns.saturating_sub(self.started_ns)
    }

    /// Completion - intended start; where there is none, the service time.
    #[inline]
    pub(super) fn response_ns(&self) -> u64 {
        self.ended_ns.saturating_sub(self.intended_ns.unwrap_or(self.started_ns))
    }
}
