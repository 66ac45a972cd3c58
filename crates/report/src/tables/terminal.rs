//! The table that a terminal shows when a run has ended.

use super::verdicts::{described, emphasis, notes};
use super::{counted, median};
use crate::analysis::{Analysis, Family, FamilyRow, Metric, Role, analyse};
use crate::table::{Emphasis, Table};
use crate::units;
use cachemark_results::{Run, Status};

/// Figures, ratios and verdicts of a record as plain data, for a terminal to show.
#[must_use]
pub fn terminal_table(run: &Run) -> Table {
    let analysis = analyse(run);
    let metric = analysis.shown_first();
    let first = format!("#{}", described(metric));
    let others: Vec<Metric> = Metric::ALL.into_iter().filter(|other| *other != metric).collect();
    let other_names: Vec<String> = others.iter().map(|other| format!("#{}", other.title())).collect();
    let mut headers = vec!["comparison", analysis.subject.name(), first.as_str(), "#vs reference", "verdict"];
    headers.extend(other_names.iter().map(String::as_str));
    let mut table = Table::new(run.manifest.name.clone(), &headers);
    for family in &analysis.families {
        for (place, row) in family.rows.iter().enumerate() {
            let mut cells = family_cells(&analysis, family, row, metric, place == 0);
            cells.extend(others.iter().map(|other| median(&analysis.cells[row.cell], *other)));
            table.push(cells, emphasis(row), place == 0);
        }
    }
    let compared: Vec<usize> = analysis.families.iter().flat_map(|f| f.rows.iter().map(|row| row.cell)).collect();
    for (index, figures) in analysis.cells.iter().enumerate().filter(|(index, _)| !compared.contains(index)) {
        let mut cells = vec![figures.cell.family.clone(), analysis.label(figures).to_owned(), median(figures, metric)];
        cells.extend([String::new(), "not compared".to_owned()]);
        cells.extend(others.iter().map(|other| median(&analysis.cells[index], *other)));
        table.push(cells, if figures.trials.is_empty() { Emphasis::Missing } else { Emphasis::Plain }, true);
    }
    table.footnotes = footnotes(run, &analysis);
    table
}

fn family_cells(analysis: &Analysis<'_>, family: &Family, row: &FamilyRow, metric: Metric, first: bool) -> Vec<String> {
    let ratio = match row.role {
        Role::Reference => "1".to_owned(),
        _ if row.interval() == units::NOT_AVAILABLE => row.ratio(),
        _ => format!("{} ({})", row.ratio(), row.interval()),
    };
    let name = if first { family.name.clone() } else { String::new() };
    vec![name, row.label.clone(), median(&analysis.cells[row.cell], metric), ratio, row.verdict()]
}

fn footnotes(run: &Run, analysis: &Analysis<'_>) -> Vec<String> {
    let mut notes = notes(&run.manifest, analysis);
    let planned = run.manifest.planned_trials();
    if run.manifest.status != Status::Complete {
        notes.insert(0, format!("The run is not complete: {} of {}.", run.trials.len(), counted(planned, "trial")));
    }
    notes.push("Figures are medians over blocks; read p50 and p99 are of the service time.".into());
    for figures in &analysis.cells {
        if let Some(why) = &figures.cell.unsupported {
            notes.push(format!("{} is unsupported: {why}.", figures.cell.id));
        }
    }
    notes
}
