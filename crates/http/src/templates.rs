//! How operations become requests, and answers become outcomes.

mod hit;
mod judge;
mod template;
mod value;
mod version;

pub(crate) use hit::HitRule;
pub(crate) use template::{Slot, Template};
pub(crate) use value::{Encoding, ValueRule};
pub(crate) use version::VersionRule;

use crate::{BaseUrl, HttpError};
use cachemark_core::{Key, Value};
use cachemark_workload::OperationKind;
use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use std::collections::HashMap;
use std::time::Duration;

/// How one kind of operation is asked for.
#[derive(Debug, Clone)]
pub(crate) struct OperationTemplate {
    pub(crate) method: Method,
    /// From the base URL on.
    pub(crate) path: Template,
    /// None: nothing is sent.
    pub(crate) body: Option<Template>,
    pub(crate) headers: Vec<(HeaderName, Template)>,
    /// Statuses of an answer.
    pub(crate) ok: Vec<u16>,
    /// Statuses that say "no such key".
    pub(crate) absent: Vec<u16>,
}

/// How a service is spoken to.
#[derive(Debug, Clone)]
pub struct HttpTemplates {
    pub(crate) operations: HashMap<OperationKind, OperationTemplate>,
    pub(crate) hit: HitRule,
    pub(crate) value: ValueRule,
    pub(crate) version: VersionRule,
    /// Statuses that turn an operation away before any work was done.
    pub(crate) shed: Vec<u16>,
    /// Statuses after which nobody knows whether the operation took effect.
    pub(crate) unknown: Vec<u16>,
    /// How long a connection may take to be made; a request has its operation's deadline.
    pub(crate) connect_timeout: Duration,
}

impl HttpTemplates {
    /// How a kind of operation is asked for: each is.
    pub(crate) fn of(&self, kind: OperationKind) -> &OperationTemplate {
        &self.operations[&kind]
    }

    /// The rules in words, by name, for the record.
    #[must_use]
    pub fn rules(&self) -> [(&'static str, String); 2] {
        [("hit rule", self.hit.in_words()), ("version rule", self.version.in_words())]
    }

    /// The same with what headers take from the environment put in.
    ///
    /// # Errors
    /// [`HttpError::Header`] if a variable is missing or makes no header.
    pub fn with_environment(mut self) -> Result<Self, HttpError> {
        for operation in self.operations.values_mut() {
            for (name, value) in &mut operation.headers {
                let filled = value.with_environment(|variable| std::env::var(variable).ok());
                *value = filled.map_err(|said| HttpError::Header(format!("the header {name}: {said}")))?;
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
        let path = self.path.bytes(key, value);
        let mut request = client.request(self.method.clone(), base.join(&String::from_utf8_lossy(&path)));
        for (name, template) in &self.headers {
            // No text of a template, of the environment or of a key has a byte that a header may not have. It may be a secret.
            if let Ok(mut value) = HeaderValue::from_bytes(&template.bytes(key, value)) {
                value.set_sensitive(true);
                request = request.header(name, value);
            }
        }
        match &self.body {
            Some(body) => request.body(body.bytes(key, value)),
            None => request,
        }
    }
}
