//! The page of figures is the list's, and every figure round-trips through an assertion.

use cachemark_results::Assertion;
use cachemark_results::figure::{FIGURES, Figure, Measure};
use std::fs;
use std::path::Path;

fn row(figure: &Figure) -> String {
    let Figure { name, meaning, .. } = figure;
    let better = figure.better_in_words().trim_end_matches(" is better");
    format!("| `{name}` | {} | {better} | {meaning} | {} |\n", figure.unit.in_words(), figure.needs.in_words())
}

#[test]
fn the_page_of_figures_shows_the_list() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/figures.md");
    let page = fs::read_to_string(&path).unwrap();
    let head = "| figure | unit | better | what it is | what it needs |\n|---|---|---|---|---|\n";
    let (before, _) = page.split_once(head).expect("the head of the table");
    let right = format!("{before}{head}{}", FIGURES.iter().map(|figure| row(figure)).collect::<String>());
    if std::env::var_os("CACHEMARK_BLESS").is_some() {
        fs::write(&path, &right).unwrap();
    }
    let page = fs::read_to_string(&path).unwrap();
    assert!(page == right, "docs/figures.md is not the list's: scripts/bless pages writes it anew");
}

#[test]
fn every_figure_can_be_asserted() {
    for figure in FIGURES {
        let unit = if figure.unit == Measure::Time { "ms" } else { "" };
        let text = format!("cache-aside@redis[read_ratio=0.9].{} <= 1{unit}", figure.name);
        let assertion: Assertion = text.parse().unwrap();
        assert_eq!((assertion.figure, assertion.to_string()), (*figure, text));
    }
}

#[test]
fn a_count_in_per_cent_is_its_share_where_a_record_has_it() {
    for share in FIGURES.iter().filter(|figure| figure.share_of.is_some()) {
        let count = share.share_of.unwrap();
        let assertion = Assertion::recorded(&format!("{} <= 1%", count.name)).unwrap();
        assert_eq!((assertion.figure, count.unit), (*share, Measure::Count));
        assert_eq!(assertion.to_string().parse(), Ok(assertion));
    }
}
