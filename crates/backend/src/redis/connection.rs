//! A connection that knows whether anything was sent over it.
//!
//! The client says the same of a question that it could not send any more and of one whose answer did not come. The
//! difference decides whether it may be asked again, so the bytes that leave are counted where they leave.

use super::command::Command;
use super::{RedisEndpoint, failure, stream};
use crate::lane::LaneError;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, RedisError, Value};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::task::JoinHandle;

/// A connection; clones are the same one, which is closed with the last of them.
#[derive(Clone)]
pub(super) struct Connection {
    pub(super) client: MultiplexedConnection,
    sent: Arc<AtomicU64>,
    _driver: Arc<Driver>,
}

/// The task that reads and writes.
struct Driver(JoinHandle<()>);

impl Drop for Driver {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Connection {
    /// Makes a connection. Its time limit is the caller's: the client's own are off, here and for every answer.
    pub(super) async fn open(endpoint: &RedisEndpoint) -> Result<Self, LaneError> {
        Self::over(endpoint, stream::open(endpoint).await?).await
    }

    /// The same for operations: only a server that answers gets any. One that hangs accepts connections all the same, and each
    /// operation that times out over one would leave it another, until its line is full and it takes a second or more to get
    /// in once it is back.
    pub(super) async fn open_answering(endpoint: &RedisEndpoint) -> Result<Self, LaneError> {
        let connection = Self::open(endpoint).await?;
        connection.answering(endpoint).await?;
        Ok(connection)
    }

    /// Fails unless the server answers.
    pub(super) async fn answering(&self, endpoint: &RedisEndpoint) -> Result<(), LaneError> {
        let answer = redis::cmd("PING").query_async::<Value>(&mut self.client.clone()).await;
        match answer {
            // A user who may not ask that may ask other things.
            Err(error) if !error.is_unrecoverable_error() => Ok(()),
            Err(error) => Err(failure::explain_connect(endpoint, &error)),
            Ok(_) => Ok(()),
        }
    }

    /// A connection over a stream that leads to the server already: it logs in.
    pub(super) async fn over(
        endpoint: &RedisEndpoint,
        stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    ) -> Result<Self, LaneError> {
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let sent = Arc::new(AtomicU64::new(0));
        let counted = Counted { stream, sent: Arc::clone(&sent) };
        let settings = endpoint.connection().redis_settings();
        let opening = MultiplexedConnection::new_with_config(settings, counted, config);
        let (client, driver) = opening.await.map_err(|error| failure::explain_connect(endpoint, &error))?;
        Ok(Self { client, sent, _driver: Arc::new(Driver(tokio::spawn(driver))) })
    }
}

/// How a question goes to the server and its answer back.
pub(super) trait Way {
    /// Bytes sent so far, by everybody who shares it.
    fn sent(&self) -> u64;

    /// Asks, and waits for the answer.
    async fn ask(&mut self, command: &Command<'_>) -> Result<Value, RedisError>;

    /// Whether a question that failed cannot have reached the server: nothing was sent since `before`.
    fn kept_from_sending(&self, before: u64, error: &RedisError) -> bool {
        error.kind() == redis::ErrorKind::Io && self.sent() == before
    }
}

impl Way for Connection {
    fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    async fn ask(&mut self, command: &Command<'_>) -> Result<Value, RedisError> {
        match command {
            Command::Plain(command) => command.cmd().query_async(&mut self.client).await,
            Command::Scripted(invocation) => invocation.invoke_async(&mut self.client).await,
        }
    }
}

/// Counts what is written.
struct Counted<S> {
    stream: S,
    sent: Arc<AtomicU64>,
}

impl<S: AsyncRead + Unpin> AsyncRead for Counted<S> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Counted<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        if let Poll::Ready(Ok(len)) = written {
            self.sent.fetch_add(len as u64, Ordering::Relaxed);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
