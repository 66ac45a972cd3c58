//! What theory goes by, of strategies that take the common settings.

use crate::settings::{NEGATIVE_TTL_MS, ON_WRITE, TTL_JITTER, TTL_MS};
use cachemark_core::{HitModel, Lifetime, Model, Remembered, Setting, Settings};

/// The model of a strategy that asks its cache first and writes to the store. `invalidated` is what becomes of entries where
/// a write removes them.
pub(crate) fn of(settings: &Settings, invalidated: HitModel) -> Model {
    let hits = match settings.text(ON_WRITE.name) {
        "update" => HitModel::KeptByWrites,
        "none" => HitModel::UntouchedByWrites,
        _ => invalidated,
    };
    let lifetime = |of: Remembered, setting: Setting| {
        let (length, jitter) = (settings.millis(setting.name)?, settings.ratio(TTL_JITTER.name));
        let names = (setting.name, TTL_JITTER.name);
        Some(Lifetime { of, length, jitter, renewed: false, setting: names.0, jitter_setting: names.1 })
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
    use crate::{cache_aside, read_through, write_through};
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
