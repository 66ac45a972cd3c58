//! The settings of policies: presets, single settings over them, and what is off.

use crate::rig::set;
use cachemark_core::{Acts, Setting, Settings};
use cachemark_strategy::resilience::{CachePolicies, StorePolicies, cache_settings, store_settings};

fn all() -> Vec<Setting> {
    [cache_settings(), store_settings()].concat()
}

#[test]
fn nothing_is_on_unless_it_is_asked_for() {
    assert!(CachePolicies::from_settings(&Settings::defaults(&cache_settings())).is_none());
    assert!(StorePolicies::from_settings(&Settings::defaults(&store_settings())).is_none());
    // Nor by a definition that was made before there were any.
    assert!(StorePolicies::from_settings(&Settings::default()).is_none());
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
