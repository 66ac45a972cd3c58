//! The settings of policies: presets, single settings over them, and what is off.

use crate::rig::set;
use cachemark_core::{Acts, Setting, Settings};
use cachemark_strategy::resilience::{
    Policies, StorePolicies, cache_settings, store_settings, strategies_with_policies, strategy_settings,
};
use cachemark_strategy::strategies;
use cachemark_testkit::scripted::ManualClock;
use std::sync::Arc;

fn all() -> Vec<Setting> {
    [strategy_settings(), cache_settings(), store_settings()].concat()
}

#[test]
fn nothing_is_on_unless_it_is_asked_for() {
    let clock: Arc<dyn cachemark_core::Clock> = Arc::new(ManualClock::new());
    let any = |of: [&[Setting]; 3]| {
        let [strategy, cache, store] = of.map(Settings::defaults);
        Policies::from_settings(&strategy, Some(&cache), &store, &clock).is_some()
    };
    assert!(!any([&strategy_settings(), &cache_settings(), &store_settings()]));
    // Nor by a definition that was made before there were any.
    assert!(!any([&[]; 3]));
    let single = set(&store_settings(), "retry-attempts=5 breaker-probes=2 limit-calls=3");
    assert!(StorePolicies::from_settings(&single).is_none(), "a single setting puts no policy on");
}

#[test]
fn a_definition_without_policies_says_nothing_of_them() {
    for known in [cache_settings(), store_settings()] {
        let said = |given| set(&known, given).said(&known).iter().map(|(name, _)| name).collect::<Vec<_>>();
        assert_eq!(said(""), [""; 0]);
        assert_eq!(said("breaker=textbook breaker-open-ms=100"), ["breaker", "breaker-open-ms"]);
        assert_eq!(said("breaker=off retry-attempts=preset"), [""; 0]);
    }
}

#[test]
fn a_single_setting_has_no_effect_where_its_policy_is_off_and_says_so() {
    for setting in all() {
        match setting.acts {
            Acts::Unless(policy, "off") => {
                assert!(setting.name.starts_with(&format!("{policy}-")), "{}", setting.name);
                assert!(setting.told().contains(&format!("Without effect where {policy} is off.")));
                assert!(setting.help.contains("recommended") || setting.help.contains("preset"), "{}", setting.name);
            }
            _ => assert!(setting.quiet, "{}", setting.name),
        }
    }
}

#[test]
fn a_throttle_is_for_all_an_outbox_for_those_with_a_cache_and_stale_answers_where_they_fit() {
    for strategy in strategies_with_policies(strategies()) {
        let has = |name| strategy.setting(name).is_some();
        assert!(has("throttle"), "{}", strategy.name);
        assert_eq!(has("outbox"), strategy.asks_cache(), "{}", strategy.name);
        assert!(!has("stale-if-error") || strategy.asks_cache(), "{}", strategy.name);
        let twice = strategy.settings.iter().filter(|setting| has(setting.name)).count();
        let names: std::collections::BTreeSet<_> = strategy.settings.iter().map(|setting| setting.name).collect();
        assert_eq!(names.len(), twice, "{}: a setting has one meaning", strategy.name);
    }
}
