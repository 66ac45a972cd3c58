//! A confirmation for a terminal.

use super::{Confirmation, ConfirmedRow, RowAgreement, sentences};
use crate::sheet::{Column, Sheet};
use crate::table::{Emphasis, Row};

pub(super) fn sheet(found: &Confirmation) -> Sheet {
    let columns = vec![
        Column::long_names(found.subject, 0),
        Column::figures("published", 30),
        Column::figures("published interval", 10),
        Column::figures("here", 20),
        Column::figures("here interval", 0),
        Column::names("control", 0),
        Column::names("says", 0),
    ];
    let mut remarks = vec![found.conclusion()];
    remarks.extend(sentences::warnings(found));
    let mut sheet = Sheet {
        title: sentences::title(found),
        remarks,
        columns,
        footnotes: sentences::notes(found).into_iter().chain(sentences::differences(found)).collect(),
        ..Sheet::default()
    };
    for row in &found.rows {
        let [published, here] = row.in_words();
        let mut cells = vec![row.label.clone()];
        cells.extend(published.into_iter().chain(here));
        cells.extend([row.control(), row.says().in_words().to_owned()]);
        let row_of = Row { cells, emphasis: emphasis(row), begins_group: false };
        sheet.push(&format!("{}: {}", row.heading(), row.family), row_of);
    }
    sheet
}

pub(super) fn emphasis(row: &ConfirmedRow) -> Emphasis {
    match row.says() {
        RowAgreement::Differs => Emphasis::Reference,
        _ if row.here.is_none() => Emphasis::Missing,
        _ => Emphasis::Plain,
    }
}
