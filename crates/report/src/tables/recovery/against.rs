//! The verdicts of a run with faults, for a terminal: those on the recovery figures, and those that were asked besides.

use crate::analysis::{Analysis, CellFigures, Family, FamilyRow, KEPT, Role, TO_RECOVER};
use crate::units;

/// Whether a time to recover has a verdict: without one, a column would only say why not.
pub(super) fn judged(analysis: &Analysis<'_>) -> bool {
    of_times(analysis).flat_map(|family| &family.rows).any(FamilyRow::is_judged)
}

fn of_times<'s>(analysis: &'s Analysis<'_>) -> impl Iterator<Item = &'s Family> {
    analysis.recoveries.iter().filter(|family| family.figure == Some(TO_RECOVER))
}

/// The verdict on the time to recover of one cell, in a word: of its own family, where it stands in several.
pub(super) fn verdict(analysis: &Analysis<'_>, figures: &CellFigures<'_>) -> String {
    let is_its =
        |family: &Family, row: &FamilyRow| row.is_an_arm(family) && analysis.cells[row.cell].cell.id == figures.cell.id;
    let mut rows = of_times(analysis).flat_map(|family| family.rows.iter().filter(move |row| is_its(family, row)));
    match rows.next() {
        None if figures.cell.control => "A/A control".to_owned(),
        None => String::new(),
        Some(row) => match row.verdict().split_once(": ") {
            Some((word, _)) => word.to_owned(),
            None => row.verdict(),
        },
    }
}

/// A sentence for each family that has a verdict: `time to recover against plain: guarded +853 ms, worse.`
pub(super) fn notes(analysis: &Analysis<'_>) -> Vec<String> {
    let recoveries = analysis.recoveries.iter();
    let asked = analysis
        .families
        .iter()
        .filter(|family| family.figure.is_some_and(|figure| figure != TO_RECOVER && figure != KEPT));
    recoveries.chain(asked).filter_map(|family| note(analysis, family)).collect()
}

fn note(analysis: &Analysis<'_>, family: &Family) -> Option<String> {
    let is_alone = analysis.stacks.len() == 1 && analysis.points.len() == 1;
    let place = if is_alone { String::new() } else { format!("{}: ", family.name) };
    let told = |row: &FamilyRow| {
        let interval = match row.interval() {
            none if none == units::NOT_AVAILABLE => String::new(),
            interval => format!(" ({interval})"),
        };
        format!("{} {}{interval}, {}", row.label, row.ratio(), row.verdict())
    };
    let judged = family.rows.iter().filter(|row| row.role == Role::Compared && row.is_judged());
    let told: Vec<String> = judged.map(told).collect();
    let reference = analysis.label(&analysis.cells[family.reference]);
    let title = family.figure.map(|figure| analysis.title(figure))?;
    (!told.is_empty()).then(|| units::capital(&format!("{place}{title} against {reference}: {}.", told.join("; "))))
}
