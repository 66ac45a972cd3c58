//! A connection that knows whether the server has closed it while nothing was asked.

use super::{MemcachedEndpoint, failure};
use crate::lane::{LaneError, Unanswered};
use cachemark_core::CacheError;
use memcache::exp::{AsyncMetaConnection, MetaCommand, MetaResponse};
use std::io::{self, ErrorKind};
use std::net::TcpStream;
use std::os::fd::AsFd;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

/// One that was used as recently is taken for open: the look is a system call.
const FRESH: Duration = Duration::from_millis(10);

/// A connection for operations.
pub(super) struct Connection {
    client: AsyncMetaConnection,
    /// The same socket: the client keeps its own to itself.
    socket: TcpStream,
    last_used: Instant,
}

impl Connection {
    /// Opens one, and waits until the server answers over it: one that hangs accepts connections all the same, and each
    /// operation that times out over one would leave it another, until its line is full and it takes a second or more to get in
    /// once it is back.
    pub(super) async fn open(endpoint: &MemcachedEndpoint) -> Result<Self, LaneError> {
        let mut stream = endpoint.open().await?;
        let mut nothing = *b"MN\r\n";
        let asked = async {
            stream.write_all(b"mn\r\n").await?;
            stream.read_exact(&mut nothing).await
        };
        asked.await.map_err(|error: io::Error| LaneError::Unavailable(format!("{endpoint}: {error}")))?;
        let same = stream.as_fd().try_clone_to_owned();
        let socket = same.map_err(|error| LaneError::Unavailable(format!("{endpoint}: {error}")))?.into();
        Ok(Self { client: AsyncMetaConnection::from_stream(stream), socket, last_used: Instant::now() })
    }

    /// The client, for an operation that begins now.
    ///
    /// # Errors
    /// If the server has closed the connection meanwhile: then nothing is sent.
    pub(super) fn client(&mut self) -> Result<&mut AsyncMetaConnection, Unanswered<CacheError>> {
        let now = Instant::now();
        if now - self.last_used >= FRESH && !self.is_open() {
            let error = CacheError::ConnectionLost("the server closed the connection while it was idle".to_owned());
            return Err(Unanswered { error, undone: true });
        }
        self.last_used = now;
        Ok(&mut self.client)
    }

    pub(super) async fn ask(&mut self, command: &MetaCommand) -> Result<MetaResponse, Unanswered<CacheError>> {
        Ok(self.client()?.execute(command).await.map_err(failure::explain)?)
    }

    /// Nothing can be read from a connection over which nothing was asked: not even its end.
    fn is_open(&self) -> bool {
        // The socket does not block, since it is the client's.
        let looked: io::Result<usize> = self.socket.peek(&mut [0]);
        looked.is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }
}
