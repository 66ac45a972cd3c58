//! The capacity search: the greatest offered load at which a cell still meets an objective.
//!
//! Each cell by itself: the rate is doubled until the objective is missed, the gap between the greatest rate that passed
//! and the least that failed is halved (on a log axis) until they are within a tenth, and the answer must pass three
//! times more. A trial passes if the objective holds in it and no more than a thousandth of what was asked went without an
//! answer or was not sent: times are of what was answered, and look the better the more is turned away. An invalid trial
//! neither passes nor fails: its rate is tried again, and after three in a row the search cannot tell.
//!
//! Every trial is in the record, under a cell of its own for each rate: together they are the throughput-response curve.
//! Cells are searched one after the other and none is a reference, so nothing is judged; a block of the record is the
//! n-th probe of each search.

mod missed;
mod search;

use crate::cell_plan::CellPlan;
use crate::drive::Driver;
use crate::observer::Observer;
use crate::record::{manifest, utc_now};
use crate::sweep::{Sweep, SweepEnd};
use crate::sweep_error::SweepError;
use crate::target::Assembler;
use crate::trial::{Fixture, Place};
use cachemark_results::{Capacity, CapacityProbe, Cell, Manifest, RunWriter, Trial, Unfound};
use missed::Missed;
use search::{Next, Search, Told};

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
    /// The rate to begin with, in arrivals per second.
    pub first_rate: f64,
}

impl<A: Assembler, D: Driver<A::Strategy>> Sweep<'_, A, D> {
    /// Searches every cell of the plan, which has no rates and no control of its own, for its capacity.
    ///
    /// # Errors
    /// [`SweepError`]; the record then says `failed` and holds every trial that was finished.
    pub fn find_max(&self, objective: &Objective<'_>, observer: &mut dyn Observer) -> Result<SweepEnd, SweepError> {
        let mut manifest = manifest(self.definition, self.plan, self.labels, utc_now());
        manifest.kind = "find-max".into();
        // They are about every trial of a run; a search goes on until one goes wrong.
        manifest.assertions.clear();
        manifest.blocks.clear();
        manifest.cells.retain(|cell| cell.unsupported.is_some());
        let writer = RunWriter::create(self.out, &manifest, &self.definition.to_toml())?;
        writer.environment(self.environment)?;
        observer.started(writer.folder(), 0);
        let result = self.search_cells(objective, &writer, &mut manifest, observer);
        self.conclude(result, &writer, manifest)
    }

    fn search_cells(
        &self,
        objective: &Objective<'_>,
        writer: &RunWriter,
        manifest: &mut Manifest,
        observer: &mut dyn Observer,
    ) -> Result<(), SweepError> {
        let fixture = self.fixture()?;
        let mut number = 0;
        for cell in self.plan.cells.iter().filter(|cell| cell.unsupported.is_none()) {
            let found = self.search(&fixture, cell, objective, &mut number, (writer, manifest), observer)?;
            manifest.capacities.push(found);
            writer.manifest(manifest)?;
            if self.stop.is_stopped() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn search(
        &self,
        fixture: &Fixture<'_>,
        cell: &CellPlan,
        objective: &Objective<'_>,
        number: &mut u32,
        record: (&RunWriter, &mut Manifest),
        observer: &mut dyn Observer,
    ) -> Result<Capacity, SweepError> {
        let (writer, manifest) = record;
        let mut search = Search::from(objective.first_rate);
        let text = objective.text.to_owned();
        let mut capacity = Capacity {
            cell: cell.id.clone(),
            objective: text,
            answer_per_s: None,
            at_least_per_s: None,
            note: None,
            unfound: None,
            probes: Vec::new(),
        };
        loop {
            let at_least_per_s = search.passed();
            let (rate, purpose) = match search.next() {
                Next::Done(Some(answer)) => return Ok(Capacity { answer_per_s: Some(answer), ..capacity }),
                // It ran out of loads to try, and what passed did pass.
                Next::Done(None) => {
                    let note = at_least_per_s.map(|_| "the search ended before a load failed twice over".to_owned());
                    return Ok(Capacity { at_least_per_s, note, unfound: Some(Unfound::OutOfLoads), ..capacity });
                }
                Next::CannotTell(rate) => {
                    let note = Some(format!("cannot tell: at {rate}/s the client was the limit in every trial"));
                    let unfound = Some(Unfound::CannotTell);
                    return Ok(Capacity { at_least_per_s, note, unfound, ..capacity });
                }
                Next::Probe(rate, purpose) => (rate, purpose),
            };
            let at_rate = cell.at_rate(rate);
            let probe = capacity.probes.len();
            self.announce(&at_rate, probe, manifest);
            // On disk before its trial: a record never holds a trial of a cell that it does not know.
            writer.manifest(manifest)?;
            *number += 1;
            // Each probe counts as a block of its own: it asks other operations than the one before.
            let place = Place { number: *number, block: probe as u32, position: 0 };
            let Some(trial) = self.run_one(fixture, place, &at_rate, writer, observer)? else {
                let note = Some("the search was interrupted before it had finished".into());
                return Ok(Capacity { at_least_per_s, note, unfound: Some(Unfound::Interrupted), ..capacity });
            };
            let missed = Missed::of(&trial, objective);
            let told = match missed {
                None => Told::Passed,
                Some(Missed::Invalid) => Told::Invalid,
                Some(_) => Told::Failed,
            };
            search.tell(rate, purpose, told);
            capacity.probes.push(CapacityProbe {
                trial: *number,
                offered_per_s: rate,
                purpose: purpose.name().into(),
                passed: missed.is_none(),
                missed: missed.map(|missed| missed.name().into()),
            });
            if missed == Some(Missed::NoFigure) {
                // All was answered, and a lower rate would give even fewer operations.
                let (issued, why) = (trial.totals.issued, objective.why_absent);
                let note = format!("{issued} operations at {rate}/s gave no figure: {why}");
                return Ok(Capacity { note: Some(note), unfound: Some(Unfound::NoFigure), ..capacity });
            }
        }
    }

    fn announce(&self, cell: &CellPlan, probe: usize, manifest: &mut Manifest) {
        if manifest.cell(&cell.id).is_none() {
            manifest.cells.push(Cell { reference: None, ..cell.recorded() });
        }
        manifest.blocks.resize(manifest.blocks.len().max(probe + 1), Vec::new());
        manifest.blocks[probe].push(cell.id.clone());
    }
}
