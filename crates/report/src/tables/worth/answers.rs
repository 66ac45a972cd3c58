//! Is the cache worth it?

use super::super::counted;
use super::faces::{ByCell, Column};
use super::words::{break_even, by_reason, interval, middle, signed_time};
use crate::analysis::Analysis;
use crate::units;
use crate::worth::{Answer, BreakEven, Worth, WorthRow};

pub(super) const TITLE: &str = "Is the cache worth it?";

const COLUMNS: [Column<WorthRow>; 7] = [
    Column { name: "answer", rank: 10, text: |row| row.answer.in_words().to_owned() },
    Column { name: "#break-even hit ratio", rank: 20, text: |row| break_even(&row.break_even) },
    Column {
        name: "#interval of the break-even",
        rank: 60,
        text: |row| interval(row.break_even.estimate(), units::share),
    },
    Column { name: "#hit ratio", rank: 30, text: |row| middle(row.hit_ratio.as_ref(), units::share) },
    Column { name: "#interval of the hit ratio", rank: 70, text: |row| interval(row.hit_ratio.as_ref(), units::share) },
    Column { name: "#less time an operation", rank: 50, text: |row| middle(row.saved.as_ref(), signed_time) },
    // It decides, so it stays longer than the figure in its middle.
    Column { name: "#95 % interval of less time", rank: 40, text: |row| interval(row.saved.as_ref(), signed_time) },
];

const RULE: &str = "By time alone. Less time an operation: the mean service time of an operation without the cache, less that with it, in \
    the same mix and paired by block; below 0 it takes more. \"Worth it\": the whole interval lies above 0, which is where the hit ratio lies above the break-even. \"Not \
    worth it\": the whole interval lies below. Else it can't be told. What a cache spares the store, and how stale it serves, stands in \
    the other tables.";

const FORMULA: &str = "Break-even: the hit ratio at which both take as long, (M - O + ((1 - r) / r) (Wc - Wo)) / (M - H), r being the \
    share of reads; above 1 it never pays, below 0 it always does, and where a miss takes no longer than a hit it is undefined. \
    Hodges-Lehmann over blocks; intervals are not adjusted for their number.";

const AS_MEASURED: &str = "The times are those of this load. At a lower hit ratio the store has more to do, and misses take longer than \
    here.";

pub(super) fn answers<'a>(analysis: &Analysis<'_>, worth: &'a Worth) -> ByCell<'a, WorthRow> {
    ByCell {
        title: TITLE,
        columns: &COLUMNS,
        rows: &worth.rows,
        cell: |row| row.cell,
        footnotes: footnotes(analysis, worth),
    }
}

/// How many cells have which answer.
pub(super) fn tally(worth: &Worth) -> String {
    let count = |answer: Answer| worth.rows.iter().filter(|row| row.answer == answer).count();
    let [worth_it, not_worth_it] = [Answer::WorthIt, Answer::NotWorthIt].map(count);
    let rest = worth.rows.len() - worth_it - not_worth_it;
    let of = counted(worth.rows.len(), "cell");
    format!("Of {of} with a cache: worth it {worth_it}, not worth it {not_worth_it}, can't tell {rest}.")
}

fn footnotes(analysis: &Analysis<'_>, worth: &Worth) -> Vec<String> {
    let mut notes = vec![tally(worth)];
    let whys = worth.rows.iter().filter_map(|row| Some((row.cell, row.answer.why()?)));
    notes.extend(by_reason(analysis, whys, |cells, why| format!("Can't tell of {cells}: {why}.")));
    let undefined: Vec<(usize, String)> = worth.rows.iter().filter_map(undefined).collect();
    let undefined = undefined.iter().map(|(cell, why)| (*cell, why.as_str()));
    notes.extend(by_reason(analysis, undefined, |cells, why| format!("No break-even of {cells}: {why}.")));
    let few: Vec<(usize, String)> = worth.rows.iter().filter_map(of_few_blocks).collect();
    let few = few.iter().map(|(cell, why)| (*cell, why.as_str()));
    notes.extend(by_reason(analysis, few, |cells, why| format!("Break-even of {cells}: {why}.")));
    notes.extend([RULE, FORMULA, AS_MEASURED].map(str::to_owned));
    notes
}

/// A break-even takes a hit and a miss in the block.
fn of_few_blocks(row: &WorthRow) -> Option<(usize, String)> {
    let (told, all) = (row.break_even.estimate()?.blocks, row.saved.as_ref()?.blocks);
    (told < all).then(|| (row.cell, format!("only {told} of {all} blocks had both hits and misses")))
}

fn undefined(row: &WorthRow) -> Option<(usize, String)> {
    let BreakEven::Undefined { blocks, of } = row.break_even else { return None };
    Some((row.cell, format!("in {blocks} of {of} blocks a miss took no longer than a hit")))
}
