//! Where the operations' time went.

use super::times::TimeSummary;
use cachemark_stats::Histogram;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the hops of one bucket's operations took. Each summary is of the operations that made the hop, so its count may be
/// below the bucket's; `mean_ns` x `count` / the bucket's count is the mean over all of the bucket.
///
/// An operation's calls to a hop are summed. Cache and store may be added up; what is left of the service time is the
/// strategy's own (its locks included) and the client's, and, where a read joined another's load (`miss-joined`), the wait
/// for that. Only calls that ran at once make the sum pass the service time. The queue is contained in the other two and
/// must not be added.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HopSummary {
    /// Waiting for lanes (a free one, or one to be connected) before calls to the cache or the store.
    pub queue: Option<TimeSummary>,
    /// Calls to the cache, waiting for a lane included.
    pub cache: Option<TimeSummary>,
    /// Calls to the store, waiting for a lane included.
    pub store: Option<TimeSummary>,
}

/// The histograms of a [`HopSummary`], in nanoseconds; none for a hop that no operation of the bucket made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HopHistograms {
    /// As in [`HopSummary`].
    #[serde(default)]
    #[schemars(with = "serde_json::Value")]
    pub queue: Option<Histogram>,
    /// As in [`HopSummary`].
    #[serde(default)]
    #[schemars(with = "serde_json::Value")]
    pub cache: Option<Histogram>,
    /// As in [`HopSummary`].
    #[serde(default)]
    #[schemars(with = "serde_json::Value")]
    pub store: Option<Histogram>,
}

impl HopHistograms {
    /// Sums them up.
    #[must_use]
    pub fn summed_up(&self) -> HopSummary {
        let of = |hop: &Option<Histogram>| hop.as_ref().and_then(TimeSummary::of);
        HopSummary { queue: of(&self.queue), cache: of(&self.cache), store: of(&self.store) }
    }

    /// Adds another's.
    pub fn merge(&mut self, other: &Self) {
        let pairs = [(&mut self.queue, &other.queue), (&mut self.cache, &other.cache), (&mut self.store, &other.store)];
        for (mine, theirs) in pairs {
            if let Some(theirs) = theirs {
                mine.get_or_insert_with(Histogram::new).merge(theirs);
            }
        }
    }
}
