//! Points of a map, run for real: over a store of the same emulated capacity, with the cache flushed amid the window.

use super::COMMAND;
use crate::args::StabilityArgs;
use crate::catalogue::capabilities;
use crate::command::sweep::{self, Job, Over, Told};
use crate::exit::Failure;
use crate::progress::Progress;
use cachemark_bench::Plan;
use cachemark_bench::definition::Definition;
use cachemark_bench::fault::{FaultKind, PlannedFault, Target};
use cachemark_core::Settings;
use cachemark_results::{Interval, Run, StabilityCheck, StabilityMap, Status, Trial};
use cachemark_stability::{GOOD, LASTING};
use std::collections::BTreeMap;
use std::time::Duration;

/// Where the cache is flushed, from the window's start.
const FLUSH: Duration = Duration::from_secs(2);
/// The loads, as shares of that at which the boundary lies: the outer two hold it to a fifth.
const AROUND: [f64; 3] = [0.6, 0.8, 1.2];
/// Those of an arm that never stays down, as shares of where the first other one does.
const BEYOND: [f64; 3] = [0.8, 1.2, 2.0];
/// The same of the store's capacity, where none does.
const OF_CAPACITY: [f64; 3] = [1.5, 2.5, 4.0];

/// Runs three points a map, and adds what came of them; false if it was stopped.
pub(super) fn confirm(
    args: &StabilityArgs,
    definition: &Definition,
    maps: &mut [StabilityMap],
    capacity: f64,
    quiet: bool,
) -> Result<bool, Failure> {
    let first = maps.iter().find_map(of_all);
    for map in maps {
        let loads = match (of_all(map), first) {
            (Some(load), _) => AROUND.map(|share| share * load),
            (None, Some(load)) => BEYOND.map(|share| share * load),
            (None, None) => OF_CAPACITY.map(|share| share * capacity),
        };
        let Some(run) = measure(args, definition, map, loads.map(f64::round), quiet)? else { return Ok(false) };
        for trial in &run.trials {
            map.confirmed.push(check(&run, trial, of_all(map), definition.driving.operation_timeout)?);
        }
        map.confirmed.sort_by(|a, b| a.offered_per_s.total_cmp(&b.offered_per_s));
    }
    Ok(true)
}

/// The load from which on the arm stays down that has lost all of its cache.
fn of_all(map: &StabilityMap) -> Option<f64> {
    map.boundary.iter().find(|boundary| boundary.lost_share >= 1.0 && !boundary.is_overload())?.load()
}

/// The record of the arm at these loads; none if it was stopped.
fn measure(
    args: &StabilityArgs,
    definition: &Definition,
    map: &StabilityMap,
    loads: [f64; 3],
    quiet: bool,
) -> Result<Option<Run>, Failure> {
    let unknown = || Failure::Usage("there is no fault `flush` in this build".into());
    let flush = FaultKind::named("flush").ok_or_else(unknown)?;
    let flush = PlannedFault {
        at: FLUSH,
        lasting: Duration::ZERO,
        target: Target::CACHE,
        kind: flush,
        settings: Settings::defaults(flush.settings),
    };
    let of_arm = Definition {
        name: "stability".into(),
        description: format!("Points of the map of {}.", map.arm),
        assertions: Vec::new(),
        arms: definition.arms.iter().filter(|arm| arm.name == map.arm).cloned().collect(),
        // The first of each: a map is of one system.
        caches: definition.caches.iter().take(1).cloned().collect(),
        stores: definition.stores.iter().take(1).cloned().collect(),
        read_ratios: definition.read_ratios.iter().take(1).copied().collect(),
        read_costs: definition.read_costs.iter().take(1).copied().collect(),
        instances: vec![1],
        rates: loads.to_vec(),
        reference: map.arm.clone(),
        control: false,
        pairs: false,
        blocks: 1,
        faults: vec![flush],
        ..definition.clone()
    };
    sweep::check(&of_arm, args.stack)?;
    let plan = Plan::lay_out(&of_arm, capabilities);
    let job = Job { definition: of_arm, plan, stack: args.stack, slo: None, resume: None };
    Progress::new(COMMAND, quiet).say(&format!("{}: three points for real", map.arm));
    let told = Told {
        addresses: &args.addresses,
        out: &args.out,
        title: format!("Points of the map of {}", map.arm),
        notes: String::new(),
        command: format!("cachemark {COMMAND} --confirm --workload {}", args.workload),
        parameters: BTreeMap::new(),
        folder: None,
        metrics: None,
    };
    let Over { run, end, lost } = sweep::run_through(job, told, quiet)?;
    let end = run.conclude_record(end, &lost)?;
    if end.status == Status::Interrupted {
        return Ok(None);
    }
    Ok(Some(Run::open(&end.folder)?))
}

/// What became of one trial.
fn check(run: &Run, trial: &Trial, boundary: Option<f64>, timeout: Duration) -> Result<StabilityCheck, Failure> {
    let cell = run.manifest.cells.iter().find(|cell| cell.id == trial.cell);
    let offered_per_s = cell.and_then(|cell| cell.offered_per_s).unwrap_or(0.0);
    let series = run.series(trial)?;
    let share = answered_in_the_end(&series.intervals, series.interval_ns, timeout);
    let was_back = share.map(|share| share >= GOOD);
    let mut seen = match share {
        Some(share) => format!("{:.0} % of what was answered before was answered in the end", 100.0 * share),
        None => "too little was answered before the flush to tell".to_owned(),
    };
    for warning in trial.warnings.iter().filter(|warning| warning.code != "failures") {
        seen += &format!("; {}", warning.code);
    }
    Ok(StabilityCheck {
        offered_per_s,
        lost_share: 1.0,
        expected_back: boundary.is_none_or(|load| offered_per_s < load),
        was_back,
        seen,
    })
}

/// What was answered in the last deadlines, as many as have to be good in a simulation, as a share of what was before the flush; none if nothing was.
fn answered_in_the_end(intervals: &[Interval], interval_ns: u64, timeout: Duration) -> Option<f64> {
    let count = |span: Duration| (span.as_nanos() / u128::from(interval_ns.max(1))) as usize;
    let mean = |intervals: &[Interval]| {
        let answered: u64 = intervals.iter().map(Interval::answered).sum();
        answered as f64 / intervals.len().max(1) as f64
    };
    let before = mean(&intervals[..count(FLUSH).min(intervals.len())]);
    let last = count(timeout * LASTING as u32).clamp(1, intervals.len().max(1)).min(intervals.len());
    (before > 0.0).then(|| mean(&intervals[intervals.len() - last..]) / before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn intervals(answered: impl Iterator<Item = u64>) -> Vec<Interval> {
        answered.map(|operations| Interval { operations, ..Interval::default() }).collect()
    }

    #[test]
    fn what_is_answered_in_the_end_is_held_against_before() {
        let of = |end: u64| {
            let all = intervals((0..100).map(|place| {
                if place < 20 {
                    200
                } else if place < 80 {
                    1
                } else {
                    end
                }
            }));
            answered_in_the_end(&all, 100_000_000, Duration::from_millis(100))
        };
        assert_eq!((of(200), of(100)), (Some(1.0), Some(0.5)));
        let nothing = intervals(std::iter::repeat_n(0, 50));
        assert_eq!(answered_in_the_end(&nothing, 100_000_000, Duration::from_millis(100)), None);
        assert_eq!(answered_in_the_end(&[], 100_000_000, Duration::from_millis(100)), None);
    }
}
