//! How operations become requests, and answers become outcomes.

mod answer;
mod cache_status;
mod hit;
mod judge;
mod print;
mod reason;
mod template;
mod value;
mod version;

pub use answer::{Answered, WholeAnswer};
pub use hit::HitRule;
pub use template::{Slot, Template};
pub use value::{Encoding, ValueRule};
pub use version::VersionRule;

use crate::{BaseUrl, HttpError};
use cachemark_core::{Key, Value};
use cachemark_workload::OperationKind;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Serialize;
use std::time::Duration;

/// The methods that a template may have.
pub const METHODS: [&str; 6] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"];

/// How one kind of operation is asked for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OperationTemplate {
    /// One of [`METHODS`].
    #[serde(serialize_with = "print::text")]
    pub method: Method,
    /// The path, from the base URL on.
    pub path: Template,
    /// The body; none: nothing is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<Template>,
    /// Headers by name.
    #[serde(serialize_with = "print::headers")]
    pub headers: Vec<(HeaderName, Template)>,
    /// Statuses of an answer.
    pub ok: Vec<u16>,
    /// Statuses that say "no such key". An empty list is none: a definition's has at least one.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub absent: Vec<u16>,
}

/// How a service is spoken to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HttpTemplates {
    /// Reads.
    pub read: OperationTemplate,
    /// Writes.
    pub write: OperationTemplate,
    /// Deletes.
    pub delete: OperationTemplate,
    /// What tells a hit.
    pub hit: HitRule,
    /// Where the value of a read is.
    pub value: ValueRule,
    /// What tells the version of a row.
    pub version: VersionRule,
    /// Statuses that turn an operation away before any work was done.
    pub shed: Vec<u16>,
    /// Statuses after which nobody knows whether the operation took effect.
    pub unknown: Vec<u16>,
    /// How long a connection may take to be made; a request has its operation's deadline.
    #[serde(rename = "connect-timeout-ms", serialize_with = "print::millis")]
    pub connect_timeout: Duration,
}

impl Default for HttpTemplates {
    /// Our own service: `/items/{key}`, raw values, `Cache-Status`.
    fn default() -> Self {
        let operation = |method, body: Option<&str>, ok: &[u16], absent: &[u16]| OperationTemplate {
            method,
            path: ours("/items/{key}", Slot::Path),
            body: body.map(|body| ours(body, Slot::Body)),
            headers: Vec::new(),
            ok: ok.to_vec(),
            absent: absent.to_vec(),
        };
        Self {
            read: operation(Method::GET, None, &[200], &[404]),
            write: operation(Method::PUT, Some("{value}"), &[200, 201, 204], &[]),
            // To remove what isn't there is no failure, here as in a sweep.
            delete: operation(Method::DELETE, None, &[200, 202, 204, 404], &[]),
            hit: HitRule::CacheStatus,
            value: ValueRule { at: String::new(), encoding: Encoding::Raw },
            version: VersionRule::Header { header: HeaderName::from_static("cachemark-version") },
            shed: vec![429, 503],
            unknown: vec![504],
            connect_timeout: Duration::from_secs(1),
        }
    }
}

fn ours(source: &str, slot: Slot) -> Template {
    Template::parse(source, slot).expect("the templates of our own service have no wrong holes")
}

impl HttpTemplates {
    /// The template of a kind of operation.
    #[must_use]
    pub fn of(&self, kind: OperationKind) -> &OperationTemplate {
        match kind {
            OperationKind::Read => &self.read,
            OperationKind::Write => &self.write,
            OperationKind::Delete => &self.delete,
        }
    }

    /// Whether the body of a read must be read as JSON.
    pub(crate) fn asks_json(&self) -> bool {
        !self.value.at.is_empty() || matches!(self.hit, HitRule::Json { .. })
    }

    /// The same with what headers take from the environment put in.
    ///
    /// # Errors
    /// [`HttpError::Header`] if a variable is missing or makes no header.
    pub fn with_environment(mut self) -> Result<Self, HttpError> {
        let any_key = Key::new(&b"k"[..]).map_err(|error| HttpError::Header(error.to_string()))?;
        for operation in [&mut self.read, &mut self.write, &mut self.delete] {
            for (name, value) in &mut operation.headers {
                let refuse = |detail: String| HttpError::Header(format!("the header {name}: {detail}"));
                *value = value.with_environment(|variable| std::env::var(variable).ok()).map_err(refuse)?;
                // The text itself may be a secret, so it isn't shown.
                let text = value.bytes(&any_key, &Value::default());
                HeaderValue::from_bytes(&text)
                    .map_err(|_| refuse("it has characters that no header may have".into()))?;
            }
        }
        Ok(self)
    }
}

impl OperationTemplate {
    /// The request for a key.
    pub(crate) fn request(
        &self,
        client: &reqwest::Client,
        base: &BaseUrl,
        key: &Key,
        value: &Value,
    ) -> reqwest::RequestBuilder {
        let mut request = client.request(self.method.clone(), base.join(&self.path.text(key)));
        for (name, template) in &self.headers {
            // `with_environment` tried the text of another key, and keys have no byte that a header may not have.
            if let Ok(mut value) = HeaderValue::from_bytes(&template.bytes(key, value)) {
                value.set_sensitive(template.asks_environment());
                request = request.header(name, value);
            }
        }
        match &self.body {
            Some(body) => request.body(body.bytes(key, value)),
            None => request,
        }
    }
}
