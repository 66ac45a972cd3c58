//! Why arms do not meet what was asked, or why that can't be told.

use crate::recommend::{Ask, Candidate, Judged, Met, Recommendation, interval_in_words, objective_in_words};
use crate::sheet::{Column, Sheet};
use crate::table::{Emphasis, Row};
use cachemark_results::Assertion;

/// So many reasons are told; `--json` has all.
const REASONS: usize = 60;

/// Why arms are not among those that meet it, an arm under each heading.
pub(super) fn sheet(ask: &Ask, told: &Recommendation) -> Option<Sheet> {
    let columns = vec![Column::names("objective", 0), Column::prose("why not", 0)];
    let mut sheet = Sheet { title: "Not met, or not told".into(), columns, ..Sheet::default() };
    let mut all = Vec::new();
    for point in &told.points {
        let head = |name: &str| match told.points.len() {
            1 => name.to_owned(),
            _ => format!("{}: {name}", point.place.label()),
        };
        let others = point.candidates.iter().filter(|candidate| candidate.met != Met::Meets);
        all.extend(others.flat_map(|arm| why(ask, arm).into_iter().map(|cells| (head(&arm.name), cells))));
    }
    let more = all.len().saturating_sub(REASONS);
    for (heading, cells) in all.into_iter().take(REASONS) {
        sheet.push(&heading, Row { cells, emphasis: Emphasis::Plain, begins_group: false });
    }
    if more > 0 {
        sheet.footnotes.push(format!("And {more} more; --json has all."));
    }
    (!sheet.groups.is_empty()).then_some(sheet)
}

/// What decided: of an arm that fails what it fails, of another what can't be told.
fn why(ask: &Ask, candidate: &Candidate) -> Vec<Vec<String>> {
    let word = candidate.met.words();
    if let Some(why) = &candidate.why {
        return vec![vec![String::new(), format!("{word}: {why}")]];
    }
    let judged = ask.objectives.iter().zip(&candidate.objectives);
    let decided = judged.filter(|(_, judged)| judged.met == candidate.met);
    let line = |(objective, judged): (&Assertion, &Judged)| {
        let told = || judged.estimate.as_ref().map(|estimate| interval_in_words(objective, estimate));
        let why = judged.why.clone().or_else(told).unwrap_or_default();
        vec![objective_in_words(objective), format!("{word}: {why}")]
    };
    decided.map(line).collect()
}
