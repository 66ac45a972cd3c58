//! How a strategy call ended, on the two axes of the bench: source and result.

use cachemark_core::{ErrorKind, OpError, ReadOutcome, Source, WriteOutcome};

/// `none`: a write, or a read that failed for another reason than its cache.
pub(super) const SOURCES: [&str; 8] =
    ["hit", "miss-led", "miss-joined", "miss-queued", "stale-served", "cache-failed", "bypass", "none"];
/// Unknown, whatever its kind, is neither a failure nor an acknowledgement; the rest are kinds of error.
pub(super) const RESULTS: [&str; 21] = [
    "ok",
    "absent",
    "unknown",
    "timeout",
    "queue-timeout",
    "cache-timeout",
    "cache-queue-timeout",
    "store-timeout",
    "store-queue-timeout",
    "deadline",
    "unavailable",
    "connection-lost",
    "rejected",
    "transient",
    "unsupported",
    "too-large",
    "corrupt",
    "shed",
    "breaker-open",
    "internal",
    "other",
];
const OK: usize = 0;
const ABSENT: usize = 1;
const UNKNOWN: usize = 2;
const NO_SOURCE: usize = SOURCES.len() - 1;

/// Where a call is counted, by places in [`SOURCES`] and [`RESULTS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(super) source: usize,
    pub(super) result: usize,
}

impl Counted {
    pub(crate) fn of_read(result: &Result<ReadOutcome, OpError>) -> Self {
        match result {
            Ok(read) => {
                Self { source: place_of_source(read.source), result: if read.value.is_some() { OK } else { ABSENT } }
            }
            Err(error @ OpError::Cache(_)) => {
                Self { source: place_of_source(Source::CacheFailed), ..Self::of_error(error) }
            }
            Err(error) => Self::of_error(error),
        }
    }

    pub(crate) fn of_write(result: &Result<WriteOutcome, OpError>) -> Self {
        match result {
            Ok(_) => Self { source: NO_SOURCE, result: OK },
            Err(error) => Self::of_error(error),
        }
    }

    fn of_error(error: &OpError) -> Self {
        let result = if error.is_unknown() { UNKNOWN } else { place_of_kind(error.kind()) };
        Self { source: NO_SOURCE, result }
    }
}

fn place_of_source(source: Source) -> usize {
    Source::ALL.iter().position(|&other| other == source).unwrap_or(NO_SOURCE)
}

fn place_of_kind(kind: ErrorKind) -> usize {
    // Kinds may be added in core; until they are here they are "other", and the test below fails.
    RESULTS.iter().position(|&name| name == kind.name()).unwrap_or(RESULTS.len() - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::StoreError;

    #[test]
    fn every_source_and_kind_has_its_place() {
        for source in Source::ALL {
            assert_eq!(SOURCES[place_of_source(source)], source.name());
        }
        for kind in ErrorKind::ALL {
            assert_eq!(RESULTS[place_of_kind(kind)], kind.name());
        }
    }

    #[test]
    fn a_lost_answer_is_unknown() {
        let lost = OpError::Store(StoreError::ConnectionLost("x".into()));
        assert_eq!(RESULTS[Counted::of_write(&Err(lost)).result], "unknown");
    }
}
