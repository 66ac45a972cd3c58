//! Which share of the entries were not what the store has.

use super::{Figure, Measure, Needs, Shown};
use cachemark_stats::Direction;

/// Entries behind the store or ahead of it.
pub const DIVERGENCE: &Figure = &Figure {
    name: "divergence",
    title: "divergence",
    meaning: "The share of the cached entries that, once the trial was over, had a version below or above that of their row in the \
              store",
    unit: Measure::SmallShare,
    better: Direction::LowerIsBetter,
    needs: Needs::Audit { of_writes: false },
    read: |trial| trial.audit.as_ref()?.divergence(),
    over_time: None,
    share_of: None,
    shown: Shown::OnRequest,
};
