//! The table `[http]` of a definition.

use crate::HttpTemplates;
use crate::templates::{Encoding, HitRule, OperationTemplate, Slot, Template, ValueRule, VersionRule};
use cachemark_bench::definition::{Fields, Located, Mistake, Table, refuse_unknown};
use cachemark_workload::OperationKind;
use regex::Regex;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Deserialize;
use std::time::Duration;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

/// Our own service. To remove what isn't there is no failure, here as in a sweep.
pub(crate) const OURS: &str = r#"
shed = [429, 503]
unknown = [504]
connect-timeout-ms = 1000
hit = { rule = "cache-status" }
value = { encoding = "raw" }
version = { rule = "header", header = "cachemark-version" }
read = { method = "GET", path = "/items/{key}", headers = {}, ok = [200], absent = [404] }
write = { method = "PUT", path = "/items/{key}", headers = {}, body = "{value}", ok = [200, 201, 204] }
delete = { method = "DELETE", path = "/items/{key}", headers = {}, ok = [200, 202, 204, 404] }
"#;

/// What a definition's text says of speaking to services.
#[derive(Debug, Default)]
pub(crate) struct Section {
    /// The table, what it leaves out as for our own service.
    pub(crate) table: toml::Table,
    /// What it comes to; none if there is a mistake.
    pub(crate) templates: Option<HttpTemplates>,
    /// Every mistake in it.
    pub(crate) mistakes: Vec<Mistake>,
}

impl Section {
    /// Reads the table out of a definition's text. Of a text that is no TOML, and of an `http` that is no table, it says nothing:
    /// whoever reads the rest does.
    pub(crate) fn of(text: &str) -> Self {
        let Ok(mut document) = DeTable::parse(text) else { return Self::default() };
        let given = document.get_mut().remove("http").map(Spanned::into_inner);
        let mut table = if let Some(DeValue::Table(given)) = given { given } else { DeTable::new() };
        let ours = DeTable::parse(OURS).expect("our own service has a table without a mistake");
        complete(&mut table, ours.into_inner());
        let mut read = Reading::default();
        let templates = read.templates(Table::new("http", &table));
        refuse_unknown(&read.tables, &mut read.mistakes);
        // What TOML cannot print, as a number that is too large, no field takes: there is a mistake then.
        let printed = toml::Table::deserialize(Deserializer::from(Spanned::new(0..0, table))).unwrap_or_default();
        Self { table: printed, templates, mistakes: read.mistakes }
    }
}

/// Adds to a table what it leaves out, as if it stood in its first field's place. A rule is whole: no part of another joins it.
fn complete<'a>(given: &mut DeTable<'a>, ours: DeTable<'a>) {
    let place = given.keys().map(Spanned::span).min_by_key(|span| span.start).unwrap_or_default();
    for (name, value) in ours {
        match (given.get_mut(&name).map(Spanned::get_mut), value.into_inner()) {
            (None, value) => {
                given.insert(Spanned::new(place.clone(), name.into_inner()), Spanned::new(place.clone(), value));
            }
            (Some(DeValue::Table(given)), DeValue::Table(ours)) if !given.contains_key("rule") => complete(given, ours),
            _ => {}
        }
    }
}

/// How an answer may tell a hit.
pub(crate) const HIT_RULES: [&str; 4] = ["cache-status", "header", "json", "none"];
/// How a version may be told.
pub(crate) const VERSION_RULES: [&str; 2] = ["header", "stamp"];
/// How a value may be written.
pub(crate) const ENCODINGS: [&str; 3] = ["raw", "base64", "hex"];
/// The longest that connecting may take, in ms.
pub(crate) const MOST_CONNECT_MS: u64 = 600_000;

/// The methods that a template may have.
pub(crate) const METHODS: [Method; 6] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];

#[derive(Default)]
struct Reading {
    mistakes: Vec<Mistake>,
    tables: Vec<Fields>,
}

impl Reading {
    fn templates(&mut self, mut http: Table<'_>) -> Option<HttpTemplates> {
        let operations = OperationKind::ALL.map(|kind| Some((kind, self.operation(&mut http, kind.name())?)));
        let (hit, value, version) = (self.hit(&mut http), self.value(&mut http), self.version(&mut http));
        let [shed, unknown] = ["shed", "unknown"].map(|field| self.statuses(&mut http, field));
        let connect_timeout_ms = http.integer("connect-timeout-ms", 1..=MOST_CONNECT_MS, &mut self.mistakes);
        self.tables.push(http.finish());
        Some(HttpTemplates {
            operations: operations.into_iter().collect::<Option<_>>()?,
            hit: hit?,
            value,
            version: version?,
            shed: shed?,
            unknown: unknown?,
            connect_timeout: Duration::from_millis(connect_timeout_ms?.value),
        })
    }

    fn statuses(&mut self, table: &mut Table<'_>, field: &'static str) -> Option<Vec<u16>> {
        let is_status = |number: &u16| (100..=599).contains(number);
        let status = |value: &DeValue<'_>| value.as_integer()?.as_str().parse().ok().filter(is_status);
        let given = table.list(field, "statuses from 100 to 599", status, &mut self.mistakes)?;
        Some(given.into_iter().map(|status| status.value).collect())
    }

    fn operation(&mut self, http: &mut Table<'_>, name: &'static str) -> Option<OperationTemplate> {
        let mut table = http.table(name, &mut self.mistakes);
        let method = table.read("method", method, &mut self.mistakes);
        let path = table.read("path", path, &mut self.mistakes);
        let body = table.read("body", |text| Template::parse(text, Slot::Body), &mut self.mistakes);
        let headers = self.headers(&mut table);
        let [ok, absent] = ["ok", "absent"].map(|field| self.statuses(&mut table, field));
        self.tables.push(table.finish());
        let absent = absent.unwrap_or_default();
        Some(OperationTemplate { method: method?, path: path?, body, headers, ok: ok?, absent })
    }

    fn headers(&mut self, operation: &mut Table<'_>) -> Vec<(HeaderName, Template)> {
        let mut headers = Vec::new();
        for (name, value) in operation.table("headers", &mut self.mistakes).entries() {
            match header(&name, value) {
                Ok(header) => headers.push(header),
                Err(mistake) => self.mistakes.push(mistake),
            }
        }
        headers
    }

    fn hit(&mut self, http: &mut Table<'_>) -> Option<HitRule> {
        let mut table = http.table("hit", &mut self.mistakes);
        let rule = table.word("rule", "rule", &HIT_RULES, &mut self.mistakes);
        let header = table.read("header", header_name, &mut self.mistakes);
        let at = table.read("at", pointer, &mut self.mistakes);
        let pattern = |text: &str| Regex::new(text).map_err(|error| format!("takes a regular expression: {error}"));
        let matches = table.read("matches", pattern, &mut self.mistakes);
        let place = table.place();
        self.tables.push(table.finish());
        let rule = match (rule?, header, at, matches) {
            ("cache-status", None, None, None) => Ok(HitRule::CacheStatus),
            ("none", None, None, None) => Ok(HitRule::Untold),
            ("header", Some(name), None, Some(hit)) => Ok(HitRule::Header { name, hit }),
            ("json", None, Some(at), Some(hit)) => Ok(HitRule::Json { at, hit }),
            ("header", ..) => Err("takes `header` and `matches`, and nothing else, with rule \"header\""),
            ("json", ..) => Err("takes `at` and `matches`, and nothing else, with rule \"json\""),
            _ => Err("takes `header`, `at` and `matches` with the rules \"header\" and \"json\" alone"),
        };
        rule.map_err(|said| self.mistakes.push(Mistake::new(place, format!("http.hit {said}")))).ok()
    }

    fn version(&mut self, http: &mut Table<'_>) -> Option<VersionRule> {
        let mut table = http.table("version", &mut self.mistakes);
        let rule = table.word("rule", "rule", &VERSION_RULES, &mut self.mistakes);
        let header = table.read("header", header_name, &mut self.mistakes);
        let place = table.place();
        self.tables.push(table.finish());
        match (rule?, header) {
            ("header", Some(header)) => return Some(VersionRule::Header(header)),
            ("stamp", None) => return Some(VersionRule::Stamp),
            _ => {}
        }
        let message = "http.version takes `header` with rule \"header\", and with that alone";
        self.mistakes.push(Mistake::new(place, message));
        None
    }

    fn value(&mut self, http: &mut Table<'_>) -> ValueRule {
        let mut table = http.table("value", &mut self.mistakes);
        let at = table.read("at", pointer, &mut self.mistakes);
        let encoding = match table.word("encoding", "encoding", &ENCODINGS, &mut self.mistakes) {
            Some("base64") => Encoding::Base64,
            Some("hex") => Encoding::Hex,
            _ => Encoding::Raw,
        };
        self.tables.push(table.finish());
        ValueRule { at, encoding }
    }
}

fn header_name(text: &str) -> Result<HeaderName, String> {
    HeaderName::from_bytes(text.as_bytes()).map_err(|_| "takes the name of a header".to_owned())
}

fn method(name: &str) -> Result<Method, String> {
    let known = METHODS.into_iter().find(|method| method.as_str() == name);
    known.ok_or_else(|| format!("takes one of {}, not `{name}`", METHODS.map(|method| method.to_string()).join(", ")))
}

fn path(path: &str) -> Result<Template, String> {
    match path.starts_with('/') {
        true => Template::parse(path, Slot::Path),
        false => Err("must begin with a slash: the base URL goes before it".into()),
    }
}

fn pointer(text: &str) -> Result<String, String> {
    let pointer = text.starts_with('/').then(|| text.to_owned());
    pointer.ok_or_else(|| "takes a JSON pointer, which begins with a slash".into())
}

fn header(name: &Located<String>, value: &DeValue<'_>) -> Result<(HeaderName, Template), Mistake> {
    let refuse = |said: &str| Mistake::new(name.origin.clone(), format!("the header `{}` {said}", name.value));
    let header = HeaderName::from_bytes(name.value.as_bytes()).map_err(|_| refuse("is no name of a header"))?;
    let text = value.as_str().ok_or_else(|| refuse("takes a text"))?;
    // Holes are made of characters that a header may have, and are filled with such.
    HeaderValue::from_bytes(text.as_bytes()).map_err(|_| refuse("has characters that no header may have"))?;
    let template = Template::parse(text, Slot::Header).map_err(|said| refuse(&said))?;
    if holds_secret(&header) && !template.asks_environment() {
        let mistake = refuse("would stand in the record for all to read");
        return Err(mistake.advise("write {env:NAME} in the place of the secret"));
    }
    Ok((header, template))
}

/// Whether a header of this name is likely to hold a secret.
fn holds_secret(name: &HeaderName) -> bool {
    ["auth", "cookie", "token", "secret", "password", "key", "session", "credential"]
        .iter()
        .any(|word| name.as_str().contains(word))
}
