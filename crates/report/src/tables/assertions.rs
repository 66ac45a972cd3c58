//! What the run had to keep to, and whether it did.

use crate::assertions::{AssertionOutcome, CheckedAssertion};
use crate::sheet::{Column, Sheet};
use crate::table::{Emphasis, Row, Table};

/// One row for each assertion and cell.
#[must_use]
pub fn assertions(checked: &[CheckedAssertion]) -> Table {
    let mut table =
        Table::new("Assertions", &["assertion", "outcome", "cell", "median over trials (least to greatest)"]);
    for assertion in checked {
        if assertion.cells.is_empty() {
            let why = assertion.why.clone().unwrap_or_default();
            let cells = vec![assertion.text.clone(), assertion.outcome.words().to_owned(), String::new(), why];
            table.push(cells, Emphasis::Missing, true);
        }
        for (place, cell) in assertion.cells.iter().enumerate() {
            let text = if place == 0 { assertion.text.clone() } else { String::new() };
            let cells = vec![text, cell.outcome.words().to_owned(), cell.cell.clone(), cell.said.clone()];
            let missing = cell.outcome == AssertionOutcome::NotMeasured;
            table.push(cells, if missing { Emphasis::Missing } else { Emphasis::Plain }, place == 0);
        }
    }
    table
}

/// The same for a terminal: each assertion over the cells that it was checked in.
#[must_use]
pub fn assertion_sheet(checked: &[CheckedAssertion]) -> Sheet {
    let columns =
        vec![Column::names("outcome", 0), Column::prose("cell", 0), Column::prose("median (least to greatest)", 0)];
    let mut sheet = Sheet { columns, title: "Assertions".into(), ..Sheet::default() };
    for assertion in checked {
        let mut row = |outcome: AssertionOutcome, cell: &str, said: &str| {
            let emphasis = match outcome {
                AssertionOutcome::Pass => Emphasis::Plain,
                AssertionOutcome::NotMeasured => Emphasis::Missing,
                _ => Emphasis::Reference,
            };
            let cells = vec![outcome.words().to_owned(), cell.to_owned(), said.to_owned()];
            sheet.push(&assertion.text, Row { cells, emphasis, begins_group: false });
        };
        if assertion.cells.is_empty() {
            row(assertion.outcome, "", assertion.why.as_deref().unwrap_or_default());
        }
        assertion.cells.iter().for_each(|cell| row(cell.outcome, &cell.cell, &cell.said));
    }
    sheet.footnotes.extend(assertion_sentence(checked));
    sheet
}

/// What came out, in a sentence; none for a run without assertions.
#[must_use]
pub fn assertion_sentence(checked: &[CheckedAssertion]) -> Option<String> {
    let held = checked.iter().filter(|assertion| assertion.outcome == AssertionOutcome::Pass).count();
    let all = checked.len();
    (all > 0).then(|| match held == all {
        true => format!("{} held.", super::counted(all, "assertion")),
        false => format!("{} of {} did not hold.", all - held, super::counted(all, "assertion")),
    })
}
