//! The heading.

use crate::sample::Sample;
use crate::support::{answer_of, small, written};
use std::fs;

#[test]
fn a_title_goes_before_the_description_and_that_before_what_is_compared() {
    let (_folder, mut run) = written(&small());
    assert_eq!(
        answer_of(&run).title,
        "cache-aside, read-through and write-through against no-cache over moka + sqlite"
    );

    let definition =
        "description = \"Which one? Over moka.\nTwice.\"\nname = \"x\"\n".replace('\n', " ").replace(" name", "\nname");
    fs::write(run.folder.join("definition.toml"), definition).unwrap();
    let found = answer_of(&run);
    assert_eq!((found.title.as_str(), found.lead.as_str()), ("Which one?", "Over moka. Twice."));

    run.manifest.title = "  Ours ".into();
    let found = answer_of(&run);
    assert_eq!((found.title.as_str(), found.lead.as_str()), ("Ours", "Which one? Over moka. Twice."));
}

#[test]
fn many_are_counted_and_a_search_says_what_it_searched() {
    let strategies = &["no-cache", "a", "b", "c", "d"];
    let (_folder, run) = written(&Sample { strategies, caches: &["moka", "redis"], blocks: 1, ..small() });
    assert_eq!(answer_of(&run).title, "4 strategies against no-cache");
    let (_folder, mut run) = written(&Sample { strategies: &["a", "b"], blocks: 1, ..small() });
    run.manifest.kind = "find-max".into();
    assert_eq!(answer_of(&run).title, "How much load a and b bear over moka + sqlite");
}
