//! What goes to stdout (data) and to stderr (talk).

use cachemark_report::sheet::{Sheet, USUAL_WIDTH, wrapped};
use std::io::{IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::OnceLock;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::filter_fn;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Sends warnings of our own to stderr, more if `RUST_LOG` asks for it. Libraries have no say, whatever it asks for: some
/// print the URLs that they are given.
pub(crate) fn start_log(quiet: bool) {
    let level = if quiet { "error" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(level));
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none());
    let subscriber = subscriber.finish().with(filter_fn(|metadata| metadata.target().starts_with("cachemark")));
    // A second call, as in tests, changes nothing.
    let _ = subscriber.try_init();
}

/// Why stdout could not be written, the first time that it could not.
static LOST: OnceLock<std::io::Error> = OnceLock::new();

/// Prints a line to stdout. A reader that has gone away (a closed pipe) is no error; [`lost`] tells any other.
pub(crate) fn say(line: &str) {
    note(writeln!(std::io::stdout().lock(), "{line}"));
}

/// Notes how writing to stdout went.
pub(crate) fn note(written: std::io::Result<()>) {
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => drop(LOST.set(error)),
        _ => {}
    }
}

/// Why some of the data did not reach stdout, if so.
pub(crate) fn lost() -> Option<&'static std::io::Error> {
    note(std::io::stdout().flush());
    LOST.get()
}

/// Prints a sheet to stdout, as wide as the terminal.
pub(crate) fn show(sheet: &Sheet) {
    let styled = std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    say(&sheet.render(width(), styled));
}

/// Prints a line to stdout, wrapped at words: the first line behind `first`, the others behind as many spaces.
pub(crate) fn say_wrapped(first: &str, text: &str) {
    let rest = " ".repeat(first.chars().count());
    wrapped(text, width(), (first, &rest)).iter().for_each(|line| say(line));
}

/// The columns that lines on stdout may take: those of the terminal but two. A terminal that says 0 doesn't know.
fn width() -> usize {
    columns(std::io::stdout()).unwrap_or(USUAL_WIDTH)
}

/// The same of stderr; none where it is no terminal, whose readers want a message in one line.
pub(crate) fn width_of_talk() -> Option<usize> {
    columns(std::io::stderr())
}

/// A message to people as they see it: on a terminal wrapped at words, elsewhere as it is.
pub(crate) fn talk(text: &str) -> String {
    width_of_talk().map_or_else(|| text.to_owned(), |width| wrapped(text, width, ("", "  ")).join("\n"))
}

fn columns(stream: impl AsFd) -> Option<usize> {
    let columns = rustix::termios::tcgetwinsize(stream).map_or(0, |size| size.ws_col);
    (columns > 0).then(|| usize::from(columns).saturating_sub(2))
}
