//! The schema of `[[arm]]`.

use super::settings::Settings;
use super::{closed, name_of};
use crate::definition::Catalogue;
use crate::definition::arm::Scope;
use cachemark_core::{Descriptor, PartKind};
use serde_json::{Map, Value, json};

/// A list of arms: which settings one takes besides depends on its strategy.
pub(super) fn schema(catalogue: &Catalogue<'_>, settings: &mut Settings) -> Value {
    for kind in [PartKind::Cache, PartKind::Store] {
        let parts = of_parts(catalogue.of(kind), settings);
        settings.definitions.insert(name_of_all(kind), parts);
    }
    let names: Vec<_> = catalogue.strategies.iter().map(|part| part.name).collect();
    let each: Vec<Value> = catalogue.strategies.iter().map(|part| of_strategy(part, settings)).collect();
    json!({
        "description": "What is compared: a strategy with its settings, and what else is set for it.",
        "type": "array",
        "items": {
            "type": "object",
            "required": ["strategy"],
            "properties": { "name": name(catalogue), "strategy": { "enum": names, "description": "The strategy." } },
            "allOf": each,
        },
    })
}

fn name_of_all(kind: PartKind) -> String {
    format!("arm.{}", kind.name())
}

/// Messages and flags would take some names for what they are the names of.
fn name(catalogue: &Catalogue<'_>) -> Value {
    let parts = catalogue.caches.iter().chain(catalogue.stores).map(|part| part.name);
    let taken: Vec<_> = Scope::NAMED.iter().map(|(word, _)| *word).chain(parts).collect();
    json!({
        "description": "Its name in every table, chart and assertion: 1 to 40 letters, digits, -, _ and +. Left out: the strategy's.",
        "type": "string",
        "pattern": "^[A-Za-z0-9_+-]{1,40}$",
        "not": { "enum": taken },
    })
}

/// What an arm of that strategy takes.
fn of_strategy(strategy: &Descriptor, settings: &mut Settings) -> Value {
    let mut properties = settings.all(strategy.name, strategy.settings.iter().copied());
    // What they take stands beside, for all arms.
    properties.extend(["name", "strategy"].map(|name| (name.to_owned(), json!({}))));
    for (word, scope) in Scope::NAMED {
        let name = match scope {
            Scope::Cache => name_of_all(PartKind::Cache),
            Scope::Store => name_of_all(PartKind::Store),
            Scope::Strategy | Scope::Servers => word.to_owned(),
        };
        properties.insert(word.into(), json!({ "$ref": format!("#/definitions/{name}") }));
    }
    json!({
        "if": { "properties": { "strategy": { "const": strategy.name } }, "required": ["strategy"] },
        "then": { "additionalProperties": false, "properties": properties },
    })
}

/// Settings of every part that has them, and of one alone under its name.
fn of_parts(parts: &[Descriptor], settings: &mut Settings) -> Value {
    let mut properties: Map<String, Value> = Map::new();
    for part in parts {
        for setting in part.settings {
            // Of several that take it otherwise the value has to be one of any.
            let place = settings.one(part.name, setting);
            match properties.get_mut(setting.name) {
                None => drop(properties.insert(setting.name.into(), place)),
                Some(there) if *there == place => {}
                Some(there) => *there = json!({ "anyOf": [there.take(), place] }),
            }
        }
        properties
            .insert(part.name.into(), json!({ "$ref": format!("#/definitions/{}", name_of(part.kind, part.name)) }));
    }
    closed("Settings of every one that has them; under a name, of that one alone.", properties)
}
