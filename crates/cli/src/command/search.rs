//! The capacity search: what it searches for, and where it begins.

use crate::exit::Failure;
use cachemark_bench::Objective;
use cachemark_bench::definition::Definition;
use cachemark_report::assertions::{holds_in, why_absent};
use cachemark_results::Manifest;
use cachemark_results::assertion::{Assertion, Relation, Selector};
use cachemark_results::figure;
use std::path::Path;
use std::time::Duration;

/// Where a capacity search begins, in arrivals per second.
pub(super) const FIRST_RATE: f64 = 1_000.0;
/// A trial of a search has so many times as many arrivals as its figure takes.
const AMPLE: f64 = 2.0;
/// The longest trial of a search that was not asked for.
const LONGEST_UNASKED: Duration = Duration::from_secs(60);

/// The objective of a capacity search, checked. It speaks of any cell: which ones are searched, other flags say.
pub(super) fn objective(slo: Option<&str>) -> Result<Option<Assertion>, Failure> {
    let Some(text) = slo else { return Ok(None) };
    if text.contains(',') && !text.contains('[') {
        let text = "--slo: a search has one objective, as 'response.p99 < 2ms'; `cachemark recommend` takes several";
        return Err(Failure::Usage(text.into()));
    }
    let slo: Assertion =
        text.parse().map_err(|error| Failure::Usage(format!("--slo: {error}; write it as in 'response.p99 < 2ms'")))?;
    if slo.selector != Selector::default() {
        return Err(Failure::Usage(
            "--slo: name no cell, as in 'response.p99 < 2ms'; --strategy and the like do".into(),
        ));
    }
    if !matches!(slo.relation, Relation::Below | Relation::AtMost) {
        let text = "--slo: of a search it is an upper bound, which holds at little load and fails at much: write < or <=, as in \
                    'response.p99 < 2ms'; of a record, `cachemark recommend` takes > and >= too";
        return Err(Failure::Usage(text.into()));
    }
    Ok(Some(slo))
}

/// A search begins where its first trial has the figure, and goes on to lower rates if it must.
pub(super) fn lengthen(definition: &mut Definition, slo: &Assertion) {
    let least = ascending(definition).first().copied().unwrap_or(FIRST_RATE);
    let enough = Duration::try_from_secs_f64(AMPLE * slo.figure.needs.samples() as f64 / least);
    let enough = enough.unwrap_or(LONGEST_UNASKED).min(LONGEST_UNASKED);
    definition.driving.duration = definition.driving.duration.max(enough);
}

/// What a search lays its plan out by: the cells without rates, which it finds itself, and without an A/A control.
pub(super) fn searched(definition: &Definition) -> Definition {
    Definition { rates: Vec::new(), control: false, ..definition.clone() }
}

/// What a record searches for; none if it is no search.
pub(super) fn recorded_objective(manifest: &Manifest, folder: &Path) -> Result<Option<Assertion>, Failure> {
    if !manifest.is_search() {
        return Ok(None);
    }
    let text = manifest.capacities.first().map(|found| found.objective.as_str());
    let folder = folder.display();
    let slo = objective(text)?;
    slo.map(Some).ok_or_else(|| Failure::Usage(format!("{folder} does not say what it searches for: search again")))
}

/// What a dry run says of it.
pub(super) fn in_words(definition: &Definition) -> String {
    let rates: Vec<String> = ascending(definition).iter().map(|rate| format!("{rate}/s")).collect();
    let first = rates.join(", ");
    let few = 10 + rates.len() - 1;
    format!(
        "each is searched in some {few} to {} trials: {first} first, until one does not hold; then on from the greatest that \
         held, or between that and the first that did not",
        few + 10
    )
}

fn ascending(definition: &Definition) -> Vec<f64> {
    let mut rates = definition.rates.clone();
    rates.sort_by(f64::total_cmp);
    rates
}

/// Hands the objective of a search on to whoever begins it, or goes on with it.
pub(super) fn toward<T>(slo: &Assertion, definition: &Definition, search: impl FnOnce(&Objective<'_>) -> T) -> T {
    let text = slo.to_string();
    search(&Objective {
        text: text.trim_start_matches("*."),
        holds: &|trial| holds_in(slo, trial),
        why_absent: &why_absent(slo.figure),
        allows_failures: [figure::ERRORS, figure::ERROR_RATIO].contains(&slo.figure),
        rates: &ascending(definition),
    })
}
