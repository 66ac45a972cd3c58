//! What is known of an operation's result, however it ended.

use super::bucket::Outcome;
use cachemark_core::{CacheEffect, OpError, ReadOutcome, Source, Value, Version, WriteOutcome};

/// What the instruments are told of it: see [`Ended`](crate::Ended).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "each is the field of its name there")]
pub struct Answer {
    pub source: Option<Source>,
    pub outcome: Outcome,
    pub version: Option<Version>,
    pub cache: Option<CacheEffect>,
}

impl Answer {
    /// Of a read. One that failed asked the cache before, where its strategy has one, and was not answered by it: left out, a store
    /// that fails every load would leave nothing but hits.
    #[must_use]
    #[inline]
    pub fn of_read(result: &Result<ReadOutcome, OpError>, asks_cache: bool) -> Self {
        match result {
            Ok(read) => {
                let outcome = if read.value.is_some() { Outcome::Ok } else { Outcome::Absent };
                Self { source: Some(read.source), outcome, version: read.version, cache: None }
            }
            Err(error) => {
                let source = match error {
                    OpError::Cache(_) => Some(Source::CacheFailed),
                    OpError::Shed(_) => None,
                    _ => asks_cache.then_some(Source::MissLed),
                };
                Self { source, outcome: Outcome::of_error(error), version: None, cache: None }
            }
        }
    }

    /// Of a write or a delete; and that it found no value, or its error.
    pub fn of_write(result: Result<WriteOutcome, OpError>) -> (Self, Result<Option<Value>, OpError>) {
        let (outcome, version, cache) = match &result {
            Ok(written) => (Outcome::Ok, written.version, Some(written.cache)),
            Err(error) => (Outcome::of_error(error), None, None),
        };
        (Self { source: None, outcome, version, cache }, result.map(|_| None))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::{CacheError, StoreError};

    #[test]
    fn an_acknowledged_write_keeps_its_version_and_what_became_of_the_entry() {
        let answer = |result| Answer::of_write(result).0;
        let acknowledged = answer(Ok(WriteOutcome::committed(Version(7), CacheEffect::Updated)));
        let (version, cache) = (Some(Version(7)), Some(CacheEffect::Updated));
        assert_eq!(acknowledged, Answer { source: None, outcome: Outcome::Ok, version, cache });
        let failed = answer(Err(StoreError::Rejected("no".into()).into()));
        assert_eq!((failed.version, failed.cache), (None, None));
    }

    #[test]
    fn a_read_keeps_the_version_that_it_was_answered_from() {
        let found = ReadOutcome { value: None, version: Some(Version(3)), source: Source::Hit };
        let answer = Answer::of_read(&Ok(found), true);
        let expected =
            Answer { source: Some(Source::Hit), outcome: Outcome::Absent, version: Some(Version(3)), cache: None };
        assert_eq!(answer, expected);
    }

    #[test]
    fn a_read_that_failed_was_not_answered_by_the_cache_that_it_asked() {
        let source = |error: OpError, asks_cache| Answer::of_read(&Err(error), asks_cache).source;
        assert_eq!(source(StoreError::Rejected("no".into()).into(), true), Some(Source::MissLed));
        assert_eq!(source(StoreError::Rejected("no".into()).into(), false), None);
        assert_eq!(source(CacheError::Rejected("no".into()).into(), true), Some(Source::CacheFailed));
        assert_eq!(source(OpError::Shed("breaker"), true), None);
    }
}
