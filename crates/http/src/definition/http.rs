//! The `[http]` table.

use super::mistake::nearest;
use super::section::{Section, list, number, text};
use crate::http::{Encoding, HitRule, HttpTemplates, METHODS, OperationTemplate, Slot, Template, ValueRule};
use regex::Regex;
use reqwest::Method;
use reqwest::header::HeaderName;
use std::time::Duration;
use toml::de::DeValue;

/// Reads the table; what it leaves out is as for our own service.
pub(super) fn read(mut section: Section<'_>) -> HttpTemplates {
    let ours = HttpTemplates::default();
    let templates = HttpTemplates {
        read: operation(section.section("read"), ours.read),
        write: operation(section.section("write"), ours.write),
        delete: operation(section.section("delete"), ours.delete),
        hit: hit(section.section("hit")),
        value: value(section.section("value")),
        shed: section.take("shed", list(number(100..=599))).unwrap_or(ours.shed),
        unknown: section.take("unknown", list(number(100..=599))).unwrap_or(ours.unknown),
        connect_timeout: section
            .take("connect-timeout-ms", number(1..=600_000))
            .map_or(ours.connect_timeout, Duration::from_millis),
    };
    section.finish();
    templates
}

fn operation(mut section: Section<'_>, ours: OperationTemplate) -> OperationTemplate {
    let template = |slot| move |value: &DeValue<'_>| Template::parse(&text(value)?, slot);
    let statuses = || list(number(100..=599));
    let operation = OperationTemplate {
        method: section.take("method", method).unwrap_or(ours.method),
        path: section.take("path", path).unwrap_or(ours.path),
        body: section.take("body", template(Slot::Body)).or(ours.body),
        headers: headers(section.section("headers")),
        ok: section.take("ok", statuses()).unwrap_or(ours.ok),
        absent: section.take("absent", statuses()).unwrap_or(ours.absent),
    };
    section.finish();
    operation
}

fn method(value: &DeValue<'_>) -> Result<Method, String> {
    let name = text(value)?;
    let known = METHODS.contains(&name.as_str()).then(|| Method::from_bytes(name.as_bytes()).ok()).flatten();
    known.ok_or_else(|| format!("takes one of {}, not `{name}`", METHODS.join(", ")))
}

fn path(value: &DeValue<'_>) -> Result<Template, String> {
    let path = text(value)?;
    if !path.starts_with('/') {
        return Err("must begin with a slash: the base URL goes before it".into());
    }
    Template::parse(&path, Slot::Path)
}

fn headers(section: Section<'_>) -> Vec<(HeaderName, Template)> {
    let mut headers = Vec::new();
    let mut wrong = Vec::new();
    // The section is used up by its entries; a second one of no table still takes the notes.
    let notes = section.beside();
    for (name, at, value) in section.entries() {
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| "is no name of a header".to_owned());
        let template = text(value).and_then(|text| Template::parse(&text, Slot::Header));
        match header.and_then(|header| Ok((header, template?))) {
            Ok((header, template)) if holds_secret(&header) && !template.asks_environment() => {
                wrong.push((at, format!("the header `{header}` would stand in the record for all to read")));
            }
            Ok(header) => headers.push(header),
            Err(message) => wrong.push((at, format!("the header `{name}` {message}"))),
        }
    }
    for (at, message) in wrong {
        let help = message.contains("record").then(|| "write {env:NAME} in the place of the secret".to_owned());
        notes.note(Some(at), message, help);
    }
    headers
}

/// Whether a header of this name is likely to hold a secret.
fn holds_secret(name: &HeaderName) -> bool {
    ["auth", "cookie", "token", "secret", "password", "key", "session", "credential"]
        .iter()
        .any(|word| name.as_str().contains(word))
}

fn hit(mut section: Section<'_>) -> HitRule {
    const RULES: [&str; 4] = ["cache-status", "header", "json", "none"];
    let rule = section.take("rule", |value| {
        let name = text(value)?;
        let known = RULES.into_iter().find(|rule| *rule == name);
        known.ok_or_else(|| format!("has no rule `{name}`: {}", nearest(&name, &RULES)))
    });
    let header = section.take("header", |value| {
        HeaderName::from_bytes(text(value)?.as_bytes()).map_err(|_| "takes the name of a header".to_owned())
    });
    let at = section.take("at", pointer);
    let matches = section.take("matches", |value| {
        Regex::new(&text(value)?).map_err(|error| format!("takes a regular expression: {error}"))
    });
    let rule = match (rule, header, at, matches) {
        (None | Some("cache-status"), None, None, None) => Ok(HitRule::CacheStatus),
        (Some("none"), None, None, None) => Ok(HitRule::Untold),
        (Some("header"), Some(name), None, Some(hit)) => Ok(HitRule::Header { name, hit }),
        (Some("json"), None, Some(at), Some(hit)) => Ok(HitRule::Json { at, hit }),
        (Some("header"), ..) => Err("takes `header` and `matches`, and nothing else, with rule \"header\""),
        (Some("json"), ..) => Err("takes `at` and `matches`, and nothing else, with rule \"json\""),
        _ => Err("takes `header`, `at` and `matches` with the rules \"header\" and \"json\" alone"),
    };
    let rule = rule.unwrap_or_else(|message| {
        section.note(section.place(), format!("http.hit {message}"), None);
        HitRule::Untold
    });
    section.finish();
    rule
}

fn value(mut section: Section<'_>) -> ValueRule {
    let names = Encoding::ALL.map(Encoding::name);
    let rule = ValueRule {
        at: section.take("at", pointer).unwrap_or_default(),
        encoding: section
            .take("encoding", |value| {
                let name = text(value)?;
                let known = Encoding::ALL.into_iter().find(|encoding| encoding.name() == name);
                known.ok_or_else(|| format!("has no encoding `{name}`: {}", nearest(&name, &names)))
            })
            .unwrap_or(Encoding::Raw),
    };
    section.finish();
    rule
}

fn pointer(value: &DeValue<'_>) -> Result<String, String> {
    let pointer = text(value)?;
    if pointer.starts_with('/') { Ok(pointer) } else { Err("takes a JSON pointer, which begins with a slash".into()) }
}
