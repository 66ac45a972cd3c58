//! Two builds side by side: blocks in which each cell is run by the one, by the other, and by the first again.
//!
//! A build is a program of its own, which runs one cell once and leaves a record of that; what is made of those is one record, as
//! a sweep's. Each cell is a family: b against a, with a's second run as its A/A control. Within a block all three ask the same operations.
//!
//! A pilot before it is a record of its own: a, and a again, in blocks that ask other operations. It tells the noise, and so how many
//! blocks it takes; no verdict is on its trials.

use crate::cell_plan::CellPlan;
use crate::definition::Definition;
use crate::observer::{Observer, StopFlag};
use crate::plan::Plan;
use crate::record::{Labels, manifest, utc_now};
use crate::sweep::SweepEnd;
use crate::sweep_error::SweepError;
use cachemark_results::{Cell, Manifest, Power, RecordError, Run, RunWriter, Status, Tool};
use cachemark_stats::{ALPHA, blocks_needed};
use cachemark_workload::Seed;
use rand::seq::SliceRandom;
use std::fmt;
use std::path::Path;

/// One of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Build {
    /// What the other is compared with.
    A,
    /// What is compared.
    B,
}

impl fmt::Display for Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if *self == Self::A { "a" } else { "b" })
    }
}

/// What is to be run by both.
pub struct Ab<'a> {
    /// What to measure.
    pub definition: &'a Definition,
    /// Its cells; who is the reference in it does not count.
    pub plan: &'a Plan,
    /// Where the record's folder is made.
    pub out: &'a Path,
    /// What the manifest says besides the definition.
    pub labels: &'a Labels,
    /// What the blocks find, as it was reckoned before.
    pub power: Vec<Power>,
    /// Whether it is the pilot: without b.
    pub is_pilot: bool,
    /// Asks the run to stop.
    pub stop: &'a StopFlag,
}

/// Blocks of a pilot have seeds beyond those of any run's.
const PILOT_SEEDS: u32 = 1 << 20;

/// A cell of the record, and who runs it.
#[derive(Clone)]
struct Share<'a> {
    build: Build,
    cell: Cell,
    plan: &'a CellPlan,
}

impl Ab<'_> {
    /// What is to be said where the blocks are too few for a verdict. Each cell is a family of one comparison.
    #[must_use]
    pub fn short_of_blocks(blocks: u32) -> Option<String> {
        let needed = blocks_needed(1, ALPHA)?;
        (blocks < needed)
            .then(|| format!("a verdict takes {needed} blocks and there are {blocks}: make --blocks {needed}"))
    }

    /// Runs everything. `run_cell` has a build run a definition of one cell and one block, and reads the record of that; none if it
    /// was stopped.
    ///
    /// # Errors
    /// If a build cannot run a cell, or the record cannot be written; it then says `failed` and holds what was finished.
    pub fn run<E: From<SweepError>>(
        &self,
        mut run_cell: impl FnMut(Build, &Definition) -> Result<Option<Run>, E>,
        observer: &mut dyn Observer,
    ) -> Result<SweepEnd, E> {
        let shares = self.shares();
        let mut manifest = self.manifest(&shares);
        let record = |error: RecordError| E::from(SweepError::from(error));
        let writer = RunWriter::create(self.out, &manifest, &self.definition.to_toml()).map_err(record)?;
        observer.started(writer.folder(), manifest.blocks.iter().map(Vec::len).sum());
        let result = self.run_blocks(&shares, &mut manifest, &writer, &mut run_cell, observer);
        manifest.status = match &result {
            Ok(()) if self.stop.is_stopped() => Status::Interrupted,
            Ok(()) => Status::Complete,
            Err(_) => Status::Failed,
        };
        manifest.ended_utc = Some(utc_now());
        let written = writer.manifest(&manifest);
        result?;
        written.map_err(record)?;
        Ok(SweepEnd { folder: writer.folder().to_owned(), status: manifest.status })
    }

    fn run_blocks<E: From<SweepError>>(
        &self,
        shares: &[Share<'_>],
        manifest: &mut Manifest,
        writer: &RunWriter,
        run_cell: &mut impl FnMut(Build, &Definition) -> Result<Option<Run>, E>,
        observer: &mut dyn Observer,
    ) -> Result<(), E> {
        let (mut number, blocks) = (0, manifest.blocks.clone());
        for (block, order) in blocks.iter().enumerate() {
            for (position, id) in order.iter().enumerate() {
                if self.stop.is_stopped() {
                    return Ok(());
                }
                number += 1;
                let Some(share) = shares.iter().find(|share| share.cell.id == *id) else { continue };
                let shown = CellPlan { id: id.clone(), ..share.plan.clone() };
                observer.trial_started(number as usize, block, &shown);
                let Some(run) = run_cell(share.build, &self.alone(share.plan, block as u32))? else { return Ok(()) };
                let place = (number, block as u32, position as u32);
                let trial = take_over(&run, share, place, writer).map_err(|error| E::from(SweepError::from(error)))?;
                if note_build(manifest, share.build, &run) {
                    // The machine and the servers are those of both.
                    let environment = run.environment.iter().filter(|_| share.build == Build::A);
                    let written = environment.map(|environment| writer.environment(environment));
                    let written = written.chain([writer.manifest(manifest)]).collect::<Result<(), _>>();
                    written.map_err(|error| E::from(SweepError::from(error)))?;
                }
                observer.trial_finished(&trial, &shown);
            }
        }
        Ok(())
    }

    /// Each cell three times; of a pilot, twice.
    fn shares(&self) -> Vec<Share<'_>> {
        let shares = self.plan.cells.iter().filter(|cell| !cell.control).flat_map(shares_of);
        shares.filter(|share| !self.is_pilot || share.build == Build::A).collect()
    }

    fn manifest(&self, shares: &[Share<'_>]) -> Manifest {
        let seed = Seed::new(self.definition.seed).child("builds");
        let runnable = shares.iter().filter(|share| share.cell.unsupported.is_none());
        let ids: Vec<String> = runnable.map(|share| share.cell.id.clone()).collect();
        let order = |block: u32| {
            let mut order = ids.clone();
            order.shuffle(&mut seed.child(&format!("block {block}")).rng());
            order
        };
        let of_sweep = manifest(self.definition, self.plan, self.labels, utc_now());
        Manifest {
            kind: if self.is_pilot { "ab-pilot" } else { "ab" }.into(),
            name: if self.is_pilot { format!("{}-pilot", of_sweep.name) } else { of_sweep.name.clone() },
            power: self.power.clone(),
            // The definition's are of its arms, and here each cell is two.
            assertions: Vec::new(),
            pairs: false,
            cells: shares.iter().map(|share| share.cell.clone()).collect(),
            blocks: (0..self.definition.blocks).map(order).collect(),
            ..of_sweep
        }
    }

    /// The definition of one cell in one block. Of a block all have one seed.
    fn alone(&self, cell: &CellPlan, block: u32) -> Definition {
        let (all, built) = (self.definition, &cell.composition);
        let is_of = |part: &&crate::definition::Chosen, name: &str| part.descriptor.name == name;
        let caches = all.caches.iter().filter(|cache| built.cache.is_none() || is_of(cache, built.cache_name()));
        let stores = all.stores.iter().filter(|store| is_of(store, built.store_name()));
        Definition {
            assertions: Vec::new(),
            arms: all.arms.iter().filter(|arm| arm.name == built.arm).cloned().collect(),
            caches: caches.cloned().collect(),
            stores: stores.cloned().collect(),
            read_ratios: vec![cell.read_ratio],
            read_costs: vec![built.read_cost],
            rates: cell.rate.into_iter().collect(),
            instances: vec![built.instances],
            reference: built.arm.clone(),
            control: false,
            pairs: false,
            blocks: 1,
            seed: all.seed ^ u64::from(if self.is_pilot { PILOT_SEEDS + block } else { block }),
            ..all.clone()
        }
    }
}

/// The cell as a runs it, as a runs it again, and as b does.
fn shares_of(plan: &CellPlan) -> [Share<'_>; 3] {
    let recorded = plan.recorded();
    let family = format!("{}, {}", recorded.family, recorded.arm);
    let of = |build: Build| {
        let arm = format!("{build}: {}", recorded.arm);
        let cell = Cell { group: arm.clone(), arm, reference: None, family: family.clone(), ..recorded.clone() };
        Share { build, cell: Cell { id: cell.made_id(), ..cell }, plan }
    };
    let (a, b) = (of(Build::A), of(Build::B));
    let reference = Some(a.cell.id.clone());
    let again =
        Cell { id: format!("{} (A/A)", a.cell.id), control: true, reference: reference.clone(), ..a.cell.clone() };
    let again = Share { cell: again, ..a.clone() };
    [a, again, Share { cell: Cell { reference, ..b.cell }, ..b }]
}

/// Writes the one trial of a build's record into ours, at its place.
fn take_over(
    run: &Run,
    share: &Share<'_>,
    (number, block, position): (u32, u32, u32),
    writer: &RunWriter,
) -> Result<cachemark_results::Trial, RecordError> {
    let [theirs] = run.trials.as_slice() else {
        let trials = run.trials.len();
        let detail = format!("build {} left {trials} trials of {} where it was to run one", share.build, share.cell.id);
        return Err(RecordError::Malformed { path: run.folder.clone(), detail });
    };
    let (series, histograms) = (run.series(theirs)?, run.histograms(theirs)?);
    let trial = cachemark_results::Trial { number, cell: share.cell.id.clone(), block, position, ..theirs.clone() };
    writer.trial(&trial, &series, &histograms)?;
    Ok(trial)
}

/// Says once in the manifest what a build is; whether it was not known.
fn note_build(manifest: &mut Manifest, build: Build, run: &Run) -> bool {
    let name = format!("build {build}");
    let Some(environment) = run.environment.as_ref().filter(|_| !manifest.parameters.contains_key(&name)) else {
        return false;
    };
    manifest.parameters.insert(name, in_words(&environment.tool).into());
    true
}

fn in_words(tool: &Tool) -> String {
    let mut text = format!("cachemark {}", tool.version);
    for part in [tool.revision.as_deref(), Some(&tool.profile), tool.executable.as_deref()].into_iter().flatten() {
        text.push_str(", ");
        text.push_str(part);
    }
    text
}
