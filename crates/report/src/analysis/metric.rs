//! The figures of a trial that are told and compared.

use crate::units;
use cachemark_results::Trial;
use cachemark_stats::Direction;

/// A figure of a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Metric {
    /// Operations answered per second.
    Throughput,
    /// Median service time of reads.
    ReadP50,
    /// 99th percentile of the service time of reads.
    ReadP99,
    /// Hits among reads that asked the cache.
    HitRatio,
    /// Store operations for each operation asked.
    StoreLoad,
}

impl Metric {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 5] = [Self::Throughput, Self::ReadP50, Self::ReadP99, Self::HitRatio, Self::StoreLoad];

    /// The metric of a manifest's name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let plain = name.replace('_', "-");
        Self::ALL.into_iter().find(|metric| metric.name() == plain)
    }

    /// Its name in manifests.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Throughput => "throughput",
            Self::ReadP50 => "read-p50",
            Self::ReadP99 => "read-p99",
            Self::HitRatio => "hit-ratio",
            Self::StoreLoad => "store-load",
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Throughput => "throughput",
            Self::ReadP50 => "read p50",
            Self::ReadP99 => "read p99",
            Self::HitRatio => "hit ratio",
            Self::StoreLoad => "store load",
        }
    }

    /// The metric's figure of a trial. A percentile that too few samples stand behind is none.
    #[must_use]
    pub fn of(self, trial: &Trial) -> Option<f64> {
        match self {
            Self::Throughput => Some(trial.throughput_ops_per_s),
            Self::ReadP50 => Some(trial.read_time?.p50_ns? as f64),
            Self::ReadP99 => Some(trial.read_time?.p99_ns? as f64),
            Self::HitRatio => trial.hit_ratio,
            Self::StoreLoad => Some(trial.store_load),
        }
    }

    /// Which way it is good.
    #[must_use]
    pub fn direction(self) -> Direction {
        match self {
            Self::Throughput | Self::HitRatio => Direction::HigherIsBetter,
            Self::ReadP50 | Self::ReadP99 | Self::StoreLoad => Direction::LowerIsBetter,
        }
    }

    /// "higher is better", or the reverse.
    #[must_use]
    pub fn better(self) -> &'static str {
        match self.direction() {
            Direction::HigherIsBetter => "higher is better",
            Direction::LowerIsBetter => "lower is better",
        }
    }

    /// A figure of it as text.
    #[must_use]
    pub fn format(self, value: f64) -> String {
        match self {
            Self::Throughput => units::count(value),
            Self::ReadP50 | Self::ReadP99 => units::time(value),
            Self::HitRatio | Self::StoreLoad => units::share(value),
        }
    }

    /// A figure of it in few characters, for charts.
    #[must_use]
    pub fn format_short(self, value: f64) -> String {
        match self {
            Self::Throughput => units::short(value),
            Self::ReadP50 | Self::ReadP99 => units::time(value),
            Self::HitRatio | Self::StoreLoad => format!("{value:.2}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metric_is_found_by_its_name() {
        Metric::ALL.iter().for_each(|metric| assert_eq!(Metric::named(metric.name()), Some(*metric)));
        assert_eq!(Metric::named("hit_ratio"), Some(Metric::HitRatio));
        assert_eq!(Metric::named("beauty"), None);
    }
}
