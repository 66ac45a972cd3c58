//! A comparison for a terminal.

use super::{ComparedRow, RowVerdict, RunComparison, sentences};
use crate::sheet::{Column, Sheet};
use crate::table::{Emphasis, Row};

pub(super) fn sheet(comparison: &RunComparison) -> Sheet {
    let columns = vec![
        Column::long_names(comparison.subject, 0),
        Column::figures("baseline", 30),
        Column::figures("compared", 20),
        Column::figures("ratio", 0),
        Column::figures("interval", 10),
        Column::names("verdict", 0),
    ];
    let mut remarks = vec![comparison.conclusion()];
    remarks.extend(sentences::warnings(comparison));
    let mut sheet = Sheet {
        title: sentences::title(comparison),
        remarks,
        columns,
        footnotes: sentences::notes(comparison),
        ..Sheet::default()
    };
    for row in &comparison.rows {
        let [baseline, compared] = row.medians_in_words();
        let verdict = row.verdict().in_words().to_owned();
        let cells = vec![row.label.clone(), baseline, compared, row.effect(), row.interval(), verdict];
        sheet.push(
            &format!("{}: {}", row.heading(), row.family),
            Row { cells, emphasis: emphasis(row), begins_group: false },
        );
    }
    sheet
}

pub(super) fn emphasis(row: &ComparedRow) -> Emphasis {
    match row.verdict() {
        RowVerdict::Regression | RowVerdict::Worse => Emphasis::Reference,
        RowVerdict::NotMeasured | RowVerdict::Withheld => Emphasis::Missing,
        _ => Emphasis::Plain,
    }
}
