//! What speaks against the answer, briefly: the page and the terminal say each at length elsewhere.

use super::lists::one_of;
use crate::analysis::{Analysis, Concern, Trust};
use crate::tables::counted;
use crate::units;
use cachemark_results::warning::{CLIENT_BOUND, LATE_FLUSHES, NOISY, WarningKind};
use cachemark_results::{Run, Status, Trial};
use std::collections::BTreeMap;

/// Of the run; `judged` is whether the answer stands on verdicts, which noise speaks against.
pub(super) fn doubts(run: &Run, analysis: &Analysis<'_>, trust: &Trust, judged: bool) -> Vec<String> {
    let mut doubts = Vec::new();
    let planned = run.manifest.planned_trials();
    if run.manifest.status != Status::Complete {
        doubts.push(format!("not complete: {} of {}", run.trials.len(), counted(planned, "trial")));
    }
    let invalid: usize = analysis.cells.iter().map(|figures| figures.invalid.len()).sum();
    if invalid > 0 {
        doubts.push(format!("{invalid} of {} invalid", counted(run.trials.len(), "trial")));
    }
    doubts.extend(judged.then(|| noise(run, analysis)).flatten());
    doubts.extend(briefly(trust.reasons.iter().chain(&trust.doubts)));
    doubts
}

/// What is only worth knowing of most runs, and a doubt of what is recommended.
const OF_ARMS: [(WarningKind, &str); 2] =
    [(LATE_FLUSHES, "it writes to the store later"), (CLIENT_BOUND, "its throughput is a lower bound")];

/// The same of the trials of those that are recommended.
pub(super) fn of_arms(analysis: &Analysis<'_>, arms: &[&str]) -> Vec<String> {
    let cells = || analysis.cells.iter().filter(|figures| arms.contains(&analysis.label(figures)));
    let trials: Vec<&Trial> = cells().flat_map(|figures| &figures.trials).copied().collect();
    let has = |trial: &Trial, kind: &WarningKind| trial.warnings.iter().any(|warning| warning.code == kind.code);
    let told = OF_ARMS.iter().filter_map(|(kind, words)| {
        let count = trials.iter().filter(|trial| has(trial, kind)).count();
        let of = counted(trials.len(), "trial");
        (count > 0).then(|| format!("{words} ({} in {count} of {of} of {})", kind.code, one_of(arms)))
    });
    told.collect()
}

/// How far two runs of the same arm lie apart, where that is more than what is to matter, or is not known.
fn noise(run: &Run, analysis: &Analysis<'_>) -> Option<String> {
    let all = analysis.families.len();
    let Some(most) = most_noise(analysis) else {
        return Some("noise not known: there is no A/A control with blocks enough".to_owned());
    };
    let noisy = analysis.families.iter().filter(|family| family.noisy).count();
    let margin = units::percent(run.manifest.equivalence_margin);
    (noisy > 0).then(|| {
        format!(
            "noisy: in {noisy} of {} the A/A control strays by more than the {margin} that matter, ± {} at most",
            counted(all, "comparison"),
            units::percent(most)
        )
    })
}

/// How far two runs of the same arm lie apart at most.
fn most_noise(analysis: &Analysis<'_>) -> Option<f64> {
    analysis.families.iter().filter_map(|family| family.noise).reduce(f64::max)
}

/// The same where it is no doubt.
pub(super) fn quiet(analysis: &Analysis<'_>) -> Option<String> {
    let most = most_noise(analysis).filter(|_| !analysis.families.iter().any(|family| family.noisy))?;
    Some(format!("the same arm, run twice, strays by ± {} at most", units::percent(most)))
}

/// One line for each code, without the noise.
fn briefly<'a>(concerns: impl Iterator<Item = &'a Concern>) -> Vec<String> {
    let mut codes: BTreeMap<&str, (Option<usize>, usize, usize)> = BTreeMap::new();
    for concern in concerns.filter(|concern| concern.code != NOISY.code) {
        let told = codes.entry(&concern.code).or_insert((concern.trials, concern.of, 0));
        told.2 += 1;
    }
    let one = |(code, (trials, of, times)): (&str, (Option<usize>, usize, usize))| {
        let words = code.replace('-', " ");
        match (trials, times) {
            (Some(trials), _) => format!("{words} in {trials} of {}", counted(of, "trial")),
            (None, 1) => words,
            (None, times) => format!("{words} ({times} times)"),
        }
    };
    codes.into_iter().map(one).collect()
}
