//! Servers that somebody else runs: reached by flags, then by the environment, then where docker-compose.yml puts them.

use crate::server::{Compose, SERVERS, ServerKind};
use std::collections::BTreeMap;
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
    /// Nothing says where the server is, and docker-compose.yml has none.
    #[error("nothing says where {title} is: give {flag} or {variable}")]
    Unknown {
        /// The server, for people.
        title: &'static str,
        /// The flag that would say it.
        flag: &'static str,
        /// The variable that would.
        variable: &'static str,
    },
}

/// Where each server is, by the name of the cache or store that it is for.
#[derive(Clone, Default)]
pub struct Addresses {
    by_name: BTreeMap<&'static str, Address>,
    /// The ports of the proxies that some are reached through.
    through: BTreeMap<&'static str, u16>,
}

impl Addresses {
    /// Where the server of the cache or store called `name` is, if that is known.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<&Address> {
        self.by_name.get(name)
    }

    /// Puts the address of a server in the place of another.
    pub fn put(&mut self, name: &'static str, address: Address) {
        self.by_name.insert(name, address);
    }

    /// The port on loopback of the proxy that the server is to be reached through; none if it is reached as its address says.
    #[must_use]
    pub fn proxy_of(&self, name: &str) -> Option<u16> {
        self.through.get(name).copied()
    }

    /// Has the server reached through the proxy at `port` of loopback.
    pub fn lead_through(&mut self, name: &'static str, port: u16) {
        self.through.insert(name, port);
    }

    /// Each server's, in the order of [`SERVERS`].
    pub fn iter(&self) -> impl Iterator<Item = (&'static ServerKind, &Address)> {
        SERVERS.iter().filter_map(|kind| Some((kind, self.of(kind.name)?)))
    }

    /// Fills in what `self` lacks of the servers that are `needed` (asked by name): from the variable that holds its URL, then
    /// from docker-compose.yml's port, which a variable of its own moves there and here alike, with the password that
    /// `CACHEMARK_PASSWORD` gives there and here. `variable` looks one up.
    ///
    /// # Errors
    /// [`AddressError`] if a variable that counts is empty or not UTF-8, and if nothing says where a server is. An empty port
    /// or password is the default one, as in docker-compose.yml.
    pub fn completed(
        mut self,
        needed: impl Fn(&str) -> bool,
        variable: impl Fn(&str) -> Option<OsString>,
    ) -> Result<Self, AddressError> {
        for kind in SERVERS.iter().filter(|kind| needed(kind.name)) {
            if self.of(kind.name).is_none() {
                self.put(kind.name, find(kind, &variable)?);
            }
        }
        Ok(self)
    }
}

fn find(kind: &ServerKind, variable: impl Fn(&str) -> Option<OsString>) -> Result<Address, AddressError> {
    let text = |name: &'static str| {
        variable(name).map(|value| value.into_string().map_err(|_| AddressError::NotText(name))).transpose()
    };
    if let Some(url) = text(kind.variable)? {
        return match url.trim() {
            "" => Err(AddressError::Empty(kind.variable)),
            _ => Ok(Address { url, source: AddressSource::Variable(kind.variable) }),
        };
    }
    let Some(Compose { port_variable, port, url }) = kind.compose else {
        return Err(AddressError::Unknown { title: kind.title, flag: kind.flag, variable: kind.variable });
    };
    let given = |name| Ok(text(name)?.filter(|value| !value.is_empty()));
    let password = escaped(&given("CACHEMARK_PASSWORD")?.unwrap_or_else(|| "cachemark".to_owned()));
    Ok(match given(port_variable)? {
        Some(port) => Address { url: url(&password, &port), source: AddressSource::Port(port_variable) },
        None => Address { url: url(&password, port), source: AddressSource::Default },
    })
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
        f.debug_set().entries(self.by_name.keys()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::ffi::OsStringExt;

    fn flag(name: &'static str, url: &str) -> Addresses {
        let mut addresses = Addresses::default();
        addresses.put(name, Address { url: url.into(), source: AddressSource::Flag("--flag") });
        addresses
    }

    /// All servers that docker-compose.yml has.
    fn in_compose(name: &str) -> bool {
        ServerKind::of(name).is_some_and(|kind| kind.compose.is_some())
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
        let completed = flag("postgres", "postgres://flag/").completed(in_compose, variable).unwrap();
        let found = |name| completed.of(name).map(|address| (address.url.clone(), address.source)).unwrap();
        let memcached = found("memcached");
        assert_eq!(found("redis"), ("redis://environment/".into(), AddressSource::Variable("REDIS_URL")));
        assert_eq!(
            memcached,
            ("memcached://cachemark:p%40ss@127.0.0.1:7".into(), AddressSource::Port("CACHEMARK_MEMCACHED_PORT"))
        );
        assert_eq!(found("postgres"), ("postgres://flag/".into(), AddressSource::Flag("--flag")));
    }

    #[test]
    fn the_password_of_the_containers_is_escaped() {
        let variable = |name: &str| (name == "CACHEMARK_PASSWORD").then(|| "p@s/s".into());
        let completed = Addresses::default().completed(in_compose, variable).unwrap();
        let url = |name| &completed.of(name).unwrap().url;
        assert_eq!(url("redis"), "redis://:p%40s%2Fs@127.0.0.1:16379/");
        assert_eq!(url("memcached"), "memcached://cachemark:p%40s%2Fs@127.0.0.1:21211");
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
        assert_eq!(complete("postgres").unwrap().of("postgres").unwrap().source, AddressSource::Default);
        assert!(complete("none").unwrap().iter().next().is_none());
        assert!(flag("redis", "redis://flag/").completed(|name| name == "redis", broken).is_ok());
    }

    #[test]
    fn no_address_is_printed() {
        let addresses = flag("redis", "redis://:secret@host/");
        assert!(!format!("{addresses:?} {:?}", addresses.of("redis")).contains("secret"));
    }
}
