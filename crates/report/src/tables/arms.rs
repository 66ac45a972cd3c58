//! What each arm is made of, as far as it is not the same for all of them.

use super::fairness::{parts, settings};
use crate::analysis::{Analysis, Subject};
use crate::table::{Emphasis, Table};
use crate::units::value_text;
use cachemark_results::Cell;
use std::collections::BTreeSet;

/// What tells a setting from others: whose it is, and its name.
type Name = (String, String);

/// What a column shows: its heading, and which of the parts of a cell that [`parts`] names.
const COLUMNS: [(&str, usize); 4] = [("settings", 0), ("cache", 1), ("store", 2), ("its servers", 3)];

/// One row an arm. Without rows where strategies alone are compared, over the same servers, or services.
pub(crate) fn arms(analysis: &Analysis<'_>) -> Table {
    let differing = differing(analysis);
    let own_servers = differing.iter().any(|(part, _)| part == "servers");
    let mut headers = vec![analysis.subject.name(), "strategy"];
    headers.extend(COLUMNS.map(|(heading, _)| heading));
    let mut table = Table::new("Arms", &headers);
    if analysis.subject == Subject::Service || (analysis.subject == Subject::Strategy && !own_servers) {
        return table;
    }
    for (variant, named) in analysis.variants.iter().enumerate().filter(|(_, variant)| !variant.control) {
        let cells = analysis.cells.iter().filter(|figures| figures.variant == variant);
        let cells: Vec<&Cell> = cells.map(|figures| figures.cell).collect();
        let Some(first) = cells.first() else { continue };
        let mut row = vec![named.label.clone(), first.strategy.clone()];
        row.extend(COLUMNS.map(|(_, part)| told(&cells, part, &differing)));
        let reference = cells.iter().all(|cell| cell.reference.is_none());
        table.push(row, if reference { Emphasis::Reference } else { Emphasis::Plain }, false);
    }
    table.footnotes.push(
        "Settings stand here that are not the same for every arm that has them; the others stand once, under Fairness in the page."
            .into(),
    );
    if own_servers {
        table.footnotes.push(
            "Arms whose servers are set alike share them; an arm whose servers are set otherwise has servers of its own.".into(),
        );
    }
    table
}

/// Settings that not all arms have alike.
fn differing(analysis: &Analysis<'_>) -> BTreeSet<Name> {
    let settings = settings(analysis).into_iter().filter(|(_, values)| values.len() > 1);
    settings.map(|((part, name), _)| (part, name.to_owned())).collect()
}

/// A part of an arm: each cache (or store) that it ran over, with what is its own of it.
fn told(cells: &[&Cell], part: usize, differing: &BTreeSet<Name>) -> String {
    let mut all: Vec<String> = Vec::new();
    for cell in cells {
        let (of, map) = &parts(cell)[part];
        let own = map.iter().filter(|(name, _)| differing.contains(&(of.clone(), (*name).clone())));
        let own: Vec<String> = own.map(|(name, value)| format!("{name}={}", value_text(value))).collect();
        let name = of.split_once(' ').map_or("", |(_, name)| name);
        let text = match (name, own.is_empty()) {
            (name, true) => name.to_owned(),
            ("", false) => own.join(", "),
            (name, false) => format!("{name} ({})", own.join(", ")),
        };
        if !text.is_empty() && !all.contains(&text) {
            all.push(text);
        }
    }
    let nothing = cells.iter().all(|cell| parts(cell)[part].1.is_empty());
    match (all.is_empty(), nothing) {
        (false, _) => all.join("; "),
        (true, true) => "none".to_owned(),
        (true, false) => "as all".to_owned(),
    }
}
