//! What a service's store holds, asked for at another address once a trial is over: a service answers what its cache has.

use crate::{BaseUrl, HttpError, HttpTarget, HttpTemplates};
use cachemark_core::{Key, Row, Seeing, Setting, Settings, Source, StoreError, Value};
use cachemark_workload::OperationKind;
use futures::stream::{self, StreamExt};
use std::sync::Arc;
use std::time::Duration;

/// Where the rows of a service are asked for once a trial is over.
pub const AUDIT_URL: Setting = Setting::text(
    "audit-url",
    "a URL as http://127.0.0.1:8081",
    "Where its rows are asked for once a trial is over: another service over the same store and no cache, as `cachemark serve \
     --strategy no-cache` is. Without it, acknowledged writes are not looked for.",
);

/// How long they are waited for.
pub const AUDIT_WAIT_MS: Setting = Setting::integer(
    "audit-wait-ms",
    0,
    30_000,
    5_000,
    "How long a row that lacks an acknowledged write is waited for, in milliseconds, before the write counts as lost: longer than the \
     service takes to bring into its store what it has acknowledged.",
);

/// How many requests are under way at a time.
const AT_A_TIME: usize = 16;

/// Where rows are asked for.
#[derive(Debug)]
pub(crate) struct AuditAt {
    target: HttpTarget,
    /// How long rows are waited for.
    pub(crate) wait: Duration,
    /// How long a request may take.
    timeout: Duration,
}

impl AuditAt {
    /// Where the settings of [`DESCRIPTOR`](crate::DESCRIPTOR) say; none if they don't.
    ///
    /// # Errors
    /// If the address is none, or a client cannot be made.
    pub(crate) fn of(
        settings: &Settings,
        templates: &Arc<HttpTemplates>,
        timeout: Duration,
    ) -> Result<Option<Self>, HttpError> {
        let url = settings.text(AUDIT_URL.name);
        if url.is_empty() {
            return Ok(None);
        }
        let target = HttpTarget::new(Arc::clone(templates), BaseUrl::parse(url)?, 1)?;
        let wait = Duration::from_millis(settings.integer(AUDIT_WAIT_MS.name));
        Ok(Some(Self { target, wait, timeout }))
    }

    /// Tells `see` the row of each of `keys`.
    pub(crate) async fn look(&self, keys: &[Key], see: &mut Seeing<'_, Row>) -> Result<(), StoreError> {
        let asked = (0..keys.len()).map(|at| async move { (at, self.row(&keys[at]).await) });
        let mut rows = stream::iter(asked).buffer_unordered(AT_A_TIME);
        while let Some((at, row)) = rows.next().await {
            see(at, row?);
        }
        Ok(())
    }

    /// The row of a key.
    pub(crate) async fn row(&self, key: &Key) -> Result<Row, StoreError> {
        let HttpTarget { templates, base_url, .. } = &self.target;
        let answer = self.target.ask_beside(OperationKind::Read, key, Value::default(), self.timeout).await;
        let told = |text: String| StoreError::Rejected(format!("{base_url}: {key}: {text}"));
        let found = templates.found(answer).map_err(|error| told(error.to_string()))?;
        // What a cache or a queue has need not be in the store.
        if matches!(found.source, Source::Hit | Source::StaleServed | Source::MissQueued) {
            return Err(told("it was answered by a cache: a service that has none is to be asked".to_owned()));
        }
        match found.version {
            Some(version) => Ok(Row { version, value: found.value }),
            None => Err(told("the answer does not name the row's version, as [http.version] says it does".to_owned())),
        }
    }
}
