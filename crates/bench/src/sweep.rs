//! The sweep: every trial of the plan, each on disk before the next begins.

use crate::cell_plan::CellPlan;
use crate::definition::Definition;
use crate::drive::{Driver, DriverThreads};
use crate::observer::{Observer, StopFlag};
use crate::plan::Plan;
use crate::record::{Labels, manifest, utc_now};
use crate::resume::Unfinished;
use crate::sweep_error::SweepError;
use crate::target::Assembler;
use crate::timeline::fault::PlannedFault;
use crate::trial::{Fixture, Place, TrialFiles, TrialRun};
use cachemark_core::{FaultActor, FaultTarget, StackControl};
use cachemark_results::{Environment, Manifest, RunWriter, Status, Trial};
use cachemark_workload::{Keyspace, Mix, Preload, Seed, ValueSize, WorkloadSpec};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

/// Everything that a sweep needs besides its plan.
pub struct Sweep<'a, A, D = DriverThreads> {
    /// What to measure.
    pub definition: &'a Definition,
    /// In which order.
    pub plan: &'a Plan,
    /// Builds what the cells are run on.
    pub assembler: &'a A,
    /// Drives them.
    pub driver: &'a D,
    /// Where the record's folder is made, unless one is resumed.
    pub out: &'a Path,
    /// The machine, the tool, the servers.
    pub environment: &'a Environment,
    /// What the manifest says besides the definition.
    pub labels: &'a Labels,
    /// What stands before each key.
    pub key_prefix: &'a str,
    /// The stack's servers, whose CPU time is watched.
    pub servers: &'a dyn StackControl,
    /// A runtime for what is not measured; its threads must go on while this one drives.
    pub background: &'a tokio::runtime::Handle,
    /// Asks the sweep to stop.
    pub stop: &'a StopFlag,
}

/// How a sweep ended, and where its record is.
#[derive(Debug)]
pub struct SweepEnd {
    /// The record's folder.
    pub folder: PathBuf,
    /// [`Status::Complete`] or [`Status::Interrupted`].
    pub status: Status,
}

impl<A: Assembler, D: Driver<A::Asked>> Sweep<'_, A, D> {
    /// Runs the sweep.
    ///
    /// # Errors
    /// [`SweepError`]; the record then says `failed` and holds every trial that was finished.
    pub fn run(&self, observer: &mut dyn Observer) -> Result<SweepEnd, SweepError> {
        self.faults_can_be_done()?;
        let manifest = manifest(self.definition, self.plan, self.labels, utc_now());
        let writer = RunWriter::create(self.out, &manifest, &self.definition.to_toml())?;
        writer.environment(self.environment)?;
        self.run_missing(Unfinished { writer, manifest, environment: None, done: BTreeMap::new() }, observer)
    }

    /// Runs the trials that `record` lacks, into it. The sweep's plan must be in the order of the record, see
    /// [`Unfinished::recorded_order`]; `differences` are what was found changed, and gone on in spite of if `forced`.
    ///
    /// # Errors
    /// As [`Sweep::run`].
    pub fn resume(
        &self,
        mut record: Unfinished,
        forced: bool,
        differences: Vec<String>,
        observer: &mut dyn Observer,
    ) -> Result<SweepEnd, SweepError> {
        self.faults_can_be_done()?;
        record.note(self.environment, forced, differences)?;
        self.run_missing(record, observer)
    }

    /// Whether whoever controls the servers can do every fault, asked before anything is measured.
    pub(crate) fn faults_can_be_done(&self) -> Result<(), SweepError> {
        let Definition { faults, caches, stores, .. } = self.definition;
        for (target, fault) in faults.iter().filter_map(PlannedFault::of_server) {
            let parts = match target {
                FaultTarget::Cache => caches,
                FaultTarget::Store => stores,
            };
            // What a command does is the part's own affair.
            for part in parts.iter().filter(|_| fault.actor() != FaultActor::Command) {
                self.servers.can(fault, part.descriptor.name)?;
            }
        }
        Ok(())
    }

    fn run_missing(&self, record: Unfinished, observer: &mut dyn Observer) -> Result<SweepEnd, SweepError> {
        let Unfinished { writer, manifest, done, .. } = record;
        observer.started(writer.folder(), self.plan.trials() - done.len());
        let result = self.run_trials(&writer, &done, observer);
        self.conclude(result, &writer, manifest)
    }

    /// The error of the trials comes first: a full disk that stopped them will not take the manifest either.
    pub(crate) fn conclude(
        &self,
        result: Result<(), SweepError>,
        writer: &RunWriter,
        mut manifest: Manifest,
    ) -> Result<SweepEnd, SweepError> {
        manifest.status = match &result {
            Ok(()) if self.stop.is_stopped() => Status::Interrupted,
            Ok(()) => Status::Complete,
            Err(_) => Status::Failed,
        };
        manifest.ended_utc = Some(utc_now());
        let written = writer.manifest(&manifest);
        result?;
        written?;
        Ok(SweepEnd { folder: writer.folder().to_owned(), status: manifest.status })
    }

    fn run_trials(
        &self,
        writer: &RunWriter,
        done: &BTreeMap<u32, Trial>,
        observer: &mut dyn Observer,
    ) -> Result<(), SweepError> {
        let fixture = self.fixture()?;
        let mut number = 0;
        for (block, order) in self.plan.blocks.iter().enumerate() {
            for (position, &index) in order.iter().enumerate() {
                if self.stop.is_stopped() {
                    return Ok(());
                }
                // A trial that is there already has its number all the same: seeds and stamps depend on it.
                number += 1;
                if done.contains_key(&number) {
                    continue;
                }
                let place = Place { number, block: block as u32, position: position as u32 };
                self.run_one(&fixture, place, &self.plan.cells[index], writer, observer)?;
            }
        }
        Ok(())
    }

    /// What is the same for every trial.
    pub(crate) fn fixture(&self) -> Result<Fixture<'_>, SweepError> {
        let keys = Keyspace::new(self.key_prefix, self.definition.keys)?;
        let preload = Preload::new(keys.clone(), self.value_size(), Seed::new(self.definition.seed));
        Ok(Fixture {
            definition: self.definition,
            keys,
            preload: Arc::new(preload),
            background: self.background,
            servers: self.servers,
            stop: self.stop,
        })
    }

    /// Runs one trial and writes it; none if the sweep was stopped meanwhile: a trial that was cut short is no trial.
    pub(crate) fn run_one(
        &self,
        fixture: &Fixture<'_>,
        place: Place,
        cell: &CellPlan,
        writer: &RunWriter,
        observer: &mut dyn Observer,
    ) -> Result<Option<Trial>, SweepError> {
        observer.trial_started(place.number as usize, place.block as usize, cell);
        let begun = Instant::now();
        let mix = Mix { read_ratio: cell.read_ratio, delete_ratio: self.definition.delete_ratio };
        let spec = WorkloadSpec::new(self.definition.keys, self.definition.distribution, mix, self.value_size())?;
        let target = self.background.block_on(self.assembler.assemble(&cell.composition))?;
        let lines = writer.log_lines(place.number)?;
        let run = TrialRun { fixture, cell, spec: &spec, place, target: &target, begun, live: observer.live() };
        let TrialFiles { trial, series, histograms, log_head, log_lines } = run.run(self.driver, lines)?;
        if self.stop.is_stopped() {
            return Ok(None);
        }
        writer.trial_with_log(&trial, &series, &histograms, &log_head, log_lines)?;
        observer.trial_finished(&trial, cell);
        Ok(Some(trial))
    }

    fn value_size(&self) -> ValueSize {
        ValueSize::Fixed { bytes: self.definition.value_bytes }
    }
}
