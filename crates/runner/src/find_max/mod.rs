//! The capacity search: the greatest offered load at which a cell still meets an objective.
//!
//! Each cell by itself: the rate is doubled until the objective is missed, the gap between the greatest rate that passed
//! and the least that failed is halved (on a log axis) until they are within a tenth, and the answer must pass three
//! times more. A trial passes if the objective holds in it, it is valid, and no more than a thousandth of its arrivals was
//! not sent. Every trial is in the record, under a cell of its own for each rate: together they are the throughput-response
//! curve. Cells are searched one after the other and none is a reference, so nothing is judged; a block of the record is the
//! n-th probe of each search.

mod search;

use crate::observer::Observer;
use crate::plan::CellPlan;
use crate::record::{manifest, record_cell};
use crate::sweep::{Sweep, SweepEnd, SweepError};
use crate::target::Assembler;
use crate::trial::{Fixture, Place, utc_now};
use cachemark_results::{Capacity, CapacityProbe, Cell, Manifest, RunWriter, Trial};
use search::{Next, Search};

/// The share of arrivals that may be left unsent, as of trials that are valid.
const MOST_UNSENT: f64 = 0.001;

/// What a cell must meet.
pub struct Objective<'a> {
    /// For people, and the record.
    pub text: &'a str,
    /// Whether it holds in a trial; none where the trial has no such figure, which ends the search.
    pub holds: &'a dyn Fn(&Trial) -> Option<bool>,
    /// The rate to begin with, in arrivals per second.
    pub first_rate: f64,
}

impl<A: Assembler> Sweep<'_, A> {
    /// Searches every cell of the plan, which has no rates and no control of its own, for its capacity.
    ///
    /// # Errors
    /// [`SweepError`]; the record then says `failed` and holds every trial that was finished.
    pub fn find_max(&self, objective: &Objective<'_>, observer: &mut dyn Observer) -> Result<SweepEnd, SweepError> {
        let mut manifest = manifest(self.definition, self.plan, self.labels, utc_now());
        manifest.kind = "find-max".into();
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
        let mut capacity =
            Capacity { cell: cell.id.clone(), objective: text, answer_per_s: None, note: None, probes: Vec::new() };
        loop {
            let (rate, purpose) = match search.next() {
                Next::Done(answer_per_s) => return Ok(Capacity { answer_per_s, ..capacity }),
                Next::Probe(rate, purpose) => (rate, purpose),
            };
            let at_rate = CellPlan { id: format!("{} @{rate}/s", cell.id), rate: Some(rate), ..cell.clone() };
            let probe = capacity.probes.len();
            self.announce(&at_rate, probe, manifest);
            // On disk before its trial: a record never holds a trial of a cell that it does not know.
            writer.manifest(manifest)?;
            *number += 1;
            // Each probe counts as a block of its own: it asks other operations than the one before.
            let place = Place { number: *number, block: probe as u32, position: 0 };
            let Some(trial) = self.run_one(fixture, place, &at_rate, writer, observer)? else { return Ok(capacity) };
            let holds = (objective.holds)(&trial);
            let passed = holds == Some(true) && is_sound(&trial);
            search.tell(rate, purpose, passed);
            let purpose = purpose.name().into();
            capacity.probes.push(CapacityProbe { trial: *number, offered_per_s: rate, purpose, passed });
            if holds.is_none() && trial.invalid_because().is_none() {
                // A lower rate would give even fewer operations.
                let issued = trial.totals.issued;
                let note =
                    format!("{issued} operations at {rate}/s are too few for its figure: make --duration longer");
                return Ok(Capacity { note: Some(note), ..capacity });
            }
        }
    }

    fn announce(&self, cell: &CellPlan, probe: usize, manifest: &mut Manifest) {
        if manifest.cell(&cell.id).is_none() {
            manifest.cells.push(Cell { reference: None, ..record_cell(self.definition, cell) });
        }
        manifest.blocks.resize(manifest.blocks.len().max(probe + 1), Vec::new());
        manifest.blocks[probe].push(cell.id.clone());
    }
}

fn is_sound(trial: &Trial) -> bool {
    let unsent =
        trial.open_loop.as_ref().map_or(0.0, |open| (open.shed + open.unsent) as f64 / open.offered.max(1) as f64);
    trial.invalid_because().is_none() && unsent <= MOST_UNSENT
}
