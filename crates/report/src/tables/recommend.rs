//! Which arms keep to what was asked, for a terminal: the answer first, then each arm's figures, then why not.

mod answer;
mod reasons;

use super::terminal::remarks;
use crate::analysis::{Trust, analyse};
use crate::recommend::{
    Ask, Candidate, Estimate, Judged, Met, Recommendation, median_in_words, objective_in_words, of_estimate_in_words,
};
use crate::sheet::{Column, Sheet};
use crate::table::{Emphasis, Row};
use crate::units;
use cachemark_results::{Assertion, Run};

/// Ranks of the columns that a narrow terminal does without, the highest first.
const OF_MEDIANS: usize = 10;
const OF_COST: usize = 30;
const OF_INTERVALS: usize = 40;
const OF_COST_INTERVAL: usize = 60;

/// The answer with every arm's figures; and, where not every arm meets it, why not.
#[must_use]
pub fn recommendation_sheets(run: &Run, ask: &Ask, told: &Recommendation) -> Vec<Sheet> {
    let trust = Trust::of(run, &analyse(run));
    let (mut first, mut then) = (answer::sentences(ask, told), remarks(run, &trust));
    if !told.untrusted.is_empty() {
        std::mem::swap(&mut first, &mut then);
    }
    let asked: Vec<String> = ask.objectives.iter().map(objective_in_words).collect();
    let mut sheet = Sheet {
        title: format!("{}: {}", run.manifest.name, asked.join(", ")),
        remarks: [first, then].concat(),
        columns: columns(ask),
        footnotes: footnotes(ask, told),
        ..Sheet::default()
    };
    for point in &told.points {
        for candidate in &point.candidates {
            sheet.push(&point.place.label(), row(ask, candidate));
        }
    }
    [sheet].into_iter().chain(reasons::sheet(ask, told)).collect()
}

fn columns(ask: &Ask) -> Vec<Column> {
    let mut columns = vec![Column::long_names("arm", 0), Column::names("answer", 0)];
    for (place, objective) in ask.objectives.iter().enumerate() {
        columns.push(Column::figures(objective_in_words(objective), OF_MEDIANS + place));
        columns.push(Column::figures(format!("{} interval", objective.figure.name), OF_INTERVALS + place));
    }
    if ask.price.is_some() {
        columns.push(Column::figures("cost of 1M", OF_COST));
        columns.push(Column::figures("cost interval", OF_COST_INTERVAL));
    }
    columns
}

fn row(ask: &Ask, candidate: &Candidate) -> Row {
    let star = if candidate.on_frontier { " *" } else { "" };
    let mut cells = vec![candidate.name.clone() + star, candidate.met.words().to_owned()];
    for (objective, judged) in ask.objectives.iter().zip(&candidate.objectives) {
        cells.push(marked(objective, judged));
        let estimate = judged.estimate.as_ref();
        let said = |value| estimate.map(|it| of_estimate_in_words(objective, it, value)).unwrap_or_default();
        cells.push(ends(estimate, said));
    }
    if ask.price.is_some() {
        let cost = candidate.cost.as_ref();
        cells.push(units::or_none(cost.map(|cost| cost.median), units::count));
        cells.push(ends(cost, units::count));
    }
    let emphasis = match candidate.met {
        Met::Meets => Emphasis::Reference,
        _ if candidate.objectives.iter().all(|judged| judged.estimate.is_none()) => Emphasis::Missing,
        _ => Emphasis::Plain,
    };
    Row { cells, emphasis, begins_group: false }
}

/// The median, with a mark where the objective is not met.
fn marked(objective: &Assertion, judged: &Judged) -> String {
    let mark = match judged.met {
        Met::Meets => "",
        Met::Fails => " !",
        Met::CannotTell => " ?",
    };
    let median = judged.estimate.as_ref().map(|estimate| median_in_words(objective, estimate));
    median.unwrap_or_else(|| units::NOT_AVAILABLE.to_owned()) + mark
}

fn ends(estimate: Option<&Estimate>, format: impl Fn(f64) -> String) -> String {
    let interval = estimate.and_then(|estimate| estimate.interval);
    interval.map_or_else(
        || units::NOT_AVAILABLE.to_owned(),
        |interval| format!("{}–{}", format(interval.low), format(interval.high)),
    )
}

fn footnotes(ask: &Ask, told: &Recommendation) -> Vec<String> {
    let mut notes = vec![
        "Figures are medians over blocks. The exact 95 % interval of the median decides, whatever the distribution: an objective \
         is met with all of it on the right side of the bound, fails (!) with all of it on the wrong one, and can't be told (?) \
         otherwise. Intervals are not adjusted for how many arms there are."
            .to_owned(),
    ];
    let mut candidates = told.points.iter().flat_map(|point| &point.candidates);
    if candidates.any(|candidate| candidate.on_frontier) {
        notes.push("* No other is as good in every figure (and in cost) and better in one, by the medians.".to_owned());
    }
    if let Some(price) = ask.price {
        notes.push(format!(
            "Cost of a million (1M) operations: {} times the cache operations, and {} times the store operations, for each.",
            price.cache, price.store
        ));
    }
    if told.points.iter().any(|point| !point.nearest.is_empty()) {
        notes.push(
            "How far beyond is a share of the bound; of a share that has to be at least so much, what lacks to 1 beside what may \
             lack."
                .to_owned(),
        );
    }
    for candidate in told.points.iter().flat_map(|point| &point.candidates) {
        for note in &candidate.notes {
            let note = format!("{} {note}.", candidate.name);
            notes.extend((!notes.contains(&note)).then_some(note));
        }
    }
    // Where an arm meets it, what would tell of the others can wait.
    notes.extend(answer::next(told).into_iter().filter(|_| told.met() == Met::Meets));
    if !told.watched {
        notes.push(
            "Not every trial was watched for phantom values and audited for lost writes (--oracle, --audit-keys): what was not \
             looked for was not seen."
                .to_owned(),
        );
    }
    notes
}
