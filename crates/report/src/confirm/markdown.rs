//! A confirmation as a report to send in: both machines and builds, what was shortened, every row, and no path.

use super::{Confirmation, sentences, sheet};
use crate::compare::AspectDifference;
use crate::table::{Table, escape_markdown};

pub(super) fn markdown(found: &Confirmation) -> String {
    let line = |text: &str| escape_markdown(text);
    let mut text = format!("# {}\n\n**{}**\n\n", line(&sentences::title(found)), line(&found.conclusion()));
    for warning in sentences::warnings(found) {
        text += &format!("> **{}**\n\n", line(&warning));
    }
    text += &table(found).to_markdown();
    text += "\n## Where\n\n";
    for (side, of) in [(&found.published, "Published"), (&found.here, "Here")] {
        text += &format!("- {of}, record {} of {}: {}\n", line(&side.folder), line(&side.name), line(&side.made));
    }
    let in_words =
        |difference: &AspectDifference| format!("- {}: {}\n", difference.aspect.name(), line(&difference.in_words()));
    let all: Vec<String> = found.differences.iter().map(in_words).collect();
    if !all.is_empty() {
        text += &format!("\n## In what they differ\n\nPublished against here:\n\n{}", all.concat());
    }
    text + "\n## To send it in\n\nPack the record (`cachemark pack FOLDER`) and send this file with its folder: everything here can be made again from it.\n"
}

fn table(found: &Confirmation) -> Table {
    let headers =
        ["figure", "family", found.subject, "#published", "#interval", "#here", "#interval", "A/A control", "says"];
    let mut table = Table::new("Row by row", &headers);
    let mut above = (String::new(), String::new());
    for row in &found.rows {
        let begins = (row.heading(), row.family.clone());
        let is_new = begins != above;
        let shown = |text: &str| if is_new { text.to_owned() } else { String::new() };
        let [published, here] = row.in_words();
        let mut cells = vec![shown(&begins.0), shown(&begins.1), row.label.clone()];
        cells.extend(published.into_iter().chain(here));
        cells.extend([row.control(), row.says().in_words().to_owned()]);
        table.push(cells, sheet::emphasis(row), is_new);
        above = begins;
    }
    table.footnotes = sentences::notes(found);
    table
}
