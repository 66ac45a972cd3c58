//! Servers that somebody else runs: reached by flags, then by the environment, then where docker-compose.yml puts them.

use std::fmt;

/// Where each server is. URLs may hold passwords: they are given to backends and shown to nobody.
#[derive(Clone, Default)]
pub struct Addresses {
    /// Redis.
    pub redis: Option<String>,
    /// Memcached.
    pub memcached: Option<String>,
    /// Postgres.
    pub postgres: Option<String>,
}

impl Addresses {
    /// Fills in what `self` lacks: from `REDIS_URL`, `MEMCACHED_URL` and `DATABASE_URL`, then from docker-compose.yml's
    /// ports, which `CACHEMARK_REDIS_PORT`, `CACHEMARK_MEMCACHED_PORT` and `CACHEMARK_POSTGRES_PORT` move there and here
    /// alike, with the password that `CACHEMARK_PASSWORD` gives there and here. `variable` looks one up.
    #[must_use]
    pub fn completed(self, variable: impl Fn(&str) -> Option<String>) -> Self {
        let given = |name: &str| variable(name).filter(|value| !value.is_empty());
        let port = |name: &str, default: &str| given(name).unwrap_or_else(|| default.to_owned());
        let password = escaped(&given("CACHEMARK_PASSWORD").unwrap_or_else(|| "cachemark".to_owned()));
        let redis = || format!("redis://:{password}@127.0.0.1:{}/", port("CACHEMARK_REDIS_PORT", "16379"));
        let memcached = || {
            let port = port("CACHEMARK_MEMCACHED_PORT", "21211");
            format!("memcached://cachemark:{password}@127.0.0.1:{port}")
        };
        let postgres = || {
            let port = port("CACHEMARK_POSTGRES_PORT", "15432");
            format!("postgres://cachemark:{password}@127.0.0.1:{port}/cachemark")
        };
        Self {
            redis: self.redis.or_else(|| given("REDIS_URL")).or_else(|| Some(redis())),
            memcached: self.memcached.or_else(|| given("MEMCACHED_URL")).or_else(|| Some(memcached())),
            postgres: self.postgres.or_else(|| given("DATABASE_URL")).or_else(|| Some(postgres())),
        }
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

impl fmt::Debug for Addresses {
    // Passwords must not reach a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = |address: &Option<String>| if address.is_some() { "given" } else { "none" };
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

    #[test]
    fn flags_go_before_the_environment_and_that_before_the_defaults() {
        let variable = |name: &str| match name {
            "REDIS_URL" => Some("redis://environment/".to_owned()),
            "MEMCACHED_URL" => Some(String::new()),
            "CACHEMARK_MEMCACHED_PORT" => Some("7".to_owned()),
            "DATABASE_URL" => Some("postgres://environment/".to_owned()),
            _ => None,
        };
        let given = Addresses { postgres: Some("postgres://flag/".into()), ..Addresses::default() };
        let completed = given.completed(variable);
        assert_eq!(completed.redis.as_deref(), Some("redis://environment/"));
        assert_eq!(completed.memcached.as_deref(), Some("memcached://cachemark:cachemark@127.0.0.1:7"));
        assert_eq!(completed.postgres.as_deref(), Some("postgres://flag/"));
    }

    #[test]
    fn the_password_of_the_containers_is_escaped() {
        let variable = |name: &str| (name == "CACHEMARK_PASSWORD").then(|| "p@s/s".to_owned());
        let completed = Addresses::default().completed(variable);
        assert_eq!(completed.redis.as_deref(), Some("redis://:p%40s%2Fs@127.0.0.1:16379/"));
        assert_eq!(completed.memcached.as_deref(), Some("memcached://cachemark:p%40s%2Fs@127.0.0.1:21211"));
    }

    #[test]
    fn no_address_is_printed() {
        let addresses = Addresses { redis: Some("redis://:secret@host/".into()), ..Addresses::default() };
        assert!(!format!("{addresses:?}").contains("secret"));
    }
}
