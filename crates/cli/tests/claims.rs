//! docs/CLAIMS.md: every claim has a definition that says what it is and whose, a command that this program takes, one verdict, and figures
//! that its page has.

#![cfg(all(feature = "servers", feature = "http"))]

#[expect(dead_code, reason = "shared with tests that use the rest")]
#[path = "support/markdown.rs"]
mod markdown;
#[expect(dead_code, reason = "shared with tests that use the rest")]
mod support;

use markdown::{fenced, links, root, unfounded, words};
use std::fs;
use support::cachemark;
use tempfile::tempdir;

const VERDICTS: [&str; 4] = ["**Holds", "**Does not hold", "**Can't tell", "**Not measured yet.**"];
/// What the head of a definition says, in this order.
const HEAD: [&str; 4] = ["# Claim: ", "# Source: ", "# What it leaves out", "# Here: "];

/// The sections of the page: heading and text.
fn claims() -> Vec<(String, String)> {
    let page = fs::read_to_string(root().join("docs/CLAIMS.md")).unwrap();
    let sections = page.split("\n## ").skip(1).map(|section| section.split("\n# ").next().unwrap());
    let parted = sections.map(|section| section.split_once('\n').unwrap());
    parted.map(|(heading, text)| (heading.to_owned(), text.to_owned())).collect()
}

/// The names of the definitions, and their texts.
fn definitions() -> Vec<(String, String)> {
    let files = fs::read_dir(root().join("workloads/claims")).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> = files
        .map(|file| (file.file_stem().unwrap().to_str().unwrap().to_owned(), fs::read_to_string(&file).unwrap()))
        .collect();
    found.sort();
    found
}

/// What is wrong with a claim's text, if anything.
fn fault(text: &str) -> Option<String> {
    let verdicts: Vec<_> = VERDICTS.into_iter().filter(|verdict| text.contains(verdict)).collect();
    let [verdict] = verdicts[..] else { return Some(format!("has the verdicts {verdicts:?}, and one is wanted")) };
    let pages = links(text).iter().filter(|link| link.starts_with("../results/published/")).count();
    match (verdict == VERDICTS[3], pages) {
        (true, 0) => {}
        (true, _) => return Some("is not measured, and links to a page".into()),
        (false, 0) => return Some("links to no page that shows it".into()),
        (false, _) => {}
    }
    let unfounded = unfounded(text);
    (!unfounded.is_empty()).then(|| format!("its pages have not {unfounded:?}"))
}

#[test]
fn every_claim_has_one_verdict_and_the_figures_of_its_page() {
    let claims = claims();
    assert!(claims.len() >= 4, "{claims:?}");
    for (heading, text) in claims {
        let fault = fault(&text);
        assert!(fault.is_none(), "{heading}: {}", fault.unwrap_or_default());
    }
    let page = "[it](../results/published/which-ttl/README.md)";
    for (wrong, why) in [
        ("Nothing.".to_owned(), "one is wanted"),
        ("**Holds.** **Can't tell.**".to_owned(), "one is wanted"),
        ("**Holds** here.".to_owned(), "links to no page"),
        (format!("**Not measured yet.** {page}"), "links to a page"),
        (format!("**Does not hold**: **99.123**. {page}"), "99.123"),
    ] {
        assert!(fault(&wrong).is_some_and(|fault| fault.contains(why)), "{wrong}");
    }
    assert_eq!(fault(&format!("**Can't tell**: **1.905**. {page}")), None);
}

#[test]
fn every_definition_says_whose_claim_it_is_and_has_its_command_on_the_page() {
    let commands: Vec<Vec<String>> =
        claims().iter().flat_map(|(_, text)| fenced(text).into_iter().map(words).collect::<Vec<_>>()).collect();
    let definitions = definitions();
    for (name, text) in &definitions {
        let places = HEAD.map(|part| text.find(part));
        assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{name} says not {HEAD:?}: {places:?}");
        let mut of = commands.iter().filter(|command| command.contains(name));
        assert!(of.next().is_some() && of.next().is_none(), "docs/CLAIMS.md has not one command for {name}");
    }
    assert_eq!(commands.len(), definitions.len(), "a command without a definition of its own");
}

/// What the program says of a command that it is to take and not to run.
fn is_taken(command: &[String]) -> bool {
    let out = tempdir().unwrap();
    let mut tried = cachemark(out.path());
    tried.current_dir(root()).args(&command[1..]).arg("--dry-run").output().unwrap().status.success()
}

#[test]
fn every_command_is_taken() {
    for (heading, text) in claims() {
        for command in fenced(&text).into_iter().map(words) {
            assert!(command[0] == "cachemark" && is_taken(&command), "{heading}: {command:?}");
        }
    }
    assert!(!is_taken(&words("cachemark sweep --workload no-such-claim")));
}
