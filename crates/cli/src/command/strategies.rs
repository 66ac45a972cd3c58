//! `cachemark strategies`: every part, with its settings, and those of the servers.

use crate::args::ListArgs;
use crate::catalogue::catalogue;
use crate::exit::{Exit, Failure};
use crate::output::{say, say_wrapped};
use crate::stack::StackKind;
use cachemark_core::{Declared, Descriptor, PartKind, Setting};
use cachemark_stack::server_settings;
use serde_json::{Value, json};

/// What the servers' settings are.
const SERVERS: &str = "Those that --stack native starts; an arm that sets them otherwise has its own. At most 24 run at a time, with caches \
                       of half of the machine's memory: more run one after another, each in its own trials.";

pub(crate) fn run(args: &ListArgs) -> Result<Exit, Failure> {
    let catalogue = catalogue(StackKind::Embedded);
    let parts = [catalogue.strategies, catalogue.caches, catalogue.stores].concat();
    if args.json {
        let mut list: Vec<Value> = parts.iter().map(as_json).collect();
        list.push(servers_as_json());
        say(&format!("{:#}", Value::Array(list)));
    } else {
        parts.iter().for_each(print);
        say_wrapped("", &format!("servers: {SERVERS}"));
        server_settings().iter().for_each(|known| print_setting(&known.setting));
    }
    Ok(Exit::Pass)
}

fn print(part: &Descriptor) {
    let head = format!("{} {}: {}", part.kind.name(), part.name, part.summary);
    say_wrapped("", &head);
    if part.on_request {
        say_wrapped("    ", "It takes part only where it is named.");
    }
    part.settings.iter().for_each(print_setting);
    if part.kind == PartKind::Strategy {
        print_anomalies(part);
    }
}

/// Which anomalies a strategy has; the anomaly suite holds it to that.
fn print_anomalies(strategy: &Descriptor) {
    let anomalies = strategy.anomalies_in_words();
    let head = if anomalies.is_empty() { "anomalies: none" } else { "anomalies (docs/anomalies.md):" };
    say_wrapped("    ", head);
    for (anomaly, circumstances) in anomalies {
        let circumstances = if circumstances.is_empty() { circumstances } else { format!(": {circumstances}") };
        say_wrapped("        ", &format!("{}{circumstances}", anomaly.name));
    }
}

fn print_setting(setting: &Setting) {
    say_wrapped("    ", &format!("{} = {} ({})", setting.name, setting.default_value(), setting.kind));
    say_wrapped("        ", &setting.told());
}

fn setting_as_json(setting: &Setting) -> Value {
    json!({
        "name": setting.name,
        "default": setting.default_value().to_string(),
        "takes": setting.kind.to_string(),
        "help": setting.told(),
    })
}

fn servers_as_json() -> Value {
    json!({
        "kind": "servers",
        "name": "servers",
        "summary": SERVERS,
        "settings": server_settings().iter().map(|known| setting_as_json(&known.setting)).collect::<Vec<_>>(),
    })
}

fn as_json(part: &Descriptor) -> Value {
    let mut told = json!({
        "kind": part.kind.name(),
        "name": part.name,
        "summary": part.summary,
        "on_request": part.on_request,
        "settings": part.settings.iter().map(setting_as_json).collect::<Vec<_>>(),
    });
    if part.kind == PartKind::Strategy {
        told["anomalies"] = part.anomalies.iter().map(anomaly_as_json).collect();
    }
    told
}

fn anomaly_as_json(declared: &Declared) -> Value {
    json!({
        "name": declared.anomaly.name,
        "title": declared.anomaly.title,
        "deployment": declared.deployment.name(),
        "when": declared.when.iter().map(|condition| condition.to_string()).collect::<Vec<_>>(),
    })
}
