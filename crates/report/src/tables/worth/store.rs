//! What the store is asked for each operation.

use super::super::spread_of;
use super::faces::{ByCell, Column};
use crate::analysis::Analysis;
use crate::units;
use crate::worth::{StoreWork, Worth};

const COLUMNS: [Column<StoreWork>; 6] = [
    Column { name: "#store operations an operation", rank: 10, text: |work| spread_of(work.load, units::share) },
    Column { name: "#of them reads", rank: 40, text: |work| part(work, 0) },
    Column { name: "#of them writes", rank: 50, text: |work| part(work, 1) },
    Column { name: "#of them failed", rank: 45, text: |work| part(work, 2) },
    Column { name: "#store reads a miss", rank: 20, text: |work| spread_of(work.reads_a_miss, units::ratio) },
    Column { name: "#store writes a write", rank: 30, text: |work| spread_of(work.writes_a_write, units::ratio) },
];

const MEANING: &str = "Medians over blocks (least to greatest). Of them: reads and writes that the store carried out, and calls to it that \
    failed, reads and writes alike; each is a median by itself, so their sum may miss the whole by a little. Store reads a miss: those carried \
    out, for each read that was answered and that the cache did not answer, or was not asked for; failed ones are in neither; less than 1 where reads share a load or a queue answers them, more where rows are loaded ahead. Store writes a write, likewise: \
    less than 1 where writes are joined, or reach the store after the window. n/a: calls to the store are not seen, or there was nothing \
    to count.";

pub(super) fn store<'a>(analysis: &Analysis<'_>, worth: &'a Worth) -> ByCell<'a, StoreWork> {
    let mut footnotes = vec![MEANING.to_owned()];
    footnotes.extend(different(analysis, worth));
    ByCell {
        title: "What is the store asked for each operation?",
        columns: &COLUMNS,
        rows: &worth.store,
        cell: |work| work.cell,
        footnotes,
    }
}

fn part(work: &StoreWork, place: usize) -> String {
    units::or_none(work.parts.map(|parts| parts[place]), units::share)
}

/// The arms that ask their store for other work than others do.
fn different(analysis: &Analysis<'_>, worth: &Worth) -> Option<String> {
    let of_arm = |variant: usize| {
        let works = || worth.store.iter().filter(|work| analysis.cells[work.cell].variant == variant);
        let told = [
            range(works().filter_map(StoreWork::other_reads), "reads a miss"),
            range(works().filter_map(StoreWork::other_writes), "writes a write"),
        ];
        let told: Vec<String> = told.into_iter().flatten().collect();
        (!told.is_empty()).then(|| format!("{} ({})", analysis.variants[variant].label, told.join(", ")))
    };
    let told: Vec<String> = (0..analysis.variants.len()).filter_map(of_arm).collect();
    (!told.is_empty()).then(|| {
        format!(
            "Not all ask the store for the same work, which is one read for each miss and one write for each write: {}.",
            told.join("; ")
        )
    })
}

/// From the least to the greatest.
fn range(found: impl Iterator<Item = f64>, what: &str) -> Option<String> {
    let found: Vec<f64> = found.collect();
    let (least, greatest) = (found.iter().copied().reduce(f64::min)?, found.iter().copied().reduce(f64::max)?);
    let [least, greatest] = [least, greatest].map(|value| format!("{value:.2}"));
    Some(if least == greatest { format!("{least} {what}") } else { format!("{least} to {greatest} {what}") })
}
