//! Where nothing is recommended, and why.

use super::candidates::Candidates;
use super::{Answer, Grade, Kind};
use crate::analysis::{Analysis, CellFigures, Family, FamilyRow, Role, Trust};
use crate::tables::counted;
use crate::units;
use cachemark_results::Run;
use cachemark_results::warning::{DEBUG_BUILD, RESUMED_BY_FORCE, UNMEASURED, WarningKind};
use cachemark_stats::{NotJudged, Verdict};

/// Doubts that leave no verdict standing: they say so themselves.
const VOID: [WarningKind; 2] = [RESUMED_BY_FORCE, DEBUG_BUILD];
/// How many figures of one arm are told.
const FIGURES: usize = 4;

/// The answer that recommends nothing.
pub(super) fn answer(why: String) -> Answer {
    Answer { grade: Some(Grade::None), sure: Some("Not at all.".to_owned()), ..Answer::new(Kind::None, why) }
}

/// What speaks against any answer, whatever the figures.
pub(super) fn of_run(run: &Run, analysis: &Analysis<'_>, trust: &Trust) -> Option<String> {
    if run.trials.is_empty() {
        return Some("Nothing to recommend: no trial was finished.".to_owned());
    }
    if analysis.cells.iter().all(|figures| figures.trials.is_empty()) {
        let why = run.trials.iter().find_map(|trial| trial.invalid_because());
        let why = why.map(|warning| format!(" ({})", warning.code)).unwrap_or_default();
        return Some(format!("Nothing to recommend: all {} are invalid{why}.", counted(run.trials.len(), "trial")));
    }
    // That one search of several found nothing is among its results.
    let grave = trust.reasons.iter().find(|concern| concern.trials.is_none() && concern.code != UNMEASURED.code);
    let void = trust.doubts.iter().find(|concern| VOID.iter().any(|kind| kind.code == concern.code));
    grave.or(void).map(|concern| format!("Nothing to recommend: the run is no evidence ({}).", concern.code))
}

/// Whether nothing is compared.
pub(super) fn is_alone(analysis: &Analysis<'_>) -> bool {
    !analysis.families.iter().any(|family| rows(family).any(|row| row.unsupported.is_none()))
}

fn rows(family: &Family) -> impl Iterator<Item = &FamilyRow> {
    family.rows.iter().filter(|row| row.role == Role::Compared)
}

/// The figures of what ran by itself.
pub(super) fn alone(analysis: &Analysis<'_>) -> Answer {
    let measured = analysis.cells.iter().filter(|figures| !figures.trials.is_empty() && !figures.cell.control);
    let measured: Vec<&CellFigures<'_>> = measured.collect();
    let mut names: Vec<&str> = Vec::new();
    for figures in &measured {
        if !names.contains(&analysis.label(figures)) {
            names.push(analysis.label(figures));
        }
    }
    let what = match names.as_slice() {
        [one] => format!("Nothing to choose from: {one} ran alone."),
        many => format!("Nothing to choose from: none of {} is compared with another.", super::lists::all_of(many)),
    };
    let told = analysis.shown.iter().filter_map(|figure| {
        let medians: Vec<f64> = measured.iter().filter_map(|figures| figures.median(figure)).collect();
        let least = medians.iter().copied().reduce(f64::min)?;
        let most = medians.iter().copied().reduce(f64::max)?;
        let [least, most] = [least, most].map(|value| units::figure(figure, value));
        let title = analysis.title(figure);
        Some(if least == most { format!("{title} {least}") } else { format!("{title} {least} to {most}") })
    });
    let told: Vec<String> = told.take(FIGURES).collect();
    Answer {
        names: Vec::new(),
        price: (!told.is_empty()).then(|| format!("Medians: {}.", told.join("; "))),
        ..Answer::new(Kind::Alone, what)
    }
}

/// Why there is no verdict to go by.
pub(super) fn without_verdict(analysis: &Analysis<'_>, candidates: &Candidates<'_>) -> String {
    let compared = || analysis.families.iter().flat_map(rows);
    if candidates.names.is_empty() {
        return "Nothing to recommend: every arm did what no figure makes up for.".to_owned();
    }
    let short = analysis.families.iter().filter(|family| family.size > 0 && family.blocks < family.blocks_needed);
    if let Some(family) = short.max_by_key(|family| family.blocks_needed) {
        return format!(
            "Nothing to recommend yet: no verdict on {} from {}; {} are needed.",
            counted(family.size, "comparison"),
            counted(family.blocks as usize, "block"),
            family.blocks_needed
        );
    }
    if compared().any(|row| row.withheld.is_some()) {
        return "Nothing to recommend: verdicts were withheld for what the arms did.".to_owned();
    }
    let pairs = compared().filter_map(|row| match row.judgement.as_ref()?.verdict {
        Verdict::NotJudged { reason: NotJudged::TooFewPairs { have, needed } } => Some((have, needed)),
        _ => None,
    });
    match pairs.min() {
        Some((have, needed)) => {
            format!("Nothing to recommend yet: verdicts need {needed} pairs of valid trials, and there are {have}.")
        }
        None => "Nothing to recommend: no comparison has a verdict.".to_owned(),
    }
}
