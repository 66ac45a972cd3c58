//! The strategies, with settings under which everything that they do falls into a moment.

use crate::load::Counts;
use crate::stack::Stack;
use cachemark_backend::cache_capabilities;
use cachemark_backend::{AnyCache, AnyStore};
use cachemark_core::{Descriptor, SettingValue, Settings};
use cachemark_strategy::{AnyStrategy, Parts, build, null, strategies};

/// Lifetimes and waits, in milliseconds, and sizes: entries expire and are reloaded, writes queue up and wait for places, several
/// times in a moment. Memcached's seconds are longer.
const SHORT: [(&str, u64); 14] = [
    ("ttl-ms", 40),
    ("negative-ttl-ms", 20),
    ("fresh-ms", 20),
    ("stale-ms", 20),
    ("tombstone-ttl-ms", 40),
    ("delay-ms", 20),
    ("lease-ms", 100),
    ("wait-ms", 1),
    ("longest-wait-ms", 10),
    ("batch", 9),
    ("queue-limit", 25),
    ("load-timeout-ms", 20_000),
    ("flush-timeout-ms", 20_000),
    ("drain-timeout-ms", 20_000),
];

/// A strategy.
#[derive(Debug)]
pub(crate) struct Arm {
    pub(crate) strategy: &'static Descriptor,
}

impl Arm {
    /// Every strategy that asks a store and that the stack's cache can serve.
    pub(crate) fn over(stack: &Stack) -> impl Iterator<Item = Self> {
        let offered = cache_capabilities(stack.cache).expect("a cache of the list");
        let asking = strategies().iter().filter(|strategy| strategy.name != null::DESCRIPTOR.name);
        asking
            .filter(move |strategy| strategy.needs.missing_from(&offered).is_empty())
            .map(|strategy| Self { strategy })
    }

    /// One of its instances. The second one has its tier in a task, where it has a tier.
    pub(crate) fn build(&self, instance: usize, parts: Parts<AnyCache, AnyStore>) -> AnyStrategy<AnyCache, AnyStore> {
        let mut settings = Settings::defaults(self.strategy.settings);
        let mut put = |name, value: SettingValue| {
            if let Some(setting) = self.strategy.setting(name) {
                settings.put(setting, setting.check(value).expect("a value that the setting takes"));
            }
        };
        SHORT.into_iter().for_each(|(name, value)| put(name, SettingValue::Integer(value)));
        put("placement", SettingValue::Text(["in-process", "task"][instance % 2].to_owned()));
        build(self.strategy.name, &settings, parts.cache, parts.store, parts.clock).expect("a strategy of the list")
    }

    /// What the load should have met and did not.
    pub(crate) fn idle(&self, counts: &Counts) -> Option<String> {
        let (hits, loads) = (counts.hits(), counts.loads());
        let works = if self.strategy.asks_cache() { hits > 0 && loads > 0 } else { hits == 0 && loads > 0 };
        (!works).then(|| format!("{hits} hits and {loads} loads"))
    }
}
