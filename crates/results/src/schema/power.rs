//! How surely a run finds a difference, as it was reckoned before it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Of one figure: the blocks of the run, and what they find at the noise that was measured before.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Power {
    /// The figure.
    pub figure: String,
    /// The difference that is looked for, as a ratio less 1.
    pub difference: f64,
    /// The noise: the standard deviation of the log ratio that two runs of the same have in one block.
    pub deviation: f64,
    /// The blocks that the noise was measured over.
    pub measured_over: u32,
    /// Where it was measured: the folder of that record.
    pub measured_in: String,
    /// Whether that was a pilot of the run itself, whose trials no verdict is on.
    pub is_pilot: bool,
    /// The blocks of the run.
    pub blocks: u32,
    /// The share of runs of so many blocks in which such a difference gets its verdict, 0 to 1.
    pub power: f64,
    /// The share that is wanted.
    pub wanted: f64,
    /// The fewest blocks that have it; none if it takes more than `most_blocks`.
    pub needed: Option<u32>,
    /// The most blocks that were reckoned with.
    pub most_blocks: u32,
}

impl Power {
    /// Whether the run has blocks enough.
    #[must_use]
    pub fn is_enough(&self) -> bool {
        self.needed.is_some_and(|needed| self.blocks >= needed)
    }
}
