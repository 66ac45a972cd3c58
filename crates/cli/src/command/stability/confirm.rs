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
use cachemark_results::{Interval, Run, StabilityBoundary, StabilityCheck, StabilityMap, Status, Trial};
use cachemark_stability::{GOOD, LASTING};
use std::collections::BTreeMap;
use std::time::Duration;

/// Where the cache is flushed, from the window's start.
const FLUSH: Duration = Duration::from_secs(2);
/// The loads, as shares of that at which the boundary lies: the outer two hold it to a fifth.
const AROUND: [f64; 3] = [0.6, 0.8, 1.2];
/// Those of an arm that stays down at the least load of the plane already, as shares of that.
const FROM: [f64; 3] = [1.0, 1.5, 2.0];
/// Those of an arm that never stays down, as shares of where the first other one does.
const BEYOND: [f64; 3] = [0.8, 1.2, 2.0];
/// The same of the store's capacity, where none does.
const OF_CAPACITY: [f64; 3] = [1.5, 2.5, 4.0];

/// Refuses to confirm maps of which the command would know nothing: what is flushed loses all of its entries.
pub(super) fn check_shares(lost: &[f64]) -> Result<(), Failure> {
    if lost.iter().any(|share| *share >= 1.0) {
        return Ok(());
    }
    Err(Failure::Usage(
        "--confirm flushes the whole cache, so the maps have to have that: give --lost with 1 among its shares".into(),
    ))
}

/// Runs up to three points a map, and adds what came of them; false if it was stopped.
pub(super) fn confirm(
    args: &StabilityArgs,
    definition: &Definition,
    maps: &mut [StabilityMap],
    capacity: f64,
    quiet: bool,
) -> Result<bool, Failure> {
    let first = maps.iter().filter_map(of_all).filter(|of_all| !of_all.is_overload()).find_map(StabilityBoundary::load);
    for map in maps {
        let Some(boundary) = of_all(map).copied() else { continue };
        let loads = loads(&boundary, first, capacity);
        if loads.is_empty() {
            let of_arm =
                format!("{}: nothing to run for real, since no loss brings it down at a load that it bears", map.arm);
            Progress::new(COMMAND, quiet).say(&of_arm);
            continue;
        }
        let Some(run) = measure(args, definition, map, loads, quiet)? else { return Ok(false) };
        for trial in &run.trials {
            map.confirmed.extend(check(&run, trial, &boundary, definition.driving.operation_timeout)?);
        }
        map.confirmed.sort_by(|a, b| a.offered_per_s.total_cmp(&b.offered_per_s));
    }
    Ok(true)
}

/// The boundary of the arm that has lost all of its cache.
fn of_all(map: &StabilityMap) -> Option<&StabilityBoundary> {
    map.boundary.iter().find(|boundary| boundary.lost_share >= 1.0)
}

/// The loads to run, of which the map says what becomes of them. None for an arm that is overloaded before it stays down.
fn loads(boundary: &StabilityBoundary, first: Option<f64>, capacity: f64) -> Vec<f64> {
    if boundary.is_overload() {
        return Vec::new();
    }
    let loads = match (boundary.load(), boundary.fails_per_s, first) {
        (Some(load), ..) => AROUND.map(|share| share * load),
        (None, Some(least), _) => FROM.map(|share| (share * least).ceil()),
        (None, None, Some(load)) => BEYOND.map(|share| share * load),
        (None, None, None) => OF_CAPACITY.map(|share| share * capacity),
    };
    // The map ends where nothing failed yet.
    let most = boundary.serves_per_s.filter(|_| boundary.fails_per_s.is_none()).unwrap_or(f64::INFINITY);
    let mut loads: Vec<f64> = loads.into_iter().map(|load| load.round().min(most.floor())).collect();
    loads.retain(|load| *load >= 1.0 && expected_back(boundary, *load).is_some());
    loads.dedup();
    loads
}

/// Whether the map has it come back at that load; none if it does not say.
fn expected_back(boundary: &StabilityBoundary, load: f64) -> Option<bool> {
    if boundary.fails_per_s.is_some_and(|fails| load >= fails) {
        return Some(false);
    }
    boundary.serves_per_s.is_some_and(|serves| load <= serves).then_some(true)
}

/// The record of the arm at these loads; none if it was stopped.
fn measure(
    args: &StabilityArgs,
    definition: &Definition,
    map: &StabilityMap,
    loads: Vec<f64>,
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
        rates: loads,
        reference: map.arm.clone(),
        control: false,
        pairs: false,
        blocks: 1,
        faults: vec![flush],
        ..definition.clone()
    };
    sweep::check(&of_arm, args.stack)?;
    let plan = Plan::lay_out(&of_arm, capabilities);
    Progress::new(COMMAND, quiet).say(&format!("{}: {} points for real", map.arm, plan.cells.len()));
    let job = Job { definition: of_arm, plan, stack: args.stack, slo: None, resume: None };
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

/// What became of one trial; none if the map does not say what should have.
fn check(
    run: &Run,
    trial: &Trial,
    boundary: &StabilityBoundary,
    timeout: Duration,
) -> Result<Option<StabilityCheck>, Failure> {
    let cell = run.manifest.cells.iter().find(|cell| cell.id == trial.cell);
    let offered_per_s = cell.and_then(|cell| cell.offered_per_s).unwrap_or(0.0);
    let Some(expected_back) = expected_back(boundary, offered_per_s) else { return Ok(None) };
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
    Ok(Some(StabilityCheck { offered_per_s, lost_share: 1.0, expected_back, was_back, seen }))
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
    use cachemark_results::StabilityState;

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

    fn boundary(serves_per_s: Option<f64>, fails_per_s: Option<f64>) -> StabilityBoundary {
        let fails_as = fails_per_s.map(|_| StabilityState::Stuck);
        StabilityBoundary { lost_share: 1.0, serves_per_s, fails_per_s, fails_as }
    }

    #[test]
    fn only_what_a_map_has_seen_is_expected() {
        let of = |boundary: StabilityBoundary| move |load| expected_back(&boundary, load);
        let between = of(boundary(Some(980.0), Some(1_020.0)));
        assert_eq!([980.0, 1_000.0, 1_020.0].map(between), [Some(true), None, Some(false)]);
        let least_fails = of(boundary(None, Some(1_000.0)));
        assert_eq!([900.0, 1_000.0, 1_200.0].map(least_fails), [None, Some(false), Some(false)]);
        let most_serves = of(boundary(Some(4_000.0), None));
        assert_eq!([1.0, 4_000.0, 4_001.0].map(most_serves), [Some(true), Some(true), None]);
    }

    #[test]
    fn loads_lie_where_a_map_says_what_becomes_of_them() {
        let bounded = boundary(Some(980.0), Some(1_000.0 * 1_000.0 / 980.0));
        assert_eq!(loads(&bounded, Some(1_000.0), 100.0), [600.0, 800.0, 1_200.0]);
        assert_eq!(loads(&boundary(None, Some(1_333.5)), None, 100.0), [1_334.0, 2_001.0, 2_667.0]);
        let never = boundary(Some(1_500.5), None);
        assert_eq!(loads(&never, Some(1_000.0), 100.0), [800.0, 1_200.0, 1_500.0]);
        assert_eq!(loads(&never, None, 1_000.0), [1_500.0]);
        let overloaded = StabilityBoundary { fails_as: Some(StabilityState::Overloaded), ..bounded };
        assert_eq!(loads(&overloaded, Some(1_000.0), 100.0), [0.0; 0]);
    }

    #[test]
    fn what_is_flushed_loses_all() {
        assert!(check_shares(&[0.5, 1.0]).is_ok());
        assert!(matches!(check_shares(&[0.5]), Err(Failure::Usage(_))));
    }
}
