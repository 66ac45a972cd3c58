//! What documents say: links lead somewhere, README.md shows what its record says, and the tests that docs/DEFECTS.md names are there.

#[expect(dead_code, reason = "shared with tests that use the rest")]
#[path = "support/markdown.rs"]
mod markdown;

use markdown::{anchors, links, root, without_code};
use std::fs;
use std::path::{Path, PathBuf};

/// Every document of the repository, and no record that a run has left in results.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root()];
    while let Some(folder) = folders.pop() {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_str().unwrap_or_default();
            let is_record = path.parent() == Some(&root().join("results")) && name != "published";
            if path.is_dir() {
                // What a link leads to is there by its own path.
                if !path.is_symlink() && name != "target" && !name.starts_with('.') && !is_record {
                    folders.push(path);
                }
            } else if name.ends_with(".md") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Where a link of `document` leads nowhere, and why.
fn broken(document: &Path, link: &str) -> Option<String> {
    if link.contains("://") || link.starts_with("mailto:") {
        return None;
    }
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = if path.is_empty() { document.to_owned() } else { document.parent().unwrap().join(path) };
    let problem = if !target.exists() {
        "is not there"
    } else if !anchor.is_empty() && !anchors(&target).iter().any(|known| known == anchor) {
        "has no such place"
    } else {
        return None;
    };
    Some(format!("{}: {link} {problem}", document.display()))
}

#[test]
fn every_link_leads_somewhere() {
    let found = documents();
    assert!(found.contains(&root().join("README.md")) && found.len() > 50, "{found:?}");
    let page = root().join("results/index.html");
    let of_document = |document: &PathBuf| links(&fs::read_to_string(document).unwrap());
    let broken: Vec<_> = found
        .iter()
        .flat_map(|document| of_document(document).into_iter().filter_map(|link| broken(document, &link)))
        .chain(attributes(&fs::read_to_string(&page).unwrap()).filter_map(|link| broken(&page, link)))
        .collect();
    assert!(broken.is_empty(), "{} links:\n{}", broken.len(), broken.join("\n"));
}

/// The addresses that a page links to or shows.
fn attributes(page: &str) -> impl Iterator<Item = &str> {
    let of = |name: &'static str| page.split(name).skip(1).map(|rest| rest.split('"').next().unwrap());
    of(" href=\"").chain(of(" src=\""))
}

#[test]
fn a_link_to_nothing_is_found() {
    let folder = tempfile::tempdir().unwrap();
    let document = folder.path().join("a.md");
    let text = "# A head, of `two` words\n[x](a.md#a-head-of-two-words) [y](#no) ![z](no.png) `[c](no)` <b href=\"n\">\n\
                ```\n[c](no)\n# no head\n```\n[w](https://a.b/c) [v](a.md#no-head)";
    fs::write(&document, text).unwrap();
    let found: Vec<_> = links(text).iter().filter_map(|link| broken(&document, link)).collect();
    let tell = |link: &str, problem: &str| format!("{}: {link} {problem}", document.display());
    let nowhere = "has no such place";
    assert_eq!(found, [tell("#no", nowhere), tell("no.png", "is not there"), tell("a.md#no-head", nowhere)]);
}

/// What README.md shows of the default sweep is of the record that it links to, and not of one before it.
#[test]
fn the_readme_shows_what_its_record_says() {
    let record = root().join("results/published/embedded-default");
    let says = |name: &str| fs::read_to_string(record.join(name)).unwrap();
    let (readme, summary) = (fs::read_to_string(root().join("README.md")).unwrap(), says("SUMMARY.md"));
    let section = readme.split("## What comes out").nth(1).unwrap().split("\n## ").next().unwrap();
    let rows: Vec<_> = section.lines().filter(|line| line.starts_with('|')).collect();
    assert!(rows.len() > 10, "{section}");
    let not_there: Vec<_> = rows.iter().filter(|row| !summary.lines().any(|line| line == **row)).collect();
    assert!(not_there.is_empty(), "README.md has rows that its record has not: {not_there:#?}");
    let control = section.split('±').nth(1).unwrap().split('%').next().unwrap();
    assert!(says("README.md").contains(&format!("±{control}%")), "a control of ±{control}% is not what the record has");
}

#[test]
fn every_rule_that_a_defect_made_is_held_by_a_test_that_is_there_or_says_that_none_does() {
    let text = fs::read_to_string(root().join("docs/DEFECTS.md")).unwrap();
    let rows: Vec<_> = text.lines().filter(|line| line.starts_with("| ") && !line.contains("| held by |")).collect();
    assert!(rows.len() > 30, "{}", rows.len());
    for row in rows {
        let held = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let tests: Vec<_> = held.split("[`").skip(1).filter_map(|rest| rest.split_once("`](../")).collect();
        assert!(!tests.is_empty() || held.contains("no test"), "says nothing of a test: {row}");
        for (name, rest) in tests {
            let file = root().join(rest.split(')').next().unwrap());
            let source = fs::read_to_string(&file).unwrap_or_default();
            assert!(source.contains(&format!("fn {name}(")), "{} has no test {name}: {row}", file.display());
        }
    }
}

/// A workflow has no more rights than it needs, and what it runs of ours is there.
#[test]
fn workflows_call_scripts_that_are_there_and_may_only_read() {
    let folder = root().join(".github/workflows");
    let files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert!(files.len() >= 2, "{files:?}");
    for file in files {
        let (name, text) = (file.display(), fs::read_to_string(&file).unwrap());
        assert!(!text.contains("pull_request_target"), "{name} runs others' changes with our rights");
        assert!(
            text.contains("\npermissions:\n  contents: read\n"),
            "{name} takes the rights that there are by default"
        );
        let checkouts = text.matches("actions/checkout@").count();
        assert_eq!(checkouts, text.matches("persist-credentials: false").count(), "{name} leaves a token in a clone");
        let runs = text.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("run: "));
        let ours = runs.filter_map(|run| run.split(' ').next()).filter(|word| word.contains('/'));
        for script in ours {
            assert!(root().join(script).is_file(), "{name} runs {script}, which is not there");
        }
    }
}

#[test]
fn a_citation_names_the_version_that_is_built() {
    let citation = fs::read_to_string(root().join("CITATION.cff")).unwrap();
    let version = citation.lines().find_map(|line| line.strip_prefix("version: ")).unwrap();
    assert_eq!(version, env!("CARGO_PKG_VERSION"), "CITATION.cff is of another version");
}

/// The Rust files below a folder, as their readers see them: code without documentation, and the examples in that without what they hide.
fn sources(folder: &Path, found: &mut Vec<String>) {
    for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let (documents, code): (Vec<_>, Vec<_>) = text.lines().partition(|line| line.starts_with("//"));
            let shown = documents.iter().filter_map(|line| line.get(4..)).filter(|line| !line.starts_with("# "));
            found.extend([code.join("\n"), shown.collect::<Vec<_>>().join("\n")]);
        }
    }
}

/// The blocks of Rust in a document.
fn rust_blocks(text: &str) -> impl Iterator<Item = &str> {
    text.split("```rust\n").skip(1).map(|rest| rest.split("\n```").next().unwrap())
}

#[test]
fn the_rust_that_documents_show_is_the_examples_own() {
    let (mut examples, mut blocks) = (Vec::new(), 0);
    sources(&root().join("examples"), &mut examples);
    for document in documents() {
        let text = fs::read_to_string(&document).unwrap();
        for block in rust_blocks(&text) {
            blocks += 1;
            let is_there = examples.iter().any(|example| example.contains(block));
            assert!(is_there, "{} shows what no file of examples has:\n{block}", document.display());
        }
    }
    assert!(blocks >= 6, "{blocks}");
    assert_eq!(
        rust_blocks("a\n```rust\nlet b = 1;\n\nc();\n```\nd ```rust\ne\n```").collect::<Vec<_>>(),
        ["let b = 1;\n\nc();", "e"]
    );
}

#[test]
fn code_is_no_text() {
    assert_eq!(without_code("a `b` c\n```\nd\n```\ne ``f ` g`` h"), "a  c\ne  h");
}
