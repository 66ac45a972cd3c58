//! Text in lines, broken at spaces; a name that is too long by itself also at a joint.

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

/// The longest word of a name that stays whole however narrow its column is.
pub(super) const LONGEST_IN_NAMES: usize = 24;

/// What a user named, as `update ttl-ms=1000 jitter=0.1`, in lines of at most `width` columns: broken at spaces, and a word that is
/// longer by itself behind the last sign in it that fits. Lines after the first are set in, so that rows are told apart.
pub(super) fn wrapped_name(name: &str, width: usize) -> Vec<String> {
    const INDENT: &str = "  ";
    let room = width.saturating_sub(INDENT.len()).max(1);
    let words: Vec<String> = printable(name).split(' ').flat_map(|word| parts_of_word(word, width, room)).collect();
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => *line += &format!(" {word}"),
            Some(_) => lines.push(format!("{INDENT}{word}")),
            None => lines.push(word),
        }
    }
    lines
}

/// A word in parts of at most `room` columns, of which the last may share its line; whole where it fits in `width`.
fn parts_of_word(word: &str, width: usize, room: usize) -> Vec<String> {
    let mut parts = Vec::new();
    let mut rest = word;
    while rest.width() > if parts.is_empty() { width } else { room } && rest.width() > LONGEST_IN_NAMES {
        let fits = rest.char_indices().take_while(|(place, c)| rest[..place + c.len_utf8()].width() <= room);
        let ends: Vec<(usize, bool)> = fits.map(|(place, c)| (place + c.len_utf8(), !c.is_alphanumeric())).collect();
        let Some(end) = ends.iter().rev().find(|(_, joint)| *joint).or(ends.last()) else { break };
        let (part, behind) = rest.split_at(end.0);
        parts.push(part.to_owned());
        rest = behind;
    }
    parts.push(rest.to_owned());
    parts
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

/// A text without control characters, and without those that turn the direction of what follows: a name of a record, or what
/// a server said, may come from anywhere.
#[must_use]
pub fn printable(text: &str) -> String {
    let steers = |c: char| c.is_control() || TURNS.contains(&c);
    text.chars().map(|c| if steers(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Unicode's marks, embeddings, overrides and isolates of direction.
const TURNS: [char; 12] = [
    '\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202b}', '\u{202c}', '\u{202d}', '\u{202e}', '\u{2066}',
    '\u{2067}', '\u{2068}', '\u{2069}',
];

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
    fn a_name_is_broken_at_spaces_and_set_in() {
        let name = "update ttl-ms=1000 jitter=0.1 vs invalidate";
        assert_eq!(wrapped_name(name, 50), [name]);
        assert_eq!(wrapped_name(name, 20), ["update ttl-ms=1000", "  jitter=0.1 vs", "  invalidate"]);
        assert_eq!(wrapped_name("read-through", 8), ["read-through"]);
    }

    #[test]
    fn a_word_of_a_name_that_is_too_long_is_broken_at_a_joint() {
        let name = "invalidate-with-a-very-short-lifetime_b x=1";
        assert_eq!(wrapped_name(name, 24), ["invalidate-with-a-", "  very-short-lifetime_b", "  x=1"]);
        let one = "x".repeat(40);
        assert_eq!(wrapped_name(&one, 26), [&one[..24], &format!("  {}", &one[24..])]);
    }

    #[test]
    fn what_steers_a_terminal_is_not_passed_on() {
        assert_eq!(wrapped("a\u{1b}[2Jb", 40, ("", "")), ["a\u{fffd}[2Jb"]);
    }
}
