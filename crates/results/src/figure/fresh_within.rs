//! Which share of the reads was fresh within a time of the acknowledgement: nines by time scale.

use super::{Figure, Measure, Needs, OfTrial, Shown};
use cachemark_stats::Direction;

/// Not stale.
pub const MS_0: &Figure =
    &figure(["fresh_within.0ms", "fresh within 0 ms", "The share of the judged reads that were not stale"], |trial| {
        trial.freshness.as_ref()?.fresh_share(0)
    });
/// Within 1 ms.
pub const MS_1: &Figure = &figure(
    [
        "fresh_within.1ms",
        "fresh within 1 ms",
        "The share of the judged reads that were not stale, or are shown to have been for no longer than 1 ms",
    ],
    |trial| trial.freshness.as_ref()?.fresh_share(1_000_000),
);
/// Within 10 ms.
pub const MS_10: &Figure = &figure(
    [
        "fresh_within.10ms",
        "fresh within 10 ms",
        "The share of the judged reads that were not stale, or are shown to have been for no longer than 10 ms",
    ],
    |trial| trial.freshness.as_ref()?.fresh_share(10_000_000),
);
/// Within 100 ms.
pub const MS_100: &Figure = &figure(
    [
        "fresh_within.100ms",
        "fresh within 100 ms",
        "The share of the judged reads that were not stale, or are shown to have been for no longer than 100 ms",
    ],
    |trial| trial.freshness.as_ref()?.fresh_share(100_000_000),
);
/// Within 1 s.
pub const S_1: &Figure = &figure(
    [
        "fresh_within.1s",
        "fresh within 1 s",
        "The share of the judged reads that were not stale, or are shown to have been for no longer than 1 s",
    ],
    |trial| trial.freshness.as_ref()?.fresh_share(1_000_000_000),
);
/// Within 10 s.
pub const S_10: &Figure = &figure(
    [
        "fresh_within.10s",
        "fresh within 10 s",
        "The share of the judged reads that were not stale, or are shown to have been for no longer than 10 s",
    ],
    |trial| trial.freshness.as_ref()?.fresh_share(10_000_000_000),
);

const fn figure([name, title, meaning]: [&'static str; 3], read: OfTrial) -> Figure {
    Figure {
        name,
        title,
        meaning,
        unit: Measure::Share,
        better: Direction::HigherIsBetter,
        needs: Needs::JudgedReads,
        read,
        over_time: None,
        share_of: None,
        shown: Shown::OnRequest,
    }
}
