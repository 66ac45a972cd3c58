//! Whatever the width, no word is cut.

use crate::sample::Sample;
use crate::support::{asserted, closed, cold, open, searched, sheet, spoilt};
use cachemark_report::sheet::USUAL_WIDTH;
use cachemark_report::terminal_sheet;

/// Every word and number of a sheet with room for all stands whole on a narrower one, or its column is named as left out.
#[test]
fn no_line_is_too_long_and_nothing_is_cut() {
    let many = || Sample {
        strategies: &["no-cache", "cache-aside", "read-through", "write-through"],
        caches: &["in-process", "memcached", "redis"],
        costs_us: &[0, 1000],
        blocks: 2,
        reads: 60,
        ..closed()
    };
    let sheets = [
        sheet(&closed()),
        sheet(&many()),
        sheet(&open()),
        sheet(&spoilt()),
        sheet(&cold()),
        asserted(),
        terminal_sheet(&searched()),
    ];
    for sheet in &sheets {
        let whole = sheet.render(1000, false);
        let known: Vec<&str> = whole.split_whitespace().collect();
        for width in [58, USUAL_WIDTH, 98, 118, 250] {
            let shown = sheet.render(width, false);
            for line in shown.lines() {
                assert!(line.chars().count() <= width, "{} columns at {width}: {line}", line.chars().count());
            }
            let (_, after) = shown.split_once("Not shown for want of room").unwrap_or((&shown, ""));
            for word in shown.strip_suffix(after).unwrap_or(&shown).split_whitespace() {
                let added = ["Not", "shown", "for", "want", "of", "room", "-"].contains(&word) || word.starts_with('─');
                assert!(added || known.contains(&word), "{word} at {width} in\n{shown}");
            }
        }
    }
}

/// A terminal of a few columns shows what identifies a row, in whole words, however it must fold them.
#[test]
fn a_tiny_terminal_breaks_no_word() {
    let shown = sheet(&closed()).render(10, false);
    for word in ["read-through", "cache-aside", "equivalent"] {
        assert!(shown.contains(word), "{word} in\n{shown}");
    }
}
