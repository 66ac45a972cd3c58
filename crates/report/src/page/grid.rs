//! A table as the page shows it: each cell with its place in the order of its column, and rows that can stand by themselves.

use crate::sort_key::sort_key;
use crate::table::{Emphasis, Table, halves};

/// Tables of more columns than these are wider than a phone.
const NARROW: usize = 3;
/// A text that is shorter is not broken into lines.
const SHORT: usize = 28;
/// A figure, or its spread, that is longer is broken into lines: its column would be wider than the others together.
const LONG: usize = 24;
/// Longer names of tables are cut.
const LONGEST_NAME: usize = 60;

/// A table for the page.
pub(crate) struct Grid<'a> {
    /// Its name in addresses: `#table=NAME&sort=COLUMN`.
    pub(crate) name: String,
    pub(crate) is_wide: bool,
    pub(crate) rows: Vec<GridRow<'a>>,
}

/// A row.
pub(crate) struct GridRow<'a> {
    pub(crate) class: String,
    pub(crate) cells: Vec<GridCell<'a>>,
}

/// A cell.
pub(crate) struct GridCell<'a> {
    pub(crate) class: &'static str,
    pub(crate) text: &'a str,
    /// The spread of a figure, which stands below it.
    pub(crate) spread: &'a str,
    /// What a figure is sorted by, where its text is not that number itself; empty where it has no value.
    pub(crate) sort: String,
    /// Whether it names its row.
    pub(crate) is_head: bool,
}

/// What the page shows of a table.
pub(crate) fn grid(table: &Table) -> Grid<'_> {
    let groups = groups(table);
    let head = (groups..table.numeric.len()).find(|column| !table.numeric[*column]);
    let mut above: Vec<&str> = vec![""; groups];
    let mut rows = Vec::with_capacity(table.rows.len());
    for row in &table.rows {
        let mut cells = Vec::with_capacity(row.cells.len());
        for (column, text) in row.cells.iter().enumerate() {
            let is_same = column < groups && text.is_empty();
            if column < groups && !is_same {
                above[column] = text;
            }
            let text = if is_same { above[column] } else { text };
            cells.push(cell(text, (table.numeric[column], is_same), head == Some(column)));
        }
        let begins = if row.begins_group { " begins" } else { "" };
        // A row like any other needs no word for it.
        let class = if row.emphasis == Emphasis::Plain { "" } else { row.class() };
        rows.push(GridRow { class: format!("{class}{begins}").trim_start().to_owned(), cells });
    }
    Grid { name: name(&table.title), is_wide: table.headers.len() > NARROW, rows }
}

fn cell(text: &str, (is_figure, is_same): (bool, bool), is_head: bool) -> GridCell<'_> {
    let (told, spread) = if is_figure { halves(text) } else { (text, "") };
    let class = match (is_figure, is_same) {
        (true, false) if told.len().max(spread.len()) > LONG => "n long",
        (true, false) => "n",
        (true, true) => "n same",
        (false, true) => "same",
        (false, false) if text.len() < SHORT => "short",
        (false, false) => "text",
    };
    let sort = if is_figure { value_beside(told) } else { String::new() };
    GridCell { class, text: told, spread, sort, is_head }
}

/// What a figure is sorted by, to as many digits as are printed, where its text is not the number itself.
fn value_beside(text: &str) -> String {
    let plain = text.replace(',', "").parse().ok();
    let Some(value) = sort_key(text).filter(|value| plain != Some(*value)) else { return String::new() };
    format!("{value:.5e}").parse::<f64>().unwrap_or(value).to_string()
}

/// How many columns stand before the rows' names and are left empty where they are as in the row above: those that begin with a text and
/// have gaps, up to the first without.
fn groups(table: &Table) -> usize {
    let has_gaps = |column: usize| {
        let mut texts = table.rows.iter().map(|row| row.cells[column].as_str());
        texts.next().is_some_and(|first| !first.is_empty()) && texts.any(str::is_empty)
    };
    (0..table.headers.len()).take_while(|column| has_gaps(*column)).count()
}

/// A title as it stands in an address: nothing but small letters, digits and strokes.
pub(crate) fn name(title: &str) -> String {
    let mut name = String::new();
    for letter in title.chars().take(LONGEST_NAME) {
        match letter.to_ascii_lowercase() {
            letter @ ('a'..='z' | '0'..='9') => name.push(letter),
            _ if name.is_empty() || name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    name.trim_end_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(headers: &[&str], rows: &[&[&str]]) -> Table {
        let mut table = Table::new("What did it hold?", headers);
        for row in rows {
            table.push(row.iter().map(|&text| text.to_owned()).collect(), Emphasis::Plain, false);
        }
        table
    }

    #[test]
    fn what_is_as_above_is_there_in_every_row() {
        let rows: [&[&str]; 3] = [&["moka", "0.5", "a", "1"], &["", "", "b", ""], &["", "0.9", "a", "3"]];
        let table = table(&["stack", "#read ratio", "strategy", "#ops/s"], &rows);
        let grid = grid(&table);
        let texts: Vec<Vec<&str>> =
            grid.rows.iter().map(|row| row.cells.iter().map(|cell| cell.text).collect()).collect();
        assert_eq!(texts, [["moka", "0.5", "a", "1"], ["moka", "0.5", "b", ""], ["moka", "0.9", "a", "3"]]);
        let classes: Vec<&str> = grid.rows[1].cells.iter().map(|cell| cell.class).collect();
        assert_eq!(classes, ["same", "n same", "short", "n"], "a figure that is missing is not as above");
        assert!(grid.rows[1].cells[2].is_head && grid.is_wide);
    }

    #[test]
    fn a_long_spread_is_broken_into_lines() {
        let rows: [&[&str]; 2] = [&["99.9 ms (99.8 ms to 99.9 ms; in 5 of 6)"], &["1.20 ms (1.10 ms to 1.30 ms)"]];
        let table = table(&["#time"], &rows);
        let classes: Vec<&str> = grid(&table).rows.iter().map(|row| row.cells[0].class).collect();
        assert_eq!(classes, ["n long", "n"]);
    }

    #[test]
    fn figures_are_sorted_by_their_value_and_texts_by_themselves() {
        let rows: [&[&str]; 4] =
            [&["7", "1.20 ms (1 to 2)"], &["8", "n/a"], &["9", "0.938 %"], &["9", "12,345 (1 to 20,000)"]];
        let table = table(&["arm", "#p99"], &rows);
        let sort: Vec<String> = grid(&table).rows.into_iter().flat_map(|row| row.cells).map(|cell| cell.sort).collect();
        assert_eq!(sort, ["", "1200000", "", "", "", "0.00938", "", ""]);
    }

    #[test]
    fn names_of_tables_are_fit_for_addresses() {
        assert_eq!(name("What did it hold?"), "what-did-it-hold");
        assert_eq!(name("\"><script>alert(1)</script>"), "script-alert-1-script");
        assert!(name(&"x".repeat(10_000)).len() <= LONGEST_NAME);
    }
}
