//! What cells ask of their store: less than one operation for each of theirs, and not always the same work.

use super::mean_times::{is_answered, is_hit, is_read};
use crate::analysis::CellFigures;
use cachemark_results::figure::STORE_LOAD;
use cachemark_results::{Bucket, Trial};
use cachemark_stats::Summary;

/// Up to this share more or less than one to one counts as the same work: the counts are of a window's ends, too.
const ALIKE: f64 = 0.05;

/// What one cell asks of its store.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StoreWork {
    /// The cell: an index into the cells of the analysis.
    pub cell: usize,
    /// Store operations for each operation asked.
    pub load: Option<Summary>,
    /// Of these reads, writes and failed calls; none where calls to the store are not seen.
    pub parts: Option<[f64; 3]>,
    /// Store reads for each read that the cache did not answer. Less than 1 where reads share loads or are answered from a
    /// queue, more where rows are loaded ahead.
    pub reads_a_miss: Option<Summary>,
    /// Store writes for each write asked. Less than 1 where writes are joined, or come after the window.
    pub writes_a_write: Option<Summary>,
}

impl StoreWork {
    pub(super) fn of(cell: usize, figures: &CellFigures<'_>) -> Self {
        let parts = figures.store_parts();
        let each = |of: fn(&Trial) -> Option<f64>| parts.and_then(|_| figures.summary_of(of));
        Self {
            cell,
            load: figures.summary(STORE_LOAD),
            parts,
            reads_a_miss: each(|trial| {
                ratio(trial.store.reads, answered(trial, |bucket| is_read(bucket) && !is_hit(bucket)))
            }),
            writes_a_write: each(|trial| {
                ratio(trial.store.writes + trial.store.deletes, answered(trial, |bucket| !is_read(bucket)))
            }),
        }
    }

    /// Store reads a miss, where they are not one for each.
    #[must_use]
    pub fn other_reads(&self) -> Option<f64> {
        self.reads_a_miss.and_then(other)
    }

    /// Store writes a write, where they are not one for each.
    #[must_use]
    pub fn other_writes(&self) -> Option<f64> {
        self.writes_a_write.and_then(other)
    }
}

fn other(found: Summary) -> Option<f64> {
    Some(found.median).filter(|median| (median - 1.0).abs() > ALIKE)
}

fn answered(trial: &Trial, wanted: fn(&Bucket) -> bool) -> u64 {
    trial.buckets.iter().filter(|bucket| is_answered(bucket) && wanted(bucket)).map(|bucket| bucket.count).sum()
}

fn ratio(some: u64, all: u64) -> Option<f64> {
    (all > 0).then(|| some as f64 / all as f64)
}
