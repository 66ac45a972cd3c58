//! A service that operations are asked of.

use crate::client::client;
use crate::http::{Answered, WholeAnswer};
use crate::{BaseUrl, HttpError, HttpTemplates};
use cachemark_bench::{Answer, Asked};
use cachemark_core::{CacheEffect, Key, OpContext, OpError, Value, WriteOutcome};
use cachemark_workload::OperationKind;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// A service, asked over HTTP: which strategy stands behind it, over which cache and store, is its own.
#[derive(Debug)]
pub struct HttpTarget {
    /// How it is spoken to.
    pub templates: Arc<HttpTemplates>,
    /// Where it is.
    pub base_url: BaseUrl,
    /// What asks it, by name; empty where the run's driver does.
    pub driver: String,
    /// One for each session.
    clients: Vec<reqwest::Client>,
}

impl HttpTarget {
    /// A service with its clients, which are made before any session asks: a deadline that runs while a client is made would
    /// be missed by no fault of the service.
    ///
    /// # Errors
    /// [`HttpError::Client`].
    pub(crate) fn new(templates: Arc<HttpTemplates>, base_url: BaseUrl, sessions: u32) -> Result<Self, HttpError> {
        let client = |_| client(templates.connect_timeout, base_url.is_https());
        let clients = (0..sessions.max(1)).map(client).collect::<Result<_, _>>()?;
        Ok(Self { templates, base_url, driver: String::new(), clients })
    }

    /// The client of a session.
    #[must_use]
    pub fn client(&self, session: u32) -> &reqwest::Client {
        &self.clients[session as usize % self.clients.len()]
    }

    /// Asks an operation that is none of a load, within `timeout`. All of them share a client, which has as many connections
    /// as are asked at a time.
    pub(crate) async fn ask_beside(&self, kind: OperationKind, key: &Key, value: Value, timeout: Duration) -> Answered {
        WholeAnswer::to(self.prepare(0, kind, key, value).timeout(timeout)).await
    }
}

impl Asked for HttpTarget {
    type Prepared = reqwest::RequestBuilder;
    type Reply = Answered;

    fn prepare(&self, session: u32, kind: OperationKind, key: &Key, value: Value) -> reqwest::RequestBuilder {
        self.templates.of(kind).request(self.client(session), &self.base_url, key, &value)
    }

    async fn ask(
        &self,
        ctx: &OpContext,
        _kind: OperationKind,
        _key: &Key,
        request: reqwest::RequestBuilder,
    ) -> Answered {
        let request = match ctx.deadline() {
            Some(deadline) => request.timeout(deadline.saturating_duration_since(Instant::now())),
            None => request,
        };
        WholeAnswer::to(request).await
    }

    fn understand(
        &self,
        kind: OperationKind,
        asks_cache: bool,
        answer: Answered,
    ) -> (Answer, Result<Option<Value>, OpError>) {
        if kind != OperationKind::Read {
            let done = self.templates.done(kind, answer);
            let (told, found) = Answer::of_write(done.map(|version| WriteOutcome {
                version,
                durable: true,
                cache: CacheEffect::Untouched,
            }));
            // What became of the entry nobody outside of the service knows.
            return (Answer { cache: None, ..told }, found);
        }
        let found = self.templates.found(answer);
        (Answer::of_read(&found, asks_cache), found.map(|read| read.value))
    }

    /// A service is on its own: nothing of ours is under way in it.
    async fn drain(&self, _ctx: &OpContext) -> Result<(), OpError> {
        Ok(())
    }
}
