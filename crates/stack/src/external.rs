//! Servers that somebody else runs: reached by flags, then by the environment, then where docker-compose.yml puts them.

use std::ffi::OsString;
use std::fmt;

/// Where a server is, and who says so. The URL may hold a password: it is given to backends and shown to nobody.
#[derive(Clone, PartialEq, Eq)]
pub struct Address {
    /// The URL.
    pub url: String,
    /// Where it comes from.
    pub source: AddressSource,
}

/// Where an address comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressSource {
    /// A server that was started for the run.
    Started,
    /// A flag, by its name.
    Flag(&'static str),
    /// A variable that holds a URL, by its name.
    Variable(&'static str),
    /// The default, with its port moved by a variable.
    Port(&'static str),
    /// The default: where docker-compose.yml puts the server.
    Default,
}

impl fmt::Display for AddressSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Started => f.write_str("the server that was started"),
            Self::Flag(name) | Self::Variable(name) | Self::Port(name) => f.write_str(name),
            Self::Default => f.write_str("the default"),
        }
    }
}

/// A variable that cannot be an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// It is set to nothing, which names no server: the default in its place would be another one than was meant.
    #[error("{0} is set and empty: give it an address, or unset it for the default")]
    Empty(&'static str),
    /// It is not text.
    #[error("{0} is not UTF-8")]
    NotText(&'static str),
}

/// Where each server is.
#[derive(Clone, Default)]
pub struct Addresses {
    /// Redis.
    pub redis: Option<Address>,
    /// Memcached.
    pub memcached: Option<Address>,
    /// Postgres.
    pub postgres: Option<Address>,
}

/// How an address is found that no flag gives.
struct Lookup {
    url: &'static str,
    port: &'static str,
    default_port: &'static str,
    /// The URL, given the password as it stands in one, and the port.
    at_port: fn(&str, &str) -> String,
}

const REDIS: Lookup = Lookup {
    url: "REDIS_URL",
    port: "CACHEMARK_REDIS_PORT",
    default_port: "16379",
    at_port: |password, port| format!("redis://:{password}@127.0.0.1:{port}/"),
};

const MEMCACHED: Lookup = Lookup {
    url: "MEMCACHED_URL",
    port: "CACHEMARK_MEMCACHED_PORT",
    default_port: "21211",
    at_port: |password, port| format!("memcached://cachemark:{password}@127.0.0.1:{port}"),
};

const POSTGRES: Lookup = Lookup {
    url: "DATABASE_URL",
    port: "CACHEMARK_POSTGRES_PORT",
    default_port: "15432",
    at_port: |password, port| format!("postgres://cachemark:{password}@127.0.0.1:{port}/cachemark"),
};

impl Addresses {
    /// Fills in what `self` lacks of the servers that are `needed` (asked by name: `redis`, `memcached`, `postgres`): from
    /// `REDIS_URL`, `MEMCACHED_URL` and `DATABASE_URL`, then from docker-compose.yml's ports, which
    /// `CACHEMARK_REDIS_PORT`, `CACHEMARK_MEMCACHED_PORT` and `CACHEMARK_POSTGRES_PORT` move there and here alike,
    /// with the password that `CACHEMARK_PASSWORD` gives there and here. `variable` looks one up.
    ///
    /// # Errors
    /// [`AddressError`] if a variable that counts is empty or not UTF-8. An empty port or password is the default one, as in
    /// docker-compose.yml.
    pub fn completed(
        self,
        needed: impl Fn(&str) -> bool,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, AddressError> {
        let complete = |given: Option<Address>, name: &str, lookup: &Lookup| match given {
            None if needed(name) => lookup.find(&variable).map(Some),
            given => Ok(given),
        };
        Ok(Self {
            redis: complete(self.redis, "redis", &REDIS)?,
            memcached: complete(self.memcached, "memcached", &MEMCACHED)?,
            postgres: complete(self.postgres, "postgres", &POSTGRES)?,
        })
    }
}

impl Lookup {
    fn find(&self, variable: impl Fn(&str) -> Option<OsString>) -> Result<Address, AddressError> {
        let text = |name: &'static str| {
            variable(name).map(|value| value.into_string().map_err(|_| AddressError::NotText(name))).transpose()
        };
        if let Some(url) = text(self.url)? {
            return match url.trim() {
                "" => Err(AddressError::Empty(self.url)),
                _ => Ok(Address { url, source: AddressSource::Variable(self.url) }),
            };
        }
        let given = |name| Ok(text(name)?.filter(|value| !value.is_empty()));
        let password = escaped(&given("CACHEMARK_PASSWORD")?.unwrap_or_else(|| "cachemark".to_owned()));
        Ok(match given(self.port)? {
            Some(port) => Address { url: (self.at_port)(&password, &port), source: AddressSource::Port(self.port) },
            None => Address { url: (self.at_port)(&password, self.default_port), source: AddressSource::Default },
        })
    }
}

/// A password as it stands in a URL.
fn escaped(password: &str) -> String {
    let escape = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    password.bytes().map(escape).collect()
}

impl fmt::Debug for Address {
    // Passwords must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Address(from {})", self.source)
    }
}

impl fmt::Debug for Addresses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = |address: &Option<Address>| if address.is_some() { "given" } else { "none" };
        f.debug_struct("Addresses")
            .field("redis", &known(&self.redis))
            .field("memcached", &known(&self.memcached))
            .field("postgres", &known(&self.postgres))
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStringExt;

    fn flag(url: &str) -> Option<Address> {
        Some(Address { url: url.into(), source: AddressSource::Flag("--flag") })
    }

    #[test]
    fn flags_go_before_the_environment_and_that_before_the_defaults() {
        let variable = |name: &str| match name {
            "REDIS_URL" => Some("redis://environment/".into()),
            "CACHEMARK_MEMCACHED_PORT" => Some("7".into()),
            "CACHEMARK_PASSWORD" => Some("p@ss".into()),
            "DATABASE_URL" => Some("postgres://environment/".into()),
            _ => None,
        };
        let given = Addresses { postgres: flag("postgres://flag/"), ..Addresses::default() };
        let completed = given.completed(|_| true, variable).unwrap();
        let found = |address: Option<Address>| address.map(|address| (address.url, address.source)).unwrap();
        let (redis, memcached) = (found(completed.redis), found(completed.memcached));
        assert_eq!(redis, ("redis://environment/".into(), AddressSource::Variable("REDIS_URL")));
        assert_eq!(
            memcached,
            ("memcached://cachemark:p%40ss@127.0.0.1:7".into(), AddressSource::Port("CACHEMARK_MEMCACHED_PORT"))
        );
        assert_eq!(found(completed.postgres), ("postgres://flag/".into(), AddressSource::Flag("--flag")));
    }

    #[test]
    fn the_password_of_the_containers_is_escaped() {
        let variable = |name: &str| (name == "CACHEMARK_PASSWORD").then(|| "p@s/s".into());
        let completed = Addresses::default().completed(|_| true, variable).unwrap();
        let url = |address: Option<Address>| address.unwrap().url;
        assert_eq!(url(completed.redis), "redis://:p%40s%2Fs@127.0.0.1:16379/");
        assert_eq!(url(completed.memcached), "memcached://cachemark:p%40s%2Fs@127.0.0.1:21211");
    }

    #[test]
    fn a_variable_that_is_no_address_is_refused_where_it_counts() {
        let broken = |name: &str| match name {
            "REDIS_URL" => Some("".into()),
            "MEMCACHED_URL" => Some(OsString::from_vec(vec![b'h', 0xff])),
            "CACHEMARK_POSTGRES_PORT" => Some("".into()),
            _ => None,
        };
        let complete = |name: &'static str| Addresses::default().completed(move |other| other == name, broken);
        assert_eq!(complete("redis").unwrap_err(), AddressError::Empty("REDIS_URL"));
        assert_eq!(complete("memcached").unwrap_err(), AddressError::NotText("MEMCACHED_URL"));
        assert_eq!(complete("postgres").unwrap().postgres.unwrap().source, AddressSource::Default);
        assert!(complete("none").unwrap().redis.is_none());
        let given = Addresses { redis: flag("redis://flag/"), ..Addresses::default() };
        assert!(given.completed(|name| name == "redis", broken).is_ok());
    }

    #[test]
    fn no_address_is_printed() {
        let addresses = Addresses { redis: flag("redis://:secret@host/"), ..Addresses::default() };
        assert!(!format!("{addresses:?} {:?}", addresses.redis).contains("secret"));
    }
}
