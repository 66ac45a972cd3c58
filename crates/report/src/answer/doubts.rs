//! What speaks against the answer, briefly: the page and the terminal say each at length elsewhere.

use super::lists::one_of;
use crate::analysis::{Analysis, Concern, Trust};
use crate::tables::counted;
use crate::units;
use cachemark_results::warning::{CLIENT_BOUND, CONTROL_MISSES_1, LATE_FLUSHES, NOISY, WarningKind};
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

/// How far two runs of the same arm lie apart by the figure that decides, where that is more than what is to matter, or is not known;
/// by the others only that they do.
fn noise(run: &Run, analysis: &Analysis<'_>) -> Option<String> {
    if analysis.families.iter().all(|family| family.noise.is_none()) {
        return Some("noise not known: there is no A/A control with blocks enough".to_owned());
    }
    let first = analysis.verdict_on.first().copied();
    let noisy = |is_first: bool| {
        let of_figure = analysis.families.iter().filter(move |family| (family.figure == first) == is_first);
        of_figure.filter(|family| family.noisy).filter_map(|family| family.noise).reduce(f64::max)
    };
    let margin = units::percent(run.manifest.equivalence_margin);
    let of_first = noisy(true).zip(first).map(|(most, figure)| {
        let title = analysis.title(figure);
        format!(
            "noisy: two runs of the same arm differ by up to ± {} in {title}, where {margin} is to matter",
            units::percent(most)
        )
    });
    let of_others = noisy(false).map(|most| {
        let what = if of_first.is_some() { "" } else { "noisy: two runs of the same arm differ by " };
        format!("{what}up to ± {} in other figures", units::percent(most))
    });
    let told: Vec<String> = of_first.into_iter().chain(of_others).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

/// One line for each code, without the noise.
fn briefly<'a>(concerns: impl Iterator<Item = &'a Concern>) -> Vec<String> {
    let mut codes: BTreeMap<&str, (Option<usize>, usize, usize)> = BTreeMap::new();
    for concern in concerns.filter(|concern| concern.code != NOISY.code) {
        let told = codes.entry(&concern.code).or_insert((concern.trials, concern.of, 0));
        told.2 += 1;
    }
    let one = |(code, (trials, of, times)): (&str, (Option<usize>, usize, usize))| {
        let words = match code {
            code if code == CONTROL_MISSES_1.code => {
                "the second run of the reference differs from the first".to_owned()
            }
            code => code.replace('-', " "),
        };
        match (trials, times) {
            (Some(trials), _) => format!("{words} in {trials} of {}", counted(of, "trial")),
            (None, 1) => words,
            (None, times) => format!("{words} in {times} places"),
        }
    };
    codes.into_iter().map(one).collect()
}
