//! A service that operations are asked of.

use crate::client::Clients;
use crate::http::{Answer, WholeAnswer};
use crate::{BaseUrl, HttpTemplates};
use cachemark_bench::{Answer as Told, Asked};
use cachemark_core::{CacheEffect, Key, OpContext, OpError, Value, WriteOutcome};
use cachemark_workload::OperationKind;
use std::sync::Arc;
use tokio::time::Instant;

/// A service, asked over HTTP: which strategy stands behind it, over which cache and store, is its own.
#[derive(Debug)]
pub struct HttpTarget {
    pub(crate) templates: Arc<HttpTemplates>,
    pub(crate) base_url: BaseUrl,
    pub(crate) clients: Clients,
    pub(crate) driver: String,
}

impl HttpTarget {
    /// What asks it, by name; empty where the run's driver does.
    #[must_use]
    pub fn driver(&self) -> &str {
        &self.driver
    }

    /// The client of a session.
    #[must_use]
    pub fn client(&self, session: u32) -> &reqwest::Client {
        self.clients.of(session)
    }

    /// Where the service is, without secrets.
    #[must_use]
    pub fn url(&self) -> String {
        self.base_url.to_string()
    }

    /// The method of a kind of operation.
    #[must_use]
    pub fn method(&self, kind: OperationKind) -> &str {
        self.templates.of(kind).method.as_str()
    }
}

impl Asked for HttpTarget {
    type Prepared = reqwest::RequestBuilder;
    type Reply = WholeAnswer;

    fn prepare(&self, session: u32, kind: OperationKind, key: &Key, value: Value) -> reqwest::RequestBuilder {
        self.templates.of(kind).request(self.clients.of(session), &self.base_url, key, &value)
    }

    async fn ask(
        &self,
        ctx: &OpContext,
        _kind: OperationKind,
        _key: &Key,
        request: reqwest::RequestBuilder,
    ) -> WholeAnswer {
        let request = match ctx.deadline() {
            Some(deadline) => request.timeout(deadline.saturating_duration_since(Instant::now())),
            None => request,
        };
        Answer::whole(request.send().await).await
    }

    fn understand(
        &self,
        kind: OperationKind,
        asks_cache: bool,
        answer: WholeAnswer,
    ) -> (Told, Result<Option<Value>, OpError>) {
        if kind != OperationKind::Read {
            let done = self.templates.done(kind, answer);
            let (told, found) = Told::of_write(done.map(|version| WriteOutcome {
                version,
                durable: true,
                cache: CacheEffect::Untouched,
            }));
            // What became of the entry nobody outside of the service knows.
            return (Told { cache: None, ..told }, found);
        }
        let found = self.templates.found(answer);
        (Told::of_read(&found, asks_cache), found.map(|read| read.value))
    }

    /// A service is on its own: nothing of ours is under way in it.
    async fn drain(&self, _ctx: &OpContext) -> Result<(), OpError> {
        Ok(())
    }
}
