//! A service that operations are asked of.

use crate::{BaseUrl, HttpError, HttpTemplates};
use bytes::Bytes;
use cachemark_bench::{Answer, Asked};
use cachemark_core::{CacheEffect, Key, OpContext, OpError, Value, WriteOutcome};
use cachemark_workload::OperationKind;
use futures::stream::{self, Stream, StreamExt};
use reqwest::{Client, RequestBuilder, redirect, retry};
use std::mem;
use std::sync::{Arc, Once};
use std::time::Duration;
use tokio::time::Instant;

/// How many requests are under way at a time that are none of a load.
const AT_A_TIME: usize = 16;

/// A service's answer, read to its end, or why there is none.
pub type Answered = reqwest::Result<http::Response<Bytes>>;

/// Reads an answer to its last byte.
///
/// # Errors
/// If there was no answer, or it broke off.
pub async fn whole(answer: reqwest::Result<reqwest::Response>) -> Answered {
    let mut answer = answer?;
    let mut whole = http::Response::new(Bytes::new());
    *whole.status_mut() = answer.status();
    *whole.headers_mut() = mem::take(answer.headers_mut());
    *whole.body_mut() = answer.bytes().await?;
    Ok(whole)
}

/// A service, asked over HTTP: which strategy stands behind it, over which cache and store, is its own.
#[derive(Debug)]
pub struct HttpTarget {
    pub(crate) templates: Arc<HttpTemplates>,
    /// Where it is.
    pub base_url: BaseUrl,
    /// What asks it, by name; empty where the run's driver does.
    pub driver: String,
    /// One for each session.
    clients: Vec<Client>,
}

impl HttpTarget {
    /// A service with its clients, which are made before any session asks: a deadline that runs while a client is made would
    /// be missed by no fault of the service.
    pub(crate) fn new(templates: Arc<HttpTemplates>, base_url: BaseUrl, sessions: u32) -> Result<Self, HttpError> {
        let client = |_| client(templates.connect_timeout, base_url.is_https());
        let clients = (0..sessions.max(1)).map(client).collect::<Result<_, _>>()?;
        Ok(Self { templates, base_url, driver: String::new(), clients })
    }

    /// The client of a session.
    #[must_use]
    pub fn client(&self, session: u32) -> &Client {
        &self.clients[session as usize % self.clients.len()]
    }

    /// Asks operations that are none of a load, each within `timeout`, and gives their answers as they come, with their places. All
    /// share a client, which has as many connections as are asked at a time.
    pub(crate) fn ask_beside<'a>(
        &'a self,
        kind: OperationKind,
        operations: impl Iterator<Item = (Key, Value)> + Send + 'a,
        timeout: Duration,
    ) -> impl Stream<Item = (usize, Answered)> + Send + Unpin + 'a {
        let asked = operations.enumerate().map(move |(at, (key, value))| {
            let request = self.prepare(0, kind, &key, value).timeout(timeout);
            async move { (at, whole(request.send().await).await) }
        });
        stream::iter(asked).buffer_unordered(AT_A_TIME)
    }
}

impl Asked for HttpTarget {
    type Prepared = RequestBuilder;
    type Reply = Answered;

    fn prepare(&self, session: u32, kind: OperationKind, key: &Key, value: Value) -> RequestBuilder {
        self.templates.of(kind).request(self.client(session), &self.base_url, key, &value)
    }

    async fn ask(&self, ctx: &OpContext, _kind: OperationKind, _key: &Key, mut request: RequestBuilder) -> Answered {
        if let Some(deadline) = ctx.deadline() {
            request = request.timeout(deadline.saturating_duration_since(Instant::now()));
        }
        whole(request.send().await).await
    }

    fn understand(
        &self,
        kind: OperationKind,
        asks_cache: bool,
        answer: Answered,
    ) -> (Answer, Result<Option<Value>, OpError>) {
        if kind == OperationKind::Read {
            let found = self.templates.found(answer);
            return (Answer::of_read(&found, asks_cache), found.map(|read| read.value));
        }
        let acknowledged = |version| WriteOutcome { version, durable: true, cache: CacheEffect::Untouched };
        let (told, found) = Answer::of_write(self.templates.done(kind, answer).map(acknowledged));
        // What became of the entry nobody outside of the service knows.
        (Answer { cache: None, ..told }, found)
    }

    /// A service is on its own: nothing of ours is under way in it.
    async fn drain(&self, _ctx: &OpContext) -> Result<(), OpError> {
        Ok(())
    }
}

/// Names the cryptography of TLS, once for the process: ring, which takes far less to build than rustls' own default.
/// What another has named stands.
fn name_cryptography() {
    static NAMED: Once = Once::new();
    NAMED.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

/// A client with a connection of its own. Its requests have the deadlines of their operations.
fn client(connect_timeout: Duration, is_https: bool) -> reqwest::Result<Client> {
    name_cryptography();
    let builder = Client::builder()
        .user_agent(concat!("cachemark/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(connect_timeout)
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy()
        .no_gzip()
        .tcp_nodelay(true);
    // Without certificates a client is made in microseconds, with them in milliseconds.
    if is_https { builder.build() } else { builder.tls_certs_only([]).build() }
}
