//! What was to be run, in which order, and how far it came.

use super::capacity::Capacity;
use super::cell::{Cell, Part};
use super::packed::Packed;
use super::power::Power;
use super::trial::Warning;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far a run has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Under way, or ended without a word (killed).
    Running,
    /// Every trial of the plan was run.
    Complete,
    /// Stopped by its user; what was measured is here.
    Interrupted,
    /// Stopped by an error; what was measured is here.
    Failed,
}

/// The head of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// See [`crate::SCHEMA_VERSION`].
    pub schema_version: u32,
    /// What kind of record it is: `sweep`; `find-max` (a capacity search, without verdicts); `load` (of services over HTTP, each in the
    /// place of a strategy); `ab` (two builds); or `ab-pilot` (the first of them twice, before that).
    pub kind: String,
    /// The name of the definition.
    pub name: String,
    /// The heading of its pages, where one was given; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// What somebody has to say of the run, as text; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub notes: String,
    /// When the run began, UTC, RFC 3339.
    pub started_utc: String,
    /// When it ended, if it did.
    pub ended_utc: Option<String>,
    /// How far it came.
    pub status: Status,
    /// The command that made it, secrets struck out.
    pub command: String,
    /// XXH3-64 of the resolved definition, in hexadecimal.
    pub definition_hash: String,
    /// Everything random comes from this.
    pub seed: u64,
    /// What was asked, in one line.
    pub workload: String,
    /// Facts of the workload and the driving, by name: `keys`, `clients`, ...
    pub parameters: BTreeMap<String, serde_json::Value>,
    /// What the run has to keep to: the text of a [`crate::Assertion`] each.
    #[serde(default)]
    pub assertions: Vec<String>,
    /// The strategies, caches and stores that take part.
    pub parts: Vec<Part>,
    /// Every cell, also those that cannot be run.
    pub cells: Vec<Cell>,
    /// For each block, the ids of its cells in the order in which they were run.
    pub blocks: Vec<Vec<String>>,
    /// The figures that verdicts are given on, each a family of its own; empty in records of before, which have
    /// `primary_metric`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub verdict_on: Vec<String>,
    /// Whether every two arms at one point are compared, and not only each with the reference.
    #[serde(default, skip_serializing_if = "is_false")]
    pub pairs: bool,
    /// The one figure that verdicts of a record of before are given on; empty since.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub primary_metric: String,
    /// What a capacity search (kind `find-max`) found, a cell each; empty in records of other kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub capacities: Vec<Capacity>,
    /// What the blocks of the run find, as it was reckoned before it, a figure each; empty where it was not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub power: Vec<Power>,
    /// Differences within plus or minus this share count as none.
    pub equivalence_margin: f64,
    /// Each time that the run was resumed after it had stopped, the earliest first.
    #[serde(default)]
    pub resumed: Vec<Resumption>,
    /// What speaks against the run as a whole and cannot be read off its trials, as that a server was taken from it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub concerns: Vec<Warning>,
    /// The file that the trials are packed in; none where each has a folder of its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packed: Option<Packed>,
}

/// A run was resumed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Resumption {
    /// When, UTC, RFC 3339.
    pub utc: String,
    /// How many trials were finished before.
    pub trials_before: u32,
    /// Whether it was asked for whatever had changed.
    pub forced: bool,
    /// What had changed in definition, program, machine or servers, a line each. Only a forced one has any.
    pub differences: Vec<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes it so")]
fn is_false(value: &bool) -> bool {
    !value
}

impl Manifest {
    /// What a record says of its stack (`parameters`) where services over HTTP were measured.
    pub const SERVICES: &str = "a service over HTTP";
    /// The kind of a capacity search.
    pub const SEARCH: &str = "find-max";

    /// Whether services over HTTP were measured, whatever stands behind them.
    #[must_use]
    pub fn is_of_services(&self) -> bool {
        self.kind == "load" || self.parameters.get("stack").is_some_and(|stack| stack == Self::SERVICES)
    }

    /// The names of the figures that verdicts are given on, as the record has them.
    pub fn verdict_figures(&self) -> impl Iterator<Item = &str> {
        let before = (self.verdict_on.is_empty() && !self.primary_metric.is_empty()).then_some(&self.primary_metric);
        self.verdict_on.iter().chain(before).map(String::as_str)
    }

    /// Names the arms of a record of before, in which each strategy was one.
    pub(crate) fn name_arms(&mut self) {
        for cell in self.cells.iter_mut().filter(|cell| cell.arm.is_empty()) {
            cell.arm.clone_from(&cell.strategy);
            cell.group.clone_from(&cell.strategy);
        }
    }

    /// Whether it is a capacity search.
    #[must_use]
    pub fn is_search(&self) -> bool {
        self.kind == Self::SEARCH
    }

    /// How many trials the plan has.
    #[must_use]
    pub fn planned_trials(&self) -> usize {
        self.blocks.iter().map(Vec::len).sum()
    }

    /// The cell of the given id.
    #[must_use]
    pub fn cell(&self, id: &str) -> Option<&Cell> {
        self.cells.iter().find(|cell| cell.id == id)
    }
}
