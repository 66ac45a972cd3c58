//! The answer to INFO: `name:value` lines, some of whose values are `a=1,b=2`.

use crate::room::Room;
use cachemark_core::Counters;
use std::collections::BTreeMap;

/// What a server told of itself.
#[derive(Debug)]
pub(super) struct Info<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Info<'a> {
    pub(super) fn parse(text: &'a str) -> Self {
        Self(text.lines().filter_map(|line| line.trim_end().split_once(':')).collect())
    }

    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.0.get(name).copied()
    }

    fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok()
    }

    /// The part called `part` of the value under `name`.
    fn part(&self, name: &str, part: &str) -> Option<u64> {
        let mut parts = self.text(name)?.split(',').filter_map(|pair| pair.split_once('='));
        parts.find_map(|(found, value)| (found == part).then(|| value.parse().ok())?)
    }

    /// How often a command was called; a server does not list those that never were.
    fn calls(&self, command: &str) -> u64 {
        self.part(&format!("cmdstat_{command}"), "calls").unwrap_or(0)
    }

    /// `Redis 7.0.15`, or the name of a relative that speaks its protocol.
    pub(super) fn version(&self) -> Option<String> {
        let valkey = self.text("valkey_version").map(|version| format!("Valkey {version}"));
        valkey.or_else(|| self.text("redis_version").map(|version| format!("Redis {version}")))
    }

    /// How many connections there is room for, without the one that asks.
    pub(super) fn room(&self) -> Option<Room> {
        let (limit, open) = self.number("maxclients").zip(self.number("connected_clients"))?;
        Some(Room { limit, taken: open.saturating_sub(1) })
    }

    /// The counters by our names. `leases` is how many hits were leases, which are no entries.
    pub(super) fn counters(&self, database: i64, leases: u64) -> Counters {
        // Each GETRANGE is the look of a versioned set, of a set under a lease or of an inspection at a key that is there.
        let no_hits = self.calls("getrange") + leases;
        let hits = self.number("keyspace_hits").map(|hits| hits.saturating_sub(no_hits));
        let figures = [
            // One that touches is counted apart.
            ("gets", Some(self.calls("get") + self.calls("getex"))),
            ("hits", hits),
            ("sets", Some(self.calls("set"))),
            ("deletes", Some(self.calls("del"))),
            ("evictions", self.number("evicted_keys")),
            ("expired", self.number("expired_keys")),
            ("entries", Some(self.part(&format!("db{database}"), "keys").unwrap_or(0))),
            ("memory-bytes", self.number("used_memory")),
        ];
        Counters(figures.into_iter().filter_map(|(name, value)| Some((name, value?))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INFO: &str = "# Server\r\nredis_version:7.0.15\r\n# Stats\r\nkeyspace_hits:12\r\nevicted_keys:3\r\n\
        # Commandstats\r\ncmdstat_get:calls=20,usec=31,usec_per_call=1.55,rejected_calls=0,failed_calls=0\r\n\
        cmdstat_getex:calls=4,usec=9\r\ncmdstat_getrange:calls=2,usec=5\r\n# Keyspace\r\ndb0:keys=7,expires=1,avg_ttl=0\r\n";

    #[test]
    fn counters_have_our_names() {
        let info = Info::parse(INFO);
        assert_eq!(info.version().as_deref(), Some("Redis 7.0.15"));
        let expected = [("gets", 24), ("hits", 9), ("sets", 0), ("deletes", 0), ("evictions", 3), ("entries", 7)];
        assert_eq!(info.counters(0, 1).0, BTreeMap::from(expected));
        assert_eq!(info.counters(1, 0).0["entries"], 0);
    }

    #[test]
    fn a_relative_is_called_by_its_own_name() {
        let info = Info::parse("redis_version:7.2.4\r\nvalkey_version:8.0.1\r\n");
        assert_eq!(info.version().as_deref(), Some("Valkey 8.0.1"));
    }
}
