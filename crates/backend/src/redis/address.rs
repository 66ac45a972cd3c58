//! Where a Redis server is.

use crate::endpoint::{Endpoint, EndpointError, EndpointFault, Form, Parts};
use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo, ProtocolVersion, RedisConnectionInfo};

/// The address of a Redis server, with user and password if it wants them.
pub type RedisEndpoint = Endpoint<ConnectionInfo>;

const PORT: u16 = 6379;

const FORM: Form = Form {
    server: "Redis",
    form: "redis://[[user]:password@]host[:port][/database] or redis+unix:///path/to/socket",
    schemes: &["redis+unix", "valkey+unix", "unix", "redis", "valkey"],
    tls: &["rediss", "valkeys"],
    bare: false,
    parameters: &["db", "user", "pass", "protocol"],
};

impl RedisEndpoint {
    /// Reads a URL: `redis://[[user]:password@]host[:port][/database]` or `redis+unix:///path/to/socket`, the latter with
    /// `db`, `user` and `pass` as parameters; either with `protocol` (`2` or `3`).
    ///
    /// # Errors
    /// [`EndpointError`], which does not repeat the URL.
    pub fn parse(url: &str) -> Result<Self, EndpointError> {
        let parts = FORM.read(url)?;
        let read = if parts.scheme.ends_with("unix") { by_socket(&parts) } else { by_tcp(&parts) };
        let (addr, place, database) = read.map_err(|fault| FORM.error(fault))?;
        let mut settings = RedisConnectionInfo::default().set_skip_set_lib_name().set_db(database);
        settings = match parts.parameter("protocol") {
            None | Some("2" | "resp2") => settings,
            Some("3" | "resp3") => settings.set_protocol(ProtocolVersion::RESP3),
            Some(_) => return Err(FORM.error(EndpointFault::Value("protocol"))),
        };
        let given = |part: &Option<String>, name| part.clone().or_else(|| parts.parameter(name).map(str::to_owned));
        let (user, password) = (given(&parts.user, "user"), given(&parts.password, "pass"));
        if let Some(user) = &user {
            settings = settings.set_username(user);
        }
        if let Some(password) = password {
            settings = settings.set_password(password);
        }
        let info = addr.into_connection_info().map_err(|_| FORM.error(EndpointFault::Other))?;
        Ok(Self::new(format!("redis://{place}/{database}"), user, info.set_redis_settings(settings)))
    }
}

type Read = Result<(ConnectionAddr, String, i64), EndpointFault>;

fn by_tcp(parts: &Parts) -> Read {
    // Those of a socket have no meaning here, and silence about them would be a surprise.
    if let Some(name) = ["db", "user", "pass"].into_iter().find(|name| parts.parameter(name).is_some()) {
        return Err(EndpointFault::Parameter(name.to_owned()));
    }
    if parts.host.is_empty() {
        return Err(EndpointFault::Host);
    }
    let (host, port) = (parts.host.clone(), parts.port.unwrap_or(PORT));
    let database = database(parts.path.trim_end_matches('/'))?;
    Ok((ConnectionAddr::Tcp(host.clone(), port), Parts::place(&host, port), database))
}

fn by_socket(parts: &Parts) -> Read {
    if !parts.host.is_empty() {
        return Err(EndpointFault::Host);
    }
    if parts.path.is_empty() {
        return Err(EndpointFault::Path("empty, where the socket's path should be"));
    }
    let path = format!("/{}", parts.path);
    let database = parts.parameter("db").map_or(Ok(0), |text| text.parse().map_err(|_| EndpointFault::Value("db")))?;
    Ok((ConnectionAddr::Unix(path.clone().into()), path, database))
}

fn database(path: &str) -> Result<i64, EndpointFault> {
    match path {
        "" => Ok(0),
        path => {
            let number = path.parse().ok().filter(|number| *number >= 0);
            number.ok_or(EndpointFault::Path("not the number of a database"))
        }
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
    fn addresses_are_what_they_say() {
        let cases = [
            ("redis://host", "redis://host:6379/0"),
            ("redis://[::1]:7/3", "redis://[::1]:7/3"),
            ("redis://:p%40ss@host:7/", "redis://host:7/0"),
            ("redis+unix:///run/redis.sock?db=2&pass=x", "redis:///run/redis.sock/2"),
        ];
        for (url, shown) in cases {
            assert_eq!(RedisEndpoint::parse(url).unwrap().to_string(), shown);
        }
        let endpoint = RedisEndpoint::parse("redis://ann:p%40s%2Fs@host").unwrap();
        let settings = endpoint.connection().redis_settings();
        assert_eq!((settings.username(), settings.password()), (Some("ann"), Some("p@s/s")));
    }

    #[test]
    fn a_url_that_cannot_be_read_is_not_repeated() {
        let urls = [
            "redis://:s3cret@host:port",
            "http://s3cret",
            "s3cret",
            "redis://:1/s3cret@h",
            "redis://h/s3cret",
            "redis://h?protocol=s3cret",
            "redis+unix:///p?db=s3cret",
        ];
        for url in urls {
            let error = RedisEndpoint::parse(url).unwrap_err();
            assert!(!format!("{error} {error:?}").contains("s3cret"));
        }
    }
}
