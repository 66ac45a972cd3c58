//! How many versions reads were behind.

use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// Version lag max.
pub const MAX: &Figure = &Figure {
    name: "version_lag.max",
    title: "version lag max",
    meaning: "The most versions that a read was behind the highest that had been acknowledged",
    unit: Measure::Count,
    better: Direction::LowerIsBetter,
    needs: Needs::JudgedReads,
    // A strategy that gives versions itself leaves gaps between them, and no lag is told then.
    read: |trial| {
        let told = trial.freshness.as_ref().filter(|told| told.judged > 0)?;
        (told.stale == 0 || told.lag_mean.is_some()).then_some(told.lag_max as f64)
    },
    over_time: None,
    share_of: None,
    shown: Shown::OnRequest,
};
