//! The trial under way, in one line of a terminal.

use super::course::{Course, Figures, Phase};
use cachemark_report::units;
use std::time::Duration;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// The least that is left of a name.
const LEAST_NAME: usize = 5;
/// From this share of hits on a tenth of a per cent tells more than the rest.
const NEARLY_ALL: f64 = 0.99;
const CUT: char = '…';

/// How much room a figure takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Long,
    Short,
    Terse,
}

/// A part of the line, and how soon it goes where all of them don't fit: the highest first. What has 0 stays.
type Part = (u8, String);

/// A line of at most `columns` columns; empty before the first trial.
pub(super) fn line(course: &Course, columns: usize) -> String {
    if course.cell.is_empty() {
        return String::new();
    }
    fitted(&course.cell, &course.arm, columns, |form| parts(course, form))
}

/// The figures without the rest, for where a line may be as long as it likes.
pub(super) fn in_words(figures: &Figures) -> String {
    joined(&of_figures(figures, Form::Long), Form::Long)
}

/// The longest of the forms that fits behind the cell's name, or behind its arm's.
fn fitted(cell: &str, arm: &str, columns: usize, parts: impl Fn(Form) -> Vec<Part>) -> String {
    for name in [cell, arm] {
        for form in [Form::Long, Form::Short, Form::Terse] {
            let line = format!("{name}: {}", joined(&parts(form), form));
            if line.width() <= columns {
                return line;
            }
        }
    }
    let mut parts = parts(Form::Terse);
    loop {
        let text = joined(&parts, Form::Terse);
        let room = columns.saturating_sub(text.width() + 2);
        if room >= LEAST_NAME.min(arm.width()) {
            return format!("{}: {text}", shortened(arm, room));
        }
        let first = parts.iter().map(|part| part.0).max().filter(|rank| *rank > 0);
        let Some(first) = first else { return shortened(&format!("{arm}: {text}"), columns) };
        parts.retain(|part| part.0 != first);
    }
}

fn parts(course: &Course, form: Form) -> Vec<Part> {
    let phase = match course.phase {
        Phase::Unseen => "under way".to_owned(),
        Phase::Preparing => "getting ready".to_owned(),
        Phase::WarmUp(since) => format!("warm-up {} s", whole(since.elapsed())),
        Phase::Window(since) => window(since.elapsed().min(course.window), course.window, form),
        Phase::Ending => "finishing".to_owned(),
    };
    let mut parts = vec![(0, phase)];
    parts.extend(of_figures(&course.figures(), form));
    parts
}

/// How much of the window has gone by.
fn window(elapsed: Duration, length: Duration, form: Form) -> String {
    let (window, of, unit) = match form {
        Form::Long => ("window ", " of ", " s"),
        Form::Short => ("", "/", " s"),
        Form::Terse => ("", "/", "s"),
    };
    if length < Duration::from_secs(10) {
        return format!("{window}{:.1}{of}{}{unit}", elapsed.as_secs_f64(), length.as_secs_f64());
    }
    format!("{window}{}{of}{}{unit}", whole(elapsed), whole(length))
}

fn whole(time: Duration) -> u64 {
    time.as_secs()
}

fn of_figures(figures: &Figures, form: Form) -> Vec<Part> {
    let tight = |text: String| if form == Form::Terse { text.replace(' ', "") } else { text };
    let mut parts = Vec::new();
    if let Some(rate) = figures.rate {
        let text = match form {
            Form::Long => units::rate(rate),
            Form::Short => format!("{} ops/s", units::short(rate)),
            Form::Terse => format!("{}/s", units::short(rate)),
        };
        parts.push((0, text));
    }
    if let Some(p99) = figures.p99_ns {
        let time = if form == Form::Terse { units::time_tick } else { units::time };
        parts.push((2, format!("p99 {}", tight(time(p99 as f64)))));
    }
    if let Some(hits) = figures.hits {
        let text = match form {
            Form::Terse if hits < NEARLY_ALL => format!("hit {:.0}%", hits * 100.0),
            Form::Terse => format!("hit {}", tight(units::percent(hits))),
            _ => format!("hits {}", units::percent(hits)),
        };
        parts.push((3, text));
    }
    if let Some(stale) = figures.stale {
        // That none was stale goes first.
        let rank = if stale > 0.0 { 1 } else { 4 };
        parts.push((rank, format!("stale {}", tight(units::small_percent(stale)))));
    }
    if figures.failures > 0 {
        let kinds: Vec<String> = figures.errors.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        let count = units::count(figures.failures as f64);
        let text = match form {
            Form::Long => format!("failed {count} ({})", kinds.join(", ")),
            Form::Short => format!("failed {count}"),
            Form::Terse => format!("err {}", units::short(figures.failures as f64)),
        };
        parts.push((0, text));
    }
    parts
}

fn joined(parts: &[Part], form: Form) -> String {
    let texts: Vec<&str> = parts.iter().map(|(_, text)| text.as_str()).collect();
    texts.join(if form == Form::Terse { " " } else { ", " })
}

/// What fits of a text, with a sign that there was more.
pub(super) fn shortened(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let mut left = columns.saturating_sub(1);
    let fits = |letter: &char| {
        let width = letter.width().unwrap_or(0);
        let fits = width <= left;
        left = left.saturating_sub(width);
        fits
    };
    let kept: String = text.chars().take_while(fits).collect();
    if columns == 0 { String::new() } else { format!("{kept}{CUT}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::ErrorKind;
    use std::collections::BTreeMap;

    /// What a terminal of 60, 80 and 120 columns leaves for a line.
    const COLUMNS: [usize; 3] = [58, 78, 118];
    const CELL: &str = "write-through in-process sqlite r0.9 cost=1ms";
    const ARM: &str = "write-through";

    fn figures() -> Figures {
        Figures {
            rate: Some(123_456.0),
            p99_ns: Some(2_100_000),
            hits: Some(0.904),
            stale: Some(0.001),
            failures: 1_214,
            errors: BTreeMap::from([(ErrorKind::Status(503), 1_212), (ErrorKind::Timeout, 2)]),
        }
    }

    fn at_every_width(cell: &str, arm: &str, figures: &Figures) -> String {
        let length = Duration::from_secs(10);
        let lines = COLUMNS.map(|columns| {
            let parts = |form| {
                let mut parts = vec![(0, window(Duration::from_millis(2_400), length, form))];
                parts.extend(of_figures(figures, form));
                parts
            };
            let line = fitted(cell, arm, columns, parts);
            assert!(line.width() <= columns && !line.contains('\n'), "{columns} columns: {line}");
            line
        });
        lines.join("\n")
    }

    #[test]
    fn a_line_is_one_line_at_every_width() {
        insta::assert_snapshot!(at_every_width(CELL, ARM, &figures()), @"
        writ…: 2/10s 123k/s p99 2.1ms hit 90% stale 0.1% err 1.21k
        write-through: 2/10s 123k/s p99 2.1ms hit 90% stale 0.1% err 1.21k
        write-through in-process sqlite r0.9 cost=1ms: 2/10 s, 123k ops/s, p99 2.10 ms, hits 90.4 %, stale 0.1 %, failed 1,214
        ");
    }

    #[test]
    fn a_quiet_trial_keeps_its_cell_s_name_as_long_as_it_fits() {
        let quiet = Figures { failures: 0, errors: BTreeMap::new(), stale: Some(0.0), ..figures() };
        insta::assert_snapshot!(at_every_width(CELL, ARM, &quiet), @"
        write-through: 2/10s 123k/s p99 2.1ms hit 90% stale 0%
        write-through: 2/10 s, 123k ops/s, p99 2.10 ms, hits 90.4 %, stale 0 %
        write-through in-process sqlite r0.9 cost=1ms: window 2 of 10 s, 123,456 ops/s, p99 2.10 ms, hits 90.4 %, stale 0 %
        ");
    }

    #[test]
    fn a_long_name_is_cut_and_what_failed_is_not() {
        let name = "an arm whose author was fond of words and gave it a great many of them 数数数数数数数数";
        insta::assert_snapshot!(at_every_width(name, name, &figures()), @"
        an a…: 2/10s 123k/s p99 2.1ms hit 90% stale 0.1% err 1.21k
        an arm whose author was …: 2/10s 123k/s p99 2.1ms hit 90% stale 0.1% err 1.21k
        an arm whose author was fond of words and gave it a great many o…: 2/10s 123k/s p99 2.1ms hit 90% stale 0.1% err 1.21k
        ");
        for columns in 0..200 {
            let line = fitted(name, name, columns, |form| of_figures(&figures(), form));
            assert!(line.width() <= columns, "{columns} columns: {line}");
        }
    }

    #[test]
    fn failures_are_told_by_status() {
        let told = in_words(&figures());
        assert_eq!(
            told,
            "123,456 ops/s, p99 2.10 ms, hits 90.4 %, stale 0.1 %, failed 1,214 (timeout 2, status-503 1212)"
        );
        assert_eq!(in_words(&Figures { rate: Some(500.0), ..Figures::default() }), "500 ops/s");
    }

    #[test]
    fn a_short_window_is_told_in_tenths() {
        let of = |length| window(Duration::from_millis(1_250), Duration::from_millis(length), Form::Long);
        assert_eq!([of(1_500), of(10_000)], ["window 1.2 of 1.5 s", "window 1 of 10 s"]);
    }
}
