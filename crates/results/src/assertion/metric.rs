//! The figures that an assertion can be about.

use super::Unit;

/// A figure of a trial. Its name is what an assertion calls it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssertedMetric {
    /// Operations answered per second.
    Throughput,
    /// Hits among reads that asked the cache, 0 to 1.
    HitRatio,
    /// Store operations for each operation asked.
    StoreLoad,
    /// Operations that failed, whose end is unknown, or that were not sent on their schedule: their number, or with `%`
    /// their share of what was asked.
    Errors,
    /// Reads that the cache was asked for and failed: their number, or with `%` their share of the reads that asked it.
    BypassedReads,
    /// Calls to the cache that failed, whatever became of their operations: their number, or with `%` their share of all.
    CacheFailures,
    /// The gets among them.
    FailedGets,
    /// The sets among them, refills and updates.
    FailedSets,
    /// The deletes among them: invalidations that did not happen.
    FailedDeletes,
    /// Median service time of reads.
    ReadP50,
    /// 99th percentile of the service time of reads.
    ReadP99,
    /// Median service time of every answered operation.
    ServiceP50,
    /// 99th percentile of the same.
    ServiceP99,
    /// 99.9th percentile of the same.
    ServiceP999,
    /// Median response time of every answered operation; only an open loop has one.
    ResponseP50,
    /// 99th percentile of the same.
    ResponseP99,
    /// 99.9th percentile of the same.
    ResponseP999,
}

/// What a figure is measured in, and so what its bound can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// A time: always with a unit.
    Time,
    /// A share from 0 to 1, or in per cent.
    Share,
    /// A ratio that may pass 1, or in per cent.
    Ratio,
    /// A number of operations or calls, or in per cent of all.
    Count,
    /// A number for each second.
    Rate,
}

impl AssertedMetric {
    /// All of them.
    pub const ALL: [Self; 17] = [
        Self::Throughput,
        Self::HitRatio,
        Self::StoreLoad,
        Self::Errors,
        Self::BypassedReads,
        Self::CacheFailures,
        Self::FailedGets,
        Self::FailedSets,
        Self::FailedDeletes,
        Self::ReadP50,
        Self::ReadP99,
        Self::ServiceP50,
        Self::ServiceP99,
        Self::ServiceP999,
        Self::ResponseP50,
        Self::ResponseP99,
        Self::ResponseP999,
    ];

    /// Its name. Hyphens are taken for underscores when it is read.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Throughput => "throughput",
            Self::HitRatio => "hit_ratio",
            Self::StoreLoad => "store_load",
            Self::Errors => "errors",
            Self::BypassedReads => "bypassed_reads",
            Self::CacheFailures => "cache_failures",
            Self::FailedGets => "failed_gets",
            Self::FailedSets => "failed_sets",
            Self::FailedDeletes => "failed_deletes",
            Self::ReadP50 => "read_p50",
            Self::ReadP99 => "read_p99",
            Self::ServiceP50 => "service.p50",
            Self::ServiceP99 => "service.p99",
            Self::ServiceP999 => "service.p99.9",
            Self::ResponseP50 => "response.p50",
            Self::ResponseP99 => "response.p99",
            Self::ResponseP999 => "response.p99.9",
        }
    }

    /// Whether it is a response time, which trials of a closed loop do not have.
    #[must_use]
    pub fn is_response_time(self) -> bool {
        matches!(self, Self::ResponseP50 | Self::ResponseP99 | Self::ResponseP999)
    }

    pub(super) fn measure(self) -> Measure {
        match self {
            Self::Throughput => Measure::Rate,
            Self::HitRatio => Measure::Share,
            Self::StoreLoad => Measure::Ratio,
            Self::Errors
            | Self::BypassedReads
            | Self::CacheFailures
            | Self::FailedGets
            | Self::FailedSets
            | Self::FailedDeletes => Measure::Count,
            _ => Measure::Time,
        }
    }
}

impl Measure {
    /// The units that a bound may have.
    pub(super) fn units(self) -> &'static [Unit] {
        match self {
            Self::Time => &[Unit::Nanoseconds, Unit::Microseconds, Unit::Milliseconds, Unit::Seconds],
            Self::Share | Self::Ratio | Self::Count => &[Unit::Percent],
            Self::Rate => &[],
        }
    }

    /// What a bound is, in words.
    pub(super) fn takes(self) -> &'static str {
        match self {
            Self::Time => "a time with its unit: ns, us, µs, ms or s",
            Self::Share => "a number from 0 to 1, or per cent: 0.8 or 80%",
            Self::Ratio => "a number from 0, or per cent",
            Self::Count => "a number of operations, or per cent of all",
            Self::Rate => "a number of operations per second, without a unit",
        }
    }
}
