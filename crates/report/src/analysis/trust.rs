//! Whether a record is to be trusted, and what speaks against it.

use super::level::{Level, not_level};
use super::{Analysis, Family, Role, Subject};
use crate::units;
use cachemark_results::warning::{Gravity, gravity};
use cachemark_results::{Capacity, MANY, Run, Trial, Warning};
use cachemark_stats::HitRatioShift;
use std::collections::BTreeMap;

/// What speaks against a record, by gravity: one model for exit code, page, summary, terminal and JSON.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    /// Why it is not to be trusted, strict or not: operations of it failed, what came back was wrong, or a capacity search
    /// found nothing to go by.
    pub reasons: Vec<Concern>,
    /// What `--strict` refuses it for besides: trials that are invalid, overloaded or not steady, a control that strays.
    pub doubts: Vec<Concern>,
    /// What a reader should know: noisy neighbours and the like.
    pub labels: Vec<Concern>,
}

/// One thing that speaks against a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Concern {
    /// The code of the trials' warnings; of the run whole `unmeasured`, `noisy` or `control-misses-1`.
    pub code: String,
    /// In how many trials it was seen; none where it is of no single trial.
    pub trials: Option<usize>,
    /// Of how many trials that the record is judged by.
    pub of: usize,
    /// Whether these trials are invalid for it.
    pub invalidates: bool,
    /// What was seen: of many trials, in the first.
    pub seen: String,
}

impl Trust {
    /// Weighs a record. Of a capacity search only the trials at its answers count, for it goes on until one goes wrong.
    #[must_use]
    pub fn of(run: &Run, analysis: &Analysis<'_>) -> Self {
        let mut trust = Self::default();
        for (code, concern) in of_trials(run) {
            let least = if concern.invalidates { Gravity::Doubt } else { Gravity::Label };
            let concerns = match gravity(code).max(least) {
                Gravity::Grave => &mut trust.reasons,
                Gravity::Doubt => &mut trust.doubts,
                Gravity::Label => &mut trust.labels,
            };
            concerns.push(concern);
        }
        trust.reasons.extend(unmeasured(run));
        trust.reasons.extend(changed(run));
        trust.doubts.extend((analysis.subject == Subject::Service).then(|| bypassed(run)).flatten());
        trust.doubts.extend(analysis.families.iter().flat_map(|family| of_family(run, family)));
        trust.weigh_levels(run);
        trust
    }

    fn weigh_levels(&mut self, run: &Run) {
        let levels = not_level(run);
        for (cell, level) in &levels {
            if let Level::Moved(shift) = level {
                let HitRatioShift { earlier, later, .. } = *shift;
                let seen =
                    format!("{cell}: from {earlier:.3} in the first halves of its windows to {later:.3} in the second");
                self.doubts.push(of_run(run, "hit-ratio-moved", seen));
            }
        }
        let unseen: Vec<f64> = levels.iter().filter_map(|(_, level)| could_not_see(*level)).collect();
        if let Some(most) = unseen.iter().copied().reduce(f64::max) {
            let cells = crate::tables::counted(unseen.len(), "cell");
            let points = format!("{:.0} points", 100.0 * most);
            let seen =
                format!("{cells}: a move of the hit ratio by up to {points} within the windows could not be told");
            self.labels.push(of_run(run, "level-unknown", seen));
        }
    }

    /// Whether nothing grave speaks against it.
    #[must_use]
    pub fn is_trusted(&self) -> bool {
        self.reasons.is_empty()
    }
}

impl Concern {
    /// All of it, in a line.
    #[must_use]
    pub fn line(&self) -> String {
        let Self { code, of, seen, .. } = self;
        let invalid = if self.invalidates { "invalid: " } else { "" };
        match self.trials {
            None => format!("{code}: {seen}"),
            Some(1) => format!("{code}: in 1 of {}: {invalid}{seen}", trials(*of)),
            Some(count) => {
                format!(
                    "{code}: in {} of {}, the first of them {invalid}{seen}",
                    units::count(count as f64),
                    trials(*of)
                )
            }
        }
    }

    /// Where there is no room for what was seen.
    #[must_use]
    pub fn brief(&self) -> String {
        match self.trials {
            None => self.line(),
            Some(count) => {
                let invalid = if self.invalidates { ", invalid" } else { "" };
                format!("{} in {} of {}{invalid}", self.code, units::count(count as f64), trials(self.of))
            }
        }
    }
}

fn trials(count: usize) -> String {
    crate::tables::counted(count, "trial")
}

/// The trials that a run is trusted by.
fn judged(run: &Run) -> Vec<&Trial> {
    let searched = &run.manifest.capacities;
    let answers: Vec<u32> = searched.iter().flat_map(Capacity::trials_at_answer).collect();
    run.trials.iter().filter(|trial| searched.is_empty() || answers.contains(&trial.number)).collect()
}

/// One concern for each code of the trials' warnings.
fn of_trials(run: &Run) -> BTreeMap<&str, Concern> {
    let mut codes: BTreeMap<&str, Concern> = BTreeMap::new();
    let judged = judged(run);
    for trial in &judged {
        let mut seen: Vec<&str> = Vec::new();
        for Warning { code, text, invalidates } in &trial.warnings {
            let first = || Concern {
                code: code.clone(),
                trials: Some(0),
                of: judged.len(),
                invalidates: false,
                seen: format!("{}: {text}", trial.cell),
            };
            let concern = codes.entry(code).or_insert_with(first);
            concern.invalidates |= invalidates;
            // A trial may carry two warnings of one sort.
            if !seen.contains(&code.as_str()) {
                concern.trials = concern.trials.map(|count| count + 1);
                seen.push(code);
            }
        }
    }
    codes
}

/// The definition beside the figures is not theirs.
fn changed(run: &Run) -> Option<Concern> {
    let seen = run.changed_definition()?;
    Some(Concern { code: "definition-changed".into(), trials: None, of: run.trials.len(), invalidates: false, seen })
}

/// Reads past the cache of a service whose cache answers others: it may have lost its cache for a while.
fn bypassed(run: &Run) -> Option<Concern> {
    let judged = judged(run);
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
    Some(Concern { trials: Some(found.len()), of: judged.len(), ..of_run(run, "cache-bypassed", seen) })
}

fn could_not_see(level: Level) -> Option<f64> {
    match level {
        Level::CouldNotSee(points) => Some(points),
        Level::Moved(_) => None,
    }
}

fn of_run(run: &Run, code: &str, seen: String) -> Concern {
    Concern { code: code.to_owned(), trials: None, of: run.trials.len(), invalidates: false, seen }
}

fn unmeasured(run: &Run) -> impl Iterator<Item = Concern> {
    run.manifest.capacities.iter().filter_map(|found| {
        let note = found.note.as_ref()?;
        let seen = format!("{}: `{}` was not measured: {note}", found.cell, found.objective);
        Some(of_run(run, "unmeasured", seen))
    })
}

fn of_family(run: &Run, family: &Family) -> Vec<Concern> {
    let mut concerns = Vec::new();
    if let Some(noise) = family.noise.filter(|_| family.noisy) {
        let (noise, margin) = (units::percent(noise), units::percent(run.manifest.equivalence_margin));
        let seen = format!("{}: the A/A control strays by ± {noise}, and {margin} is to matter", family.name);
        concerns.push(of_run(run, "noisy", seen));
    }
    for control in family.rows.iter().filter(|row| row.role == Role::Control && row.misses_1()) {
        let interval = control.interval();
        let seen = format!("{}: the A/A control misses 1: its interval is {interval}", family.name);
        concerns.push(of_run(run, "control-misses-1", seen));
    }
    concerns
}
