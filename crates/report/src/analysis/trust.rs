//! Whether a record is to be trusted, and what speaks against it.

mod of_run;

use super::Analysis;
use crate::units;
use cachemark_results::warning::{Gravity, gravity, is_of_load, meaning};
use cachemark_results::{Capacity, Run, Trial, Warning};
use std::collections::{BTreeMap, BTreeSet};

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
    /// A code of [`OF_TRIALS`](cachemark_results::warning::OF_TRIALS), or of
    /// [`OF_RUNS`](cachemark_results::warning::OF_RUNS) where it is of the run whole.
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
    /// Weighs a record. Of a capacity search, which goes on until a load is too great, what a load brings about counts only in
    /// the trials that its answers stand on.
    #[must_use]
    pub fn of(run: &Run, analysis: &Analysis<'_>) -> Self {
        let mut trust = Self::default();
        let judged = judged(run);
        of_trials(run, &judged).into_values().for_each(|concern| trust.add(concern));
        of_run::concerns(run, analysis, &judged).into_iter().for_each(|concern| trust.add(concern));
        trust
    }

    fn add(&mut self, concern: Concern) {
        let least = if concern.invalidates { Gravity::Doubt } else { Gravity::Label };
        let concerns = match gravity(&concern.code).max(least) {
            Gravity::Grave => &mut self.reasons,
            Gravity::Doubt => &mut self.doubts,
            Gravity::Label => &mut self.labels,
        };
        concerns.push(concern);
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

    /// Where there is no room for what was seen: of trials, what their code means. What is of the run whole says all by itself.
    #[must_use]
    pub fn brief(&self) -> String {
        let Some(count) = self.trials else { return self.line() };
        let invalid = if self.invalidates { ", invalid" } else { "" };
        let brief = format!("{} in {} of {}{invalid}", self.code, units::count(count as f64), trials(self.of));
        match meaning(&self.code) {
            Some(meaning) => format!("{brief}: {meaning}"),
            None => brief,
        }
    }
}

fn trials(count: usize) -> String {
    crate::tables::counted(count, "trial")
}

/// The trials that a run is trusted by: of a search, those that its answers stand on.
fn judged(run: &Run) -> Vec<&Trial> {
    let searched = &run.manifest.capacities;
    let answers: BTreeSet<u32> = searched.iter().flat_map(Capacity::trials_at_answer).collect();
    run.trials.iter().filter(|trial| searched.is_empty() || answers.contains(&trial.number)).collect()
}

/// One concern for each code of the trials' warnings.
fn of_trials<'a>(run: &'a Run, judged: &[&Trial]) -> BTreeMap<&'a str, Concern> {
    let mut codes: BTreeMap<&str, Concern> = BTreeMap::new();
    let numbers: BTreeSet<u32> = judged.iter().map(|trial| trial.number).collect();
    for trial in &run.trials {
        let is_judged = numbers.contains(&trial.number);
        let mut seen: Vec<&str> = Vec::new();
        for Warning { code, text, invalidates } in &trial.warnings {
            let of_load = is_of_load(code);
            if of_load && !is_judged {
                continue;
            }
            let first = || Concern {
                code: code.clone(),
                trials: Some(0),
                of: if of_load { judged.len() } else { run.trials.len() },
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
