//! `cachemark explain`: what a figure, a warning or an anomaly is.

mod topic;

use self::topic::{Topic, topics};
use crate::args::ExplainArgs;
use crate::exit::{Exit, Failure};
use crate::output::{say, say_wrapped};
use cachemark_bench::definition::{Mistake, Mistakes, Origin};
use serde_json::Value;

pub(crate) fn run(args: &ExplainArgs) -> Result<Exit, Failure> {
    let all = topics();
    refuse_unknown(&args.names, &all)?;
    let is_asked = |topic: &&Topic| args.names.is_empty() || args.names.iter().any(|name| topic.is_called(name));
    let chosen: Vec<&Topic> = all.iter().filter(is_asked).collect();
    if args.json {
        say(&format!("{:#}", Value::Array(chosen.iter().map(|topic| topic.as_json()).collect())));
    } else if args.names.is_empty() {
        list(&all);
    } else {
        for (place, topic) in chosen.iter().enumerate() {
            if place > 0 {
                say("");
            }
            topic.heading_and_facts();
        }
    }
    Ok(Exit::Pass)
}

/// Every name that can be asked for.
pub(super) fn names() -> Vec<&'static str> {
    topics().iter().map(Topic::name).collect()
}

/// A line each, in their groups.
fn list(all: &[Topic]) {
    let width = all.iter().map(|topic| topic.name().len()).max().unwrap_or(0);
    for kind in topic::KINDS {
        say(&format!("{kind}s:"));
        for topic in all.iter().filter(|topic| topic.kind() == kind) {
            say_wrapped(&format!("  {:<width$}  ", topic.name()), topic.in_short());
        }
    }
    say("");
    say_wrapped("", "cachemark explain NAME says all of one.");
}

/// Every name that is none, at once, each with the nearest that is.
fn refuse_unknown(names: &[String], all: &[Topic]) -> Result<(), Failure> {
    let known: Vec<&str> = all.iter().map(Topic::name).collect();
    let unknown = names.iter().filter(|name| !all.iter().any(|topic| topic.is_called(name)));
    let origin = || Origin::Flag("FIGURE|WARNING|ANOMALY");
    let mistake = |name: &String| {
        Mistake::unknown_of_many(origin(), "figure, warning or anomaly", name, (&known, "cachemark explain"))
    };
    let list: Vec<_> = unknown.map(mistake).collect();
    match list.is_empty() {
        true => Ok(()),
        false => Err(Mistakes { name: "cachemark explain".into(), text: String::new(), list }.into()),
    }
}
