//! A client's socket that does not wait for ever, and does not hang up on a client that is still talking.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// After our last word: how long, and for how many bytes, we go on listening.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_QUIET: Duration = Duration::from_millis(100);
const LINGER_BYTES: usize = 16 << 20;

/// A socket with a bound on how long its peer may take to accept what hyper has to write, which hyper has not.
///
/// On shutdown it reads on for a while and throws away what comes. Closing a socket with unread bytes in it resets the
/// connection, and a reset makes the client's kernel forget our answer (413 to a body still on its way).
#[derive(Debug)]
pub(crate) struct Socket {
    inner: TcpStream,
    write_within: Duration,
    /// Runs from the first write that found the socket full until all is written. Boxed, for few sockets need it.
    stalled: Option<Pin<Box<Sleep>>>,
    linger: Option<Box<Linger>>,
}

#[derive(Debug)]
struct Linger {
    end: Pin<Box<Sleep>>,
    quiet: Pin<Box<Sleep>>,
    left: usize,
}

impl Socket {
    pub(crate) fn new(inner: TcpStream, write_within: Duration) -> Self {
        Self { inner, write_within, stalled: None, linger: None }
    }

    /// Passes on the result of a write, unless writing has taken too long.
    fn bounded(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<usize>>) -> Poll<io::Result<usize>> {
        if written.is_pending() {
            let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(self.write_within)));
            ready!(stalled.as_mut().poll(cx));
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        written
    }
}

impl Linger {
    fn new() -> Self {
        Self { end: Box::pin(sleep(LINGER)), quiet: Box::pin(sleep(LINGER_QUIET)), left: LINGER_BYTES }
    }

    /// Done when the peer has closed or gone quiet, or had its time.
    fn poll(&mut self, inner: &mut TcpStream, cx: &mut Context<'_>) -> Poll<()> {
        let mut scrap = [0; 8 << 10];
        loop {
            let mut buffer = ReadBuf::new(&mut scrap);
            match Pin::new(&mut *inner).poll_read(cx, &mut buffer) {
                Poll::Ready(Ok(())) if !buffer.filled().is_empty() && self.left > 0 => {
                    self.left = self.left.saturating_sub(buffer.filled().len());
                    self.quiet = Box::pin(sleep(LINGER_QUIET));
                }
                Poll::Ready(_) => return Poll::Ready(()),
                Poll::Pending => break,
            }
        }
        if self.end.as_mut().poll(cx).is_ready() || self.quiet.as_mut().poll(cx).is_ready() {
            return Poll::Ready(());
        }
        Poll::Pending
    }
}

impl AsyncRead for Socket {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(cx, bytes);
        self.bounded(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(cx, slices);
        self.bounded(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        // hyper flushes when it has nothing left to write.
        self.stalled = None;
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = &mut *self;
        if this.linger.is_none() {
            ready!(Pin::new(&mut this.inner).poll_shutdown(cx))?;
        }
        ready!(this.linger.get_or_insert_with(|| Box::new(Linger::new())).poll(&mut this.inner, cx));
        Poll::Ready(Ok(()))
    }
}
