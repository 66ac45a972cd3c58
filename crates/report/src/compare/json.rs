//! Comparisons as data.

use super::{AspectDifference, ComparedRow, Identity, RunComparison};
use cachemark_stats::Scale;
use serde_json::{Value, json};

/// What comparisons say, as numbers: times in ns, shares from 0 to 1; null is what was not measured or could not be told.
#[must_use]
pub fn comparisons_as_json(comparisons: &[RunComparison]) -> Value {
    let regressions: usize = comparisons.iter().map(|comparison| comparison.regressions().count()).sum();
    json!({
        "regressions": regressions,
        "comparisons": comparisons.iter().map(of).collect::<Vec<_>>(),
    })
}

fn of(comparison: &RunComparison) -> Value {
    let [only_baseline, only_compared] = &comparison.left_out;
    json!({
        "name": comparison.name,
        "conclusion": comparison.conclusion(),
        "baseline": comparison.baseline.iter().map(identity).collect::<Vec<_>>(),
        "compared": comparison.compared.iter().map(identity).collect::<Vec<_>>(),
        "stored_runs": comparison.stored,
        "margin": comparison.margin,
        "trusted": comparison.untrusted.is_empty(),
        "reasons": comparison.untrusted,
        "regressions": comparison.regressions().count(),
        "differences": comparison.differences.iter().map(difference).collect::<Vec<_>>(),
        "not_in_every_run_of_baseline": only_baseline,
        "not_in_every_run_of_compared": only_compared,
        "rows": comparison.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

fn identity(run: &Identity) -> Value {
    json!({ "folder": run.folder.to_string_lossy(), "build": run.build })
}

fn difference(difference: &AspectDifference) -> Value {
    json!({
        "aspect": difference.aspect.name(),
        "what": difference.difference.what,
        "baseline": difference.difference.then,
        "compared": difference.difference.now,
    })
}

fn row(row: &ComparedRow) -> Value {
    let [baseline, compared] = row.medians();
    let found = row.found.as_ref();
    let on = |scale: Scale| found.filter(|found| found.scale == scale);
    let interval = |scale: Scale| on(scale).and_then(|found| found.interval).map(|found| [found.low, found.high]);
    json!({
        "figure": row.figure.name,
        "cell": row.cell,
        "family": row.family,
        "label": row.label,
        "baseline": baseline,
        "compared": compared,
        "baseline_runs": row.values[0],
        "compared_runs": row.values[1],
        "ratio": on(Scale::Ratio).map(|found| found.estimate),
        "interval": interval(Scale::Ratio),
        "difference": on(Scale::Difference).map(|found| found.estimate),
        "difference_interval": interval(Scale::Difference),
        "confidence": found.and_then(|found| found.interval).map(|interval| interval.confidence),
        "adjusted_p": found.and_then(|found| found.adjusted_p),
        "verdict": row.verdict().in_words(),
        "why": row.why(),
    })
}
