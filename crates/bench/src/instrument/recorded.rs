//! What was recorded, of one driver thread or of several together.

use super::arrivals::Arrivals;
use super::failures::Failures;
use super::hops::Hops;
use super::oracle::Seen;
use super::series::Counted;
use super::times::Times;
use cachemark_core::ErrorKind;
use std::collections::BTreeMap;

/// What was recorded: each instrument's part of it.
#[derive(Debug, Default)]
pub struct Recorded {
    pub(super) times: Times,
    pub(super) hops: Hops,
    pub(super) arrivals: Arrivals,
    pub(super) failures: Failures,
    pub(super) series: Counted,
    pub(super) oracle: Seen,
}

impl Recorded {
    /// Adds another driver thread's.
    pub fn merge(&mut self, other: Self) {
        self.times.merge(other.times);
        self.hops.merge(other.hops);
        self.arrivals.merge(other.arrivals);
        self.failures.merge(other.failures);
        self.series.merge(other.series);
        self.oracle.merge(other.oracle);
    }

    /// Adds reads that came before the warm-up.
    pub(crate) fn scanned(&mut self, reads: u64, bad_stamps: u64, errors: &BTreeMap<ErrorKind, u64>) {
        self.times.issued_before(reads);
        self.failures.bad_stamps(bad_stamps);
        self.failures.of_scan(errors);
    }
}
