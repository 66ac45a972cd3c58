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
    /// Median response time (completion - intended start) of every answered operation; of an open loop only.
    ResponseP50,
    /// 99th percentile of the same.
    ResponseP99,
    /// Median service time of every answered operation: what stands beside the response time.
    ServiceP50,
    /// 99th percentile of the same.
    ServiceP99,
    /// Hits among reads that asked the cache.
    HitRatio,
    /// Store operations for each operation asked.
    StoreLoad,
}

impl Metric {
    /// All of them, in the order of tables.
    pub const ALL: [Self; 9] = [
        Self::Throughput,
        Self::ReadP50,
        Self::ReadP99,
        Self::ResponseP50,
        Self::ResponseP99,
        Self::ServiceP50,
        Self::ServiceP99,
        Self::HitRatio,
        Self::StoreLoad,
    ];

    /// Those that a record's tables show. A closed loop has no response time; an open loop shows it beside the service
    /// time of the same operations.
    #[must_use]
    pub fn shown_for(open_loop: bool) -> Vec<Self> {
        let shown = |metric: &Self| match metric {
            Self::Throughput | Self::HitRatio | Self::StoreLoad => true,
            Self::ReadP50 | Self::ReadP99 => !open_loop,
            Self::ResponseP50 | Self::ResponseP99 | Self::ServiceP50 | Self::ServiceP99 => open_loop,
        };
        Self::ALL.into_iter().filter(shown).collect()
    }

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
            Self::ResponseP50 => "response-p50",
            Self::ResponseP99 => "response-p99",
            Self::ServiceP50 => "service-p50",
            Self::ServiceP99 => "service-p99",
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
            Self::ResponseP50 => "response p50",
            Self::ResponseP99 => "response p99",
            Self::ServiceP50 => "service p50",
            Self::ServiceP99 => "service p99",
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
            Self::ResponseP50 => Some(trial.open_loop.as_ref()?.all_response?.p50_ns? as f64),
            Self::ResponseP99 => Some(trial.open_loop.as_ref()?.all_response?.p99_ns? as f64),
            Self::ServiceP50 => Some(trial.all_time?.p50_ns? as f64),
            Self::ServiceP99 => Some(trial.all_time?.p99_ns? as f64),
            Self::HitRatio => trial.hit_ratio,
            Self::StoreLoad => Some(trial.store_load),
        }
    }

    /// Whether it is a time, of the operations that were answered.
    #[must_use]
    pub fn is_time(self) -> bool {
        !matches!(self, Self::Throughput | Self::HitRatio | Self::StoreLoad)
    }

    /// Which way it is good.
    #[must_use]
    pub fn direction(self) -> Direction {
        match self {
            Self::Throughput | Self::HitRatio => Direction::HigherIsBetter,
            _ => Direction::LowerIsBetter,
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
            Self::HitRatio | Self::StoreLoad => units::share(value),
            _ => units::time(value),
        }
    }

    /// A figure of it in few characters, for charts.
    #[must_use]
    pub fn format_short(self, value: f64) -> String {
        match self {
            Self::Throughput => units::short(value),
            Self::HitRatio | Self::StoreLoad => format!("{value:.2}"),
            _ => units::time(value),
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
