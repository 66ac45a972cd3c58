//! `cachemark strategies`: every part, with its settings.

use crate::args::ListArgs;
use crate::catalogue::catalogue;
use crate::exit::{Exit, Failure};
use crate::output::{say, say_wrapped};
use crate::stack::StackKind;
use cachemark_core::{Descriptor, Setting};
use serde_json::{Value, json};

pub(crate) fn run(args: &ListArgs) -> Result<Exit, Failure> {
    let catalogue = catalogue(StackKind::Embedded);
    let parts = [catalogue.strategies, catalogue.caches, catalogue.stores].concat();
    if args.json {
        let list: Vec<Value> = parts.iter().map(as_json).collect();
        say(&format!("{:#}", Value::Array(list)));
    } else {
        parts.iter().for_each(print);
    }
    Ok(Exit::Pass)
}

fn print(part: &Descriptor) {
    let head = format!("{} {}: {}", part.kind.name(), part.name, part.summary);
    say_wrapped("", &head);
    for setting in part.settings {
        say_wrapped("    ", &format!("{} = {} ({})", setting.name, setting.default_value(), setting.kind));
        say_wrapped("        ", setting.help);
    }
}

fn as_json(part: &Descriptor) -> Value {
    let setting = |setting: &Setting| {
        json!({
            "name": setting.name,
            "default": setting.default_value().to_string(),
            "takes": setting.kind.to_string(),
            "help": setting.help,
        })
    };
    json!({
        "kind": part.kind.name(),
        "name": part.name,
        "summary": part.summary,
        "settings": part.settings.iter().map(setting).collect::<Vec<_>>(),
    })
}
