//! Which share of what the cache answered was stale.

use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// Stale reads among those that could be judged and that the cache answered.
pub const STALE_HITS: &Figure = &Figure {
    name: "stale_hits",
    title: "stale hits",
    meaning: "The share of the judged reads answered by the cache that were stale",
    unit: Measure::SmallShare,
    better: Direction::LowerIsBetter,
    needs: Needs::JudgedReads,
    read: |trial| trial.freshness.as_ref()?.stale_hit_share(),
    over_time: None,
    share_of: None,
    shown: Shown::OnRequest,
};
