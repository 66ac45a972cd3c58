//! The same for programs.

use super::Shared;
use cachemark_core::{Calls, Declared, Descriptor, PartKind, Setting, Step};
use serde_json::{Map, Value, json};

pub(super) fn of_part(part: &Descriptor) -> Value {
    let mut told = json!({
        "kind": part.kind.name(),
        "name": part.name,
        "summary": part.summary,
        "on_request": part.on_request,
        "settings": part.settings.iter().map(of_setting).collect::<Vec<_>>(),
    });
    if part.kind == PartKind::Strategy {
        told["needs"] = part.needs_in_words().into();
        told["freshness"] = part.freshness_in_words().into();
        told["durable"] = part.durable().name().into();
        told["durability"] = part.durability_in_words().into();
        told["operations"] = Value::Object(operations(part));
        told["formula"] = part.formula.into();
        told["source"] = part.source.into();
        told["anomalies"] = part.anomalies.iter().map(of_anomaly).collect();
    }
    told
}

pub(super) fn of_group(group: &Shared) -> Value {
    json!({
        "kind": group.name,
        "name": group.name,
        "summary": group.summary,
        "settings": group.settings.iter().map(of_setting).collect::<Vec<_>>(),
    })
}

fn of_setting(setting: &Setting) -> Value {
    json!({
        "name": setting.name,
        "default": setting.default_value().to_string(),
        "takes": setting.kind.to_string(),
        "help": setting.told(),
    })
}

/// Each operation by its name: its calls and steps with the defaults.
fn operations(strategy: &Descriptor) -> Map<String, Value> {
    let of = |(operation, steps): (&str, &[Step])| {
        let Calls { store, cache } = Calls::of(steps);
        let told = json!({ "store_calls": store, "cache_calls": cache, "steps": Step::in_words(steps) });
        (operation.to_owned(), told)
    };
    strategy.protocol.operations().map(of).collect()
}

fn of_anomaly(declared: &Declared) -> Value {
    json!({
        "name": declared.anomaly.name,
        "title": declared.anomaly.title,
        "deployment": declared.deployment.name(),
        "when": declared.when.iter().map(|condition| condition.to_string()).collect::<Vec<_>>(),
    })
}
