//! The table `[http]` of a definition.

use crate::HttpTemplates;
use crate::http::{Encoding, HitRule, METHODS, OperationTemplate, Slot, Template, ValueRule, VersionRule};
use cachemark_bench::definition::{Fields, Mistake, Table, refuse_unknown};
use regex::Regex;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use std::time::Duration;
use toml::de::{DeTable, DeValue};

/// What a definition's text says of speaking to services.
#[derive(Debug, Default)]
pub struct Section {
    /// Whether it has the table at all.
    pub is_given: bool,
    /// What the table leaves out is as for our own service.
    pub templates: HttpTemplates,
    /// Every mistake in it.
    pub mistakes: Vec<Mistake>,
}

impl Section {
    /// Reads the table out of a definition's text. Of a text that is no TOML, and of an `http` that is no table, it says nothing:
    /// whoever reads the rest does.
    #[must_use]
    pub fn of(text: &str) -> Self {
        let Ok(document) = DeTable::parse(text) else { return Self::default() };
        let table = document.get_ref().get("http");
        if table.is_some_and(|table| table.get_ref().as_table().is_none()) {
            return Self { is_given: true, ..Self::default() };
        }
        let mut read = Reading { mistakes: Vec::new(), tables: Vec::new() };
        let mut root = Table::new("", document.get_ref());
        let templates = read.templates(&mut root);
        refuse_unknown(&read.tables, &mut read.mistakes);
        Self { is_given: table.is_some(), templates, mistakes: read.mistakes }
    }
}

impl HttpTemplates {
    /// The table `[http]`, every default spelt out. Reading it gives the same templates.
    #[must_use]
    pub fn to_table(&self) -> toml::Table {
        toml::Table::try_from(self).expect("every field has a form in TOML")
    }
}

struct Reading {
    mistakes: Vec<Mistake>,
    tables: Vec<Fields>,
}

impl Reading {
    fn templates(&mut self, root: &mut Table<'_>) -> HttpTemplates {
        let mut table = root.table("http", &mut self.mistakes);
        let ours = HttpTemplates::default();
        let templates = HttpTemplates {
            read: self.operation(&mut table, "read", ours.read),
            write: self.operation(&mut table, "write", ours.write),
            delete: self.operation(&mut table, "delete", ours.delete),
            hit: self.hit(&mut table),
            value: self.value(&mut table),
            version: self.version(&mut table, ours.version),
            shed: self.statuses(&mut table, "shed", ours.shed),
            unknown: self.statuses(&mut table, "unknown", ours.unknown),
            connect_timeout: table
                .integer("connect-timeout-ms", 1..=600_000, &mut self.mistakes)
                .map_or(ours.connect_timeout, |field| Duration::from_millis(field.value)),
        };
        self.tables.push(table.finish());
        templates
    }

    fn statuses(&mut self, table: &mut Table<'_>, field: &'static str, ours: Vec<u16>) -> Vec<u16> {
        let status = |value: &DeValue<'_>| {
            let number: u16 = value.as_integer()?.as_str().parse().ok()?;
            (100..=599).contains(&number).then_some(number)
        };
        let given = table.list(field, "statuses from 100 to 599", status, &mut self.mistakes);
        given.map_or(ours, |given| given.into_iter().map(|status| status.value).collect())
    }

    fn operation(&mut self, of: &mut Table<'_>, name: &'static str, ours: OperationTemplate) -> OperationTemplate {
        let mut table = of.table(name, &mut self.mistakes);
        let template = |value: &DeValue<'_>| Template::parse(text(value)?, Slot::Body);
        let operation = OperationTemplate {
            method: table.read("method", method, &mut self.mistakes).unwrap_or(ours.method),
            path: table.read("path", path, &mut self.mistakes).unwrap_or(ours.path),
            body: table.read("body", template, &mut self.mistakes).or(ours.body),
            headers: self.headers(&mut table),
            ok: self.statuses(&mut table, "ok", ours.ok),
            absent: self.statuses(&mut table, "absent", ours.absent),
        };
        self.tables.push(table.finish());
        operation
    }

    fn headers(&mut self, operation: &mut Table<'_>) -> Vec<(HeaderName, Template)> {
        let mut headers = Vec::new();
        for (name, value) in operation.table("headers", &mut self.mistakes).entries() {
            let mistake = match header(&name.value, value) {
                Ok((header, template)) if holds_secret(&header) && !template.asks_environment() => {
                    let message = format!("the header `{header}` would stand in the record for all to read");
                    Mistake::new(name.origin, message).advise("write {env:NAME} in the place of the secret")
                }
                Ok(header) => {
                    headers.push(header);
                    continue;
                }
                Err(message) => Mistake::new(name.origin, format!("the header `{}` {message}", name.value)),
            };
            self.mistakes.push(mistake);
        }
        headers
    }

    fn hit(&mut self, http: &mut Table<'_>) -> HitRule {
        let mut table = http.table("hit", &mut self.mistakes);
        const RULES: [&str; 4] = ["cache-status", "header", "json", "none"];
        let rule = table.word("rule", "rule", &RULES, &mut self.mistakes);
        let header = table.read("header", header_name, &mut self.mistakes);
        let at = table.read("at", pointer, &mut self.mistakes);
        let pattern = |value: &DeValue<'_>| {
            Regex::new(text(value)?).map_err(|error| format!("takes a regular expression: {error}"))
        };
        let matches = table.read("matches", pattern, &mut self.mistakes);
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
            self.mistakes.push(Mistake::new(table.place(), format!("http.hit {message}")));
            HitRule::Untold
        });
        self.tables.push(table.finish());
        rule
    }

    fn version(&mut self, http: &mut Table<'_>, ours: VersionRule) -> VersionRule {
        let mut table = http.table("version", &mut self.mistakes);
        let rule = table.word("rule", "rule", &["header", "stamp"], &mut self.mistakes);
        let header = table.read("header", header_name, &mut self.mistakes);
        let rule = match (rule, header) {
            (None, None) => ours,
            (None | Some("header"), Some(header)) => VersionRule::Header { header },
            (Some("stamp"), None) => VersionRule::Stamp,
            _ => {
                let message = "http.version takes `header` with rule \"header\", and with that alone";
                self.mistakes.push(Mistake::new(table.place(), message.to_owned()));
                ours
            }
        };
        self.tables.push(table.finish());
        rule
    }

    fn value(&mut self, http: &mut Table<'_>) -> ValueRule {
        let mut table = http.table("value", &mut self.mistakes);
        let names = Encoding::ALL.map(Encoding::name);
        let at = table.read("at", pointer, &mut self.mistakes).unwrap_or_default();
        let encoding = table.word("encoding", "encoding", &names, &mut self.mistakes);
        let encoding = Encoding::ALL.into_iter().find(|known| Some(known.name()) == encoding).unwrap_or(Encoding::Raw);
        self.tables.push(table.finish());
        ValueRule { at, encoding }
    }
}

fn text<'v>(value: &'v DeValue<'_>) -> Result<&'v str, String> {
    value.as_str().ok_or_else(|| "takes a text".into())
}

fn header_name(value: &DeValue<'_>) -> Result<HeaderName, String> {
    HeaderName::from_bytes(text(value)?.as_bytes()).map_err(|_| "takes the name of a header".to_owned())
}

fn method(value: &DeValue<'_>) -> Result<Method, String> {
    let name = text(value)?;
    let known = METHODS.contains(&name).then(|| Method::from_bytes(name.as_bytes()).ok()).flatten();
    known.ok_or_else(|| format!("takes one of {}, not `{name}`", METHODS.join(", ")))
}

fn path(value: &DeValue<'_>) -> Result<Template, String> {
    let path = text(value)?;
    if !path.starts_with('/') {
        return Err("must begin with a slash: the base URL goes before it".into());
    }
    Template::parse(path, Slot::Path)
}

fn pointer(value: &DeValue<'_>) -> Result<String, String> {
    let pointer = text(value)?.to_owned();
    if pointer.starts_with('/') { Ok(pointer) } else { Err("takes a JSON pointer, which begins with a slash".into()) }
}

fn header(name: &str, value: &DeValue<'_>) -> Result<(HeaderName, Template), String> {
    let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| "is no name of a header".to_owned())?;
    let text = text(value)?;
    // Holes are made of characters that a header may have, and are filled with such.
    HeaderValue::from_bytes(text.as_bytes()).map_err(|_| "has characters that no header may have".to_owned())?;
    Ok((header, Template::parse(text, Slot::Header)?))
}

/// Whether a header of this name is likely to hold a secret.
fn holds_secret(name: &HeaderName) -> bool {
    ["auth", "cookie", "token", "secret", "password", "key", "session", "credential"]
        .iter()
        .any(|word| name.as_str().contains(word))
}
