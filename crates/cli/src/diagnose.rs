//! Shows the mistakes of a definition with the lines they stand in.

use crate::{output, provenance, secrets};
use cachemark_bench::definition::{Mistake, Mistakes, Origin};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource, Report};
use std::io::IsTerminal;
use textwrap::{WordSeparator, WordSplitter};

/// More than these are not shown: whoever has so many has mended none yet.
const MOST_SHOWN: usize = 30;

/// Every mistake as text for a terminal.
pub(crate) fn render(mistakes: &Mistakes) -> String {
    rendered(mistakes, output::width_of_talk())
}

fn rendered(mistakes: &Mistakes, width: Option<usize>) -> String {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let mut handler = GraphicalReportHandler::new_themed(theme)
        .without_cause_chain()
        .with_break_words(false)
        // Names and flags have hyphens: lines end between words alone.
        .with_word_separator(WordSeparator::AsciiSpace)
        .with_word_splitter(WordSplitter::NoHyphenation);
    if let Some(width) = width {
        handler = handler.with_width(width);
    }
    let mut text = String::new();
    for mistake in mistakes.list.iter().take(MOST_SHOWN) {
        let report = report(mistakes, mistake);
        // Writing to a string does not fail; if rendering does, the plain form says the same.
        if handler.render_report(&mut text, report.as_ref()).is_err() {
            text.push_str(&mistake.message);
        }
        text.push('\n');
    }
    let count = mistakes.list.len();
    let hidden = if count > MOST_SHOWN { format!(" ({} not shown)", count - MOST_SHOWN) } else { String::new() };
    let noun = if count == 1 { "mistake" } else { "mistakes" };
    text.push_str(&format!("error: {count} {noun} in {}{hidden}\n", places(mistakes)));
    text
}

/// Where the mistakes are: the file, the flags, or both. A preset has none of its own if only flags are wrong.
fn places(mistakes: &Mistakes) -> String {
    let mut flags: Vec<&str> = Vec::new();
    let mut in_file = mistakes.list.is_empty();
    for mistake in &mistakes.list {
        match mistake.origin {
            Origin::Flag(flag) if !flags.contains(&flag) => flags.push(flag),
            Origin::Flag(_) => {}
            Origin::File(_) | Origin::Default => in_file = true,
        }
    }
    let places: Vec<&str> = in_file.then_some(mistakes.name.as_str()).into_iter().chain(flags).collect();
    places.join(", ")
}

fn report(mistakes: &Mistakes, mistake: &Mistake) -> Report {
    let message = match &mistake.origin {
        // A value in the wrong place is repeated, and may be a URL with a password.
        Origin::Flag(flag) => format!("{flag}: {}", secrets::struck(&mistake.message, provenance::arguments())),
        Origin::File(_) | Origin::Default => secrets::struck(&mistake.message, std::iter::empty()),
    };
    let mut diagnostic = MietteDiagnostic::new(message);
    if let Some(help) = &mistake.help {
        diagnostic = diagnostic.with_help(help.clone());
    }
    match &mistake.origin {
        Origin::File(span) => {
            let diagnostic = diagnostic.with_label(LabeledSpan::underline(span.clone()));
            Report::new(diagnostic).with_source_code(NamedSource::new(&mistakes.name, secrets::masked(&mistakes.text)))
        }
        Origin::Flag(_) | Origin::Default => Report::new(diagnostic),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_ends_within_no_name() {
        let mistake = Mistake::new(
            Origin::Flag("--verdict-on"),
            "unknown figure `read-through.p99` of write-through, and of no-cache",
        )
        .advise("take --verdict-on read.p99 beside --warm-up-scan, or leave --verdict-on out");
        let mistakes = Mistakes { name: "names".into(), text: String::new(), list: vec![mistake] };
        for width in 30..100 {
            let told = rendered(&mistakes, Some(width));
            for (name, times) in
                [("--verdict-on", 4), ("`read-through.p99`", 1), ("write-through", 1), ("--warm-up-scan", 1)]
            {
                assert_eq!(told.matches(name).count(), times, "at {width}: {told}");
            }
        }
    }
}
