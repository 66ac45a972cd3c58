//! Text in lines, broken at spaces alone.

use unicode_width::UnicodeWidthStr;

/// Prose in longer lines than this is hard to read, however wide the terminal is.
const LONGEST_LINE: usize = 100;

/// Units as [`units`](crate::units) writes them, which do not part from their number.
const UNITS: [&str; 9] = ["%", "ns", "µs", "ms", "s", "ops/s", "KiB", "MiB", "GiB"];

/// Text in lines of at most `width` columns, the first behind `first`, the others behind `rest`. A word that is longer by
/// itself stands alone, whole. What would steer a terminal is shown as a mark instead.
#[must_use]
pub fn wrapped(text: &str, width: usize, (first, rest): (&str, &str)) -> Vec<String> {
    let width = width.min(LONGEST_LINE);
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let indent = if lines.is_empty() { first } else { rest };
        let mut line = indent.to_owned();
        let mut begun = false;
        for piece in pieces(&printable(paragraph)) {
            if begun && line.width() + 1 + piece.width() > width {
                lines.push(std::mem::replace(&mut line, rest.to_owned()));
                begun = false;
            }
            if begun {
                line.push(' ');
            }
            line += &piece;
            begun = true;
        }
        lines.push(line);
    }
    lines
}

/// Words, those that belong together in one: a number with its unit, a sign with its number.
fn pieces(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let bare = word.trim_end_matches([',', ';', '.', ':', ')']);
        match pieces.last_mut() {
            Some(before) if before.ends_with('±') => *before += &format!(" {word}"),
            Some(before) if before.ends_with(|c: char| c.is_ascii_digit()) && UNITS.contains(&bare) => {
                *before += &format!(" {word}");
            }
            _ => pieces.push(word.to_owned()),
        }
    }
    pieces
}

/// The longest piece that cannot be broken.
pub(super) fn longest_piece(text: &str) -> usize {
    text.lines().flat_map(pieces).map(|piece| piece.width()).max().unwrap_or(0)
}

/// A text without control characters: a name of a record, or what a server said, may come from anywhere.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_at_words_and_not_before_a_unit() {
        let lines = wrapped("the noise floor is ± 1.4 %, and 5 % is to matter", 23, ("- ", "  "));
        assert_eq!(lines, ["- the noise floor is", "  ± 1.4 %, and 5 % is", "  to matter"]);
    }

    #[test]
    fn a_long_word_stands_whole() {
        assert_eq!(wrapped("see /a/very/long/path now", 8, ("", "  ")), ["see", "  /a/very/long/path", "  now"]);
    }

    #[test]
    fn what_steers_a_terminal_is_not_passed_on() {
        assert_eq!(wrapped("a\u{1b}[2Jb", 40, ("", "")), ["a\u{fffd}[2Jb"]);
    }
}
