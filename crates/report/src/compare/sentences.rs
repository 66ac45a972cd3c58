//! What is said of a comparison, for all faces alike.

use super::{Aspect, ComparedRow, Identity, RowVerdict, RunComparison};
use crate::tables::counted;
use crate::units;
use cachemark_stats::{CONFIDENCE, RUNS_NEEDED, STORED_NEEDED};
use std::collections::BTreeMap;

/// So many folders, cells or differences are named where there may be many.
const NAMED: usize = 4;

/// What came out, in a sentence.
pub(super) fn conclusion(comparison: &RunComparison) -> String {
    let count = |verdict: RowVerdict| comparison.rows.iter().filter(|row| row.verdict() == verdict).count();
    let regressions = count(RowVerdict::Regression);
    let others: Vec<String> = RowVerdict::ALL
        .into_iter()
        .filter(|verdict| *verdict != RowVerdict::Regression && count(*verdict) > 0)
        .map(|verdict| format!("{} {}", count(verdict), verdict.in_words()))
        .collect();
    let (margin, rows) = (units::percent(comparison.margin), counted(comparison.rows.len(), "row"));
    let head = match regressions {
        0 => format!("No regression beyond {margin} was shown in {rows}"),
        some => format!("{} beyond {margin} in {rows}", counted(some, "regression")),
    };
    if others.is_empty() { format!("{head}.") } else { format!("{head}: {}.", others.join(", ")) }
}

/// `smoke: 4 runs against a baseline of 4`.
pub(super) fn title(comparison: &RunComparison) -> String {
    let compared = counted(comparison.compared.len(), "run");
    format!("{}: {compared} against a baseline of {}", comparison.name, comparison.baseline.len())
}

/// What has to be known to read the rows.
pub(super) fn notes(comparison: &RunComparison) -> Vec<String> {
    let mut notes = vec![
        format!("baseline: {}", side(&comparison.baseline)),
        format!("compared: {}", side(&comparison.compared)),
        method(comparison),
    ];
    notes.push(format!(
        "A regression is worse by a whole interval beyond {} (a factor of {}).",
        units::percent(comparison.margin),
        units::ratio(1.0 + comparison.margin)
    ));
    notes.extend(without_verdict(comparison));
    notes.extend(differences(comparison));
    notes.extend(left_out(comparison));
    if !comparison.absent.is_empty() {
        let names: Vec<&str> = comparison.absent.iter().map(|figure| figure.name).collect();
        notes.push(format!("No run has {}: too few operations, or nothing that tells it.", units::listed(&names)));
    }
    notes
}

/// That the other side lacks what the baseline has, if it does.
pub(super) fn lost(rows: &[ComparedRow]) -> Option<String> {
    let lost: Vec<String> = rows.iter().filter(|row| row.is_lost()).map(name).collect();
    let more = lost.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let shown = &lost[..lost.len().min(NAMED)];
    (!lost.is_empty())
        .then(|| format!("measured in the baseline and not in every compared run: {}{more}", shown.join("; ")))
}

fn name(row: &ComparedRow) -> String {
    format!("{} of {}", row.title, row.cell)
}

/// What speaks against trusting a record.
pub(super) fn warnings(comparison: &RunComparison) -> Vec<String> {
    comparison.untrusted.iter().map(|line| format!("not to be trusted: {line}")).collect()
}

pub(super) fn side(runs: &[Identity]) -> String {
    let shown: Vec<String> = runs.iter().take(NAMED).map(|run| run.folder.display().to_string()).collect();
    let more = runs.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let build = runs.first().and_then(|run| run.build.as_deref());
    let build = build.map(|build| format!(", cachemark {build}")).unwrap_or_default();
    format!("{}{more}{build}", shown.join(", "))
}

/// How the rows were judged.
fn method(comparison: &RunComparison) -> String {
    let rows = counted(comparison.rows.iter().filter(|row| row.found.is_some()).count(), "row");
    let of_run = "A run's figure is the median over its trials";
    match comparison.stored {
        None => {
            let confidence =
                comparison.rows.iter().find_map(|row| row.found?.interval).map(|interval| interval.confidence);
            format!(
                "{of_run}. Ratio: Hodges-Lehmann over all pairs of runs; interval: exact, by Mann-Whitney, {}, not adjusted. The \
                 verdicts hold for {rows} together: whole runs are relabelled, so that cells which drift together count as one \
                 (Westfall and Young).",
                units::percent(confidence.unwrap_or(CONFIDENCE))
            )
        }
        Some(stored) if stored >= STORED_NEEDED => format!(
            "{of_run}. A side has fewer than {RUNS_NEEDED} runs, so the drift between runs is that of {stored} stored ones of this \
             definition on this machine: interval of 95 % by Student's t, not adjusted; verdicts by Holm over {rows}."
        ),
        Some(_) => format!("{of_run}. The ratio is that of their geometric means; nothing tells how runs drift."),
    }
}

/// Why rows have no verdict, those alike together.
fn without_verdict(comparison: &RunComparison) -> Vec<String> {
    let mut reasons: BTreeMap<(RowVerdict, String), Vec<String>> = BTreeMap::new();
    for row in &comparison.rows {
        if let Some(why) = row.why() {
            reasons.entry((row.verdict(), why)).or_default().push(name(row));
        }
    }
    let told = reasons.into_iter().map(|((verdict, why), rows)| {
        let of = if rows.len() > NAMED { counted(rows.len(), "row") } else { rows.join("; ") };
        format!("{}: {why} ({of}).", units::capital(verdict.in_words()))
    });
    told.collect()
}

fn differences(comparison: &RunComparison) -> Vec<String> {
    let of = |aspect: Aspect| {
        let lines: Vec<String> = comparison
            .differences
            .iter()
            .filter(|difference| difference.aspect == aspect)
            .map(super::AspectDifference::in_words)
            .collect();
        let more = lines.len().saturating_sub(NAMED);
        let more = if more > 0 { format!("; and {more} more") } else { String::new() };
        let shown: Vec<String> = lines.iter().take(NAMED).cloned().collect();
        (!lines.is_empty()).then(|| format!("Not the same {}: {}{more}.", aspect.name(), shown.join("; ")))
    };
    Aspect::ALL.into_iter().filter_map(of).collect()
}

fn left_out(comparison: &RunComparison) -> Vec<String> {
    let told = |cells: &Vec<String>, whose: &str| {
        let more = cells.len().saturating_sub(NAMED);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let shown: Vec<&str> = cells.iter().take(NAMED).map(String::as_str).collect();
        (!cells.is_empty()).then(|| format!("Not in every run of both sides, {whose}: {}{more}.", shown.join("; ")))
    };
    let [baseline, compared] = &comparison.left_out;
    told(baseline, "of the baseline").into_iter().chain(told(compared, "of the compared side")).collect()
}
