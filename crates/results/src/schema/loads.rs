//! Loads of rows, by key.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Store reads of the window by key, over all instances. An episode of a key is a maximal time in which at least one store read
/// of it is in flight; what was in flight when the window began is part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Loads {
    /// Store reads that were in flight at some time in the window, answered or not.
    pub reads: u64,
    /// The episodes that these made.
    pub episodes: u64,
    /// The most reads of one key that were in flight at the same time.
    pub most_at_once: u64,
}
