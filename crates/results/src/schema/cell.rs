//! Cells and the parts that they are made of.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Settings by name, as the definition gave them or by default.
pub type SettingMap = BTreeMap<String, serde_json::Value>;

/// One workload x strategy x cache x store x parameters.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cell {
    /// Names the cell within its run.
    pub id: String,
    /// The arm's name: what the cell is called in tables and charts. In records of before, the strategy's.
    #[serde(default)]
    pub arm: String,
    /// The name of the arm's group: the same for all arms that one list of values has made.
    #[serde(default)]
    pub group: String,
    /// The settings that the group is varied over, with the arm's values.
    #[serde(default)]
    pub arm_axes: SettingMap,
    /// The strategy's name.
    pub strategy: String,
    /// The cache's name; `none` for a strategy that never asks one.
    pub cache: String,
    /// The store's name.
    pub store: String,
    /// The share of reads among operations, 0 to 1.
    pub read_ratio: f64,
    /// Cost added to each read at the store, in microseconds; 0: none.
    pub read_cost_us: u64,
    /// How many reads the store did at once, where its capacity was emulated: by workers and a line in the client's process. None: as many
    /// as it could.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_workers: Option<u32>,
    /// The offered load in arrivals per second; none for a closed loop.
    #[serde(default)]
    pub offered_per_s: Option<f64>,
    /// How many independent copies of the strategy's in-process state served the load.
    pub instances: u32,
    /// The second copy of a reference cell: an A/A control, compared with the first to show the noise.
    pub control: bool,
    /// The family of comparisons that the cell belongs to, for people.
    pub family: String,
    /// The cell that this one is compared with; none for a reference cell itself. See [`Cell::references`].
    pub reference: Option<String>,
    /// Why the cell cannot be run, if it cannot: what the strategy needs and the cache lacks.
    pub unsupported: Option<String>,
    /// The strategy's settings.
    pub strategy_settings: SettingMap,
    /// The cache's settings.
    pub cache_settings: SettingMap,
    /// The store's settings.
    pub store_settings: SettingMap,
    /// How the servers were set that were started for the cell; empty if there were none, and in records of before.
    #[serde(default)]
    pub server_settings: SettingMap,
    /// The hit ratio that theory predicts, where a formula fits the cell.
    pub predicted_hit_ratio: Option<f64>,
    /// The store load that follows from it, in store operations for each operation asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted_store_load: Option<f64>,
}

/// A strategy, cache or store that takes part in the run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// `strategy`, `cache` or `store`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// What it does, in one sentence.
    pub summary: String,
    /// Its colour in charts: red, green, blue.
    pub colour: [u8; 3],
    /// Whether it acknowledges a write before the store has it, so that a crash loses such writes (strategies only). Records of before do
    /// not say it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub acknowledges_early: bool,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_false(value: &bool) -> bool {
    !value
}
