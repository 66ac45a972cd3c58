//! Where a Redis server is.

use super::failure;
use crate::endpoint::{Endpoint, EndpointError};
use crate::lane::LaneError;
use redis::aio::MultiplexedConnection;
use redis::io::tcp::TcpSettings;
use redis::{AsyncConnectionConfig, Client, ConnectionInfo, IntoConnectionInfo};

/// The address of a Redis server, with user and password if it wants them.
pub type RedisEndpoint = Endpoint<ConnectionInfo>;

impl RedisEndpoint {
    /// Reads a URL: `redis://[user:password@]host[:port][/database]` or `redis+unix:///path/to/socket`.
    ///
    /// # Errors
    /// [`EndpointError`], which does not repeat the URL.
    pub fn parse(url: &str) -> Result<Self, EndpointError> {
        let unreadable = |_| EndpointError {
            server: "Redis",
            form: "redis://[user:password@]host[:port][/database] or redis+unix:///path/to/socket",
        };
        let info = url.into_connection_info().map_err(unreadable)?;
        let settings = info.redis_settings().clone().set_skip_set_lib_name();
        let info = info.set_redis_settings(settings).set_tcp_settings(TcpSettings::default().set_nodelay(true));
        let shown = format!("redis://{}/{}", info.addr(), info.redis_settings().db());
        Ok(Self::new(shown, info))
    }

    /// Makes a connection. Its time limit is the caller's: the client's own are off, here and for every answer.
    pub(super) async fn connect(&self) -> Result<MultiplexedConnection, LaneError> {
        let config = AsyncConnectionConfig::new().set_connection_timeout(None).set_response_timeout(None);
        let client = Client::open(self.connection().clone()).map_err(|error| failure::explain_connect(&error))?;
        let connecting = client.get_multiplexed_async_connection_with_config(&config);
        connecting.await.map_err(|error| failure::explain_connect(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_never_shown() {
        let endpoint = RedisEndpoint::parse("redis://someone:s3cret@localhost:7000/2").unwrap();
        assert_eq!(format!("{endpoint}"), "redis://localhost:7000/2");
        assert_eq!(format!("{endpoint:?}"), "Endpoint(redis://localhost:7000/2)");
    }

    #[test]
    fn a_url_that_cannot_be_read_is_not_repeated() {
        for url in ["redis://:s3cret@host:port", "http://s3cret", "s3cret"] {
            let error = RedisEndpoint::parse(url).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
    }
}
