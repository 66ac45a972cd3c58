//! The documents as a book: every document is a chapter, and every command in them is one that this program takes.

#![cfg(all(feature = "servers", feature = "http", feature = "goose"))]

#[expect(dead_code, reason = "shared with tests that use the rest")]
#[path = "support/markdown.rs"]
mod markdown;
#[expect(dead_code, reason = "shared with tests that use the rest")]
mod support;

use markdown::{commands, root};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use support::cachemark;
use tempfile::tempdir;

/// The chapters with commands, and other documents that are read from the start.
fn chapters() -> Vec<PathBuf> {
    let summary = fs::read_to_string(root().join("docs/SUMMARY.md")).unwrap();
    let named = markdown::links(&summary).into_iter().filter(|link| !link.contains("CHANGELOG"));
    named.map(|link| root().join("docs").join(link)).collect()
}

/// Every command of the chapters with the chapter that has it.
fn all_commands() -> Vec<(PathBuf, Vec<String>)> {
    let of = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        commands(&text).into_iter().map(move |command| (path.clone(), command))
    };
    let found: Vec<_> = chapters().into_iter().flat_map(of).collect();
    assert!(found.len() > 80, "{} commands", found.len());
    found
}

fn run(folder: &Path, command: &[String]) -> Output {
    cachemark(folder).current_dir(root()).args(command).output().unwrap()
}

/// What the program says of itself, by command: each is asked once.
fn helps(commands: &[(PathBuf, Vec<String>)]) -> BTreeMap<Vec<String>, String> {
    let nowhere = tempdir().unwrap();
    let mut helps = BTreeMap::new();
    for (_, command) in commands {
        let name = name(command);
        helps.entry(name.clone()).or_insert_with(|| {
            let help = run(nowhere.path(), &[name, vec!["--help".to_owned()]].concat());
            assert!(help.status.success(), "{command:?}: {}", String::from_utf8_lossy(&help.stderr));
            String::from_utf8(help.stdout).unwrap()
        });
    }
    helps
}

/// The command's name, of two words for those that have commands of their own.
fn name(command: &[String]) -> Vec<String> {
    let words = if ["stack", "workload", "schema"].contains(&command[0].as_str()) { 2 } else { 1 };
    command.iter().take(words).filter(|word| !word.starts_with('-')).cloned().collect()
}

/// The flags of a command that its help does not have.
fn unknown<'a>(command: &'a [String], help: &str) -> Vec<&'a String> {
    let there = |flag: &str| help.split([' ', ',', '\n', '[']).any(|word| word == flag);
    command.iter().filter(|word| word.starts_with("--") && !there(word.split('=').next().unwrap())).collect()
}

#[test]
fn every_command_of_the_documents_has_flags_that_there_are() {
    let commands = all_commands();
    let helps = helps(&commands);
    let wrong: Vec<_> = commands
        .iter()
        .map(|(path, command)| (path, command, unknown(command, &helps[&name(command)])))
        .filter(|(_, _, unknown)| !unknown.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let made_up = ["sweep".to_owned(), "--read-ratios".to_owned()];
    assert_eq!(unknown(&made_up, &helps[&vec!["sweep".to_owned()]]).len(), 1);
}

/// Whether a command can be tried here: it names no run, file or service that only the reader has, and no server.
fn can_be_tried(command: &[String]) -> bool {
    let theirs = ["<", "*", "/tmp/", "my.toml", "check.toml", "http://", "native", "external", "--resume", "--like"];
    let readers = command.iter().any(|word| theirs.iter().any(|part| word.contains(part)));
    let reads =
        ["sweep", "worth", "recommend", "compare", "explain", "strategies", "workload", "completions", "schema"];
    // Without a folder they ask for the run that the reader has made last.
    let names_a_record = command.iter().any(|word| word.contains("results/published"));
    let of_a_record = ["worth", "recommend", "compare"].contains(&command[0].as_str());
    reads.contains(&command[0].as_str()) && !readers && (names_a_record || !of_a_record)
}

#[test]
fn every_command_that_needs_nothing_of_the_reader_is_taken() {
    let out = tempdir().unwrap();
    let commands = all_commands();
    let mut tried = 0;
    for (path, command) in commands.iter().filter(|(_, command)| can_be_tried(command)) {
        let dry = (command[0] == "sweep" && !command.contains(&"--dry-run".to_owned())).then(|| "--dry-run".to_owned());
        let output = run(out.path(), &command.iter().cloned().chain(dry).collect::<Vec<_>>());
        // 1 and 3 are answers: `recommend` may find no arm, or not be able to tell.
        let taken = matches!(output.status.code(), Some(0 | 1 | 3));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(taken, "{}: {}:\n{said}", path.display(), command.join(" "));
        tried += 1;
    }
    assert!(tried > 25, "{tried} of {} commands", commands.len());
}

/// The recipe of a check in a pipeline, as it stands there, over fewer and shorter trials.
#[test]
fn the_recipe_of_a_check_makes_one_that_holds() {
    let out = tempdir().unwrap();
    let page = fs::read_to_string(root().join("docs/recipes.md")).unwrap();
    let section = page.split("## A check in a pipeline").nth(1).unwrap().split("\n## ").next().unwrap();
    let steps = commands(section);
    assert_eq!(steps.iter().map(|step| step[0].as_str()).collect::<Vec<_>>(), ["init", "workload", "sweep"]);
    for step in steps {
        let short = (step[0] == "sweep").then_some(["--duration", "100ms", "--blocks", "1", "--quiet"]);
        let output = cachemark(out.path()).current_dir(&out).args(&step).args(short.into_iter().flatten()).output();
        let output = output.unwrap();
        assert!(output.status.success(), "{step:?}: {}", String::from_utf8_lossy(&output.stderr));
    }
    assert!(out.path().join("junit.xml").is_file());
}

#[test]
#[ignore = "needs python3"]
fn every_document_is_a_chapter() {
    let output = Command::new(root().join("scripts/book")).arg("--check").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
