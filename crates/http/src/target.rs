//! A service as a strategy.

use crate::client::Clients;
use crate::http::{Answer, WholeAnswer};
use crate::{BaseUrl, HttpTemplates};
use cachemark_core::{CacheEffect, Key, OpContext, OpError, ReadOutcome, Strategy, Value, WriteOutcome};
use cachemark_workload::OperationKind;
use std::sync::Arc;
use tokio::time::Instant;

/// A service, asked over HTTP: which strategy stands behind it, over which cache and store, is its own.
#[derive(Debug)]
pub struct HttpTarget {
    pub(crate) templates: Arc<HttpTemplates>,
    pub(crate) base_url: BaseUrl,
    pub(crate) clients: Clients,
}

impl HttpTarget {
    /// The request of an operation, over the client of its session, to be answered by its deadline.
    pub fn request(&self, ctx: &OpContext, kind: OperationKind, key: &Key, value: &Value) -> reqwest::RequestBuilder {
        let request = self.templates.of(kind).request(self.clients.of(ctx.session()), &self.base_url, key, value);
        match ctx.deadline() {
            Some(deadline) => request.timeout(deadline.saturating_duration_since(Instant::now())),
            None => request,
        }
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

    /// What the answer to a read means, or its absence.
    ///
    /// # Errors
    /// [`OpError::Service`] for whatever is no answer to a read.
    pub fn read_of(&self, answer: WholeAnswer) -> Result<ReadOutcome, OpError> {
        let found = self.templates.found(answer)?;
        // A service names no version.
        Ok(ReadOutcome { value: found.value, version: None, source: found.source })
    }

    /// What the answer to a write or a delete means, or its absence.
    ///
    /// # Errors
    /// [`OpError::Service`] for whatever is no acknowledgement.
    pub fn write_of(&self, kind: OperationKind, answer: WholeAnswer) -> Result<WriteOutcome, OpError> {
        self.templates.done(kind, answer)?;
        Ok(WriteOutcome { version: None, durable: true, cache: CacheEffect::Untouched })
    }

    async fn ask(&self, ctx: &OpContext, kind: OperationKind, key: &Key, value: &Value) -> WholeAnswer {
        Answer::whole(self.request(ctx, kind, key, value).send().await).await
    }
}

impl Strategy for HttpTarget {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        self.read_of(self.ask(ctx, OperationKind::Read, key, &Value::default()).await)
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<WriteOutcome, OpError> {
        self.write_of(OperationKind::Write, self.ask(ctx, OperationKind::Write, key, &value).await)
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<WriteOutcome, OpError> {
        self.write_of(OperationKind::Delete, self.ask(ctx, OperationKind::Delete, key, &Value::default()).await)
    }

    /// A service is on its own: nothing of ours is under way in it.
    async fn drain(&self, _ctx: &OpContext) -> Result<(), OpError> {
        Ok(())
    }
}
