//! What all families of times have in common: percentiles, the mean, the greatest.

use super::{Figure, Measure, Needs, OfInterval, OfTrial, Shown};
use crate::schema::times::TimeSummary;
use cachemark_stats::Direction;

/// A family of times.
pub(super) struct Family {
    /// Whether only an open loop has them.
    pub(super) open_loop: bool,
    /// Where tables show the median and the 99th percentile.
    pub(super) shown: [Shown; 2],
    /// The median and the 99th percentile of an interval.
    pub(super) over_time: Option<[OfInterval; 2]>,
}

/// The median and the 99th percentile of an interval's times.
pub(super) const OF_INTERVALS: [OfInterval; 2] =
    [|interval, _| interval.p50_ns.map(ns), |interval, _| interval.p99_ns.map(ns)];

impl Family {
    /// A figure of the family: its name, title and meaning, and the quantile if it is one.
    pub(super) const fn figure(
        &self,
        [name, title, meaning]: [&'static str; 3],
        quantile: Option<f64>,
        read: OfTrial,
    ) -> Figure {
        Figure {
            name,
            title,
            meaning,
            unit: Measure::Time,
            better: Direction::LowerIsBetter,
            needs: Needs::Samples { quantile, open_loop: self.open_loop },
            read,
            over_time: None,
            share_of: None,
            shown: Shown::OnRequest,
        }
    }

    /// The median (0) or the 99th percentile (1), which tables and series may show.
    pub(super) const fn main_figure(&self, which: usize, words: [&'static str; 3], read: OfTrial) -> Figure {
        let over_time = match self.over_time {
            Some(of) => Some(of[which]),
            None => None,
        };
        let quantile = Some(if which == 0 { 0.5 } else { 0.99 });
        Figure { shown: self.shown[which], over_time, ..self.figure(words, quantile, read) }
    }
}

/// A percentile of a summary, or another of its times.
pub(super) fn of(times: Option<TimeSummary>, which: fn(TimeSummary) -> Option<u64>) -> Option<f64> {
    which(times?).map(ns)
}

fn ns(time: u64) -> f64 {
    time as f64
}

/// The figures of a family: what names begin with, what titles begin with, of what they are, the family, and where a trial
/// has the times.
macro_rules! times {
    ($name:literal, $title:literal, $what:literal, $family:expr, $times:expr) => {
        const FAMILY: $crate::figure::times::Family = $family;
        const TIMES: fn(&$crate::Trial) -> Option<$crate::TimeSummary> = $times;

        /// The median.
        pub const P50: &$crate::figure::Figure = &FAMILY.main_figure(
            0,
            [concat!($name, ".p50"), concat!($title, " p50"), concat!("Median ", $what)],
            |trial| $crate::figure::times::of(TIMES(trial), |times| times.p50_ns),
        );
        /// The 90th percentile.
        pub const P90: &$crate::figure::Figure = &FAMILY.figure(
            [concat!($name, ".p90"), concat!($title, " p90"), concat!("90th percentile of the ", $what)],
            Some(0.9),
            |trial| $crate::figure::times::of(TIMES(trial), |times| times.p90_ns),
        );
        /// The 99th percentile.
        pub const P99: &$crate::figure::Figure = &FAMILY.main_figure(
            1,
            [concat!($name, ".p99"), concat!($title, " p99"), concat!("99th percentile of the ", $what)],
            |trial| $crate::figure::times::of(TIMES(trial), |times| times.p99_ns),
        );
        /// The 99.9th percentile.
        pub const P999: &$crate::figure::Figure = &FAMILY.figure(
            [concat!($name, ".p99.9"), concat!($title, " p99.9"), concat!("99.9th percentile of the ", $what)],
            Some(0.999),
            |trial| $crate::figure::times::of(TIMES(trial), |times| times.p999_ns),
        );
        /// The mean.
        pub const MEAN: &$crate::figure::Figure = &FAMILY.figure(
            [concat!($name, ".mean"), concat!($title, " mean"), concat!("Mean ", $what)],
            None,
            |trial| Some(TIMES(trial)?.mean_ns),
        );
        /// The greatest.
        pub const MAX: &$crate::figure::Figure = &FAMILY.figure(
            [concat!($name, ".max"), concat!($title, " max"), concat!("Greatest ", $what)],
            None,
            |trial| TIMES(trial).map(|times| times.max_ns as f64),
        );
    };
}

pub(super) use times;
