//! A table by cell in its two forms: for a page with all that is known, for a terminal with what there is room for.

use super::super::emphasis_of;
use super::super::figures::place;
use crate::analysis::{Analysis, Point};
use crate::sheet::{self, Sheet};
use crate::table::{Row, Table, halves};

/// A column of either form.
pub(super) struct Column<R> {
    /// Its name; figures have a `#` before it.
    pub(super) name: &'static str,
    /// The column that a narrow terminal does without first has the highest.
    pub(super) rank: usize,
    /// What it shows of a row. A spread in parentheses behind a figure is for the page alone.
    pub(super) text: fn(&R) -> String,
}

/// What both forms are made of.
pub(super) struct ByCell<'a, R: 'static> {
    pub(super) title: &'static str,
    pub(super) columns: &'static [Column<R>],
    pub(super) rows: &'a [R],
    /// The cell that a row is of: an index into the cells of the analysis.
    pub(super) cell: fn(&R) -> usize,
    pub(super) footnotes: Vec<String>,
}

impl<R: 'static> ByCell<'_, R> {
    pub(super) fn table(self, analysis: &Analysis<'_>) -> Table {
        let mut headers = vec!["stack", "#read ratio"];
        headers.extend(analysis.open_loop.then_some("#offered load, arrivals/s"));
        headers.push(analysis.subject.name());
        headers.extend(self.columns.iter().map(|column| column.name));
        let mut table = Table::new(self.title, &headers);
        let mut shown: Option<(usize, Point)> = None;
        for (stack, point, row) in self.in_order(analysis) {
            let figures = &analysis.cells[(self.cell)(row)];
            let before = shown.filter(|before| before.0 == stack).map(|before| before.1);
            let label = &analysis.stacks[stack].label;
            let mut cells = vec![if before.is_none() { label.clone() } else { String::new() }];
            cells.extend(place(analysis, before, figures));
            cells.push(analysis.label(figures).to_owned());
            cells.extend(self.columns.iter().map(|column| (column.text)(row)));
            table.push(cells, emphasis_of(analysis, figures), before != Some(point));
            shown = Some((stack, point));
        }
        table.footnotes = self.footnotes;
        table
    }

    pub(super) fn sheet(self, analysis: &Analysis<'_>) -> Sheet {
        let mut columns = vec![sheet::Column::long_names(analysis.subject.name(), 0)];
        columns.extend(self.columns.iter().map(|column| match column.name.strip_prefix('#') {
            Some(name) => sheet::Column::figures(name, column.rank),
            None => sheet::Column::names(column.name, column.rank),
        }));
        let mut sheet = Sheet { title: self.title.to_owned(), columns, ..Sheet::default() };
        for (stack, point, row) in self.in_order(analysis) {
            let figures = &analysis.cells[(self.cell)(row)];
            let mut cells = vec![analysis.label(figures).to_owned()];
            cells.extend(self.columns.iter().map(|column| briefly(&(column.text)(row))));
            let heading = format!("{}, {}", analysis.stacks[stack].label, point.label());
            sheet.push(&heading, Row { cells, emphasis: emphasis_of(analysis, figures), begins_group: false });
        }
        sheet.footnotes = self.footnotes;
        sheet
    }

    /// The rows by stack, point and line of the legend, as in every table of cells.
    fn in_order<'a>(&'a self, analysis: &'a Analysis<'_>) -> Vec<(usize, Point, &'a R)> {
        let mut found = Vec::new();
        for (place, stack) in analysis.stacks.iter().enumerate() {
            let here: Vec<&R> = self.rows.iter().filter(|row| stack.cells.contains(&(self.cell)(row))).collect();
            for point in &analysis.points {
                for variant in 0..analysis.variants.len() {
                    let is_it = |row: &&&R| {
                        let figures = &analysis.cells[(self.cell)(row)];
                        figures.variant == variant && figures.point() == *point
                    };
                    found.extend(here.iter().find(is_it).map(|row| (place, *point, *row)));
                }
            }
        }
        found
    }
}

/// A text without its spread, with intervals as a terminal has them.
fn briefly(text: &str) -> String {
    halves(text).0.replace(" to ", "–")
}
