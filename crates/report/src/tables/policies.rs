//! What the policies around strategies, caches and stores did.

use super::figures::place;
use super::{counted, emphasis_of, spread_of};
use crate::analysis::{Analysis, CellFigures};
use crate::table::Table;
use crate::units;
use std::collections::BTreeSet;

/// One row a cell and count that is not 0 in all of its trials, or one that says that there was none. Without rows where no cell has policies.
pub(crate) fn policies(analysis: &Analysis<'_>) -> Table {
    let mut headers = vec!["stack", "#read ratio"];
    headers.extend(analysis.open_loop.then_some("#offered load, arrivals/s"));
    headers.extend([analysis.subject.name(), "what", "#in each trial"]);
    let mut table = Table::new("What did the policies do?", &headers);
    for stack in &analysis.stacks {
        let mut shown = None;
        for point in &analysis.points {
            for variant in 0..analysis.variants.len() {
                let Some(figures) = analysis.at(stack, variant, *point) else { continue };
                let mut arm = analysis.label(figures).to_owned();
                for (what, count) in did(figures) {
                    let mut cells = vec![if shown.is_none() { stack.label.clone() } else { String::new() }];
                    cells.extend(place(analysis, shown, figures));
                    cells.extend([std::mem::take(&mut arm), what, count]);
                    table.push(cells, emphasis_of(analysis, figures), shown != Some(*point));
                    shown = Some(*point);
                }
            }
        }
    }
    table.footnotes.push(
        "Median over blocks (least to greatest), of each trial from its first operation to its end, warm-up included. What the names mean: \
         docs/policies.md, \"Told\" of each policy."
            .into(),
    );
    table
}

/// What a cell's policies did, by name. Empty where it has none.
fn did(figures: &CellFigures<'_>) -> Vec<(String, String)> {
    let trials = || figures.trials.iter().filter(|trial| !trial.policy_counters.is_empty());
    let names: BTreeSet<&String> = trials()
        .flat_map(|trial| trial.policy_counters.iter().filter(|(_, count)| **count > 0).map(|(name, _)| name))
        .collect();
    if names.is_empty() {
        return trials()
            .next()
            .map(|_| ("none had anything to do".to_owned(), counted(0, "time")))
            .into_iter()
            .collect();
    }
    let told = |name: &String| {
        let of = |trial: &cachemark_results::Trial| trial.policy_counters.get(name).map(|&count| count as f64);
        match name.strip_suffix("-ns") {
            Some(time) => (time.to_owned(), spread_of(figures.summary_of(of), units::time)),
            None => (name.clone(), spread_of(figures.summary_of(of), units::count)),
        }
    };
    names.into_iter().map(told).collect()
}
