//! How an operation ended, as records have it.

use cachemark_core::{ErrorKind, Source};
use cachemark_workload::OperationKind;

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Answered.
    Ok,
    /// Answered with "no such key".
    Absent,
    /// Turned away.
    Shed,
    /// Failed for sure.
    Error(ErrorKind),
    /// Neither failed nor acknowledged.
    Unknown(ErrorKind),
}

impl Outcome {
    /// Whether the client got its answer.
    pub(crate) fn is_answered(self) -> bool {
        matches!(self, Self::Ok | Self::Absent)
    }

    /// The kind of error, if it is one.
    pub(crate) fn error_kind(self) -> Option<ErrorKind> {
        match self {
            Self::Error(kind) | Self::Unknown(kind) => Some(kind),
            Self::Shed => Some(ErrorKind::Shed),
            Self::Ok | Self::Absent => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Absent => "absent",
            Self::Shed => "shed",
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
