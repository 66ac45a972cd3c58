//! What a service's store holds, asked for at another address once a trial is over: a service answers what its cache has.

use crate::client::Clients;
use crate::http::WholeAnswer;
use crate::{BaseUrl, HttpError, HttpTemplates};
use cachemark_core::{Key, Row, Seeing, Setting, Settings, Source, StoreError};
use cachemark_workload::OperationKind;
use futures::stream::{FuturesUnordered, StreamExt};
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

/// How many connections ask at a time.
const CONNECTIONS: u32 = 16;

/// Where rows are asked for.
#[derive(Debug)]
pub(crate) struct AuditAt {
    base_url: BaseUrl,
    clients: Clients,
    /// How long rows are waited for.
    pub(crate) wait: Duration,
    /// How long a request may take.
    timeout: Duration,
}

impl AuditAt {
    /// Where the settings of [`DESCRIPTOR`](crate::DESCRIPTOR) say; none if they don't.
    ///
    /// # Errors
    /// If the address is none, or clients cannot be made.
    pub(crate) fn of(
        settings: &Settings,
        templates: &HttpTemplates,
        timeout: Duration,
    ) -> Result<Option<Self>, AuditError> {
        let url = settings.text(AUDIT_URL.name);
        if url.is_empty() {
            return Ok(None);
        }
        let base_url = BaseUrl::parse(url)?;
        let clients = Clients::new(CONNECTIONS, templates.connect_timeout, base_url.is_https())?;
        let wait = Duration::from_millis(settings.integer(AUDIT_WAIT_MS.name));
        Ok(Some(Self { base_url, clients, wait, timeout }))
    }

    /// Tells `see` the row of each of `keys`.
    pub(crate) async fn look(
        &self,
        templates: &HttpTemplates,
        keys: &[Key],
        see: &mut Seeing<'_, Row>,
    ) -> Result<(), StoreError> {
        let (mut asked, mut next) = (FuturesUnordered::new(), keys.iter().enumerate());
        loop {
            while asked.len() < CONNECTIONS as usize
                && let Some((at, key)) = next.next()
            {
                asked.push(self.row(templates, at, key));
            }
            let Some(row) = asked.next().await else { return Ok(()) };
            let (at, row) = row?;
            see(at, row);
        }
    }

    async fn row(&self, templates: &HttpTemplates, at: usize, key: &Key) -> Result<(usize, Row), StoreError> {
        let client = self.clients.of(u32::try_from(at).unwrap_or(u32::MAX));
        let request = templates.of(OperationKind::Read).request(client, &self.base_url, key, &Default::default());
        let answer = WholeAnswer::of(request.timeout(self.timeout).send().await).await;
        let told = |text: String| StoreError::Rejected(format!("{}: {key}: {text}", self.base_url));
        let found = templates.found(answer).map_err(|error| told(error.to_string()))?;
        // What a cache or a queue has need not be in the store.
        if matches!(found.source, Source::Hit | Source::StaleServed | Source::MissQueued) {
            return Err(told("it was answered by a cache: a service that has none is to be asked".to_owned()));
        }
        match found.version {
            Some(version) => Ok((at, Row { version, value: found.value })),
            None => Err(told("the answer does not name the row's version, as [http.version] says it does".to_owned())),
        }
    }
}

/// Why rows cannot be asked for.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuditError {
    #[error(transparent)]
    Address(#[from] HttpError),
    #[error(transparent)]
    Clients(#[from] reqwest::Error),
}
