//! The schema of `[[fault]]`.

use super::settings;
use crate::definition::faults::MOST_S;
use crate::timeline::fault::{FaultKind, KINDS, Target};
use serde_json::{Value, json};

/// A list of faults: what one takes besides depends on its kind.
pub(super) fn schema() -> Value {
    let kinds: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
    let targets = Target::ALL.map(Target::name);
    json!({
        "description": "What is done on purpose amid the window of every trial.",
        "type": "array",
        "items": {
            "type": "object",
            "required": ["kind", "at-s"],
            "properties": {
                "kind": { "enum": kinds, "description": "What is done." },
                "at-s": seconds("When it begins, in seconds from the window's start."),
                "for-s": seconds("How long it lasts, in seconds, where it lasts."),
                "target": {
                    "enum": targets,
                    "description": "What it is done to; left out where a kind has one target alone.",
                },
            },
            "allOf": KINDS.iter().map(|kind| of_kind(kind)).collect::<Vec<_>>(),
        },
    })
}

fn seconds(description: &str) -> Value {
    json!({ "type": "number", "minimum": 0, "maximum": MOST_S, "description": description })
}

/// What a fault of that kind takes, and has to have.
fn of_kind(kind: &FaultKind) -> Value {
    let mut properties = settings::single(kind.settings);
    properties.extend(["kind", "at-s"].map(|name| (name.to_owned(), json!({}))));
    let targets: Vec<_> = kind.targets.iter().map(|target| target.name()).collect();
    let mut required = Vec::new();
    if targets.len() > 1 {
        required.push("target");
    }
    properties.insert("target".into(), json!({ "enum": targets }));
    if kind.lasts {
        required.push("for-s");
        properties.insert("for-s".into(), json!({ "exclusiveMinimum": 0 }));
    }
    json!({
        "if": { "properties": { "kind": { "const": kind.name } }, "required": ["kind"] },
        "then": {
            "description": kind.meaning,
            "required": required,
            "additionalProperties": false,
            "properties": properties,
        },
    })
}
