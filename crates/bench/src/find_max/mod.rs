//! The capacity search: the greatest offered load at which a cell still meets an objective.
//!
//! Each cell by itself: the rates that were asked for are tried from the least on, then the rate is doubled, until the
//! objective is missed; the gap between the greatest rate that passed
//! and the least that failed is halved (on a log axis) until they are within a tenth, and the answer must pass three
//! times more. A trial passes if the objective holds in it and no more than a thousandth of what was asked went without an
//! answer or was not sent: times are of what was answered, and look the better the more is turned away. An invalid trial
//! neither passes nor fails: its rate is tried again, and after three in a row the search cannot tell.
//!
//! Every trial is in the record, under a cell of its own for each rate: together they are the throughput-response curve.
//! Cells are searched one after the other and none is a reference, so nothing is judged; a block of the record is the
//! n-th probe of each search.
//!
//! What is tried next follows from the trials before alone. So a search that was stopped or killed is resumed by going
//! through it again from the first probe on, with the trials that are there.

mod missed;
mod search;

use crate::cell_plan::CellPlan;
use crate::drive::Driver;
use crate::observer::Observer;
use crate::record::{manifest, utc_now};
use crate::resume::Unfinished;
use crate::sweep::{Sweep, SweepEnd};
use crate::sweep_error::SweepError;
use crate::target::Assembler;
use crate::trial::{Fixture, Place};
use cachemark_results::{Capacity, CapacityProbe, Cell, Manifest, RunWriter, Trial, Unfound};
use missed::Missed;
use search::{Next, Search, Told};
use std::collections::BTreeMap;

const INTERRUPTED: &str = "the search was interrupted before it had finished";

/// What a cell must meet.
pub struct Objective<'a> {
    /// For people, and the record.
    pub text: &'a str,
    /// Whether it holds in a trial; none where the trial has no such figure, which ends the search.
    pub holds: &'a dyn Fn(&Trial) -> Option<bool>,
    /// Why a trial may have no such figure, for people.
    pub why_absent: &'a str,
    /// Whether it says itself how many operations may go without an answer.
    pub allows_failures: bool,
    /// The rates to begin with, in arrivals per second: at least one.
    pub rates: &'a [f64],
}

impl<A: Assembler, D: Driver<A::Asked>> Sweep<'_, A, D> {
    /// Searches every cell of the plan, which has no rates and no control of its own, for its capacity.
    ///
    /// # Errors
    /// [`SweepError`]; the record then says `failed` and holds every trial that was finished.
    pub fn find_max(&self, objective: &Objective<'_>, observer: &mut dyn Observer) -> Result<SweepEnd, SweepError> {
        self.faults_can_be_done()?;
        let mut manifest = manifest(self.definition, self.plan, self.labels, utc_now());
        manifest.kind = Manifest::SEARCH.into();
        // They are about every trial of a run; a search goes on until one goes wrong.
        manifest.assertions.clear();
        self.nothing_found(objective, &mut manifest);
        let writer = RunWriter::create(self.out, &manifest, &self.definition.to_toml())?;
        writer.environment(self.environment)?;
        let record = Unfinished { writer, manifest, environment: None, done: BTreeMap::new() };
        self.search_cells(objective, record, observer)
    }

    /// Goes on with a search that was stopped or killed; `forced` and `differences` as in [`Sweep::resume`].
    ///
    /// # Errors
    /// As [`Sweep::find_max`]; [`SweepError::Strayed`] if the trials that are there are not those of this search.
    pub fn resume_search(
        &self,
        mut record: Unfinished,
        objective: &Objective<'_>,
        forced: bool,
        differences: Vec<String>,
        observer: &mut dyn Observer,
    ) -> Result<SweepEnd, SweepError> {
        self.faults_can_be_done()?;
        record.note(self.environment, forced, differences)?;
        self.nothing_found(objective, &mut record.manifest);
        self.search_cells(objective, record, observer)
    }

    /// The manifest of a search before its first probe.
    fn nothing_found(&self, objective: &Objective<'_>, manifest: &mut Manifest) {
        manifest.blocks.clear();
        manifest.cells.retain(|cell| cell.unsupported.is_some());
        let searched = self.plan.cells.iter().filter(|cell| cell.unsupported.is_none());
        manifest.capacities = searched.map(|cell| unfinished(cell, objective)).collect();
    }

    fn search_cells(
        &self,
        objective: &Objective<'_>,
        record: Unfinished,
        observer: &mut dyn Observer,
    ) -> Result<SweepEnd, SweepError> {
        let Unfinished { writer, mut manifest, mut done, .. } = record;
        observer.started(writer.folder(), 0);
        let result = self.fixture().and_then(|fixture| {
            let mut probing = Probing { fixture, writer: &writer, manifest: &mut manifest, done: &mut done, number: 0 };
            let cells = self.plan.cells.iter().filter(|cell| cell.unsupported.is_none());
            for (searched, cell) in cells.enumerate() {
                self.search(&mut probing, searched, cell, objective, observer)?;
                writer.manifest(probing.manifest)?;
                if self.stop.is_stopped() {
                    break;
                }
            }
            Ok(())
        });
        self.conclude(result, &writer, manifest)
    }

    fn search(
        &self,
        probing: &mut Probing<'_>,
        searched: usize,
        cell: &CellPlan,
        objective: &Objective<'_>,
        observer: &mut dyn Observer,
    ) -> Result<(), SweepError> {
        let mut search = Search::from(objective.rates);
        loop {
            let (rate, purpose) = match search.next() {
                Next::Probe(rate, purpose) => (rate, purpose),
                end => {
                    conclude(probing.found(searched), end);
                    return Ok(());
                }
            };
            let Some(trial) = self.probe(probing, searched, &cell.at_rate(rate), observer)? else { return Ok(()) };
            let missed = Missed::of(&trial, objective);
            let told = match missed {
                None => Told::Passed,
                Some(Missed::Invalid) => Told::Invalid,
                Some(_) => Told::Failed,
            };
            search.tell(rate, purpose, told);
            let found = probing.found(searched);
            found.at_least_per_s = search.passed();
            found.probes.push(CapacityProbe {
                trial: trial.number,
                offered_per_s: rate,
                purpose: purpose.name().into(),
                passed: missed.is_none(),
                missed: missed.map(|missed| missed.name().into()),
            });
            if missed == Some(Missed::NoFigure) {
                // All was answered, and a lower rate would give even fewer operations.
                let (issued, why) = (trial.totals.issued, objective.why_absent);
                found.note = Some(format!("{issued} operations at {rate}/s gave no figure: {why}"));
                (found.at_least_per_s, found.unfound) = (None, Some(Unfound::NoFigure));
                return Ok(());
            }
        }
    }

    /// The next trial: one that is there already, or one that is run now; none if the search was stopped meanwhile.
    fn probe(
        &self,
        probing: &mut Probing<'_>,
        searched: usize,
        at_rate: &CellPlan,
        observer: &mut dyn Observer,
    ) -> Result<Option<Trial>, SweepError> {
        let probe = probing.manifest.capacities[searched].probes.len();
        announce(at_rate, probe, probing.manifest);
        probing.number += 1;
        let number = probing.number;
        match probing.done.remove(&number) {
            Some(trial) if trial.cell == at_rate.id => return Ok(Some(trial)),
            Some(trial) => return Err(SweepError::Strayed { number, was: trial.cell, is: at_rate.id.clone() }),
            None => {}
        }
        // On disk before its trial: a record never holds a trial of a cell that it does not know.
        probing.writer.manifest(probing.manifest)?;
        // Each probe counts as a block of its own: it asks other operations than the one before.
        let place = Place { number, block: probe as u32, position: 0 };
        self.run_one(&probing.fixture, place, at_rate, probing.writer, observer)
    }
}

/// What the searches of a record share.
struct Probing<'a> {
    fixture: Fixture<'a>,
    writer: &'a RunWriter,
    manifest: &'a mut Manifest,
    /// Trials that are there and have not been gone through again, by number.
    done: &'a mut BTreeMap<u32, Trial>,
    /// Of the last trial.
    number: u32,
}

impl Probing<'_> {
    fn found(&mut self, searched: usize) -> &mut Capacity {
        &mut self.manifest.capacities[searched]
    }
}

/// What is known of a cell before its search has ended, and for good if it is interrupted.
fn unfinished(cell: &CellPlan, objective: &Objective<'_>) -> Capacity {
    Capacity {
        cell: cell.id.clone(),
        objective: objective.text.to_owned(),
        answer_per_s: None,
        at_least_per_s: None,
        note: Some(INTERRUPTED.to_owned()),
        unfound: Some(Unfound::Interrupted),
        probes: Vec::new(),
    }
}

fn conclude(found: &mut Capacity, end: Next) {
    match end {
        Next::Done(Some(answer)) => {
            (found.answer_per_s, found.at_least_per_s) = (Some(answer), None);
            (found.note, found.unfound) = (None, None);
        }
        // It ran out of loads to try, and what passed did pass.
        Next::Done(None) | Next::Probe(..) => {
            found.note = found.at_least_per_s.map(|_| "the search ended before a load failed twice over".to_owned());
            found.unfound = Some(Unfound::OutOfLoads);
        }
        Next::CannotTell(rate) => {
            found.note = Some(format!("cannot tell: at {rate}/s the client was the limit in every trial"));
            found.unfound = Some(Unfound::CannotTell);
        }
    }
}

fn announce(cell: &CellPlan, probe: usize, manifest: &mut Manifest) {
    if manifest.cell(&cell.id).is_none() {
        manifest.cells.push(Cell { reference: None, ..cell.recorded() });
    }
    manifest.blocks.resize(manifest.blocks.len().max(probe + 1), Vec::new());
    manifest.blocks[probe].push(cell.id.clone());
}
