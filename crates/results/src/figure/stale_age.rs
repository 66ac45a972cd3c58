//! For how long stale answers had been stale.

use super::{Figure, Measure, Needs, OfTrial, Shown};
use crate::schema::freshness::Freshness;
use crate::schema::trial::Trial;
use cachemark_stats::Direction;

/// The median.
pub const P50: &Figure = &figure(
    [
        "stale_age.p50",
        "staleness age p50",
        "Median staleness age of the stale reads whose age is known (of others only a lower bound is, and they are left out: \
         stale_ages_at_least says how many); 0 if none was stale",
    ],
    Some(0.5),
    |trial| of(trial, |told| told.stale_age?.p50_ns),
);
/// The 99th percentile.
pub const P99: &Figure = &figure(
    [
        "stale_age.p99",
        "staleness age p99",
        "99th percentile of the staleness age of the stale reads whose age is known (of others only a lower bound is, and they are \
         left out: stale_ages_at_least says how many); 0 if none was stale",
    ],
    Some(0.99),
    |trial| of(trial, |told| told.stale_age?.p99_ns),
);
/// The greatest.
pub const MAX: &Figure = &figure(
    [
        "stale_age.max",
        "staleness age max",
        "Greatest staleness age, from the first acknowledgement of a newer version to the sending of the read; 0 if none was \
         stale. Where the greatest is only known to be at least so much, that lower bound",
    ],
    None,
    |trial| of(trial, |told| told.oldest().map(|(ns, _)| ns)),
);

const fn figure([name, title, meaning]: [&'static str; 3], quantile: Option<f64>, read: OfTrial) -> Figure {
    Figure {
        name,
        title,
        meaning,
        unit: Measure::Time,
        better: Direction::LowerIsBetter,
        needs: Needs::StaleReads { quantile },
        read,
        over_time: None,
        share_of: None,
        shown: Shown::OnRequest,
    }
}

fn of(trial: &Trial, which: fn(&Freshness) -> Option<u64>) -> Option<f64> {
    let freshness = trial.freshness.as_ref()?;
    match freshness.stale {
        0 => (freshness.judged > 0).then_some(0.0),
        _ => which(freshness).map(|ns| ns as f64),
    }
}
