//! What a capacity search found.

use super::spread_of;
use crate::analysis::{Analysis, CellFigures};
use crate::sheet::{Column, Sheet};
use crate::table::{Emphasis, Row, Table};
use crate::units;
use cachemark_results::{Capacity, Run, Trial, Unfound};
use cachemark_stats::Summary;

/// A figure of the trials at the answer: its name, and how it is found and told.
type Figure = (&'static str, fn(&Trial) -> Option<f64>, fn(f64) -> String);

const FIGURES: [Figure; 4] = [
    ("#response p99 there", |trial| Some(trial.open_loop.as_ref()?.all_response?.p99_ns? as f64), units::time),
    ("#achieved throughput, ops/s", |trial| Some(trial.throughput_ops_per_s), units::count),
    ("#hit ratio", |trial| trial.hit_ratio, units::share),
    ("#store load", |trial| Some(trial.store_load), units::share),
];

/// One row a search. It has no rows in records of other kinds.
pub(crate) fn capacity(run: &Run, analysis: &Analysis<'_>) -> Table {
    let mut headers = vec!["stack and workload", analysis.subject.name(), "objective"];
    headers.push("#greatest offered load that met it, arrivals/s");
    headers.extend(FIGURES.map(|(name, ..)| name));
    headers.push("#trials");
    let mut table = Table::new("Capacity", &headers);
    let mut family = None;
    for capacity in &run.manifest.capacities {
        let at_answer = at_answer(run, capacity);
        let cell = cell_searched(run, analysis, capacity);
        let of = cell.map_or(capacity.cell.as_str(), |cell| cell.cell.family.as_str());
        let begins = family != Some(of);
        let mut cells = vec![if begins { of.to_owned() } else { String::new() }];
        cells.push(cell.map_or_else(|| capacity.cell.clone(), |cell| analysis.label(cell).to_owned()));
        cells.push(capacity.objective.clone());
        cells.push(answer(capacity));
        cells.extend(FIGURES.map(|(_, figure, format)| spread_of(summary(&at_answer, figure), format)));
        cells.push(units::count(capacity.probes.len() as f64));
        let emphasis = if capacity.answer_per_s.is_some() { Emphasis::Plain } else { Emphasis::Missing };
        table.push(cells, emphasis, begins);
        family = Some(of);
    }
    table.footnotes.push(
        "The rate was doubled until a trial missed the objective, then the gap between passed and failed was halved until it \
         was a tenth, and the answer had to pass three times more. A trial passes if the objective holds and at most 0.1 % of \
         what was asked was not sent or had no answer. An invalid trial neither passes nor misses: its rate is tried again, and \
         after three in a row the search cannot tell. Figures: the median over the valid trials at the answer (least to \
         greatest). Cells were searched one after the other, so the machine may have changed between them: nothing is judged."
            .into(),
    );
    table
}

/// The same for a terminal, with the medians alone.
pub(super) fn capacity_sheet(run: &Run, analysis: &Analysis<'_>) -> Sheet {
    let mut columns = vec![Column::long_names(analysis.subject.name(), 0), Column::figures("met up to, arrivals/s", 0)];
    let figures = FIGURES.iter().enumerate();
    columns.extend(figures.map(|(place, (name, ..))| Column::figures(name.trim_start_matches('#'), place + 1)));
    columns.push(Column::figures("trials", FIGURES.len() + 1));
    let mut sheet = Sheet { columns, ..Sheet::default() };
    for found in &run.manifest.capacities {
        let at_answer = at_answer(run, found);
        let cell = cell_searched(run, analysis, found);
        let of = cell.map_or(found.cell.as_str(), |cell| cell.cell.family.as_str());
        let heading = format!("{of}: {}", found.objective);
        let mut cells = vec![cell.map_or_else(|| found.cell.clone(), |cell| analysis.label(cell).to_owned())];
        cells.push(answer(found));
        let median = |figure| summary(&at_answer, figure).map(|summary: Summary| summary.median);
        cells.extend(FIGURES.map(|(_, figure, format)| units::or_none(median(figure), format)));
        cells.push(units::count(found.probes.len() as f64));
        let emphasis = if found.answer_per_s.is_some() { Emphasis::Plain } else { Emphasis::Missing };
        sheet.push(&heading, Row { cells, emphasis, begins_group: false });
    }
    sheet.footnotes = capacity(run, analysis).footnotes;
    sheet
}

/// The greatest load that met the objective, as far as it was found.
fn answer(capacity: &Capacity) -> String {
    let at_least = capacity.at_least_per_s.map(|least| format!("at least {}", units::count(least)));
    match (capacity.answer_per_s, at_least, &capacity.note) {
        (Some(answer), ..) => units::count(answer),
        (None, Some(at_least), Some(_)) => match capacity.unfound {
            Some(Unfound::CannotTell) => format!("{at_least}, cannot tell beyond"),
            Some(Unfound::Interrupted) => format!("{at_least}, not finished"),
            // In records of before only the note says why.
            Some(Unfound::OutOfLoads | Unfound::NoFigure) | None => at_least,
        },
        (None, None, Some(_)) => "not measured".to_owned(),
        (None, _, None) => "none found".to_owned(),
    }
}

/// The cell of a search, by a trial of it.
fn cell_searched<'a, 'r>(run: &Run, analysis: &'a Analysis<'r>, found: &Capacity) -> Option<&'a CellFigures<'r>> {
    let at_answer = at_answer(run, found);
    let trial = at_answer.first().copied().or_else(|| first_trial(run, found))?;
    cell_of(analysis, trial)
}

fn at_answer<'a>(run: &'a Run, capacity: &Capacity) -> Vec<&'a Trial> {
    let numbers = capacity.trials_at_answer();
    run.trials.iter().filter(|trial| numbers.contains(&trial.number)).collect()
}

fn first_trial<'a>(run: &'a Run, capacity: &Capacity) -> Option<&'a Trial> {
    let number = capacity.probes.first()?.trial;
    run.trials.iter().find(|trial| trial.number == number)
}

fn cell_of<'a, 'r>(analysis: &'a Analysis<'r>, trial: &Trial) -> Option<&'a CellFigures<'r>> {
    analysis.cells.iter().find(|figures| figures.cell.id == trial.cell)
}

fn summary(trials: &[&Trial], figure: fn(&Trial) -> Option<f64>) -> Option<Summary> {
    let values: Vec<f64> = trials.iter().filter_map(|trial| figure(trial)).filter(|value| value.is_finite()).collect();
    Summary::of(&values).ok()
}
