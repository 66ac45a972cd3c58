//! What was done to the servers of a trial on purpose.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One fault of a trial's timeline, as it went. Times are nanoseconds from the window's start.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FaultSeen {
    /// Its kind, by the name in definitions: `kill`, `slow`, `flash-crowd`.
    pub kind: String,
    /// Whose: `cache`, `store`, or `load` for what is done to the arrivals.
    pub target: String,
    /// The cache or store by name; empty of the load.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub server: String,
    /// What was done, for people, settings and all: "slow by 50 ms".
    pub in_words: String,
    /// When it was to begin.
    pub at_ns: u64,
    /// When it was to be over: as it began, if it is of a moment.
    pub until_ns: u64,
    /// When its doing was begun, which takes a while where a server has to be started again; none if it was not done.
    pub began_ns: Option<u64>,
    /// When it was undone, or over by itself; none if it never was.
    pub ended_ns: Option<u64>,
    /// What did it: `process`, `command`, `proxy`, `load`; `none` where the cell has no such server, to which nothing was done.
    /// Its times are then the planned ones.
    pub actor: String,
    /// What was said where it could not be done or undone: the trial is invalid then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<String>,
}

/// What does a fault that nothing was done for.
const NOBODY: &str = "none";

impl FaultSeen {
    /// Whether somebody did something: the cell has such a server, or the load is what it is about.
    #[must_use]
    pub fn was_done(&self) -> bool {
        self.actor != NOBODY
    }
}
