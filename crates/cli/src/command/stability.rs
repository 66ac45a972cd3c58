//! `cachemark stability`: at which load, and after which loss, a system breaks down for good.

mod confirm;
mod found;
mod system;

use crate::args::StabilityArgs;
use crate::exit::{Exit, Failure};
use crate::output::{say, show};
use crate::presets;
use crate::progress::Progress;
use cachemark_bench::Composition;
use cachemark_bench::definition::{Definition, Overrides};
use cachemark_report::{stability_sheet, write_stability};
use cachemark_results::Stability;
use cachemark_stability::{Arm, ArmSettings, Plane, Scenario, State, StateRule, map, recovers_at};
use std::time::{Duration, Instant};
use system::System;

const COMMAND: &str = "stability";
/// The boundary is told to this share of its load.
const PRECISION: f64 = 0.05;
/// How many loads there are, from the store's capacity to so many times that.
const LOADS: usize = 9;
const MOST: f64 = 10.0;
/// Who waits is told how far it is after so long.
const SILENCE: Duration = Duration::from_secs(10);
/// A system is brought down at so many times the load from which on it stays down.
const BEYOND: f64 = 1.25;

pub(crate) fn run(args: &StabilityArgs, quiet: bool) -> Result<Exit, Failure> {
    if args.confirm {
        confirm::check_shares(&args.lost)?;
    }
    let definition = definition(args)?;
    let arms = arms(&definition)?;
    let system = System::of(args, &definition)?;
    let plane = plane(args, &definition, &system.scenario)?;
    let progress = Progress::new(COMMAND, quiet);
    let mut maps = Vec::new();
    for arm in &arms {
        let (began, mut points, mut told) = (Instant::now(), 0, Instant::now());
        let failed = |error: cachemark_stability::SimulateError| Failure::Usage(format!("{}: {error}", arm.name));
        let mut on_point = || {
            points += 1;
            if told.elapsed() > SILENCE {
                told = Instant::now();
                let (asked, since) = (plane.loads.len() * plane.shares.len(), began.elapsed().as_secs());
                progress.say(&format!("{}: {points} points after {since} s; {asked}, then the boundary's", arm.name));
            }
        };
        let made = map(arm, &system.scenario, &plane, &mut on_point).map_err(failed)?;
        // What was never up is not brought down.
        let worst = made.boundary.last().filter(|boundary| boundary.fails_as == Some(State::Stuck));
        let worst = worst.and_then(|boundary| boundary.fails);
        let down = worst.map(|load| recovers_at(arm, &system.scenario, load * BEYOND, plane.seed));
        let down = down.transpose().map_err(failed)?;
        progress.say(&format!("{}: {points} points in {:.1} s", arm.name, began.elapsed().as_secs_f64()));
        maps.push(found::map(arm, &made, down));
    }
    let confirmed = match args.confirm {
        true => confirm::confirm(args, &definition, &mut maps, system.scenario.capacity(), quiet),
        false => Ok(true),
    };
    // The maps hold whatever came of their points for real, and took longer than most of those.
    let told = tell(args, &found::all(&definition, &system, &plane, maps));
    let exit = if confirmed? { Exit::Pass } else { Exit::Interrupted };
    told.map(|()| exit)
}

/// Saves what was found, if that is asked for, and prints it.
fn tell(args: &StabilityArgs, found: &Stability) -> Result<(), Failure> {
    if let Some(folder) = &args.save {
        let failed = |error| Failure::System("make the folder of --save", error);
        std::fs::create_dir_all(folder).map_err(failed)?;
        found.write(folder)?;
        write_stability(folder, found)?;
    }
    match args.json {
        // Plain structures always print.
        true => say(&serde_json::to_string_pretty(found).unwrap_or_default()),
        false => show(&stability_sheet(found)),
    }
    Ok(())
}

/// The workload's definition, its arms in place of those given.
fn definition(args: &StabilityArgs) -> Result<Definition, Failure> {
    let overrides =
        Overrides { arms: args.arms.clone(), sets: args.sets.clone(), seed: args.seed, ..Overrides::default() };
    presets::definition(&args.workload, overrides, args.stack)
}

/// Those of its arms that have a cache to lose.
fn arms(definition: &Definition) -> Result<Vec<Arm>, Failure> {
    let mut arms = Vec::new();
    let (Some(cache), Some(store)) = (definition.caches.first(), definition.stores.first()) else {
        return Err(Failure::Usage("the workload names no cache, or no store".into()));
    };
    let read_cost = definition.read_costs.first().copied().unwrap_or_default();
    for arm in definition.arms.iter().filter(|arm| arm.asks_cache()) {
        let built = Composition::of(definition, arm, (Some(cache), store), read_cost, 1);
        let strategy = built.strategy.descriptor.name;
        let settings = ArmSettings {
            strategy: built.strategy.settings,
            cache: built.cache.map(|cache| cache.settings).unwrap_or_default(),
            store: built.store.settings,
        };
        let made = Arm::new(&arm.name, strategy, settings);
        arms.push(made.map_err(|error| Failure::Usage(format!("arm {}: {error}", arm.name)))?);
    }
    if arms.is_empty() {
        return Err(Failure::Usage("no arm of the workload has a cache to lose: give one with --arm".into()));
    }
    Ok(arms)
}

fn plane(args: &StabilityArgs, definition: &Definition, scenario: &Scenario) -> Result<Plane, Failure> {
    let capacity = scenario.capacity();
    let step = |place: usize| capacity * MOST.powf(place as f64 / (LOADS - 1) as f64);
    let loads = if args.loads.is_empty() { (0..LOADS).map(step).collect() } else { args.loads.clone() };
    for (flag, values) in [("--loads", &loads), ("--lost", &args.lost)] {
        if !values.is_sorted_by(|a, b| a < b) {
            return Err(Failure::Usage(format!("{flag} takes values that ascend, each once")));
        }
    }
    Ok(Plane {
        loads,
        shares: args.lost.clone(),
        rule: StateRule { horizon: args.horizon, ..StateRule::USUAL },
        runs: args.runs,
        precision: PRECISION,
        seed: definition.seed,
    })
}
