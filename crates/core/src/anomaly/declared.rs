//! What a strategy says of its anomalies: which it has, in which deployments, with which settings.

use super::Anomaly;
use crate::Settings;
use std::fmt;

/// How many processes run a strategy, whose caches they ask, and what answers their reads of the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Deployment {
    /// One process.
    OneProcess,
    /// Several processes that ask the same cache.
    SharedCache,
    /// Several processes, each with a cache of its own.
    OwnCaches,
    /// One process whose reads of the store come from a replica, which may lag behind.
    Replica,
}

impl Deployment {
    /// Every deployment over a store that holds to its [contract](crate::Store): a read sees what was acknowledged before it. What a
    /// strategy promises, it promises there; a replica that lags is none of them.
    pub const ALL: [Self; 3] = [Self::OneProcess, Self::SharedCache, Self::OwnCaches];

    /// How it is called.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::OneProcess => "one process",
            Self::SharedCache => "several processes over one cache",
            Self::OwnCaches => "several processes with a cache each",
            Self::Replica => "reads from a replica",
        }
    }

    /// The least number of processes.
    #[must_use]
    pub fn processes(self) -> u8 {
        match self {
            Self::OneProcess | Self::Replica => 1,
            Self::SharedCache | Self::OwnCaches => 2,
        }
    }
}

/// What a setting has to be.
#[derive(Debug, Clone, Copy)]
pub enum Condition {
    /// One of these words.
    Is(&'static str, &'static [&'static str]),
    /// A whole number above 0.
    Above0(&'static str),
    /// The number 0, whole or a ratio.
    Is0(&'static str),
    /// Off, of a flag.
    Off(&'static str),
}

impl Condition {
    /// The name of the setting.
    #[must_use]
    pub fn setting(&self) -> &'static str {
        match self {
            Self::Is(setting, _) | Self::Above0(setting) | Self::Is0(setting) | Self::Off(setting) => setting,
        }
    }

    fn holds(&self, settings: &Settings) -> bool {
        match self {
            Self::Is(setting, words) => words.contains(&settings.text(setting)),
            Self::Above0(setting) => settings.integer(setting) > 0,
            Self::Is0(setting) => settings.integer(setting) == 0 && settings.ratio(setting) == 0.0,
            Self::Off(setting) => !settings.flag(setting),
        }
    }
}

impl fmt::Display for Condition {
    /// `on-write = invalidate or update`, `negative-ttl-ms > 0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Is(setting, words) => write!(f, "{setting} = {}", words.join(" or ")),
            Self::Above0(setting) => write!(f, "{setting} > 0"),
            Self::Is0(setting) => write!(f, "{setting} = 0"),
            Self::Off(setting) => write!(f, "{setting} = false"),
        }
    }
}

/// An anomaly that a strategy has.
#[derive(Debug, Clone, Copy)]
pub struct Declared {
    /// Which.
    pub anomaly: Anomaly,
    /// Where: what one process has, several have as well.
    pub deployment: Deployment,
    /// With which settings: all of these hold.
    pub when: &'static [Condition],
}

impl Declared {
    /// The anomaly in every deployment.
    #[must_use]
    pub const fn always(anomaly: Anomaly, when: &'static [Condition]) -> Self {
        Self { anomaly, deployment: Deployment::OneProcess, when }
    }

    /// The anomaly where several processes ask one cache.
    #[must_use]
    pub const fn over_one_cache(anomaly: Anomaly, when: &'static [Condition]) -> Self {
        Self { anomaly, deployment: Deployment::SharedCache, when }
    }

    /// The anomaly where several processes have a cache each.
    #[must_use]
    pub const fn with_own_caches(anomaly: Anomaly, when: &'static [Condition]) -> Self {
        Self { anomaly, deployment: Deployment::OwnCaches, when }
    }

    /// The anomaly where the store's reads come from a replica that lags behind.
    #[must_use]
    pub const fn behind_a_replica(anomaly: Anomaly, when: &'static [Condition]) -> Self {
        Self { anomaly, deployment: Deployment::Replica, when }
    }

    /// Whether it is there in `deployment` with `settings`, which are complete.
    #[must_use]
    pub fn shows(&self, deployment: Deployment, settings: &Settings) -> bool {
        let there = self.deployment == Deployment::OneProcess || self.deployment == deployment;
        there && self.when.iter().all(|condition| condition.holds(settings))
    }

    /// Where it is there and with which settings, for people; empty if everywhere and always.
    #[must_use]
    pub fn circumstances(&self) -> String {
        let place = (self.deployment != Deployment::OneProcess).then(|| self.deployment.name().to_owned());
        let conditions = self.when.iter().map(Condition::to_string);
        place.into_iter().chain(conditions).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anomaly::STALE_SET;
    use crate::{Setting, SettingValue};

    const ON_WRITE: Setting = Setting::choice("on-write", &["invalidate", "none"], "What a write does.");
    const NEGATIVE: Setting = Setting::integer("negative-ttl-ms", 0, 10, 0, "How long.");

    fn settings(word: &str, number: u64) -> Settings {
        let mut settings = Settings::defaults(&[ON_WRITE, NEGATIVE]);
        settings.put(&ON_WRITE, SettingValue::Text(word.to_owned()));
        settings.put(&NEGATIVE, SettingValue::Integer(number));
        settings
    }

    #[test]
    fn every_condition_has_to_hold() {
        const WHEN: &[Condition] = &[Condition::Is("on-write", &["invalidate"]), Condition::Above0("negative-ttl-ms")];
        let declared = Declared::always(STALE_SET, WHEN);
        for (word, number, shows) in [("invalidate", 5, true), ("invalidate", 0, false), ("none", 5, false)] {
            assert_eq!(declared.shows(Deployment::OneProcess, &settings(word, number)), shows, "{word} {number}");
        }
        assert_eq!(declared.circumstances(), "on-write = invalidate, negative-ttl-ms > 0");
    }

    #[test]
    fn a_flag_may_have_to_be_off() {
        const LOCK: Setting = Setting::flag("lock", true, "Whether there is one.");
        let declared = Declared::always(STALE_SET, &[Condition::Off("lock")]);
        let mut settings = Settings::defaults(&[LOCK]);
        assert!(!declared.shows(Deployment::OneProcess, &settings));
        settings.put(&LOCK, SettingValue::Flag(false));
        assert!(declared.shows(Deployment::OneProcess, &settings));
        assert_eq!(declared.circumstances(), "lock = false");
    }

    #[test]
    fn a_ratio_may_have_to_be_0() {
        const JITTER: Setting = Setting::ratio("ttl-jitter", 0.1, "How far.");
        let declared = Declared::always(STALE_SET, &[Condition::Is0("ttl-jitter")]);
        let mut settings = Settings::defaults(&[JITTER]);
        assert!(!declared.shows(Deployment::OneProcess, &settings));
        settings.put(&JITTER, SettingValue::Ratio(0.0));
        assert!(declared.shows(Deployment::OneProcess, &settings));
        assert_eq!(declared.circumstances(), "ttl-jitter = 0");
    }

    #[test]
    fn what_needs_a_replica_is_in_no_deployment_without_one() {
        let declared = Declared::behind_a_replica(STALE_SET, &[]);
        let there = |declared: Declared, place| declared.shows(place, &settings("none", 0));
        assert!(Deployment::ALL.iter().all(|&place| !there(declared, place)));
        assert!(there(declared, Deployment::Replica) && there(Declared::always(STALE_SET, &[]), Deployment::Replica));
        assert_eq!(declared.circumstances(), "reads from a replica");
    }

    #[test]
    fn what_one_process_has_several_have_and_not_the_other_way_round() {
        let shown = |declared: Declared| Deployment::ALL.map(|place| declared.shows(place, &settings("none", 0)));
        const ZERO: &[Condition] = &[Condition::Is0("negative-ttl-ms")];
        assert_eq!(shown(Declared::always(STALE_SET, ZERO)), [true, true, true]);
        assert_eq!(shown(Declared::over_one_cache(STALE_SET, ZERO)), [false, true, false]);
        assert_eq!(shown(Declared::with_own_caches(STALE_SET, &[])), [false, false, true]);
        let declared = Declared::over_one_cache(STALE_SET, ZERO);
        assert_eq!(declared.circumstances(), "several processes over one cache, negative-ttl-ms = 0");
    }
}
