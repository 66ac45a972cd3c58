//! `cachemark strategies`: every part in short, or all that some of them say of themselves.

mod json;
mod part;
mod short;

use crate::args::StrategiesArgs;
use crate::catalogue::catalogue;
use crate::exit::{Exit, Failure};
use crate::output::{say, say_wrapped};
use crate::stack::StackKind;
use cachemark_bench::definition::{Mistake, Mistakes, Origin};
use cachemark_core::Descriptor;
use cachemark_stack::server_settings;
use serde_json::Value;

/// The name under which the settings of servers stand.
const SERVERS: &str = "servers";

/// What the servers' settings are.
const OF_SERVERS: &str = "Those that --stack native starts; an arm that sets them otherwise has its own. At most 24 run at a time, with caches \
                          of half of the machine's memory: more run one after another, each in its own trials.";

pub(crate) fn run(args: &StrategiesArgs) -> Result<Exit, Failure> {
    let catalogue = catalogue(StackKind::Embedded);
    let parts = [catalogue.strategies, catalogue.caches, catalogue.stores].concat();
    refuse_unknown(&args.names, &parts)?;
    let asked = |name: &str| args.names.iter().any(|asked| asked == name);
    let chosen: Vec<Descriptor> =
        parts.iter().filter(|part| args.names.is_empty() || asked(part.name)).copied().collect();
    let servers = args.names.is_empty() || asked(SERVERS);
    if args.json {
        let mut list: Vec<Value> = chosen.iter().map(json::of_part).collect();
        list.extend(servers.then(|| json::of_servers(SERVERS, OF_SERVERS)));
        say(&format!("{:#}", Value::Array(list)));
    } else if args.names.is_empty() {
        short::print(&chosen, (SERVERS, OF_SERVERS));
    } else {
        chosen.iter().for_each(part::print);
        if servers {
            say_wrapped("", &format!("{SERVERS}: {OF_SERVERS}"));
            server_settings().iter().for_each(|known| part::print_setting(&known.setting));
        }
    }
    Ok(Exit::Pass)
}

/// Every name that is none, at once, each with the nearest that is.
fn refuse_unknown(names: &[String], parts: &[Descriptor]) -> Result<(), Failure> {
    let known: Vec<&str> = parts.iter().map(|part| part.name).chain([SERVERS]).collect();
    let unknown = names.iter().filter(|name| !known.contains(&name.as_str()));
    let list: Vec<_> =
        unknown.map(|name| Mistake::unknown(Origin::Flag("NAME"), "strategy, cache or store", name, &known)).collect();
    match list.is_empty() {
        true => Ok(()),
        false => Err(Mistakes { name: "cachemark strategies".into(), text: String::new(), list }.into()),
    }
}
