//! A comparison as a table.

use super::{RunComparison, sentences, sheet};
use crate::table::Table;

pub(super) fn table(comparison: &RunComparison) -> Table {
    let headers = ["figure", "family", comparison.subject, "#baseline", "#compared", "#ratio", "#interval", "verdict"];
    let mut table = Table::new(sentences::title(comparison), &headers);
    let mut above = (String::new(), String::new());
    for row in &comparison.rows {
        let begins = (row.heading(), row.family.clone());
        let is_new = begins != above;
        let [baseline, compared] = row.medians_in_words();
        let shown = |text: &str| if is_new { text.to_owned() } else { String::new() };
        let cells = vec![
            shown(&begins.0),
            shown(&begins.1),
            row.label.clone(),
            baseline,
            compared,
            row.effect(),
            row.interval(),
            row.verdict().in_words().to_owned(),
        ];
        table.push(cells, sheet::emphasis(row), is_new);
        above = begins;
    }
    table.footnotes = sentences::notes(comparison);
    table
}
