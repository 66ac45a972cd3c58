//! The page of warnings is the lists'.

use cachemark_results::warning::{OF_RUNS, OF_TRIALS, WarningKind};
use std::fs;
use std::path::Path;

/// `page` with its table under the heading `head` as the list has it.
fn with_table(page: &str, of: &str, kinds: &[WarningKind]) -> String {
    let head = format!("| code | gravity | what it says of {of} |\n");
    let rows = kinds.iter().map(|kind| format!("| `{}` | {} | {} |\n", kind.code, kind.gravity.name(), kind.meaning));
    let table = head.clone() + "|---|---|---|\n" + &rows.collect::<String>();
    let (before, rest) = page.split_once(&head).unwrap_or_else(|| panic!("no table of {of}"));
    let (_, after) = rest.split_once("\n\n").unwrap_or((rest, ""));
    format!("{before}{table}\n{after}")
}

#[test]
fn the_page_of_warnings_shows_the_lists() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/warnings.md");
    let page = fs::read_to_string(&path).unwrap();
    let right = with_table(&with_table(&page, "a trial", OF_TRIALS), "the run", OF_RUNS);
    if std::env::var_os("CACHEMARK_BLESS").is_some() {
        fs::write(&path, &right).unwrap();
    }
    let page = fs::read_to_string(&path).unwrap();
    assert!(page == right, "docs/warnings.md is not the list's: scripts/bless pages writes it anew");
}
