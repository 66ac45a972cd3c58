//! Going on with a sweep that was stopped or killed.

use crate::definition::Definition;
use crate::plan::Plan;
use crate::record::utc_now;
use cachemark_results::{
    DataDisk, Difference, Environment, Host, Manifest, RecordError, Resumption, Run, RunWriter, SCHEMA_VERSION, Server,
    Status, Tool, Trial, Unfound,
};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A sweep's record, taken over: nobody else can write it for as long as this lives.
#[derive(Debug)]
pub struct Unfinished {
    pub(crate) writer: RunWriter,
    pub(crate) manifest: Manifest,
    pub(crate) environment: Option<Environment>,
    /// The trials that are there, by number.
    pub(crate) done: BTreeMap<u32, Trial>,
}

/// The kinds of record that can be resumed.
const RESUMED: [&str; 3] = ["sweep", "load", Manifest::SEARCH];

/// Why a record cannot be resumed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ResumeError {
    /// It cannot be read or written, or another process is writing it.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// It is not one that this program could go on with, whatever is asked for.
    #[error("{} cannot be resumed: {reason}", folder.display())]
    Unfit {
        /// The record's folder.
        folder: PathBuf,
        /// Why not.
        reason: String,
    },
}

impl Unfinished {
    /// Takes over the record in `folder`, and removes what was half-written there. A complete one may be opened too: it
    /// lacks nothing.
    ///
    /// # Errors
    /// [`RecordError::Busy`] if its sweep is under way; [`ResumeError::Unfit`] if it is no run of this version, or its
    /// trials are not those of its own order.
    pub fn open(folder: &Path) -> Result<Self, ResumeError> {
        // The lock comes first: what is read after it does not change.
        let writer = RunWriter::reopen(folder)?;
        let run = Run::open(folder)?;
        let unfit = |reason: String| ResumeError::Unfit { folder: folder.to_owned(), reason };
        let manifest = run.manifest;
        if !RESUMED.contains(&manifest.kind.as_str()) {
            return Err(unfit(format!("it is a record of `{}`, not of a sweep; run it again", manifest.kind)));
        }
        if manifest.schema_version != SCHEMA_VERSION {
            let version = manifest.schema_version;
            return Err(unfit(format!(
                "it has schema version {version}, and new trials {SCHEMA_VERSION}; run it again"
            )));
        }
        if let Some(trial) = run.trials.iter().find(|trial| !is_in_place(trial, &manifest)) {
            let (number, cell, block) = (trial.number, &trial.cell, trial.block);
            return Err(unfit(format!("trial {number} ({cell}, block {block}) is not where its manifest has it")));
        }
        let done = run.trials.into_iter().map(|trial| (trial.number, trial)).collect();
        let unfinished = Self { writer, manifest, environment: run.environment, done };
        if unfinished.manifest.packed.is_some() && !unfinished.is_whole() {
            return Err(unfit("it is packed, and its pack lacks trials; take it again from where it came from".into()));
        }
        Ok(unfinished)
    }

    /// What was to be run.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// How many trials are there.
    #[must_use]
    pub fn trials(&self) -> usize {
        self.done.len()
    }

    /// Whether it lacks nothing. How many trials a search takes is not known before it has ended.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        let mut found = self.manifest.capacities.iter();
        match self.manifest.is_search() {
            true => found.all(|found| found.unfound != Some(Unfound::Interrupted)),
            false => self.done.len() == self.manifest.planned_trials(),
        }
    }

    /// `plan` in the order that was recorded, which is the order that the first trials were run in.
    ///
    /// # Errors
    /// [`ResumeError::Unfit`] if a recorded cell is none of the plan's.
    pub fn recorded_order(&self, plan: Plan) -> Result<Plan, ResumeError> {
        let index = |id: &String| {
            plan.cells.iter().position(|cell| cell.id == *id).ok_or_else(|| ResumeError::Unfit {
                folder: self.writer.folder().to_owned(),
                reason: format!("its definition.toml gives no cell `{id}` any more; put it back as it was"),
            })
        };
        let blocks = self.manifest.blocks.iter().map(|order| order.iter().map(index).collect());
        let blocks = blocks.collect::<Result<_, _>>()?;
        Ok(Plan { blocks, ..plan })
    }

    /// What is no longer as it was when the record was begun, a line each: the figures of the trials to come would not
    /// belong beside those that are there. The servers have [`Unfinished::server_differences`].
    #[must_use]
    pub fn differences(&self, definition: &Definition, tool: &Tool, host: &Host) -> Vec<String> {
        let mut lines = Vec::new();
        let (then, now) = (&self.manifest.definition_hash, definition.hash());
        if *then != now {
            lines.push(format!("definition.toml: the record says that its hash is `{then}`, now it is `{now}`"));
        }
        match &self.environment {
            Some(environment) => {
                lines.extend(told(environment.tool.differences(tool)));
                lines.extend(told(environment.host.differences(host)));
            }
            None if self.done.is_empty() => {}
            None => lines.push("environment.json: it is gone, so nobody knows what the trials were made with".into()),
        }
        lines
    }

    /// What is no longer as it was among the servers, a line each.
    #[must_use]
    pub fn server_differences(&self, now: &[Server]) -> Vec<String> {
        self.environment.as_ref().map_or_else(Vec::new, |then| told(Server::differences(&then.servers, now)))
    }

    /// What is no longer as it was under the stores' data, a line each.
    #[must_use]
    pub fn disk_differences(&self, now: &[DataDisk]) -> Vec<String> {
        self.environment.as_ref().map_or_else(Vec::new, |then| told(DataDisk::differences(&then.data_disks, now)))
    }

    /// Says in the manifest that the sweep is complete, if it lacks nothing and does not say so yet: it may have been killed
    /// after its last trial.
    ///
    /// # Errors
    /// [`RecordError::Io`].
    pub fn close(mut self) -> Result<(), RecordError> {
        if !self.is_whole() || self.manifest.status == Status::Complete {
            return Ok(());
        }
        self.manifest.status = Status::Complete;
        self.manifest.ended_utc.get_or_insert_with(utc_now);
        self.writer.manifest(&self.manifest)
    }

    /// Notes in the manifest that the run is resumed, and the environment where nobody knows it yet.
    pub(crate) fn note(
        &mut self,
        environment: &Environment,
        forced: bool,
        differences: Vec<String>,
    ) -> Result<(), RecordError> {
        let trials_before = u32::try_from(self.done.len()).unwrap_or(u32::MAX);
        self.manifest.resumed.push(Resumption { utc: utc_now(), trials_before, forced, differences });
        self.manifest.status = Status::Running;
        self.manifest.ended_utc = None;
        self.writer.manifest(&self.manifest)?;
        match self.environment {
            Some(_) => Ok(()),
            None => self.writer.environment(environment),
        }
    }
}

/// A line for each of them.
fn told(differences: Vec<Difference>) -> Vec<String> {
    differences.iter().map(ToString::to_string).collect()
}

/// Trials are numbered from 1 through all blocks in their order, whether or not they were ever run; those of a search in the
/// order of its probes.
fn is_in_place(trial: &Trial, manifest: &Manifest) -> bool {
    let blocks = &manifest.blocks;
    if manifest.is_search() {
        return blocks.get(trial.block as usize).is_some_and(|probed| probed.contains(&trial.cell));
    }
    let (block, position) = (trial.block as usize, trial.position as usize);
    let before: usize = blocks.iter().take(block).map(Vec::len).sum();
    let recorded = blocks.get(block).and_then(|order| order.get(position));
    recorded == Some(&trial.cell) && trial.number as usize == before + position + 1
}
