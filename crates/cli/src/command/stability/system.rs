//! What is simulated, by a definition, a record and flags.

use crate::args::StabilityArgs;
use crate::exit::Failure;
use crate::presets;
use cachemark_bench::definition::Definition;
use cachemark_report::analysis::{Analysis, analyse};
use cachemark_report::worth::{Cost as Time, is_without_cache, worth};
use cachemark_results::Run;
use cachemark_results::figure::THROUGHPUT;
use cachemark_stability::{Cost, Scenario};
use std::time::Duration;

/// What is simulated, and where its figures are from.
pub(super) struct System {
    pub(super) scenario: Scenario,
    pub(super) source: String,
}

/// What is known of a store, of a cache, and of what they take.
#[derive(Default)]
struct Known {
    workers: Option<u32>,
    read_cost: Option<Duration>,
    capacity: Option<f64>,
    hit: Option<Duration>,
    miss: Option<Duration>,
    write: Option<Duration>,
}

impl System {
    pub(super) fn of(args: &StabilityArgs, workload: &Definition) -> Result<Self, Failure> {
        let recorded = args.from.as_deref().map(|folder| presets::recorded(folder, args.stack)).transpose()?;
        let definition = recorded.as_ref().unwrap_or(workload);
        let (known, source) = match &args.from {
            Some(folder) => {
                let run = Run::open(folder)?;
                (
                    Known::by_record(&run),
                    format!("Times and capacity are those that the record {} has seen", name(folder)),
                )
            }
            None => (Known::by_definition(workload), format!("Workload and capacity are those of {}", workload.name)),
        };
        let known = Known {
            capacity: args.capacity.or(known.capacity),
            read_cost: args.store_read.or(known.read_cost),
            hit: args.hit.or(known.hit),
            miss: args.miss.or(known.miss),
            // What is given says more than what the workload would have emulated.
            workers: known.workers.filter(|_| args.capacity.is_none()),
            write: known.write,
        };
        let given = [
            args.capacity.map(|_| "--capacity"),
            args.store_read.map(|_| "--store-read"),
            args.hit.map(|_| "--hit"),
            args.miss.map(|_| "--miss"),
        ];
        let given: Vec<&str> = given.into_iter().flatten().collect();
        let source = if given.is_empty() { source } else { format!("{source}, but for {}", given.join(", ")) };
        Ok(Self { scenario: known.scenario(definition, args.exponential)?, source })
    }
}

/// A record's name: its folder's.
fn name(folder: &std::path::Path) -> String {
    folder.file_name().map_or_else(|| folder.display().to_string(), |name| name.to_string_lossy().into_owned())
}

impl Known {
    fn by_definition(definition: &Definition) -> Self {
        let read_cost = definition.read_costs.iter().copied().find(|cost| !cost.is_zero());
        Self { workers: definition.store_workers, read_cost, ..Self::default() }
    }

    /// What a run has seen: what hits, misses and reads without a cache took in the mean, and how many of those there were at most.
    fn by_record(run: &Run) -> Self {
        let analysis = analyse(run);
        let found = worth(run, &analysis);
        let time = |cost: Time| {
            let place = Time::ALL.iter().position(|known| *known == cost)?;
            let ns = found.rows.iter().find_map(|row| row.costs[place].map(|found| found.median))?;
            Some(Duration::from_nanos(ns as u64))
        };
        let emulated = analysis.cells.iter().map(|figures| figures.cell).find(|cell| cell.store_workers.is_some());
        let (workers, of_one) = emulated.map_or((None, None), |cell| {
            let cost = Duration::from_micros(cell.read_cost_us);
            (cell.store_workers, Some(cost).filter(|cost| !cost.is_zero()))
        });
        Self {
            workers,
            read_cost: of_one.or_else(|| time(Time::Store)),
            capacity: most_reads(&analysis).filter(|_| workers.is_none()),
            hit: time(Time::Hit),
            miss: time(Time::Miss),
            write: time(Time::WriteWithout),
        }
    }

    fn scenario(&self, definition: &Definition, exponential: bool) -> Result<Scenario, Failure> {
        let lacks = |what: &str| Failure::Usage(format!("what is not known: {what}"));
        let alone = self.read_cost.ok_or_else(|| {
            lacks("what a read takes the store; give --store-read, or read-cost-us and store-workers in the workload")
        })?;
        let law = if exponential { Cost::Exponential(alone) } else { Cost::Fixed(alone) };
        let hit = self.hit.unwrap_or_default();
        let read_ratio = definition.read_ratios.first().copied().unwrap_or(1.0);
        let scenario = Scenario {
            keys: definition.keys,
            distribution: definition.distribution,
            read_ratio,
            timeout: definition.driving.operation_timeout,
            workers: self.workers.unwrap_or(1),
            read_cost: law,
            write_cost: self.write.unwrap_or_default(),
            hit,
            // A miss asks the cache, reads the store and fills the cache.
            fill: self.miss.unwrap_or_default().saturating_sub(alone + hit),
        };
        match (self.workers, self.capacity) {
            (Some(_), None) => Ok(scenario),
            (_, Some(capacity)) => Ok(scenario.with_capacity(capacity, alone)),
            (None, None) => {
                Err(lacks("how many reads the store does at most; give --capacity, or store-workers in the workload"))
            }
        }
    }
}

/// The most reads a second that cells without a cache were seen to make: as far as the run has loaded the store.
fn most_reads(analysis: &Analysis<'_>) -> Option<f64> {
    let is_bare = |cell| is_without_cache(analysis, cell) && cell.unsupported.is_none();
    let bare = analysis.cells.iter().filter(|figures| is_bare(figures.cell));
    let reads = bare.filter_map(|figures| Some(figures.summary(THROUGHPUT)?.median * figures.cell.read_ratio));
    reads.filter(|reads| *reads >= 1.0).reduce(f64::max)
}
