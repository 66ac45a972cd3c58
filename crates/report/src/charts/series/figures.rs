//! The course as a table: of each trial shown and each figure its first, least, greatest and last interval, which tell whether a
//! line is level.

use super::super::Source;
use super::{Row, columns};
use crate::analysis::Stack;
use crate::table::{Emphasis, Table};
use crate::units;

pub(super) fn table(source: Source<'_>, stack: &Stack, rows: &[Row]) -> Table {
    let analysis = source.analysis;
    let columns = columns(source, rows);
    let mut headers = vec!["point".to_owned(), analysis.subject.name().to_owned(), "#intervals".to_owned()];
    for column in &columns {
        headers.extend(["first", "least", "greatest", "last"].map(|of| format!("#{}, {of}", column.figure.title)));
    }
    let headers: Vec<&str> = headers.iter().map(String::as_str).collect();
    let title = match analysis.stacks.len() {
        1 => "The figures of the course".to_owned(),
        _ => format!("The figures of the course: {}", stack.label),
    };
    let mut table = Table::new(title, &headers);
    for (point, courses) in rows {
        for (place, course) in courses.iter().enumerate() {
            let point = if place == 0 { source.place(*point) } else { String::new() };
            let mut cells = vec![point, analysis.variants[course.variant].label.clone()];
            cells.push(units::count(course.series.intervals.len() as f64));
            for column in &columns {
                let figures = column.figures(course);
                let least = figures.iter().copied().reduce(f64::min);
                let greatest = figures.iter().copied().reduce(f64::max);
                let told = [figures.first().copied(), least, greatest, figures.last().copied()];
                let text = |value| units::figure(column.figure, value);
                cells.extend(told.map(|value| value.map_or_else(|| units::NOT_AVAILABLE.to_owned(), text)));
            }
            table.push(cells, Emphasis::Plain, place == 0);
        }
    }
    table.footnotes.push("One trial of each cell: the first, least, greatest and last interval of its window.".into());
    table
}
