//! Where a Memcached server is.

use crate::endpoint::{Endpoint, EndpointError, EndpointFault, Form, Parts};
use crate::lane::LaneError;
use tokio::net::TcpStream;

/// The address of a Memcached server: host and port.
pub type MemcachedEndpoint = Endpoint<String>;

const PORT: u16 = 11211;

const FORM: Form = Form {
    server: "Memcached",
    form: "[memcached://]host[:port]",
    schemes: &["memcached", "memcache"],
    tls: &[],
    bare: true,
    parameters: &[],
};

impl MemcachedEndpoint {
    /// Reads `[memcached://]host[:port]` (`memcache://` too).
    ///
    /// # Errors
    /// [`EndpointError`], which does not repeat the address; also for one with a user or a path in it.
    pub fn parse(url: &str) -> Result<Self, EndpointError> {
        let parts = FORM.read(url)?;
        if parts.user.is_some() || parts.password.is_some() {
            return Err(FORM.error(EndpointFault::User));
        }
        if parts.host.is_empty() {
            return Err(FORM.error(EndpointFault::Host));
        }
        if !parts.path.is_empty() {
            return Err(FORM.error(EndpointFault::Path("not empty, and the server has no databases")));
        }
        let place = Parts::place(&parts.host, parts.port.unwrap_or(PORT));
        Ok(Self::new(format!("memcached://{place}"), None, place))
    }

    /// Opens a connection, with TCP_NODELAY.
    pub(super) async fn open(&self) -> Result<TcpStream, LaneError> {
        let unreachable = |error: std::io::Error| LaneError::Unavailable(format!("{self}: {error}"));
        let stream = TcpStream::connect(self.connection()).await.map_err(unreachable)?;
        stream.set_nodelay(true).map_err(unreachable)?;
        Ok(stream)
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
        for url in ["", "user:s3cret@host:1", "host:s3cret", "http://s3cret", "127.0.0.1:99999", "host/s3cret"] {
            let error = MemcachedEndpoint::parse(url).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
    }
}
