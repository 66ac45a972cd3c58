//! The buckets that operations end in: operation x source x result.

use cachemark_core::{ErrorKind, OpError, Source};
use cachemark_workload::OperationKind;

/// How an operation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Answered.
    Ok,
    /// A read answered with "no such key".
    Absent,
    /// Turned away.
    Shed(ErrorKind),
    /// Failed for sure.
    Error(ErrorKind),
    /// Neither failed nor acknowledged.
    Unknown(ErrorKind),
}

impl Outcome {
    pub(crate) const CLASSES: [&'static str; 5] = ["ok", "absent", "shed", "error", "unknown"];

    pub(crate) fn of_error(error: &OpError) -> Self {
        match error.kind() {
            kind if error.is_shed() => Self::Shed(kind),
            kind if error.is_unknown() => Self::Unknown(kind),
            kind => Self::Error(kind),
        }
    }

    /// Whether the client got its answer.
    #[must_use]
    #[inline]
    pub fn is_answered(self) -> bool {
        matches!(self, Self::Ok | Self::Absent)
    }

    /// The kind of error, if it is one.
    pub(crate) fn error_kind(self) -> Option<ErrorKind> {
        match self {
            Self::Error(kind) | Self::Unknown(kind) | Self::Shed(kind) => Some(kind),
            Self::Ok | Self::Absent => None,
        }
    }

    fn class(self) -> usize {
        match self {
            Self::Ok => 0,
            Self::Absent => 1,
            Self::Shed(_) => 2,
            Self::Error(_) => 3,
            Self::Unknown(_) => 4,
        }
    }
}

const OPERATIONS: [&str; 3] = ["read", "write", "delete"];
/// The last is for operations that have no source: writes, deletes, failed reads.
const SOURCES: usize = Source::ALL.len() + 1;

/// Names one bucket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct BucketKey(usize);

impl BucketKey {
    /// How many buckets there are.
    pub(crate) const COUNT: usize = OPERATIONS.len() * SOURCES * Outcome::CLASSES.len();

    #[inline]
    pub(crate) fn new(operation: OperationKind, source: Option<Source>, outcome: Outcome) -> Self {
        let operation = match operation {
            OperationKind::Read => 0,
            OperationKind::Write => 1,
            OperationKind::Delete => 2,
        };
        let source = source.map_or(SOURCES - 1, |source| source as usize);
        Self((operation * SOURCES + source) * Outcome::CLASSES.len() + outcome.class())
    }

    pub(crate) fn all() -> impl Iterator<Item = Self> {
        (0..Self::COUNT).map(Self)
    }

    pub(crate) fn index(self) -> usize {
        self.0
    }

    pub(crate) fn operation(self) -> &'static str {
        OPERATIONS[self.0 / Outcome::CLASSES.len() / SOURCES]
    }

    pub(crate) fn source(self) -> &'static str {
        Source::ALL.get(self.0 / Outcome::CLASSES.len() % SOURCES).map_or("none", |source| source.name())
    }

    pub(crate) fn result(self) -> &'static str {
        Outcome::CLASSES[self.0 % Outcome::CLASSES.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_bucket_has_its_own_names() {
        let names: BTreeSet<_> = BucketKey::all().map(|key| (key.operation(), key.source(), key.result())).collect();
        assert_eq!(names.len(), BucketKey::COUNT);
    }

    #[test]
    fn a_bucket_is_named_after_what_went_into_it() {
        let key = BucketKey::new(OperationKind::Read, Some(Source::MissJoined), Outcome::Absent);
        assert_eq!((key.operation(), key.source(), key.result()), ("read", "miss-joined", "absent"));
        let key = BucketKey::new(OperationKind::Delete, None, Outcome::Unknown(ErrorKind::Timeout));
        assert_eq!((key.operation(), key.source(), key.result()), ("delete", "none", "unknown"));
    }
}
