//! Calls that failed, by call and kind, with what the first of each said.

use crate::ErrorKind;
use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::{Mutex, PoisonError};

/// The longest text that is kept of an error, in characters: a server may put anything into one.
const LONGEST_REASON: usize = 300;

/// Failed calls of one sort and kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// How many.
    pub count: u64,
    /// What the first said, in the backend's or the server's own words.
    pub first: String,
}

/// Failed calls by call (`get`, `set`, `delete`; `read`, `write`, `delete`) and kind of error.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Failures(pub BTreeMap<(&'static str, ErrorKind), Failed>);

impl Failures {
    /// What failed between `earlier` and `self`. The first text stays the first of all.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let left = self.0.iter().filter_map(|(place, failed)| {
            let before = earlier.0.get(place).map_or(0, |failed| failed.count);
            let count = failed.count.saturating_sub(before);
            (count > 0).then(|| (*place, Failed { count, first: failed.first.clone() }))
        });
        Self(left.collect())
    }
}

/// Counts failures. Only a call that failed comes here, so one lock for all threads is cheap enough.
#[derive(Debug, Default)]
pub(super) struct FailureLog(Mutex<Failures>);

impl FailureLog {
    pub(super) fn count(&self, call: &'static str, kind: ErrorKind, error: &impl Display) {
        let mut failures = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let first = || Failed { count: 0, first: error.to_string().chars().take(LONGEST_REASON).collect() };
        failures.0.entry((call, kind)).or_insert_with(first).count += 1;
    }

    pub(super) fn snapshot(&self) -> Failures {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_later_look_has_what_came_since_with_the_first_of_all_texts() {
        let log = FailureLog::default();
        log.count("get", ErrorKind::Rejected, &"first");
        log.count("set", ErrorKind::Timeout, &"slow");
        let before = log.snapshot();
        log.count("get", ErrorKind::Rejected, &"second");
        log.count("get", ErrorKind::Timeout, &"slow too");
        let since = log.snapshot().since(&before);
        let told: Vec<_> =
            since.0.iter().map(|((call, kind), failed)| (*call, *kind, failed.count, failed.first.as_str())).collect();
        assert_eq!(told, [("get", ErrorKind::Timeout, 1, "slow too"), ("get", ErrorKind::Rejected, 1, "first")]);
    }

    #[test]
    fn a_text_without_end_is_cut() {
        let log = FailureLog::default();
        log.count("get", ErrorKind::Rejected, &"ä".repeat(10_000));
        assert_eq!(log.snapshot().0[&("get", ErrorKind::Rejected)].first.chars().count(), LONGEST_REASON);
    }
}
