//! A connection that knows whether anything was sent over it.
//!
//! The client says the same of a question that it could not send any more and of one whose answer did not come. The
//! difference decides whether it may be asked again, so the bytes that leave are counted where they leave.

use super::{RedisEndpoint, failure};
use crate::lane::LaneError;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, ConnectionAddr, RedisError, Value};
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio::task::JoinHandle;

/// A connection; clones are the same one, which is closed with the last of them.
#[derive(Clone)]
pub(super) struct Connection {
    pub(super) client: MultiplexedConnection,
    sent: Arc<AtomicU64>,
    _driver: Arc<Driver>,
}

/// How long sent bytes may stay unacknowledged. Over a path that swallows them (a host that is gone, a rule of a firewall) the
/// kernel would try for a quarter of an hour, and a connection that all operations share would be kept as long. Far
/// beyond any operation's time: a server that is frozen acknowledges, and keeps its connections.
const UNACKNOWLEDGED: Duration = Duration::from_secs(10);

/// Has the connection closed when what was sent stays unacknowledged for [`UNACKNOWLEDGED`], where the system can.
fn give_up_silence(stream: &TcpStream) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    socket2::SockRef::from(stream).set_tcp_user_timeout(Some(UNACKNOWLEDGED))?;
    Ok(())
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
        let unreached = |error: io::Error| LaneError::Unavailable(endpoint.told(&error.to_string()));
        match endpoint.connection().addr() {
            ConnectionAddr::Tcp(host, port) => {
                let stream = TcpStream::connect((host.as_str(), *port)).await.map_err(unreached)?;
                stream.set_nodelay(true).map_err(unreached)?;
                give_up_silence(&stream).map_err(unreached)?;
                Self::over(endpoint, stream).await
            }
            ConnectionAddr::Unix(path) => {
                Self::over(endpoint, UnixStream::connect(path).await.map_err(unreached)?).await
            }
            // An endpoint is of no other kind.
            other => Err(LaneError::Rejected(format!("{other} is not spoken to"))),
        }
    }

    /// The same for operations: only a server that answers gets any. One that hangs accepts connections all the same, and each
    /// operation that times out over one would leave it another, until its line is full and it takes a second or more to get
    /// in once it is back.
    pub(super) async fn open_answering(endpoint: &RedisEndpoint) -> Result<Self, LaneError> {
        let mut connection = Self::open(endpoint).await?;
        let answer = redis::cmd("PING").query_async::<Value>(&mut connection.client).await;
        match answer {
            // A user who may not ask that may ask other things.
            Err(error) if !error.is_unrecoverable_error() => Ok(connection),
            Err(error) => Err(failure::explain_connect(endpoint, &error)),
            Ok(_) => Ok(connection),
        }
    }

    async fn over(
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

    /// Bytes sent so far, by everybody who shares the connection.
    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed)
    }

    /// Whether a question that failed cannot have reached the server: nothing was sent since `before`.
    pub(super) fn kept_from_sending(&self, before: u64, error: &RedisError) -> bool {
        error.kind() == redis::ErrorKind::Io && self.sent() == before
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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use tokio::net::TcpListener;

    #[tokio::test]
    async fn a_connection_whose_path_is_silent_is_given_up() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        assert_eq!(socket2::SockRef::from(&stream).tcp_user_timeout().unwrap(), None);
        give_up_silence(&stream).unwrap();
        assert_eq!(socket2::SockRef::from(&stream).tcp_user_timeout().unwrap(), Some(UNACKNOWLEDGED));
    }
}
