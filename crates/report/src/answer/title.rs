//! The heading: the run's title, else its definition's description, else what is compared.

use super::made;
use crate::analysis::Analysis;
use cachemark_results::Run;

/// The longest heading.
const LONGEST: usize = 140;

/// The heading, and what else the description says.
pub(super) fn title(run: &Run, analysis: &Analysis<'_>) -> (String, String) {
    let description = description(run).unwrap_or_default();
    let title = run.manifest.title.trim();
    if !title.is_empty() {
        return (cut(title), description);
    }
    if description.is_empty() {
        return (cut(&made::heading(run, analysis)), String::new());
    }
    let (first, rest) = first_sentence(&description);
    // What has no room in the heading stands whole below it.
    if first.chars().count() > LONGEST {
        return (cut(first), description.clone());
    }
    (first.strip_suffix('.').unwrap_or(first).to_owned(), rest.to_owned())
}

/// The description in the resolved definition.
fn description(run: &Run) -> Option<String> {
    let definition: toml::Table = run.definition().ok()?.parse().ok()?;
    let words: Vec<&str> = definition.get("description")?.as_str()?.split_whitespace().collect();
    Some(words.join(" "))
}

fn first_sentence(text: &str) -> (&str, &str) {
    let ends = text.char_indices().filter(|(_, c)| matches!(c, '.' | '?' | '!')).map(|(place, _)| place + 1);
    let end = ends.filter(|end| text[*end..].starts_with(' ')).min();
    end.map_or((text, ""), |end| (&text[..end], text[end..].trim_start()))
}

/// A text that is too long for a heading ends at a word.
fn cut(text: &str) -> String {
    let Some((end, _)) = text.char_indices().nth(LONGEST) else { return text.to_owned() };
    let head = &text[..end];
    let head = head.rsplit_once(' ').map_or(head, |(words, _)| words);
    format!("{head}…")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_the_first_sentence() {
        assert_eq!(first_sentence("How long? From 2.5 s on."), ("How long?", "From 2.5 s on."));
        assert_eq!(first_sentence("Reads of 1.5 kB"), ("Reads of 1.5 kB", ""));
    }

    #[test]
    fn a_long_one_is_cut_at_a_word() {
        let long = "word ".repeat(100);
        let cut = cut(&long);
        assert!(cut.ends_with("word…") && cut.chars().count() <= LONGEST + 1, "{cut}");
        assert_eq!(super::cut("short"), "short");
        assert_eq!(super::cut(&"ü".repeat(200)).chars().count(), LONGEST + 1);
    }
}
