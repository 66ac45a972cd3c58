//! Which difference the run would have found, and which another would.

use crate::analysis::Analysis;
use crate::sheet::{Column, Sheet};
use crate::table::{Emphasis, Row, Table};
use crate::units;
use crate::worth::{Foreseen, LeastDifference, Worth};
use cachemark_results::Figure;

const TITLE: &str = "Which difference would this run have found?";
/// What stands where there is no interval.
const CANNOT_TELL: &str = "can't tell yet";

const RULE: &str = "Least difference that every comparison of its row would have found: exp((b - a) / 2) - 1, of the 95 % interval from a \
    to b that the log ratios of the blocks give, which is half its width. A true difference of that size is found about every second time, one \
    half as large again in four runs of five; a smaller one may be there unseen. Verdicts, which are adjusted for their number, take \
    more. An interval takes 6 blocks.";

const FORESEEN: &str = "Least difference that every comparison would find over so many blocks, if they differ as those of the run that is \
    named did: exp(w c) - 1, with w half the width of that run's 95 % interval on the log scale, and c how much narrower the same interval \
    of a normal sample is over so many blocks. A true difference of that size is found about every second time, one half as large again in \
    four runs of five. On another machine, or with another workload, blocks differ otherwise.";

/// One row a family of comparisons.
pub(super) fn least(analysis: &Analysis<'_>, worth: &Worth) -> Table {
    let headers =
        ["comparison", "figure", "#blocks", "#least difference", "#of the quietest comparison", "#of the A/A control"];
    let mut table = Table::new(TITLE, &headers);
    let mut family = None;
    for found in &worth.least {
        let begins = family != Some(&found.family);
        let mut cells = vec![if begins { found.family.clone() } else { String::new() }];
        cells.push(analysis.title(found.figure).to_owned());
        cells.extend(told(found));
        table.push(cells, emphasis(found.every), begins);
        family = Some(&found.family);
    }
    table.footnotes.push(RULE.to_owned());
    table
}

/// The same for a terminal.
pub(super) fn least_sheet(analysis: &Analysis<'_>, worth: &Worth) -> Sheet {
    let columns = vec![
        Column::names("figure", 0),
        Column::figures("blocks", 20),
        Column::figures("least difference", 10),
        Column::figures("of the quietest", 40),
        Column::figures("of the A/A control", 30),
    ];
    let mut sheet = Sheet { title: TITLE.to_owned(), columns, ..Sheet::default() };
    for found in &worth.least {
        sheet.push(&found.family, row(analysis, found.figure, told(found).to_vec(), found.every));
    }
    sheet.footnotes.push(RULE.to_owned());
    sheet
}

/// What runs to come would find.
pub(super) fn foreseen_sheet(analysis: &Analysis<'_>, foreseen: &[Foreseen], blocks: &[usize]) -> Sheet {
    let mut columns = vec![Column::names("figure", 0)];
    // The least number of blocks stays longest: whoever asks for many asks how few are enough.
    columns.extend(
        blocks.iter().enumerate().map(|(place, blocks)| Column::figures(format!("{blocks} blocks"), place + 1)),
    );
    let mut sheet = Sheet { title: "Which difference would a run find?".into(), columns, ..Sheet::default() };
    for found in foreseen {
        let at = |(blocks, every): (&usize, &Option<f64>)| match every {
            Some(_) if (*blocks as u64) < u64::from(found.blocks_needed) => "no verdict".to_owned(),
            every => told_of(*every),
        };
        let cells = blocks.iter().zip(&found.every).map(at).collect();
        let emphasis_by = found.every.iter().copied().flatten().next();
        sheet.push(&found.family, row(analysis, found.figure, cells, emphasis_by));
    }
    let short = foreseen.iter().map(|found| found.blocks_needed).max().unwrap_or(0);
    sheet.footnotes.push(FORESEEN.to_owned());
    sheet.footnotes.push(format!("Verdicts on the largest of these comparisons take {short} blocks."));
    if foreseen.is_empty() {
        sheet.remarks.push("Can't tell yet: that run compares nothing.".to_owned());
    } else if foreseen.iter().all(|found| found.every.iter().all(Option::is_none)) {
        sheet
            .remarks
            .push("Can't tell yet: an interval takes 6 blocks, in that run and in the one to come.".to_owned());
    }
    sheet
}

fn told(found: &LeastDifference) -> [String; 4] {
    let LeastDifference { blocks, every, quietest, control, .. } = found;
    [units::count(*blocks as f64), told_of(*every), told_of(*quietest), units::or_none(*control, units::small_percent)]
}

fn told_of(found: Option<f64>) -> String {
    found.map_or_else(|| CANNOT_TELL.to_owned(), units::small_percent)
}

fn row(analysis: &Analysis<'_>, figure: &'static Figure, cells: Vec<String>, found: Option<f64>) -> Row {
    let cells = [vec![analysis.title(figure).to_owned()], cells].concat();
    Row { cells, emphasis: emphasis(found), begins_group: false }
}

fn emphasis(found: Option<f64>) -> Emphasis {
    if found.is_some() { Emphasis::Plain } else { Emphasis::Missing }
}
