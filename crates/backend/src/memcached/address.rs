//! Where a Memcached server is.

use super::login::Login;
use crate::endpoint::{Endpoint, EndpointError, EndpointFault, Form, Parts};
use crate::lane::LaneError;
use tokio::net::TcpStream;

/// The address of a Memcached server, with user and password if it wants them.
pub type MemcachedEndpoint = Endpoint<MemcachedAddress>;

/// Host and port, and who we are there.
#[derive(Clone)]
pub struct MemcachedAddress {
    place: String,
    login: Option<Login>,
}

impl MemcachedAddress {
    /// Host and port, as they stand in a URL.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// The same login at another place.
    pub(crate) fn at(self, place: String) -> Self {
        Self { place, ..self }
    }
}

const PORT: u16 = 11211;

const FORM: Form = Form {
    server: "Memcached",
    form: "memcached://[user:password@]host[:port] or host[:port]",
    schemes: &["memcached", "memcache"],
    tls: &[],
    bare: true,
    parameters: &[],
};

impl MemcachedEndpoint {
    /// Reads `memcached://[user:password@]host[:port]` (`memcache://` too), or `host[:port]`. A login needs the scheme: by
    /// that, what is shown of a command line knows it.
    ///
    /// # Errors
    /// [`EndpointError`], which does not repeat the address; also for one with a path in it, or with a user or a password
    /// that the protocol cannot carry: empty, or with a blank.
    pub fn parse(url: &str) -> Result<Self, EndpointError> {
        let parts = FORM.read(url)?;
        let login = match (&parts.user, &parts.password) {
            (None, None) => None,
            (Some(user), Some(password)) if !parts.scheme.is_empty() => {
                let login = Login::new(user, password);
                Some(login.ok_or_else(|| FORM.error(EndpointFault::Login("empty in a part, or has a blank in it")))?)
            }
            (Some(_), Some(_)) => return Err(FORM.error(EndpointFault::Login("there without memcached:// before it"))),
            _ => return Err(FORM.error(EndpointFault::Login("not a user and a password"))),
        };
        if parts.host.is_empty() {
            return Err(FORM.error(EndpointFault::Host));
        }
        if !parts.path.is_empty() {
            return Err(FORM.error(EndpointFault::Path("not empty, and the server has no databases")));
        }
        let place = Parts::place(&parts.host, parts.port.unwrap_or(PORT));
        Ok(Self::new(format!("memcached://{place}"), parts.user, MemcachedAddress { place, login }))
    }

    /// Opens a connection, with TCP_NODELAY, and logs in.
    pub(super) async fn open(&self) -> Result<TcpStream, LaneError> {
        let unreachable = |error: std::io::Error| LaneError::Unavailable(format!("{self}: {error}"));
        let mut stream = TcpStream::connect(&self.connection().place).await.map_err(unreachable)?;
        stream.set_nodelay(true).map_err(unreachable)?;
        if let Some(login) = &self.connection().login {
            login.log_in(&mut stream).await.map_err(|error| error.at(self))?;
        }
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
            assert_eq!(MemcachedEndpoint::parse(url).unwrap().connection().place, address);
        }
    }

    #[test]
    fn a_login_is_read_and_never_shown() {
        for url in ["memcached://me:s3cret@cache:7", "memcache://m%65:s3%63ret@cache:7/"] {
            let endpoint = MemcachedEndpoint::parse(url).unwrap();
            assert_eq!(format!("{endpoint} {endpoint:?}"), "memcached://cache:7 Endpoint(memcached://cache:7)");
            let address = endpoint.connection();
            assert_eq!(address.place, "cache:7");
            assert_eq!(address.login, Login::new("me", "s3cret"));
        }
    }

    #[test]
    fn other_things_are_refused_and_not_repeated() {
        let refused = ["", "user:s3cret@host:1", "host:s3cret", "http://s3cret", "127.0.0.1:99999", "host/s3cret"];
        let logins = ["memcached://s3cret@host", "memcached://:s3cret@host", "memcached://me:s3cret%20@host"];
        let control = ["memcached://me:s3cret%0d%0a@host"];
        for url in refused.into_iter().chain(logins).chain(control) {
            let error = MemcachedEndpoint::parse(url).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
    }
}
