//! What goes to stdout (data) and to stderr (talk).

use cachemark_report::{Emphasis, Table};
use comfy_table::{Attribute, Cell, CellAlignment, ContentArrangement, LineStyle, Table as Terminal, presets};
use std::io::{IsTerminal, Write};
use tracing_subscriber::EnvFilter;

/// Sends warnings of the libraries to stderr, more if `RUST_LOG` asks for it.
pub(crate) fn start_log(quiet: bool) {
    let level = if quiet { "error" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none());
    // A second call, as in tests, changes nothing.
    let _ = subscriber.try_init();
}

/// Prints a line to stdout. A reader that has gone away (a closed pipe) is no error.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints a table to stdout, as wide as the terminal, or as it needs to be elsewhere.
pub(crate) fn show(table: &Table) {
    if !table.title.is_empty() {
        say(&table.title);
    }
    say(&rendered(table).to_string());
    table.footnotes.iter().for_each(|note| say(note));
}

fn rendered(table: &Table) -> Terminal {
    let mut terminal = Terminal::new();
    terminal.load_style(presets::UTF8_HORIZONTAL_ONLY).set_header(table.headers.clone());
    // A rule below each row would double a table's height and tell nothing.
    terminal.style_mut().row_separator = LineStyle::none();
    if std::io::stdout().is_terminal() {
        terminal.set_content_arrangement(ContentArrangement::Dynamic);
    }
    let styled = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    for row in &table.rows {
        let cells = row.cells.iter().map(|text| {
            let cell = Cell::new(text);
            match row.emphasis {
                Emphasis::Reference if styled => cell.add_attribute(Attribute::Bold),
                Emphasis::Control | Emphasis::Missing if styled => cell.add_attribute(Attribute::Dim),
                _ => cell,
            }
        });
        terminal.add_row(cells.collect::<Vec<_>>());
    }
    for (column, numeric) in terminal.column_iter_mut().zip(&table.numeric) {
        if *numeric {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    terminal
}
