//! Servers that are reached through a proxy on this machine.

use crate::memcached::MemcachedEndpoint;
use crate::postgres::PostgresEndpoint;
use crate::redis::RedisEndpoint;
use std::net::Ipv4Addr;

/// What a proxy on this machine is reached by.
const PROXY: Ipv4Addr = Ipv4Addr::LOCALHOST;

impl RedisEndpoint {
    /// Name or address and port of the server; none of one that is reached over a Unix socket.
    #[must_use]
    pub fn place(&self) -> Option<(String, u16)> {
        match self.connection().addr() {
            redis::ConnectionAddr::Tcp(host, port) => Some((host.clone(), *port)),
            _ => None,
        }
    }

    /// The same server through a proxy that listens on `port` of loopback. What is said of it names the server's own address.
    #[must_use]
    pub fn through(self, port: u16) -> Self {
        self.led(|info| info.set_addr(redis::ConnectionAddr::Tcp(PROXY.to_string(), port)))
    }
}

impl MemcachedEndpoint {
    /// Name or address and port of the server.
    #[must_use]
    pub fn place(&self) -> Option<(String, u16)> {
        let (host, port) = self.connection().place().rsplit_once(':')?;
        Some((host.trim_matches(['[', ']']).to_owned(), port.parse().ok()?))
    }

    /// The same server through a proxy that listens on `port` of loopback. What is said of it names the server's own address.
    #[must_use]
    pub fn through(self, port: u16) -> Self {
        self.led(|address| address.at(format!("{PROXY}:{port}")))
    }
}

impl PostgresEndpoint {
    /// Name or address and port of the server; none of one that is reached over a Unix socket.
    #[must_use]
    pub fn place(&self) -> Option<(String, u16)> {
        let options = self.connection();
        let tcp = options.get_socket().is_none() && !options.get_host().starts_with('/');
        tcp.then(|| (options.get_host().to_owned(), options.get_port()))
    }

    /// The same server through a proxy that listens on `port` of loopback. What is said of it names the server's own address.
    #[must_use]
    pub fn through(self, port: u16) -> Self {
        self.led(|options| options.host(&PROXY.to_string()).port(port))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(host: &str, port: u16) -> Option<(String, u16)> {
        Some((host.to_owned(), port))
    }

    #[test]
    fn a_server_is_led_to_otherwise_and_keeps_its_name() {
        let redis = RedisEndpoint::parse("redis://:s3cret@cache:7/2").unwrap();
        assert_eq!(redis.place(), place("cache", 7));
        let redis = redis.through(9);
        assert_eq!((redis.place(), redis.to_string().as_str()), (place("127.0.0.1", 9), "redis://cache:7/2"));
        assert_eq!(redis.connection().redis_settings().password(), Some("s3cret"));
        assert_eq!(redis.connection().redis_settings().db(), 2);
        assert_eq!(RedisEndpoint::parse("redis+unix:///run/redis.sock").unwrap().place(), None);

        let memcached = MemcachedEndpoint::parse("memcached://me:s3cret@[::1]:7").unwrap();
        assert_eq!(memcached.place(), place("::1", 7));
        let memcached = memcached.through(9);
        assert_eq!((memcached.place(), memcached.to_string().as_str()), (place("127.0.0.1", 9), "memcached://[::1]:7"));

        let postgres = PostgresEndpoint::parse("postgres://me:s3cret@db:7/data").unwrap();
        assert_eq!(postgres.place(), place("db", 7));
        let postgres = postgres.through(9);
        assert_eq!((postgres.place(), postgres.to_string().as_str()), (place("127.0.0.1", 9), "postgres://db:7/data"));
        assert_eq!(postgres.connection().get_username(), "me");
        assert_eq!(PostgresEndpoint::parse("postgres://me@/data?host=/run/postgresql").unwrap().place(), None);
    }
}
