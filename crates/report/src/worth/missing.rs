//! Which times a record does not have, and why.

use super::mean_times::{MeanTimes, is_answered, is_hit, is_read};
use crate::analysis::CellFigures;
use cachemark_results::Bucket;

const NO_HIT: &str = "the cache answered no read";
const NO_MISS: &str = "the cache answered every read";
const UNASKED: &str = "no cache was asked";
const UNTOLD: &str = "the service does not tell which answers are its cache's";

/// A time that a break-even takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cost {
    /// A read that the cache answers.
    Hit,
    /// A read that it does not answer.
    Miss,
    /// A read where there is no cache.
    Store,
    /// A write with the cache.
    WriteWith,
    /// A write without it.
    WriteWithout,
}

impl Cost {
    /// All, in the order of tables.
    pub const ALL: [Self; 5] = [Self::Hit, Self::Miss, Self::Store, Self::WriteWith, Self::WriteWithout];

    /// Its letter in formulas.
    #[must_use]
    pub fn letter(self) -> &'static str {
        match self {
            Self::Hit => "H",
            Self::Miss => "M",
            Self::Store => "O",
            Self::WriteWith => "Wc",
            Self::WriteWithout => "Wo",
        }
    }

    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Hit => "hit",
            Self::Miss => "miss",
            Self::Store => "store",
            Self::WriteWith => "write_with",
            Self::WriteWithout => "write_without",
        }
    }

    /// It, read off a trial of the cell that has it: the one with the cache, or the one without.
    pub(super) fn of(self, times: &MeanTimes) -> Option<f64> {
        match self {
            Self::Hit => times.hit,
            Self::Miss => times.miss,
            Self::Store => times.read,
            Self::WriteWith | Self::WriteWithout => times.write,
        }
    }

    /// Whether it is of the cell without a cache.
    pub(super) fn is_of_baseline(self) -> bool {
        matches!(self, Self::Store | Self::WriteWithout)
    }

    fn holds(self, bucket: &Bucket) -> bool {
        match self {
            Self::Hit => is_hit(bucket),
            Self::Miss => is_read(bucket) && !is_hit(bucket),
            Self::Store => is_read(bucket),
            Self::WriteWith | Self::WriteWithout => !is_read(bucket),
        }
    }

    /// Why no trial of the cell that has it has it.
    pub(super) fn why_missing(self, cell: Option<&CellFigures<'_>>, is_service: bool) -> &'static str {
        let Some(cell) = cell else {
            return if is_service {
                "no service called no-cache was measured at that load, and from outside the store alone is not seen"
            } else {
                "no arm without a cache (no-cache) was run at that load over that store"
            };
        };
        if cell.trials.is_empty() {
            return if cell.invalid.is_empty() { "no trial was finished" } else { "every trial is invalid" };
        }
        let buckets = || cell.trials.iter().flat_map(|trial| &trial.buckets);
        let answered = buckets().any(|bucket| bucket.count > 0 && is_answered(bucket) && self.holds(bucket));
        let asked = cell.trials.iter().any(|trial| trial.lookups().asked() > 0);
        match self {
            Self::Hit | Self::Miss if !asked => {
                if is_service {
                    UNTOLD
                } else {
                    UNASKED
                }
            }
            _ if answered => "their times were not recorded",
            Self::Hit => NO_HIT,
            Self::Miss => NO_MISS,
            Self::Store => "nothing was read",
            Self::WriteWith | Self::WriteWithout => "nothing was written",
        }
    }
}

/// A time that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Missing {
    /// Which.
    pub cost: Cost,
    /// Why.
    pub why: &'static str,
}

impl Missing {
    /// Whether nothing can be told without it. Of hits and misses one is enough for that: reads have a mean all the same.
    pub(super) fn stops_the_answer(&self) -> bool {
        !matches!(self.cost, Cost::Hit | Cost::Miss) || !matches!(self.why, NO_HIT | NO_MISS | UNASKED | UNTOLD)
    }
}
