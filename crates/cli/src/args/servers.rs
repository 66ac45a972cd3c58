//! Where servers are.

use cachemark_stack::{Address, AddressSource, Addresses};
use clap::Args as ClapArgs;

/// Where external servers are. URLs may hold passwords: none of these is printed or recorded.
#[derive(Clone, ClapArgs)]
pub(crate) struct AddressArgs {
    /// Redis of an external stack; REDIS_URL if not given.
    #[arg(long, value_name = "URL")]
    redis_url: Option<String>,
    /// Memcached of an external stack; MEMCACHED_URL if not given.
    #[arg(long, value_name = "URL")]
    memcached_url: Option<String>,
    /// Postgres of an external stack; DATABASE_URL if not given.
    #[arg(long, value_name = "URL")]
    database_url: Option<String>,
}

impl AddressArgs {
    /// The flags that were given.
    pub(crate) fn flags(&self) -> Vec<&'static str> {
        let all = [
            ("--redis-url", &self.redis_url),
            ("--memcached-url", &self.memcached_url),
            ("--database-url", &self.database_url),
        ];
        all.into_iter().filter(|(_, url)| url.is_some()).map(|(flag, _)| flag).collect()
    }

    pub(crate) fn given(&self) -> Addresses {
        let from =
            |flag, url: &Option<String>| url.clone().map(|url| Address { url, source: AddressSource::Flag(flag) });
        Addresses {
            redis: from("--redis-url", &self.redis_url),
            memcached: from("--memcached-url", &self.memcached_url),
            postgres: from("--database-url", &self.database_url),
        }
    }
}

impl std::fmt::Debug for AddressArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.given().fmt(f)
    }
}
