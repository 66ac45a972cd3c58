//! What workloads/README.md says of bounds is what assertions take.

use cachemark_results::figure::FIGURES;
use std::fs;
use std::path::Path;

const HEAD: &str = "| unit | bound |\n|---|---|\n";

/// A row for each unit, in the order of the figures. Shares that should be next to nothing have the unit of other shares.
fn rows() -> String {
    let mut units: Vec<(&str, &str)> = Vec::new();
    for unit in FIGURES.iter().map(|figure| figure.unit) {
        if units.iter().all(|(known, _)| *known != unit.in_words()) {
            units.push((unit.in_words(), unit.bound_in_words()));
        }
    }
    units.iter().map(|(unit, bound)| format!("| {unit} | {bound} |\n")).collect()
}

#[test]
fn the_page_of_workloads_says_what_bounds_are() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../workloads/README.md");
    let page = fs::read_to_string(&path).unwrap();
    let (before, rest) = page.split_once(HEAD).expect("the head of the table");
    let (_, after) = rest.split_once("\n\n").expect("a text behind the table");
    let right = format!("{before}{HEAD}{}\n{after}", rows());
    if std::env::var_os("CACHEMARK_BLESS").is_some() {
        fs::write(&path, &right).unwrap();
    }
    let page = fs::read_to_string(&path).unwrap();
    assert!(page == right, "workloads/README.md is not what assertions take: scripts/bless pages writes it anew");
}
