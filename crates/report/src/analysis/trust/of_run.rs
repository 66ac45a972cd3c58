//! What speaks against a record and is of no single trial.

use super::Concern;
use crate::analysis::level::{Level, not_level};
use crate::analysis::{Analysis, Family, Role, Subject};
use crate::tables::counted;
use crate::units;
use cachemark_results::warning::{self, WarningKind};
use cachemark_results::{Capacity, DataDisk, MANY, Resumption, Run, Status, Trial, Warning};
use cachemark_stats::HitRatioShift;

/// All of it; `judged` are the trials that the run is trusted by.
pub(super) fn concerns(run: &Run, analysis: &Analysis<'_>, judged: &[&Trial]) -> Vec<Concern> {
    let mut concerns = noted(run);
    concerns.extend(changed(run));
    concerns.extend(missing(run));
    concerns.extend(run.manifest.capacities.iter().filter_map(|found| unmeasured(run, found)));
    concerns.extend(resumed_by_force(run));
    concerns.extend(made_with(run));
    concerns.extend((analysis.subject == Subject::Service).then(|| bypassed(run, judged)).flatten());
    concerns.extend(noisy(run, analysis));
    concerns.extend(analysis.families.iter().flat_map(|family| control_misses_1(run, analysis, family)));
    concerns.extend(levels(run, judged));
    concerns
}

fn of_run(run: &Run, kind: WarningKind, seen: String) -> Concern {
    Concern { code: kind.code.to_owned(), trials: None, of: run.trials.len(), invalidates: false, seen }
}

/// What the manifest says itself.
fn noted(run: &Run) -> Vec<Concern> {
    let one = |Warning { code, text, invalidates }: &Warning| Concern {
        code: code.clone(),
        trials: None,
        of: run.trials.len(),
        invalidates: *invalidates,
        seen: text.clone(),
    };
    run.manifest.concerns.iter().map(one).collect()
}

/// The definition beside the figures is not theirs.
fn changed(run: &Run) -> Option<Concern> {
    Some(of_run(run, warning::DEFINITION_CHANGED, run.changed_definition()?))
}

/// A record that was measured to its end has every trial of its plan, unless somebody took some away.
fn missing(run: &Run) -> Option<Concern> {
    let (there, planned) = (run.trials.len(), run.manifest.planned_trials());
    let missing = run.manifest.status == Status::Complete && there < planned;
    let seen = || format!("the run calls itself complete, with {there} of {}", counted(planned, "trial"));
    missing.then(|| of_run(run, warning::TRIALS_MISSING, seen()))
}

fn unmeasured(run: &Run, found: &Capacity) -> Option<Concern> {
    let (cell, objective, note) = (&found.cell, &found.objective, found.note.as_ref()?);
    let what = match found.at_least_per_s {
        Some(_) => "was not searched to its end",
        None => "was not measured",
    };
    Some(of_run(run, warning::UNMEASURED, format!("{cell}: `{objective}` {what}: {note}")))
}

/// One for each time that something had changed.
fn resumed_by_force(run: &Run) -> Vec<Concern> {
    let planned = counted(run.manifest.planned_trials(), "trial");
    let one = |Resumption { utc, trials_before, differences, .. }: &Resumption| {
        let seen = format!(
            "the run stopped and was resumed after {trials_before} of {planned} at {utc}, although something had changed: {}. \
             Trials before and after do not belong together, and no verdict over them holds",
            differences.join("; ")
        );
        of_run(run, warning::RESUMED_BY_FORCE, seen)
    };
    run.manifest.resumed.iter().filter(|resumption| !resumption.differences.is_empty()).map(one).collect()
}

/// What the run was made with.
fn made_with(run: &Run) -> Vec<Concern> {
    let Some(environment) = &run.environment else {
        let seen = "it was not recorded what the run was made on and with";
        return vec![of_run(run, warning::NO_ENVIRONMENT, seen.into())];
    };
    let mut concerns = Vec::new();
    if environment.tool.profile == "debug" {
        let seen = "the program was built without optimisation: these figures are no evidence";
        concerns.push(of_run(run, warning::DEBUG_BUILD, seen.into()));
    }
    let written = |store: &str| run.manifest.cells.iter().any(|cell| cell.store == store && cell.read_ratio < 1.0);
    let in_memory = |disk: &&DataDisk| disk.in_memory() && written(&disk.store);
    concerns.extend(environment.data_disks.iter().filter(in_memory).map(|disk| {
        let (store, kind) = (&disk.store, disk.file_system.as_deref().unwrap_or_default());
        let seen = format!(
            "the data of {store} lay on {kind}, which is memory, where nothing is made safe: every write was faster than any \
             disk makes it. Do not compare them with those of a store on a disk"
        );
        of_run(run, warning::DATA_IN_MEMORY, seen)
    }));
    concerns
}

/// Reads past the cache of a service whose cache answers others: it may have lost its cache for a while.
fn bypassed(run: &Run, judged: &[&Trial]) -> Option<Concern> {
    let past = |trial: &&&Trial| {
        let reads = |source: &str| -> u64 {
            let of = trial.buckets.iter().filter(|bucket| bucket.operation == "read" && bucket.source == source);
            of.map(|bucket| bucket.count).sum()
        };
        let (past, hits) = (reads("bypass"), reads("hit") + reads("stale-served"));
        let all: u64 =
            trial.buckets.iter().filter(|bucket| bucket.operation == "read").map(|bucket| bucket.count).sum();
        (hits > 0 && past as f64 > MANY * all as f64).then_some((past, all))
    };
    let found: Vec<(&&Trial, (u64, u64))> = judged.iter().filter_map(|trial| Some((trial, past(&trial)?))).collect();
    let (first, (past, all)) = found.first()?;
    let seen = format!(
        "{}: {} of {} reads went past the service's cache (Cache-Status: fwd=bypass), which answers others",
        first.cell,
        units::count(*past as f64),
        units::count(*all as f64)
    );
    Some(Concern { trials: Some(found.len()), of: judged.len(), ..of_run(run, warning::CACHE_BYPASSED, seen) })
}

/// Families whose A/A control strays further than what is to matter: one line, however many they are.
fn noisy(run: &Run, analysis: &Analysis<'_>) -> Option<Concern> {
    let noise = |family: &Family| family.noise.filter(|_| family.noisy);
    let mut found: Vec<(String, f64)> =
        analysis.families.iter().filter_map(|family| Some((analysis.name_of(family), noise(family)?))).collect();
    found.sort_by(|a, b| a.1.total_cmp(&b.1));
    let margin = units::percent(run.manifest.equivalence_margin);
    let (least, most) = (found.first()?, found.last()?);
    let seen = if found.len() == 1 {
        format!(
            "{}: two runs of the same arm differ by up to ± {}, where {margin} is to matter",
            most.0,
            units::percent(most.1)
        )
    } else {
        format!(
            "in {} of {} two runs of the same arm differ by up to ± {} to {} (the most in {}), where {margin} is to matter",
            found.len(),
            counted(analysis.families.len(), "comparison"),
            units::percent(least.1),
            units::percent(most.1),
            most.0,
        )
    };
    Some(of_run(run, warning::NOISY, seen))
}

fn control_misses_1(run: &Run, analysis: &Analysis<'_>, family: &Family) -> Vec<Concern> {
    let controls = family.rows.iter().filter(|row| row.role == Role::Control && row.misses_1());
    let seen = |interval: String| {
        format!(
            "{}: the second run of the reference differs from the first: the interval of their ratio is {interval}",
            analysis.name_of(family)
        )
    };
    controls.map(|control| of_run(run, warning::CONTROL_MISSES_1, seen(control.interval()))).collect()
}

/// Whether the hit ratios stood still while they were measured.
fn levels(run: &Run, judged: &[&Trial]) -> Vec<Concern> {
    let levels = not_level(run, judged);
    let moved = levels.iter().filter_map(|(cell, level)| match level {
        Level::Moved(HitRatioShift { earlier, later, .. }) => {
            Some(format!("{cell}: from {earlier:.3} in the first halves of its windows to {later:.3} in the second"))
        }
        Level::CouldNotSee(_) => None,
    });
    let mut concerns: Vec<Concern> = moved.map(|seen| of_run(run, warning::HIT_RATIO_MOVED, seen)).collect();
    let unseen: Vec<f64> = levels.iter().filter_map(|(_, level)| could_not_see(*level)).collect();
    if let Some(most) = unseen.iter().copied().reduce(f64::max) {
        let (cells, points) = (counted(unseen.len(), "cell"), 100.0 * most);
        let seen = format!(
            "{cells}: a move of the hit ratio by up to {points:.0} points within the windows could not be told"
        );
        concerns.push(of_run(run, warning::LEVEL_UNKNOWN, seen));
    }
    concerns
}

fn could_not_see(level: Level) -> Option<f64> {
    match level {
        Level::CouldNotSee(points) => Some(points),
        Level::Moved(_) => None,
    }
}
