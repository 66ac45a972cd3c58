//! The JSON Schema of the table `[http]`, for editors: draft-07, within that of definitions.

use crate::section::{ENCODINGS, HIT_RULES, METHODS, MOST_CONNECT_MS, OURS, VERSION_RULES};
use cachemark_workload::OperationKind;
use serde_json::{Map, Value, json};

/// What `[http]` takes. What is left out is as our own service has it.
#[must_use]
pub fn json_schema() -> Value {
    let mut http = table(
        "How operations become requests, and what answers mean. Left out: as fits `cachemark serve`.",
        json!({
            "shed": statuses("Statuses that turn an operation away before anything was done."),
            "unknown": statuses("Statuses after which nobody knows whether the operation took effect."),
            "connect-timeout-ms": {
                "type": "integer",
                "minimum": 1,
                "maximum": MOST_CONNECT_MS,
                "description": "The longest that connecting may take, in milliseconds.",
            },
            "hit": hit(),
            "value": value(),
            "version": version(),
        }),
    );
    for kind in OperationKind::ALL {
        http["properties"][kind.name()] = operation(kind);
    }
    let ours: toml::Table = OURS.parse().unwrap_or_default();
    if let Ok(ours) = serde_json::to_value(ours) {
        put_defaults(&mut http, &ours);
    }
    http
}

fn table(description: &str, properties: Value) -> Value {
    json!({ "type": "object", "description": description, "additionalProperties": false, "properties": properties })
}

fn statuses(description: &str) -> Value {
    let status = json!({ "type": "integer", "minimum": 100, "maximum": 599 });
    json!({ "description": description, "anyOf": [status, { "type": "array", "items": status, "minItems": 1 }] })
}

fn operation(kind: OperationKind) -> Value {
    let methods = METHODS.map(|method| method.to_string());
    let text = json!({ "type": "string", "pattern": "^[\\t -~\\u0080-\\uffff]*$" });
    let headers = json!({
        "type": "object",
        "description": "By name; {key} and {env:NAME} are filled in.",
        "propertyNames": { "pattern": "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$" },
        "additionalProperties": text,
    });
    table(
        &format!("How a {} becomes a request.", kind.name()),
        json!({
            "method": { "enum": methods, "description": "The request's method." },
            "path": {
                "type": "string",
                "pattern": "^/",
                "description": "From the base URL on; {key} is filled in.",
            },
            "body": {
                "type": "string",
                "description": "Left out: none. {key}, {value}, {value:base64} and {value:hex} are filled in.",
            },
            "headers": headers,
            "ok": statuses("Statuses of success."),
            "absent": statuses("Statuses that say that there is no such key."),
        }),
    )
}

fn pointer(description: &str) -> Value {
    json!({ "type": "string", "pattern": "^/", "description": description })
}

fn header(description: &str) -> Value {
    json!({ "type": "string", "pattern": "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", "description": description })
}

fn value() -> Value {
    table(
        "Where a read's value is: its stamp is checked.",
        json!({
            "at": pointer("A JSON pointer to a text in the body; left out: the body is the value."),
            "encoding": { "enum": ENCODINGS, "description": "How it is written there." },
        }),
    )
}

/// What a rule takes besides: all of `needs`, and nothing of `not`.
fn rule(name: &str, needs: &[&str], not: &[&str]) -> Value {
    let not: Map<String, Value> = not.iter().map(|field| ((*field).to_owned(), false.into())).collect();
    json!({
        "if": { "properties": { "rule": { "const": name } }, "required": ["rule"] },
        "then": { "required": needs, "properties": not },
    })
}

fn hit() -> Value {
    let mut hit = table(
        "What tells a hit.",
        json!({
            "rule": { "enum": HIT_RULES, "description": "How the answer to a read tells whether a cache gave it." },
            "header": header("The header, with rule header."),
            "at": pointer("A JSON pointer into the body, with rule json."),
            "matches": { "type": "string", "description": "A regular expression that matches on hits." },
        }),
    );
    hit["allOf"] = json!([
        rule("cache-status", &[], &["header", "at", "matches"]),
        rule("none", &[], &["header", "at", "matches"]),
        rule("header", &["header", "matches"], &["at"]),
        rule("json", &["at", "matches"], &["header"]),
    ]);
    // Without a rule it is cache-status, which takes none of them.
    hit["dependencies"] = json!({ "header": ["rule"], "at": ["rule"], "matches": ["rule"] });
    hit
}

fn version() -> Value {
    let mut version = table(
        "Which version of its row an answer was made from.",
        json!({
            "rule": { "enum": VERSION_RULES, "description": "Whether a header names it, or the values' stamps tell." },
            "header": header("The header, with rule header."),
        }),
    );
    version["allOf"] = json!([rule("header", &["header"], &[]), rule("stamp", &[], &["header"])]);
    version
}

/// Puts what is the case where a field is left out beside what it takes.
fn put_defaults(schema: &mut Value, ours: &Value) {
    for (name, default) in ours.as_object().into_iter().flatten() {
        let field = &mut schema["properties"][name];
        match default {
            Value::Object(inner) if name != "headers" && !inner.is_empty() => put_defaults(field, default),
            _ => field["default"] = default.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::section::Section;

    /// The names that the reader gives where it finds a field of a table that is none.
    fn known(table: &str) -> Vec<String> {
        let section = Section::of(&format!("[{table}]\nzzz = 1\n"));
        let unknown = section.mistakes.iter().find(|mistake| mistake.message.contains("unknown field"));
        let help = unknown.unwrap().help.clone().unwrap();
        let mut names: Vec<_> = help.split("here are: ").nth(1).unwrap().split(", ").map(str::to_owned).collect();
        names.sort();
        names
    }

    #[test]
    fn it_has_the_fields_that_the_reader_has() {
        let schema = json_schema();
        for table in ["", "read", "write", "delete", "value", "version", "hit"] {
            let (place, here) = match table {
                "" => ("http".to_owned(), &schema),
                inner => (format!("http.{inner}"), &schema["properties"][inner]),
            };
            let mut fields: Vec<_> = here["properties"].as_object().unwrap().keys().cloned().collect();
            fields.sort();
            assert_eq!(fields, known(&place), "[{place}]");
        }
    }

    #[test]
    fn it_says_what_is_left_out() {
        let schema = json_schema();
        assert_eq!(schema["properties"]["shed"]["default"], json!([429, 503]));
        let read = &schema["properties"]["read"]["properties"];
        assert_eq!((&read["method"]["default"], &read["headers"]["default"]), (&json!("GET"), &json!({})));
        assert_eq!(schema["properties"]["hit"]["properties"]["rule"]["default"], "cache-status");
    }
}
