//! Is a cache worth it: on the page, in the summary, and on a terminal.

mod answers;
mod costs;
mod faces;
mod least;
mod store;
mod words;

use super::terminal::remarks;
use crate::analysis::{Analysis, Trust, analyse};
use crate::sheet::Sheet;
use crate::table::Table;
use crate::worth::{Worth, foreseen, worth};
use cachemark_results::Run;

/// The tables of the page and of the summary that have anything to say.
pub(crate) fn worth_tables(run: &Run, analysis: &Analysis<'_>) -> Vec<Table> {
    let worth = worth(run, analysis);
    let mut tables = Vec::new();
    if worth.has_baseline() {
        tables.push(answers::answers(analysis, &worth).table(analysis));
    }
    if worth.has_costs() {
        tables.push(costs::costs(analysis, &worth).table(analysis));
    }
    // Without a cache there is nothing to spare the store.
    if !worth.rows.is_empty() {
        tables.push(store::store(analysis, &worth).table(analysis));
    }
    tables.push(least::least(analysis, &worth));
    tables.retain(|table| !table.rows.is_empty());
    tables
}

/// All of it for a terminal.
#[must_use]
pub fn worth_sheets(run: &Run) -> Vec<Sheet> {
    let analysis = analyse(run);
    let worth = worth(run, &analysis);
    let mut head = if worth.rows.is_empty() {
        Sheet { remarks: vec![nothing(&worth)], title: answers::TITLE.to_owned(), ..Sheet::default() }
    } else {
        answers::answers(&analysis, &worth).sheet(&analysis)
    };
    head.title = format!("{}: {}", run.manifest.name, head.title);
    head.remarks.splice(0..0, remarks(run, &Trust::of(run, &analysis)));
    let more = [
        costs::costs(&analysis, &worth).sheet(&analysis),
        store::store(&analysis, &worth).sheet(&analysis),
        least::least_sheet(&analysis, &worth),
    ];
    [head].into_iter().chain(more.into_iter().filter(|sheet| !sheet.groups.is_empty())).collect()
}

/// Which difference a run like this one would find over so many blocks.
#[must_use]
pub fn foreseen_sheet(run: &Run, blocks: &[usize]) -> Sheet {
    let analysis = analyse(run);
    least::foreseen_sheet(&analysis, &foreseen(&analysis, blocks), blocks)
}

fn nothing(worth: &Worth) -> String {
    match worth.nothing {
        Some(why) => format!("Can't tell: {why}."),
        None => "Can't tell: no arm with a cache was run.".to_owned(),
    }
}
