//! The capacity search: the greatest offered load at which a cell still meets an objective.
//!
//! Each cell by itself: the rate is doubled until the objective is missed, the gap between the greatest rate that passed
//! and the least that failed is halved (on a log axis) until they are within a tenth, and the answer must pass three
//! times more. A trial passes if the objective holds in it, it is valid, and no more than a thousandth of its arrivals was
//! not sent. Every trial is in the record: together they are the cell's throughput-response curve. Cells are searched one
//! after the other, so the record has no blocks, and nothing is judged.

mod search;

use crate::observer::Observer;
use crate::plan::CellPlan;
use crate::record::manifest;
use crate::sweep::{Sweep, SweepEnd, SweepError};
use crate::target::Assembler;
use crate::trial::{Fixture, Place, utc_now};
use cachemark_results::{Capacity, CapacityProbe, Manifest, RunWriter, Trial};
use search::{Next, Search};

/// The share of arrivals that may be left unsent, as of trials that are valid.
const MOST_UNSENT: f64 = 0.001;

/// What a cell must meet.
pub struct Objective<'a> {
    /// For people, and the record.
    pub text: &'a str,
    /// Whether it holds in a trial; none where the trial has no such figure, which is a miss.
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
        manifest.cells.iter_mut().for_each(|cell| cell.reference = None);
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
            let capacity = self.search(&fixture, cell, objective, &mut number, writer, observer)?;
            if self.stop.is_stopped() {
                return Ok(());
            }
            manifest.capacities.push(capacity);
            writer.manifest(manifest)?;
        }
        Ok(())
    }

    fn search(
        &self,
        fixture: &Fixture<'_>,
        cell: &CellPlan,
        objective: &Objective<'_>,
        number: &mut u32,
        writer: &RunWriter,
        observer: &mut dyn Observer,
    ) -> Result<Capacity, SweepError> {
        let mut search = Search::from(objective.first_rate);
        let mut probes = Vec::new();
        loop {
            let (rate, purpose) = match search.next() {
                Next::Done(answer_per_s) => {
                    let (cell, objective) = (cell.id.clone(), objective.text.to_owned());
                    return Ok(Capacity { cell, objective, answer_per_s, probes });
                }
                Next::Probe(rate, purpose) => (rate, purpose),
            };
            *number += 1;
            // Each probe counts as a block of its own: it asks other operations than the one before.
            let place = Place { number: *number, block: probes.len() as u32, position: 0 };
            let at_rate = CellPlan { rate: Some(rate), ..cell.clone() };
            let Some(trial) = self.run_one(fixture, place, &at_rate, writer, observer)? else {
                let (cell, objective) = (cell.id.clone(), objective.text.to_owned());
                return Ok(Capacity { cell, objective, answer_per_s: None, probes });
            };
            let passed = (objective.holds)(&trial) == Some(true) && is_sound(&trial);
            search.tell(rate, purpose, passed);
            probes.push(CapacityProbe { trial: *number, offered_per_s: rate, purpose: purpose.name().into(), passed });
        }
    }
}

fn is_sound(trial: &Trial) -> bool {
    let unsent =
        trial.open_loop.as_ref().map_or(0.0, |open| (open.shed + open.unsent) as f64 / open.offered.max(1) as f64);
    trial.invalid_because().is_none() && unsent <= MOST_UNSENT
}
