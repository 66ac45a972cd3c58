//! Operations that failed, why, and values that came back damaged.

use super::ended::Ended;
use cachemark_core::{ErrorKind, StampError};
use cachemark_results::Trial;
use std::collections::BTreeMap;

/// What went wrong.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    /// Failures of the window by kind.
    errors: BTreeMap<ErrorKind, u64>,
    /// What the first failure of each kind said, one before the window too.
    reasons: BTreeMap<ErrorKind, String>,
    /// Values whose stamp did not fit.
    bad_stamps: u64,
    /// Values that have none.
    unstamped: u64,
    /// Failed reads of the scan, by kind.
    scan_errors: BTreeMap<ErrorKind, u64>,
}

impl Failures {
    pub(super) fn thread() -> Self {
        Self::default()
    }

    /// Of an operation that belongs to the window.
    #[inline]
    pub(super) fn ended(&mut self, ended: &Ended) {
        if let Some(kind) = ended.outcome.error_kind() {
            *self.errors.entry(kind).or_default() += 1;
        }
    }

    pub(super) fn reason(&mut self, kind: ErrorKind, said: impl FnOnce() -> String) {
        self.reasons.entry(kind).or_insert_with(said);
    }

    /// Of a value, with what is wrong with its stamp.
    pub(super) fn value(&mut self, wrong: Option<StampError>) {
        match wrong {
            None => {}
            Some(StampError::Missing) => self.unstamped += 1,
            Some(_) => self.bad_stamps += 1,
        }
    }

    pub(super) fn bad_stamps(&mut self, values: u64) {
        self.bad_stamps += values;
    }

    pub(super) fn of_scan(&mut self, errors: &BTreeMap<ErrorKind, u64>) {
        add(&mut self.scan_errors, errors);
    }

    pub(super) fn merge(&mut self, other: Self) {
        add(&mut self.errors, &other.errors);
        add(&mut self.scan_errors, &other.scan_errors);
        for (kind, reason) in other.reasons {
            self.reasons.entry(kind).or_insert(reason);
        }
        self.bad_stamps += other.bad_stamps;
        self.unstamped += other.unstamped;
    }

    /// `our_rows` says whether this client wrote every row: a value without a stamp was damaged on its way then.
    pub(super) fn finish(self, our_rows: bool, trial: &mut Trial) {
        // Of the kinds that the window had.
        let of_window = self.reasons.into_iter().filter(|(kind, _)| self.errors.contains_key(kind));
        trial.error_reasons = of_window.map(|(kind, reason)| (kind.to_string(), reason)).collect();
        trial.errors = by_name(&self.errors);
        trial.scan_errors = by_name(&self.scan_errors);
        let (damaged, unchecked) = if our_rows { (self.unstamped, 0) } else { (0, self.unstamped) };
        trial.bad_stamps = self.bad_stamps + damaged;
        trial.unstamped = unchecked;
    }
}

fn add(mine: &mut BTreeMap<ErrorKind, u64>, theirs: &BTreeMap<ErrorKind, u64>) {
    for (&kind, count) in theirs {
        *mine.entry(kind).or_default() += count;
    }
}

fn by_name(errors: &BTreeMap<ErrorKind, u64>) -> BTreeMap<String, u64> {
    errors.iter().map(|(kind, &count)| (kind.to_string(), count)).collect()
}
