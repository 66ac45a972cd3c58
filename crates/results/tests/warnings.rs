//! The list of warning codes, its page, and the sources that raise them.

use cachemark_results::warning::{CODES, RUN_CODES, WarningCode};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// `page` with its table under the heading `head` as the list has it.
fn with_table(page: &str, of: &str, codes: &[WarningCode]) -> String {
    let head = format!("| code | gravity | what it says of {of} |\n");
    let rows = codes.iter().map(|code| format!("| `{}` | {} | {} |\n", code.code, code.gravity.name(), code.meaning));
    let table = head.clone() + "|---|---|---|\n" + &rows.collect::<String>();
    let (before, rest) = page.split_once(&head).unwrap_or_else(|| panic!("no table of {of}"));
    let (_, after) = rest.split_once("\n\n").unwrap_or((rest, ""));
    format!("{before}{table}\n{after}")
}

#[test]
fn the_page_of_warnings_shows_the_lists() {
    let path = root().join("docs/warnings.md");
    let page = fs::read_to_string(&path).unwrap();
    let right = with_table(&with_table(&page, "a trial", CODES), "the run", RUN_CODES);
    if std::env::var_os("CACHEMARK_BLESS").is_some() {
        fs::write(&path, &right).unwrap();
    }
    let page = fs::read_to_string(&path).unwrap();
    assert!(page == right, "docs/warnings.md is not the list's: CACHEMARK_BLESS=1 writes it anew");
}

/// Every source file below `folder`.
fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if entry.is_dir() {
            sources(&entry, into);
        } else if entry.extension().is_some_and(|extension| extension == "rs") {
            into.push(entry);
        }
    }
}

/// The codes that a source raises: the first argument, where it is a literal, of what makes a warning.
fn raised(text: &str) -> Vec<String> {
    let makers = ["warn(", "Warning::new(", "Warning::invalidating("];
    let calls = makers.iter().flat_map(|maker| text.match_indices(maker).map(move |(at, _)| &text[at + maker.len()..]));
    let literal = |rest: &str| Some(rest.trim_start().strip_prefix('"')?.split_once('"')?.0.to_owned());
    let is_code = |text: &String| text.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    calls.filter_map(literal).filter(is_code).collect()
}

#[test]
fn every_code_that_is_raised_is_listed() {
    let mut files = Vec::new();
    for each in fs::read_dir(root().join("crates")).unwrap() {
        sources(&each.unwrap().path().join("src"), &mut files);
    }
    let texts: Vec<String> = files.iter().map(|file| fs::read_to_string(file).unwrap()).collect();
    let raised: Vec<String> = texts.iter().flat_map(|text| raised(text)).collect();
    assert!(raised.len() > 10, "the makers of warnings have other names now: {raised:?}");
    let unlisted = raised.iter().filter(|code| CODES.iter().chain(RUN_CODES).all(|known| known.code != **code));
    assert_eq!(unlisted.collect::<Vec<_>>(), [""; 0], "add them to the list in crates/results/src/warning.rs");
}
