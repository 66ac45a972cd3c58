//! The way to a server: TCP, or a Unix socket.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpStream, UnixStream};
use tokio_postgres::Config;
use tokio_postgres::config::Host;

/// A stream of bytes to a server and back.
#[derive(Debug)]
pub(super) enum Stream {
    Tcp(TcpStream),
    Unix(UnixStream),
}

impl Stream {
    /// Reaches the server. Its time limit is the caller's.
    pub(super) async fn open(config: &Config) -> io::Result<Self> {
        // An endpoint is of one place, and its port is known.
        let port = config.get_ports().first().copied().unwrap_or(5432);
        match config.get_hosts().first() {
            Some(Host::Tcp(host)) => {
                let stream = TcpStream::connect((host.as_str(), port)).await?;
                stream.set_nodelay(true)?;
                Ok(Self::Tcp(stream))
            }
            Some(Host::Unix(folder)) => {
                Ok(Self::Unix(UnixStream::connect(folder.join(format!(".s.PGSQL.{port}"))).await?))
            }
            None => Err(io::Error::new(io::ErrorKind::InvalidInput, "the address names no host")),
        }
    }
}

impl Stream {
    /// Reads, if the runtime has seen that there is something to read. It does not wait.
    pub(super) fn try_read_buf(&self, bytes: &mut Vec<u8>) -> io::Result<usize> {
        match self {
            Self::Tcp(stream) => stream.try_read_buf(bytes),
            Self::Unix(stream) => stream.try_read_buf(bytes),
        }
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Tcp(stream) => Pin::new(stream).poll_read(cx, buf),
            Self::Unix(stream) => Pin::new(stream).poll_read(cx, buf),
        }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        match &mut *self {
            Self::Tcp(stream) => Pin::new(stream).poll_write(cx, buf),
            Self::Unix(stream) => Pin::new(stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Tcp(stream) => Pin::new(stream).poll_flush(cx),
            Self::Unix(stream) => Pin::new(stream).poll_flush(cx),
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        match &mut *self {
            Self::Tcp(stream) => Pin::new(stream).poll_shutdown(cx),
            Self::Unix(stream) => Pin::new(stream).poll_shutdown(cx),
        }
    }
}

/// A stream for as long as somebody logs in over it; closed for who holds it once it was taken back.
#[derive(Clone)]
pub(super) struct Lent(Arc<Mutex<Loan>>);

struct Loan {
    stream: Option<Stream>,
    /// All that was read: whoever logs in may take in more than the login's last message, and keep it.
    heard: Vec<u8>,
}

impl Lent {
    pub(super) fn new(stream: Stream) -> Self {
        Self(Arc::new(Mutex::new(Loan { stream: Some(stream), heard: Vec::new() })))
    }

    /// The stream, and all that was read from it.
    pub(super) fn back(&self) -> Option<(Stream, Vec<u8>)> {
        let mut loan = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Some((loan.stream.take()?, std::mem::take(&mut loan.heard)))
    }

    fn with<T>(&self, act: impl FnOnce(Pin<&mut Stream>, &mut Vec<u8>) -> Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        let mut loan = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Loan { stream, heard } = &mut *loan;
        match stream {
            Some(stream) => act(Pin::new(stream), heard),
            None => Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
        }
    }
}

impl AsyncRead for Lent {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        self.with(|stream, heard| {
            let read = stream.poll_read(cx, buf);
            heard.extend_from_slice(&buf.filled()[before..]);
            read
        })
    }
}

impl AsyncWrite for Lent {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.with(|stream, _| stream.poll_write(cx, buf))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|stream, _| stream.poll_flush(cx))
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.with(|stream, _| stream.poll_shutdown(cx))
    }
}
