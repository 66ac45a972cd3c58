//! `cachemark sweep --resume`: what a record was made with, and whether that is still so.

use super::search;
use crate::exit::Failure;
use crate::stack::StackKind;
use crate::{catalogue, presets, provenance};
use cachemark_bench::definition::Definition;
use cachemark_bench::{Assembler, Driver, Objective, Observer, Plan, Sweep, SweepEnd, SweepError, Unfinished};
use cachemark_results::assertion::Assertion;
use cachemark_results::{DataDisk, Host, Manifest, Server};
use std::path::Path;

/// A record to be resumed.
pub(super) struct Resume {
    record: Unfinished,
    forced: bool,
    /// What has changed since it was begun.
    differences: Vec<String>,
}

/// A record that was taken over, and what it was made with.
pub(super) struct Opened {
    pub(super) definition: Definition,
    pub(super) plan: Plan,
    pub(super) stack: StackKind,
    /// What it searches for, if it is a search.
    pub(super) slo: Option<Assertion>,
    pub(super) resume: Resume,
}

/// A new run has no record that could have changed. Clap asks for `--resume` itself, but not beside a flag that `--resume` excludes.
pub(super) fn refuse_idle_force(force: bool) -> Result<(), Failure> {
    if force {
        let text = "--force goes on with a record although something has changed: give its folder with --resume, or leave --force out";
        return Err(Failure::Usage(text.into()));
    }
    Ok(())
}

/// Takes over the record of a sweep in `folder`; none if no trial of it is missing.
///
/// # Errors
/// If it is no record of a sweep, its sweep is under way, or something has changed and it is not `forced`.
pub(super) fn open(folder: &Path, forced: bool) -> Result<Option<Opened>, Failure> {
    let Some(record) = take("sweep", folder)? else { return Ok(None) };
    let stack = stack_of(&record, folder)?;
    let definition = presets::recorded(folder, stack)?;
    let slo = search::recorded_objective(record.manifest(), folder)?;
    let plan = match &slo {
        Some(_) => Plan::lay_out(&search::searched(&definition), catalogue::capabilities),
        None => record.recorded_order(Plan::lay_out(&definition, catalogue::capabilities))?,
    };
    let resume = Resume::of(record, forced, &definition, Vec::new(), folder)?;
    Ok(Some(Opened { definition, plan, stack, slo, resume }))
}

/// Takes over the record that `command` began in `folder`; none if no trial of it is missing.
pub(super) fn take(command: &str, folder: &Path) -> Result<Option<Unfinished>, Failure> {
    let record = Unfinished::open(folder)?;
    let manifest = record.manifest();
    let began = if manifest.is_of_services() { "load" } else { "sweep" };
    if began != command {
        let (folder, kind) = (folder.display(), &manifest.kind);
        return Err(Failure::Usage(format!("{folder} is a record of `{kind}`: cachemark {began} --resume {folder}")));
    }
    if record.is_whole() {
        record.close()?;
        return Ok(None);
    }
    Ok(Some(record))
}

fn stack_of(record: &Unfinished, folder: &Path) -> Result<StackKind, Failure> {
    named_stack(record.manifest()).ok_or_else(|| {
        let folder = folder.display();
        Failure::Usage(format!(
            "the manifest of {folder} names no stack that this cachemark knows; run the sweep again"
        ))
    })
}

/// The stack that a record names, if this program knows it.
pub(super) fn named_stack(manifest: &Manifest) -> Option<StackKind> {
    manifest.parameters.get("stack").and_then(|name| name.as_str()).and_then(StackKind::named)
}

impl Resume {
    /// `differences` are what has been found changed already.
    pub(super) fn of(
        record: Unfinished,
        forced: bool,
        definition: &Definition,
        mut differences: Vec<String>,
        folder: &Path,
    ) -> Result<Self, Failure> {
        differences.extend(record.differences(definition, &provenance::tool(), &Host::capture()));
        let resume = Self { record, forced, differences };
        resume.refuse(folder)?;
        Ok(resume)
    }

    /// How many trials are there already.
    pub(super) fn trials_before(&self) -> usize {
        self.record.trials()
    }

    /// Compares the servers and the disks under their data, which can be looked at only now that they are up.
    pub(super) fn check_servers(
        &mut self,
        servers: &[Server],
        disks: &[DataDisk],
        folder: &Path,
    ) -> Result<(), Failure> {
        self.differences.extend(self.record.server_differences(servers));
        self.differences.extend(self.record.disk_differences(disks));
        self.refuse(folder)
    }

    fn refuse(&self, folder: &Path) -> Result<(), Failure> {
        if self.forced || self.differences.is_empty() {
            return Ok(());
        }
        let lines: String = self.differences.iter().map(|line| format!("\n  {line}")).collect();
        Err(Failure::Usage(format!(
            "{} was made otherwise, and what is missing would not belong beside it:{lines}\nPut that back, run the sweep \
             again, or go on in spite of it with --force: the page will say so.",
            folder.display()
        )))
    }

    pub(super) fn run<A: Assembler, D: Driver<A::Asked>>(
        self,
        sweep: &Sweep<'_, A, D>,
        observer: &mut dyn Observer,
    ) -> Result<SweepEnd, SweepError> {
        sweep.resume(self.record, self.forced, self.differences, observer)
    }

    pub(super) fn search<A: Assembler, D: Driver<A::Asked>>(
        self,
        sweep: &Sweep<'_, A, D>,
        objective: &Objective<'_>,
        observer: &mut dyn Observer,
    ) -> Result<SweepEnd, SweepError> {
        sweep.resume_search(self.record, objective, self.forced, self.differences, observer)
    }
}
