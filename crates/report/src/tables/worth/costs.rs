//! What hits, misses and writes cost.

use super::super::spread_of;
use super::faces::{ByCell, Column};
use super::words::{break_even, by_reason};
use crate::analysis::Analysis;
use crate::units;
use crate::worth::{Cost, Worth, WorthRow};
use cachemark_stats::Summary;

const COLUMNS: [Column<WorthRow>; 8] = [
    Column { name: "#hit (H)", rank: 10, text: |row| time(row, Cost::Hit) },
    Column { name: "#miss (M)", rank: 20, text: |row| time(row, Cost::Miss) },
    Column { name: "#store alone (O)", rank: 30, text: |row| time(row, Cost::Store) },
    Column { name: "#write (Wc)", rank: 40, text: |row| time(row, Cost::WriteWith) },
    Column { name: "#write without the cache (Wo)", rank: 50, text: |row| time(row, Cost::WriteWithout) },
    Column { name: "#writes' share of the time", rank: 60, text: |row| share(row.writes_share) },
    Column { name: "#writes' share without the cache", rank: 70, text: |row| share(row.writes_share_without) },
    Column { name: "#break-even of reads alone", rank: 80, text: |row| break_even(&row.break_even_of_reads) },
];

const MEANING: &str = "Means of the service time of answered operations, the median over blocks (least to greatest): reads that the \
    cache answered, reads that it did not, and writes and deletes. O, Wo: reads and writes of the arm without a cache (no-cache) at \
    the same load. In a closed loop that is as many clients, in an open one as many arrivals; waiting for a turn before the start is in none \
    of them. Break-even of reads alone: (M - O) / (M - H).";

pub(super) fn costs<'a>(analysis: &Analysis<'_>, worth: &'a Worth) -> ByCell<'a, WorthRow> {
    ByCell {
        title: "What do hits, misses and writes cost?",
        columns: &COLUMNS,
        rows: &worth.rows,
        cell: |row| row.cell,
        footnotes: footnotes(analysis, worth),
    }
}

fn time(row: &WorthRow, cost: Cost) -> String {
    let place = Cost::ALL.iter().position(|other| *other == cost);
    spread_of(place.and_then(|place| row.costs[place]), units::time)
}

fn share(found: Option<Summary>) -> String {
    units::or_none(found.map(|found| found.median), units::percent)
}

fn footnotes(analysis: &Analysis<'_>, worth: &Worth) -> Vec<String> {
    let mut notes = vec![MEANING.to_owned()];
    for cost in Cost::ALL {
        let missing = worth.rows.iter().flat_map(|row| row.missing.iter().map(|missing| (row.cell, missing)));
        let missing = missing.filter(|(_, missing)| missing.cost == cost).map(|(cell, missing)| (cell, missing.why));
        let told = |cells: &str, why: &str| format!("No {} of {cells}: {why}.", cost.letter());
        notes.extend(by_reason(analysis, missing, told));
    }
    notes
}
