//! What a service's store holds, asked for at another address once a trial is over: a service answers what its cache has.

use crate::{BaseUrl, HttpError, HttpTarget, HttpTemplates};
use cachemark_core::{Key, Row, Seeing, Setting, Settings, Source, StoreError, Value};
use cachemark_workload::OperationKind;
use futures::stream::StreamExt;
use std::sync::Arc;
use std::time::Duration;

/// Where the rows of a service are asked for once a trial is over.
pub(crate) const AUDIT_URL: Setting = Setting::text(
    "audit-url",
    "a URL as http://127.0.0.1:8081",
    "Where its rows are asked for once a trial is over: another service over the same store and no cache, as `cachemark serve \
     --strategy no-cache` is. Without it, acknowledged writes are not looked for.",
);

/// How long they are waited for.
pub(crate) const AUDIT_WAIT_MS: Setting = Setting::integer(
    "audit-wait-ms",
    0,
    30_000,
    5_000,
    "How long a row that lacks an acknowledged write is waited for, in milliseconds, before the write counts as lost: longer than the \
     service takes to bring into its store what it has acknowledged.",
);

/// Where rows are asked for.
pub(crate) struct AuditAt {
    target: HttpTarget,
    /// How long rows are waited for.
    pub(crate) wait: Duration,
}

impl AuditAt {
    /// Where the settings of [`DESCRIPTOR`](crate::DESCRIPTOR) say; none if they don't.
    pub(crate) fn of(settings: &Settings, templates: &Arc<HttpTemplates>) -> Result<Option<Self>, HttpError> {
        let url = settings.text(AUDIT_URL.name);
        if url.is_empty() {
            return Ok(None);
        }
        let target = HttpTarget::new(Arc::clone(templates), BaseUrl::parse(url)?, 1)?;
        Ok(Some(Self { target, wait: Duration::from_millis(settings.integer(AUDIT_WAIT_MS.name)) }))
    }

    /// Tells `see` the row of each of `keys`; a request may take `timeout`.
    pub(crate) async fn look(
        &self,
        keys: &[Key],
        timeout: Duration,
        see: &mut Seeing<'_, Row>,
    ) -> Result<(), StoreError> {
        let HttpTarget { templates, base_url, .. } = &self.target;
        let reads = keys.iter().map(|key| (key.clone(), Value::default()));
        let mut answers = self.target.ask_beside(OperationKind::Read, reads, timeout);
        while let Some((at, answer)) = answers.next().await {
            let told = |text: &str| StoreError::Rejected(format!("{base_url}: {}: {text}", keys[at]));
            let found = templates.found(answer).map_err(|error| told(&error.to_string()))?;
            // What a cache or a queue has need not be in the store.
            if matches!(found.source, Source::Hit | Source::StaleServed | Source::MissQueued) {
                return Err(told("it was answered by a cache: a service that has none is to be asked"));
            }
            let unnamed = "the answer does not name the row's version, as [http.version] says it does";
            let version = found.version.ok_or_else(|| told(unnamed))?;
            see(at, Row { version, value: found.value });
        }
        Ok(())
    }
}
