//! A definition's JSON Schema, for editors: made of the lists that the reader has, of the parts' own settings, and of the kinds of faults.
//!
//! It says draft-07, which editors know best. It never refuses what the reader takes. What it cannot see (two fields that do
//! not fit each other, names that the file itself gives) is found by `cachemark workload check` alone.

mod arms;
mod faults;
mod fields;
mod settings;

use super::Catalogue;
use super::field::{root, run, sweep, workload};
use cachemark_core::PartKind;
use fields::Named;
use serde_json::{Map, Value, json};
use settings::Settings;

/// The name of the definition of a part's settings within the schema.
fn name_of(kind: PartKind, part: &str) -> String {
    format!("{}.{part}", kind.name())
}

/// A table of known fields and no others.
fn closed(description: &str, properties: Map<String, Value>) -> Value {
    json!({ "type": "object", "description": description, "additionalProperties": false, "properties": properties })
}

/// The schema of definitions over these parts. `http` is that of the table `[http]`, which its own reader knows.
#[must_use]
pub fn json_schema(catalogue: &Catalogue<'_>, http: Value) -> Value {
    let mut settings = Settings::default();
    let mut properties: Map<String, Value> = Map::new();
    let named = Named(catalogue);
    properties.extend(named.fields(root::ALL));
    for (name, description, fields) in [
        ("workload", "What is asked.", workload::ALL),
        ("sweep", "What is compared, and how often.", sweep::ALL),
        ("run", "How the load is driven.", run::ALL),
    ] {
        properties.insert(name.into(), closed(description, named.fields(fields)));
    }
    let of_servers = catalogue.server_settings.iter().map(|known| known.setting);
    let about = "How the servers are set that are started for a run (--stack native).";
    let servers = closed(about, settings.all("servers", of_servers));
    settings.definitions.insert("servers".into(), servers);
    properties.insert("servers".into(), json!({ "$ref": "#/definitions/servers" }));
    for kind in [PartKind::Strategy, PartKind::Cache, PartKind::Store] {
        let mut parts = Map::new();
        for part in catalogue.of(kind) {
            let name = name_of(kind, part.name);
            parts.insert(part.name.into(), json!({ "$ref": format!("#/definitions/{name}") }));
            let table = closed(part.summary, settings.all(part.name, part.settings.iter().copied()));
            settings.definitions.insert(name, table);
        }
        let about = format!("The settings of each {}, by its name.", kind.name());
        properties.insert(kind.name().into(), closed(&about, parts));
    }
    properties.insert("arm".into(), arms::schema(catalogue, &mut settings));
    properties.insert("fault".into(), faults::schema());
    properties.insert("http".into(), http);
    json!({
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "Definition of cachemark",
        "description": "What a sweep or a load measures. `cachemark workload check` finds what this schema cannot.",
        "type": "object",
        "additionalProperties": false,
        "properties": properties,
        "definitions": settings.definitions,
    })
}
