//! What speaks against what a run with faults says.

use crate::analysis::Analysis;
use crate::tables::counted;
use crate::units;
use cachemark_results::{FaultSeen, RESTLESS, Run, Trial};

/// A sentence's part each.
pub(crate) fn doubts(run: &Run, analysis: &Analysis<'_>) -> Vec<String> {
    if !analysis.has_faults() {
        return Vec::new();
    }
    let broken: Vec<&Trial> = run.trials.iter().filter(|trial| !trial.faults.is_empty()).collect();
    [failed(&broken), late(&broken, analysis.recovery_ties[0]), restless(&broken), by_proxy(&broken)]
        .into_iter()
        .flatten()
        .collect()
}

fn in_trials(count: usize, all: usize) -> String {
    format!("in {count} of {}", counted(all, "trial"))
}

fn failed(trials: &[&Trial]) -> Option<String> {
    let found = trials.iter().filter(|trial| trial.faults.iter().any(|fault| fault.failed.is_some())).count();
    let mut faults = trials.iter().flat_map(|trial| &trial.faults);
    let (fault, said) = faults.find_map(|fault| Some((fault, fault.failed.as_deref()?)))?;
    Some(format!(
        "\"{}\" could not be done or undone {} ({})",
        fault.in_words,
        in_trials(found, trials.len()),
        said.trim_end_matches('.')
    ))
}

/// Faults that were in place more than a window later than declared.
fn late(trials: &[&Trial], window_ns: f64) -> Option<String> {
    let by = |fault: &FaultSeen| Some(fault.began_ns?.saturating_sub(fault.at_ns) as f64).filter(|by| *by > window_ns);
    let of_trial = |trial: &&Trial| trial.faults.iter().filter_map(by).reduce(f64::max);
    let found: Vec<f64> = trials.iter().filter_map(of_trial).collect();
    let most = found.iter().copied().reduce(f64::max)?;
    Some(format!(
        "a fault was in place up to {} later than declared {}",
        units::time(most),
        in_trials(found.len(), trials.len())
    ))
}

/// Trials that were not at rest before anything was done to them.
fn restless(trials: &[&Trial]) -> Option<String> {
    let noise = |trial: &&Trial| trial.recovery.as_ref()?.noise.filter(|share| *share >= RESTLESS);
    let found: Vec<f64> = trials.iter().filter_map(noise).collect();
    let most = found.iter().copied().reduce(f64::max)?;
    Some(format!(
        "restless before the fault: up to {} of its windows missed the plain bounds of \"as before\" themselves {}",
        units::whole_percent(most),
        in_trials(found.len(), trials.len())
    ))
}

fn by_proxy(trials: &[&Trial]) -> Option<String> {
    let mut kinds: Vec<&str> = Vec::new();
    for fault in trials.iter().flat_map(|trial| &trial.faults).filter(|fault| fault.actor == "proxy") {
        if !kinds.contains(&fault.kind.as_str()) {
            kinds.push(&fault.kind);
        }
    }
    (!kinds.is_empty()).then(|| {
        format!(
            "{} was done by a proxy, through which every call went: times hold the way through it",
            units::listed(&kinds)
        )
    })
}
