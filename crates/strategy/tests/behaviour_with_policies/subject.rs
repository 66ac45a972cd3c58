//! Strategies with every policy on that leaves a day without faults as it is. Limits are so wide that no test meets
//! them, and a call is tried once: some of the tests are of a fault, which a retry would mend. Entries outlive their lifetime, so that they
//! could stand in for errors: no reader is to notice.

use cachemark_core::{Clock, Setting, SettingValue, Settings};
use cachemark_strategy::resilience::{
    Policies, Resilient, cache_settings, store_settings, strategies_with_policies, strategy_settings,
};
use cachemark_strategy::strategies;
use cachemark_testkit::scripted::{ScriptedCache, ScriptedStore};
use std::sync::Arc;
use std::time::Duration;

/// How much longer than its lifetime a cache is told to keep an entry with a value, of a strategy whose lifetimes are not its own affair.
pub(crate) const KEPT_LONGER: Duration = Duration::from_secs(60);

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
    let described = strategies().iter().find(|strategy| strategy.name == name).expect("a strategy of that name");
    let takes = strategies_with_policies(std::slice::from_ref(described));
    let stale = takes.iter().any(|strategy| strategy.setting("stale-if-error").is_some());
    let of_strategy = on(
        &strategy_settings(),
        if stale { &["throttle", "outbox", "stale-if-error"] } else { &["throttle", "outbox"] },
        &[("throttle-calls", MANY), ("throttle-burst", MANY), ("stale-if-error-ms", KEPT_LONGER.as_secs() * 1_000)],
    );
    let of_cache = on(&cache_settings(), &["retry", "breaker"], &[("retry-attempts", 1)]);
    let of_store = on(
        &store_settings(),
        &["retry", "breaker", "limit"],
        &[("retry-attempts", 1), ("limit-calls", 100_000), ("call-timeout-ms", 600_000)],
    );
    let policies = Policies::from_settings(&of_strategy, Some(&of_cache), &of_store, &clock).expect("they are on");
    policies.build(name, settings, cache, store, clock).expect("a strategy of that name")
}
