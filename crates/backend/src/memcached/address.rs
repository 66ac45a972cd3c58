//! Where a Memcached server is.

use crate::endpoint::{Endpoint, EndpointError};
use crate::lane::LaneError;
use memcache::exp::AsyncMetaConnection;
use tokio::net::TcpStream;

/// The address of a Memcached server: host and port.
pub type MemcachedEndpoint = Endpoint<String>;

const PORT: u16 = 11211;

impl MemcachedEndpoint {
    /// Reads `[memcached://]host[:port]` (`memcache://` too).
    ///
    /// # Errors
    /// [`EndpointError`], which does not repeat the address; also for one with a user or a path in it.
    pub fn parse(url: &str) -> Result<Self, EndpointError> {
        let unreadable = EndpointError { server: "Memcached", form: "[memcached://]host[:port]" };
        let bare = ["memcached://", "memcache://"].iter().find_map(|scheme| url.strip_prefix(scheme)).unwrap_or(url);
        let bare = bare.strip_suffix('/').unwrap_or(bare);
        // A bracket ends an IPv6 address, whose colons are no port's.
        let (host, port) = match bare.rsplit_once(':') {
            Some((host, port)) if !port.contains(']') => (host, port.parse().map_err(|_| unreadable)?),
            _ => (bare, PORT),
        };
        if host.is_empty() || host.contains(['@', '/', ' ']) {
            return Err(unreadable);
        }
        Ok(Self::new(format!("memcached://{host}:{port}"), format!("{host}:{port}")))
    }

    /// Opens a connection, with TCP_NODELAY.
    pub(super) async fn open(&self) -> Result<TcpStream, LaneError> {
        let unreachable = |error: std::io::Error| LaneError::Unavailable(format!("{self}: {error}"));
        let stream = TcpStream::connect(self.connection()).await.map_err(unreachable)?;
        stream.set_nodelay(true).map_err(unreachable)?;
        Ok(stream)
    }

    pub(super) async fn connect(&self) -> Result<AsyncMetaConnection, LaneError> {
        Ok(AsyncMetaConnection::from_stream(self.open().await?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_with_and_without_scheme_and_port() {
        let cases = [
            ("localhost", "localhost:11211"),
            ("memcached://10.0.0.1:7211", "10.0.0.1:7211"),
            ("memcache://cache/", "cache:11211"),
            ("[::1]", "[::1]:11211"),
            ("[::1]:7", "[::1]:7"),
        ];
        for (url, address) in cases {
            assert_eq!(MemcachedEndpoint::parse(url).unwrap().connection(), address);
        }
    }

    #[test]
    fn other_things_are_refused_and_not_repeated() {
        for url in ["", "user:s3cret@host:1", "host:s3cret", "http://s3cret"] {
            let error = MemcachedEndpoint::parse(url).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
    }
}
