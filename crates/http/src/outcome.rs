//! How an operation ended, as records have it.

use cachemark_core::{ErrorKind, Source};
use cachemark_workload::OperationKind;
use std::fmt;

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Answered.
    Ok,
    /// Answered with "no such key".
    Absent,
    /// Turned away.
    Shed(Fault),
    /// Failed for sure.
    Error(Fault),
    /// Neither failed nor acknowledged.
    Unknown(Fault),
}

/// What went wrong, as failures are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// No answer, or not one that can be used.
    Kind(ErrorKind),
    /// An answer of this status.
    Status(u16),
}

impl fmt::Display for Fault {
    /// `timeout`, `status-503`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kind(kind) => f.write_str(kind.name()),
            Self::Status(status) => write!(f, "status-{status}"),
        }
    }
}

impl Outcome {
    /// Whether the client got its answer.
    pub(crate) fn is_answered(self) -> bool {
        matches!(self, Self::Ok | Self::Absent)
    }

    /// What went wrong, if anything did.
    pub(crate) fn fault(self) -> Option<Fault> {
        match self {
            Self::Error(fault) | Self::Unknown(fault) | Self::Shed(fault) => Some(fault),
            Self::Ok | Self::Absent => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Absent => "absent",
            Self::Shed(_) => "shed",
            Self::Error(_) => "error",
            Self::Unknown(_) => "unknown",
        }
    }
}

/// Names one bucket: operation, source, result, by the words of the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct BucketKey {
    pub(crate) operation: &'static str,
    pub(crate) source: &'static str,
    pub(crate) result: &'static str,
}

impl BucketKey {
    pub(crate) fn new(operation: OperationKind, source: Option<Source>, outcome: Outcome) -> Self {
        Self { operation: operation.name(), source: source.map_or("none", Source::name), result: outcome.name() }
    }
}
