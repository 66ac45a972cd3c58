//! Strategies with every policy on that leaves a day without faults as it is. Limits are so wide that no test meets
//! them, and a call is tried once: some of the tests are of a fault, which a retry would mend.

use cachemark_core::{Clock, Setting, SettingValue, Settings};
use cachemark_strategy::resilience::{Policies, Resilient, cache_settings, store_settings, strategy_settings};
use cachemark_testkit::scripted::{ScriptedCache, ScriptedStore};
use std::sync::Arc;

pub(crate) type Subject = Resilient<ScriptedCache, ScriptedStore>;

/// The policies `named` as recommended, and some numbers.
fn on(known: &[Setting], named: &[&str], numbers: &[(&str, u64)]) -> Settings {
    let mut settings = Settings::defaults(known);
    let setting = |name: &str| known.iter().find(|setting| setting.name == name).expect("a setting");
    named.iter().for_each(|name| settings.put(setting(name), SettingValue::Text("recommended".into())));
    numbers.iter().for_each(|(name, number)| settings.put(setting(name), SettingValue::Integer(*number)));
    settings
}

pub(crate) fn make(
    name: &str,
    settings: &Settings,
    cache: Arc<ScriptedCache>,
    store: Arc<ScriptedStore>,
    clock: Arc<dyn Clock>,
) -> Subject {
    const MANY: u64 = 1_000_000_000;
    let of_strategy =
        on(&strategy_settings(), &["throttle", "outbox"], &[("throttle-calls", MANY), ("throttle-burst", MANY)]);
    let of_cache = on(&cache_settings(), &["retry", "breaker"], &[("retry-attempts", 1)]);
    let of_store = on(
        &store_settings(),
        &["retry", "breaker", "limit"],
        &[("retry-attempts", 1), ("limit-calls", 100_000), ("call-timeout-ms", 600_000)],
    );
    let policies = Policies::from_settings(&of_strategy, Some(&of_cache), &of_store, &clock).expect("they are on");
    policies.build(name, settings, cache, store, clock).expect("a strategy of that name")
}
