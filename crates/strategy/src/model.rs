//! What theory goes by, of strategies that take the common settings.

use crate::settings::{NEGATIVE_TTL_MS, ON_WRITE, TTL_JITTER, TTL_MS};
use cachemark_core::{HitModel, Lifetime, Model, Remembered, Setting, Settings};

/// The model of a strategy that asks its cache first and writes to the store. `invalidated` is what becomes of
/// entries where a write removes them.
pub(crate) fn of(settings: &Settings, invalidated: HitModel) -> Model {
    let hits = match settings.text(ON_WRITE.name) {
        "update" => HitModel::KeptByWrites,
        "none" => HitModel::UntouchedByWrites,
        _ => invalidated,
    };
    let lifetime = |of: Remembered, setting: Setting| {
        let (length, jitter) = (settings.millis(setting.name)?, settings.ratio(TTL_JITTER.name));
        let names = (setting.name, TTL_JITTER.name);
        Some(Lifetime { of, length, added: None, jitter, renewed: false, setting: names.0, jitter_setting: names.1 })
    };
    let lifetimes = [lifetime(Remembered::Value, TTL_MS), lifetime(Remembered::Absence, NEGATIVE_TTL_MS)];
    Model { hits, lifetimes: lifetimes.into_iter().flatten().collect(), ..Model::none() }
}

/// The same where a hit begins the lifetime of an entry anew.
pub(crate) fn renewed_by_hits(model: Model) -> Model {
    let lifetimes = model.lifetimes.into_iter().map(|lifetime| Lifetime { renewed: true, ..lifetime });
    Model { lifetimes: lifetimes.collect(), ..model }
}

#[cfg(test)]
mod tests {
    use crate::{
        cache_aside, cache_first, double_delete, memoised, read_through, single_flight, stale_while_revalidate,
        ttl_only, write_around, write_through,
    };
    use cachemark_core::{Descriptor, HitModel, Remembered, SettingValue, Settings};
    use std::time::Duration;

    fn with(strategy: &Descriptor, given: &[(&str, SettingValue)]) -> Settings {
        let mut settings = Settings::defaults(strategy.settings);
        for (name, value) in given {
            let setting = strategy.setting(name).unwrap();
            settings.put(setting, setting.check(value.clone()).unwrap());
        }
        settings
    }

    #[test]
    fn what_a_write_does_decides_what_becomes_of_entries() {
        let hits = |strategy: Descriptor, on_write: &str| {
            (strategy.model)(&with(&strategy, &[("on-write", SettingValue::Text(on_write.into()))])).hits
        };
        assert_eq!(hits(cache_aside::DESCRIPTOR, "invalidate"), HitModel::InvalidatedByWrites);
        assert_eq!(hits(cache_aside::DESCRIPTOR, "update"), HitModel::KeptByWrites);
        assert_eq!(hits(cache_aside::DESCRIPTOR, "none"), HitModel::UntouchedByWrites);
        assert_eq!(hits(read_through::DESCRIPTOR, "invalidate"), HitModel::InvalidatedWithLoads);
        assert_eq!(hits(write_through::DESCRIPTOR, "update"), HitModel::KeptByWrites);
        assert_eq!(hits(write_through::DESCRIPTOR, "invalidate"), HitModel::InvalidatedWithLoads);
    }

    #[test]
    fn those_without_a_setting_for_it_have_what_they_do_at_any_rate() {
        let hits = |strategy: Descriptor| (strategy.model)(&with(&strategy, &[])).hits;
        for strategy in [write_around::DESCRIPTOR, ttl_only::DESCRIPTOR, memoised::DESCRIPTOR] {
            assert_eq!(hits(strategy), HitModel::UntouchedByWrites, "{}", strategy.name);
        }
        assert_eq!(hits(single_flight::DESCRIPTOR), HitModel::InvalidatedWithLoads);
        assert_eq!(hits(double_delete::DESCRIPTOR), HitModel::InvalidatedTwice);
        assert_eq!(hits(cache_first::DESCRIPTOR), HitModel::InvalidatedByWrites);
        let guarded = with(&cache_aside::DESCRIPTOR, &[("fill-guard", SettingValue::Text("process".into()))]);
        assert_eq!((cache_aside::DESCRIPTOR.model)(&guarded).hits, HitModel::InvalidatedWithLoads);
    }

    #[test]
    fn an_entry_that_is_served_stale_lives_for_both_spans_of_which_one_is_spread() {
        let strategy = stale_while_revalidate::DESCRIPTOR;
        let given = [("fresh-ms", 3_000), ("stale-ms", 1_000)].map(|(name, ms)| (name, SettingValue::Integer(ms)));
        let model = (strategy.model)(&with(&strategy, &given));
        let [lifetime] = &model.lifetimes[..] else { panic!("{:?}", model.lifetimes) };
        assert_eq!((lifetime.length, lifetime.own()), (Duration::from_secs(4), Duration::from_secs(3)));
        assert_eq!((lifetime.setting, lifetime.settings().as_str()), ("fresh-ms", "fresh-ms + stale-ms"));
        assert!((lifetime.jitter - 0.075).abs() < 1e-9 && model.fills_unseen);
    }

    #[test]
    fn a_lifetime_that_is_on_by_default_leaves_a_warm_up_room_for_two() {
        for strategy in crate::strategies() {
            let lifetimes = (strategy.model)(&Settings::defaults(strategy.settings)).lifetimes;
            assert!(lifetimes.iter().all(|lifetime| lifetime.length <= Duration::from_secs(25)), "{}", strategy.name);
        }
    }

    #[test]
    fn only_lifetimes_that_are_set_are_there() {
        let strategy = cache_aside::DESCRIPTOR;
        assert_eq!((strategy.model)(&with(&strategy, &[])).lifetime(), None);
        let settings =
            with(&strategy, &[("ttl-ms", SettingValue::Integer(1500)), ("ttl-jitter", SettingValue::Ratio(0.5))]);
        let lifetimes = (strategy.model)(&settings).lifetimes;
        let [lifetime] = &lifetimes[..] else { panic!("{lifetimes:?}") };
        assert_eq!((lifetime.of, lifetime.length), (Remembered::Value, Duration::from_millis(1500)));
        assert_eq!((lifetime.jitter, lifetime.setting), (0.5, "ttl-ms"));
    }
}
