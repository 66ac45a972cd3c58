//! What can be set of the servers that are started for a run.

use super::{SERVERS, ServerKind};
use cachemark_core::{ServerSetting, Setting};
use std::sync::LazyLock;

/// Room in each cache.
pub(super) const CACHE_MEMORY_MIB: Setting = Setting::integer(
    "cache-memory-mib",
    2,
    1_048_576,
    64,
    "Room for entries in each cache that is started for a run, in mebibytes.",
);

/// Redis's own names of what it evicts when it is full.
pub(super) const REDIS_EVICTION: Setting = Setting::choice(
    "redis-eviction",
    &[
        "allkeys-lru",
        "allkeys-lfu",
        "allkeys-random",
        "noeviction",
        "volatile-lru",
        "volatile-lfu",
        "volatile-random",
        "volatile-ttl",
    ],
    "What Redis or Valkey evicts when it is full: its maxmemory-policy.",
);

/// Whether a commit waits for the disk.
pub(super) const SYNCHRONOUS_COMMIT: Setting =
    Setting::flag("synchronous-commit", true, "Whether a commit of Postgres waits for the disk.");

static SETTINGS: LazyLock<Vec<ServerSetting>> = LazyLock::new(|| {
    let mut all: Vec<ServerSetting> = Vec::new();
    for setting in SERVERS.iter().flat_map(|kind| kind.settings) {
        if all.iter().all(|known| known.setting.name != setting.name) {
            let takes = |kind: &&ServerKind| kind.settings.iter().any(|other| other.name == setting.name);
            let of: Vec<_> = SERVERS.iter().filter(takes).map(|kind| kind.name).collect();
            all.push(ServerSetting { setting: *setting, of: of.leak() });
        }
    }
    all
});

/// Every setting of servers, and whose it is.
#[must_use]
pub fn server_settings() -> &'static [ServerSetting] {
    &SETTINGS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_setting_that_servers_share_is_there_once() {
        let of = |name: &str| server_settings().iter().filter(|known| known.setting.name == name).collect::<Vec<_>>();
        let [memory] = of("cache-memory-mib")[..] else { panic!() };
        assert!(memory.of.starts_with(&["redis", "memcached"]), "{:?}", memory.of);
        assert_eq!(of("synchronous-commit")[0].of, ["postgres"]);
    }
}
