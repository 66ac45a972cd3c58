//! A sheet as text.

use super::layout::{GAP, Placed, lay_out};
use super::wrap::{printable, wrapped, wrapped_name};
use super::{Group, Holds, Sheet};
use crate::table::{Emphasis, Row};
use unicode_width::UnicodeWidthStr;

const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
const PLAIN: &str = "\u{1b}[0m";

pub(super) fn render(sheet: &Sheet, width: usize, styled: bool) -> String {
    let (columns, left_out) = lay_out(sheet, width);
    let style = |lines: Vec<String>, escape: &str| -> Vec<String> {
        if !styled || escape.is_empty() {
            return lines;
        }
        lines.into_iter().map(|line| format!("{escape}{line}{PLAIN}")).collect()
    };
    let mut lines = Vec::new();
    if !sheet.title.is_empty() {
        lines.extend(style(wrapped(&sheet.title, width, ("", "  ")), BOLD));
    }
    for remark in sheet.answer.iter().chain(&sheet.remarks) {
        lines.extend(style(wrapped(remark, width, ("", "  ")), BOLD));
    }
    if sheet.groups.iter().any(|group| !group.rows.is_empty()) {
        let all = columns.iter().map(|column| column.width).sum::<usize>() + GAP * columns.len().saturating_sub(1);
        let rule = "─".repeat(all.min(width));
        lines.push(rule.clone());
        lines.extend(heads(sheet, &columns));
        lines.push(rule.clone());
        for (place, Group { heading, rows }) in sheet.groups.iter().enumerate() {
            if place > 0 && !heading.is_empty() {
                lines.push(String::new());
            }
            if !heading.is_empty() {
                lines.extend(style(wrapped(heading, width, ("", "  ")), BOLD));
            }
            for row in rows {
                let escape = match row.emphasis {
                    Emphasis::Plain => "",
                    Emphasis::Reference => BOLD,
                    Emphasis::Control | Emphasis::Missing => DIM,
                };
                lines.extend(style(of_row(sheet, &columns, row), escape));
            }
        }
        lines.push(rule);
    }
    for note in &sheet.footnotes {
        lines.extend(wrapped(note, width, ("- ", "  ")));
    }
    if !left_out.is_empty() {
        let note = format!("Not shown for want of room: {}.", left_out.join("; "));
        lines.extend(wrapped(&note, width, ("- ", "  ")));
    }
    lines.join("\n")
}

/// The columns' names, each broken at words, with their last lines side by side.
fn heads(sheet: &Sheet, columns: &[Placed]) -> Vec<String> {
    let names = columns.iter().map(|column| wrapped(&sheet.columns[column.index].name, column.width, ("", "")));
    let names: Vec<Vec<String>> = names.collect();
    let height = names.iter().map(Vec::len).max().unwrap_or(0);
    let raised: Vec<Vec<String>> =
        names.into_iter().map(|name| [vec![String::new(); height - name.len()], name].concat()).collect();
    side_by_side(sheet, columns, &raised)
}

fn of_row(sheet: &Sheet, columns: &[Placed], row: &Row) -> Vec<String> {
    let cell = |column: &Placed| {
        let text = &row.cells[column.index];
        match sheet.columns[column.index].holds {
            Holds::Prose => wrapped(text, column.width, ("", "")),
            Holds::LongNames => wrapped_name(text, column.width),
            Holds::Figures | Holds::Names => vec![printable(text)],
        }
    };
    side_by_side(sheet, columns, &columns.iter().map(cell).collect::<Vec<_>>())
}

fn side_by_side(sheet: &Sheet, columns: &[Placed], cells: &[Vec<String>]) -> Vec<String> {
    let height = cells.iter().map(Vec::len).max().unwrap_or(0);
    let line = |place: usize| {
        let mut line = String::new();
        for (column, cell) in columns.iter().zip(cells) {
            let text = cell.get(place).map_or("", String::as_str);
            let room = " ".repeat(column.width.saturating_sub(text.width()));
            if !line.is_empty() {
                line += &" ".repeat(GAP);
            }
            if sheet.columns[column.index].holds == Holds::Figures {
                line += &room;
                line += text;
            } else {
                line += text;
                line += &room;
            }
        }
        line.trim_end().to_owned()
    };
    (0..height).map(line).collect()
}
