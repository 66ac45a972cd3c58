//! What can be set of the servers that are started for a run.

use crate::NativeOptions;
use cachemark_core::{ServerSetting, Setting, SettingValue, Settings};

/// Room in each cache.
const CACHE_MEMORY_MIB: Setting = Setting::integer(
    "cache-memory-mib",
    2,
    1_048_576,
    64,
    "Room for entries in each cache that is started for a run, in mebibytes.",
);

/// Redis's own names of what it evicts when it is full.
const REDIS_EVICTION: Setting = Setting::choice(
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
    "What Redis evicts when it is full: its maxmemory-policy.",
);

/// Whether a commit waits for the disk.
const SYNCHRONOUS_COMMIT: Setting = Setting {
    name: "synchronous-commit",
    help: "Whether a commit of Postgres waits for the disk.",
    kind: cachemark_core::SettingKind::Flag,
    default: cachemark_core::SettingDefault::Flag(true),
};

/// Every setting of servers, and whose it is.
pub const SERVER_SETTINGS: &[ServerSetting] = &[
    ServerSetting { setting: CACHE_MEMORY_MIB, of: &["redis", "memcached"] },
    ServerSetting { setting: REDIS_EVICTION, of: &["redis"] },
    ServerSetting { setting: SYNCHRONOUS_COMMIT, of: &["postgres"] },
];

impl NativeOptions {
    /// The same with what `settings` say, as far as they say it.
    #[must_use]
    pub fn with_settings(mut self, settings: &Settings) -> Self {
        for (name, value) in settings.iter() {
            match (name, value) {
                (name, SettingValue::Integer(mib)) if name == CACHE_MEMORY_MIB.name => {
                    self.cache_memory_bytes = mib << 20;
                }
                (name, SettingValue::Text(policy)) if name == REDIS_EVICTION.name => {
                    self.redis_eviction.clone_from(policy);
                }
                (name, SettingValue::Flag(waits)) if name == SYNCHRONOUS_COMMIT.name => {
                    self.postgres_synchronous_commit = *waits;
                }
                _ => {}
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_are_those_of_the_options() {
        let settings: Vec<Setting> = SERVER_SETTINGS.iter().map(|setting| setting.setting).collect();
        let least = NativeOptions::default();
        let options = least.clone().with_settings(&Settings::defaults(&settings));
        assert_eq!(options.cache_memory_bytes, least.cache_memory_bytes);
        assert_eq!(options.redis_eviction, least.redis_eviction);
        assert_eq!(options.postgres_synchronous_commit, least.postgres_synchronous_commit);
    }
}
