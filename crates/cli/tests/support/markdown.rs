//! As much of Markdown as the repository's own documents need.

use std::fs;
use std::path::{Path, PathBuf};

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// The lines outside of fenced code, and the lines within it.
fn parted(text: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut outside, mut within, mut fenced) = (Vec::new(), Vec::new(), false);
    for line in text.lines() {
        match (line.trim_start().starts_with("```"), fenced) {
            (true, _) => fenced = !fenced,
            (false, true) => within.push(line),
            (false, false) => outside.push(line),
        }
    }
    (outside, within)
}

/// The lines of a document's fenced code.
pub(crate) fn fenced(text: &str) -> Vec<&str> {
    parted(text).1
}

/// The text without its code, fenced or not.
pub(crate) fn without_code(text: &str) -> String {
    parted(text).0.into_iter().map(without_spans).collect::<Vec<_>>().join("\n")
}

/// A line without its code spans: each ends at as many backticks as it began with.
fn without_spans(line: &str) -> String {
    let (mut left, mut rest) = (String::new(), line);
    while let Some(start) = rest.find('`') {
        let ticks = rest[start..].chars().take_while(|c| *c == '`').count();
        let (before, code) = (&rest[..start], &rest[start + ticks..]);
        left.push_str(before);
        match code.find(&"`".repeat(ticks)) {
            Some(end) => rest = &code[end + ticks..],
            None => {
                rest = code;
                break;
            }
        }
    }
    left + rest
}

/// Where the text's links and pictures lead.
pub(crate) fn links(text: &str) -> Vec<String> {
    // What is code in a link's text is none in its address.
    let text = without_code(text);
    text.split("](").skip(1).filter_map(|rest| Some(rest.split_once(')')?.0.to_owned())).collect()
}

/// The places of a document or page that a link can name.
pub(crate) fn anchors(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
    if path.extension().is_some_and(|extension| extension == "html") {
        return text.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    }
    let heads = parted(&text).0.into_iter().filter(|line| line.starts_with('#'));
    heads.map(|line| anchor(line.trim_start_matches('#').trim())).collect()
}

/// The name that a heading has in links.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || " -_".contains(*c);
    heading.to_lowercase().chars().filter(kept).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The text's paragraphs, each in one line.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    let blocks = text.split("\n\n").map(|block| block.split_whitespace().collect::<Vec<_>>().join(" "));
    blocks.filter(|paragraph| !paragraph.is_empty()).collect()
}

/// The commands of cachemark in a document's fenced code, as words, without the program's name, comments, and what a shell does with them.
pub(crate) fn commands(text: &str) -> Vec<Vec<String>> {
    let joined = fenced(text).join("\n").replace("\\\n", " ");
    let own = |line: &str| {
        let line = line.trim_start_matches(['$', '>', ' ']);
        let line = ["cargo run --release -- ", "cachemark "].iter().find_map(|program| line.strip_prefix(program))?;
        let line = line.split("  #").next().unwrap_or(line).split(" # ").next().unwrap_or(line);
        let shell = |word: &String| [">", "|", "&"].iter().any(|sign| word.starts_with(sign));
        Some(words(line).into_iter().take_while(|word| !shell(word)).collect::<Vec<_>>())
    };
    joined.lines().filter_map(own).filter(|command| !command.is_empty()).collect()
}

/// A line of a shell, as words: what stands in single quotes is one.
pub(crate) fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            other => word.push(other),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// The figures in bold that no published page has which the text links to.
pub(crate) fn unfounded(text: &str) -> Vec<String> {
    let folders = links(text)
        .into_iter()
        .filter_map(|link| Some(link.strip_prefix("../")?.strip_suffix("/README.md")?.to_owned()));
    let read = |folder: String| {
        ["README.md", "SUMMARY.md"].map(|name| fs::read_to_string(root().join(&folder).join(name)).unwrap_or_default())
    };
    let pages: Vec<_> = folders.flat_map(read).collect();
    let bold = text.split("**").skip(1).step_by(2).filter(|text| text.starts_with(|c: char| c.is_ascii_digit()));
    bold.filter(|figure| !pages.iter().any(|page| has(page, figure))).map(str::to_owned).collect()
}

/// Whether `figure` stands in the text, and not as a part of a longer number.
pub(crate) fn has(text: &str, figure: &str) -> bool {
    let digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    text.match_indices(figure).any(|(at, _)| {
        let mut after = text[at + figure.len()..].chars();
        let next = after.next();
        let goes_on = digit(next) || (matches!(next, Some('.' | ',')) && digit(after.next()));
        !goes_on && !text[..at].ends_with(|c: char| c.is_ascii_digit() || ".,".contains(c))
    })
}
