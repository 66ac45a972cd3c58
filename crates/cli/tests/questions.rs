//! docs/QUESTIONS.md: its commands are ones that this program takes, and its figures are those of the pages that it links to.

#![cfg(all(feature = "servers", feature = "http"))]

#[expect(dead_code, reason = "shared with tests that use the rest")]
#[path = "support/markdown.rs"]
mod markdown;
#[expect(dead_code, reason = "shared with tests that use the rest")]
mod support;

use markdown::{fenced, has, links, root, unfounded, words};
use std::fs;
use std::process::{Command, Output};
use support::cachemark;
use tempfile::tempdir;

struct Question {
    heading: String,
    text: String,
}

fn questions() -> Vec<Question> {
    let page = fs::read_to_string(root().join("docs/QUESTIONS.md")).unwrap();
    let sections = page.split("\n### ").skip(1).map(|section| section.split("\n## ").next().unwrap());
    let parted = sections.map(|section| section.split_once('\n').unwrap());
    parted.map(|(heading, text)| Question { heading: heading.to_owned(), text: text.to_owned() }).collect()
}

/// Every command of the page, without the program's name.
fn commands() -> Vec<Vec<String>> {
    let lines: Vec<_> = questions()
        .iter()
        .flat_map(|question| fenced(&question.text).join("\n").lines().map(words).collect::<Vec<_>>())
        .collect();
    assert!(lines.len() > 15 && lines.iter().all(|line| line[0] == "cachemark"), "{lines:?}");
    lines.into_iter().map(|line| line[1..].to_vec()).collect()
}

/// What the program says of a command that it is to take and not to run.
fn tried(command: &[String]) -> Output {
    let out = tempdir().unwrap();
    let dry = (command[0] == "sweep").then_some("--dry-run");
    cachemark(out.path()).current_dir(root()).args(command).args(dry).output().unwrap()
}

fn not_taken<'a>(commands: impl IntoIterator<Item = &'a Vec<String>>) -> Vec<String> {
    let tried = commands.into_iter().map(|command| (command, tried(command)));
    let refused = tried.filter(|(_, output)| !output.status.success());
    refused
        .map(|(command, output)| format!("{}:\n{}", command.join(" "), String::from_utf8_lossy(&output.stderr)))
        .collect()
}

fn is_native(command: &[String]) -> bool {
    command.iter().any(|word| word == "native")
}

#[test]
fn every_question_has_a_command_and_an_answer_or_says_that_there_is_none() {
    let questions = questions();
    assert_eq!(questions.len(), 28);
    for (number, Question { heading, text }) in (1..).zip(&questions) {
        assert!(heading.starts_with(&format!("{number}. ")) && heading.ends_with('?'), "{heading}");
        let states = ["**Answered**", "**In part**", "**Not yet"].map(|state| text.matches(state).count());
        assert_eq!(states.iter().sum::<usize>(), 1, "{heading}: is answered, in part or not yet");
        assert_eq!(fenced(text).is_empty(), text.contains("No command yet"), "{heading}: a command, or none yet");
        let shown = |link: &String| link.starts_with("../results/published/") || link.starts_with('#');
        assert!(states[2] == 1 || links(text).iter().any(shown), "{heading}: links to no page that answers it");
    }
}

#[test]
fn every_figure_is_one_of_the_page_that_is_linked() {
    for question in questions() {
        let unfounded = unfounded(&question.text);
        assert!(unfounded.is_empty(), "{}: its pages have not {unfounded:?}", question.heading);
    }
    assert!(
        has("1.31 times, 2.", "1.31")
            && has("of 2.", "2")
            && !has("11.31", "1.31")
            && !has("1.310", "1.31")
            && !has("2.5", "2")
    );
    let made_up = "**9.99** [page](../results/published/which-ttl/README.md) **1.905** **Not yet**";
    assert_eq!(unfounded(made_up), ["9.99"]);
}

#[test]
fn every_command_without_servers_is_taken() {
    let commands = commands();
    let refused = not_taken(commands.iter().filter(|command| !is_native(command)));
    assert!(refused.is_empty(), "{} commands:\n{}", refused.len(), refused.join("\n"));
    // What is no command of this program is told.
    for wrong in ["sweep --workload which-tll", "sweep --strategy cache-asid", "sweep --rates 100", "strategies lru"] {
        assert_eq!(not_taken([&words(wrong)]).len(), 1, "{wrong}");
    }
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn every_command_with_servers_is_taken() {
    let commands = commands();
    let valkey = Command::new("valkey-server").arg("--version").output().is_ok();
    let there = |command: &&Vec<String>| valkey || !command.iter().any(|word| word.contains("valkey"));
    let refused = not_taken(commands.iter().filter(|command| is_native(command)).filter(there));
    assert!(refused.is_empty(), "{} commands:\n{}", refused.len(), refused.join("\n"));
}
