//! Blocks of trials as one record, each trial on disk before the next begins.

mod manifest;

pub use manifest::{Labels, Target};

use crate::definition::LoadDefinition;
use crate::plan::{LoadPlan, Stop};
use crate::trial::Place;
use crate::{LoadError, run_load, utc_now};
use cachemark_results::{Environment, Manifest, RunWriter, Status, Trial};
use cachemark_workload::Seed;
use manifest::{Layout, manifest};
use std::path::{Path, PathBuf};

/// Everything that a load needs.
pub struct Load<'a> {
    /// What is asked, and how.
    pub definition: &'a LoadDefinition,
    /// The services; the first is the one that the others are compared with.
    pub targets: &'a [Target],
    /// Where the record's folder is made.
    pub out: &'a Path,
    /// The machine, the tool, the servers.
    pub environment: &'a Environment,
    /// What the manifest says besides the definition.
    pub labels: &'a Labels,
    /// What stands before each key.
    pub key_prefix: &'a str,
    /// Asks the load to stop.
    pub stop: Stop,
}

/// How a load ended, and where its record is.
#[derive(Debug)]
pub struct LoadEnd {
    /// The record's folder.
    pub folder: PathBuf,
    /// [`Status::Complete`] or [`Status::Interrupted`].
    pub status: Status,
}

/// What a load tells while it runs.
#[derive(Debug)]
pub enum LoadEvent<'a> {
    /// The record's folder is there; nothing was measured yet.
    Started {
        /// The folder.
        folder: &'a Path,
        /// How many trials there will be.
        trials: usize,
    },
    /// A trial begins.
    TrialStarted {
        /// Its number, from 1.
        number: u32,
        /// Its cell's id.
        cell: &'a str,
    },
    /// A trial is on disk.
    TrialFinished(&'a Trial),
}

impl Load<'_> {
    /// Runs the load. See [`run_load`] for what goose does to Ctrl-C.
    ///
    /// # Errors
    /// [`LoadError`]; if the folder was made, its record then says `failed` and holds every trial that was finished.
    pub fn run(&self, observer: &mut dyn FnMut(LoadEvent<'_>)) -> Result<LoadEnd, LoadError> {
        let layout = Layout::of(self.definition, self.targets)?;
        // Before the record is made: without a header's variable there is nothing to record.
        self.definition.http.clone().with_environment()?;
        self.targets.iter().try_for_each(Target::reach)?;
        let mut manifest = manifest(self.definition, self.targets, &layout, self.labels, utc_now());
        let writer = RunWriter::create(self.out, &manifest, &self.definition.to_toml())?;
        writer.environment(self.environment)?;
        let reports = writer.folder().join("goose");
        std::fs::create_dir(&reports).map_err(|source| LoadError::folder(&reports, source))?;
        observer(LoadEvent::Started { folder: writer.folder(), trials: manifest.planned_trials() });
        // A Ctrl-C of an earlier load in this process is not meant for this one.
        goose::reset_killswitch();
        let result = self.run_trials(&manifest, &layout, &writer, &reports, observer);
        manifest.status = match &result {
            Ok(true) => Status::Complete,
            Ok(false) => Status::Interrupted,
            Err(_) => Status::Failed,
        };
        manifest.ended_utc = Some(utc_now());
        // The error of the trials comes first: a full disk that stopped them will not take the manifest either.
        let written = writer.manifest(&manifest);
        result?;
        written?;
        Ok(LoadEnd { folder: writer.folder().to_owned(), status: manifest.status })
    }

    /// Whether every trial was run.
    fn run_trials(
        &self,
        manifest: &Manifest,
        layout: &Layout,
        writer: &RunWriter,
        reports: &Path,
        observer: &mut dyn FnMut(LoadEvent<'_>),
    ) -> Result<bool, LoadError> {
        let mut number = 0;
        for (block, order) in manifest.blocks.iter().enumerate() {
            for (position, cell) in order.iter().enumerate() {
                if (self.stop)() || goose::is_killswitch_triggered() {
                    return Ok(false);
                }
                number += 1;
                observer(LoadEvent::TrialStarted { number, cell });
                let plan = self.plan(layout, cell, block as u32, number, reports)?;
                let place = Place { cell: cell.clone(), position: position as u32, started_utc: utc_now() };
                let outcome = run_load(&plan, &self.stop)?;
                if outcome.interrupted {
                    // A trial that was cut short is no trial, and neither are goose's reports of it.
                    let files = [&outcome.goose.html, &outcome.goose.json];
                    files.into_iter().flatten().for_each(|file| drop(std::fs::remove_file(file)));
                    return Ok(false);
                }
                let (trial, series, histograms) = outcome.files(place);
                writer.trial(&trial, &series, &histograms)?;
                observer(LoadEvent::TrialFinished(&trial));
            }
        }
        Ok(true)
    }

    fn plan(&self, layout: &Layout, cell: &str, block: u32, trial: u32, reports: &Path) -> Result<LoadPlan, LoadError> {
        let definition = self.definition;
        let (target, read_ratio) = layout.what(cell);
        Ok(LoadPlan {
            base_url: self.targets[target].base_url.clone(),
            http: definition.http.clone(),
            spec: definition.spec(read_ratio)?,
            seed: Seed::new(definition.seed),
            block,
            trial,
            users: definition.users,
            threads: definition.threads,
            hatch: definition.hatch,
            preload: definition.preload,
            warm_up: definition.warm_up,
            duration: definition.duration,
            interval: definition.interval,
            timeout: definition.timeout,
            key_prefix: self.key_prefix.to_owned(),
            goose_reports: Some((reports.to_owned(), format!("{trial:04}"))),
        })
    }
}
