//! `cachemark strategies`: every part in short, or all that some of them say of themselves.
//!
//! What every cache or every store takes beside its own stands once, as a group, as what servers take does.

mod json;
mod part;
mod short;

use crate::args::StrategiesArgs;
use crate::exit::{Exit, Failure};
use crate::output::{say, say_wrapped};
use cachemark_bench::definition::{Mistake, Mistakes, Origin};
use cachemark_core::{Descriptor, Setting};
use cachemark_stack::server_settings;
use cachemark_strategy::resilience::{cache_settings, store_settings, strategy_settings};
use serde_json::Value;

/// Settings that stand under a name of their own.
struct Shared {
    name: &'static str,
    summary: &'static str,
    settings: Vec<Setting>,
}

/// Those of the policies and of servers.
fn groups() -> Vec<Shared> {
    vec![
        Shared {
            name: "strategy-policies",
            summary: "What is put around a strategy, set with its own settings; an outbox and stale answers where it asks a cache (docs/policies.md).",
            settings: strategy_settings(),
        },
        Shared {
            name: "cache-policies",
            summary: "What is put around a cache where something breaks, set with the settings of any cache (docs/policies.md).",
            settings: cache_settings(),
        },
        Shared {
            name: "store-policies",
            summary: "What is put around a store where something breaks, set with the settings of any store (docs/policies.md).",
            settings: store_settings(),
        },
        Shared {
            name: "servers",
            summary: "Those that --stack native starts; an arm that sets them otherwise has its own. At most 24 run at a time, with caches \
                      of half of the machine's memory: more run one after another, each in its own trials.",
            settings: server_settings().iter().map(|known| known.setting).collect(),
        },
    ]
}

/// Every name that can be asked for.
pub(super) fn names() -> Vec<&'static str> {
    let groups = groups();
    every_part().iter().map(|part| part.name).chain(groups.iter().map(|group| group.name)).collect()
}

fn every_part() -> Vec<Descriptor> {
    [cachemark_strategy::strategies(), cachemark_backend::caches(), cachemark_backend::stores()].concat()
}

pub(crate) fn run(args: &StrategiesArgs) -> Result<Exit, Failure> {
    let parts = every_part();
    let mut groups = groups();
    refuse_unknown(&args.names, &parts, &groups)?;
    let asked = |name: &str| args.names.is_empty() || args.names.iter().any(|asked| asked == name);
    let chosen: Vec<Descriptor> = parts.iter().filter(|part| asked(part.name)).copied().collect();
    groups.retain(|group| asked(group.name));
    if args.json {
        let list = chosen.iter().map(json::of_part).chain(groups.iter().map(json::of_group));
        say(&format!("{:#}", Value::Array(list.collect())));
    } else if args.names.is_empty() {
        short::print(&chosen, &groups);
    } else {
        chosen.iter().for_each(part::print);
        for group in &groups {
            say_wrapped("", &format!("{}: {}", group.name, group.summary));
            group.settings.iter().for_each(part::print_setting);
        }
    }
    Ok(Exit::Pass)
}

/// Every name that is none, at once, each with the nearest that is.
fn refuse_unknown(names: &[String], parts: &[Descriptor], groups: &[Shared]) -> Result<(), Failure> {
    let known: Vec<&str> = parts.iter().map(|part| part.name).chain(groups.iter().map(|group| group.name)).collect();
    let unknown = names.iter().filter(|name| !known.contains(&name.as_str()));
    let list: Vec<_> =
        unknown.map(|name| Mistake::unknown(Origin::Flag("NAME"), "strategy, cache or store", name, &known)).collect();
    match list.is_empty() {
        true => Ok(()),
        false => Err(Mistakes { name: "cachemark strategies".into(), text: String::new(), list }.into()),
    }
}
