//! The settings of one part.

use super::{Acts, Setting, SettingValue};
use std::collections::BTreeMap;
use std::time::Duration;

/// The settings of one part, complete: every setting of its descriptor has a value.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Settings(BTreeMap<&'static str, SettingValue>);

impl Settings {
    /// The defaults of `settings`.
    #[must_use]
    pub fn defaults(settings: &[Setting]) -> Self {
        Self(settings.iter().map(|setting| (setting.name, setting.default_value())).collect())
    }

    /// The defaults of `settings` where a driver thread may have `sessions` operations under way.
    #[must_use]
    pub fn defaults_for(settings: &[Setting], sessions: u64) -> Self {
        Self(settings.iter().map(|setting| (setting.name, setting.default_for(sessions))).collect())
    }

    /// Puts a value that [`Setting::check`] accepted in the place of the default.
    pub fn put(&mut self, setting: &Setting, value: SettingValue) {
        self.0.insert(setting.name, value);
    }

    /// Name and value of each, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &SettingValue)> {
        self.0.iter().map(|(name, value)| (*name, value))
    }

    /// Those that have an effect, by what `known` says of them.
    #[must_use]
    pub fn acting(&self, known: &[Setting]) -> Self {
        let idle = |name: &str| known.iter().any(|setting| setting.name == name && !self.let_act(setting.acts));
        Self(self.0.iter().filter(|(name, _)| !idle(name)).map(|(name, value)| (*name, value.clone())).collect())
    }

    /// Those that are to be printed, by what `known` says of them.
    #[must_use]
    pub fn said(&self, known: &[Setting]) -> Self {
        let unsaid = |name: &str, value: &SettingValue| {
            known.iter().any(|setting| setting.name == name && setting.goes_unsaid(value))
        };
        let said = self.0.iter().filter(|(name, value)| !unsaid(name, value));
        Self(said.map(|(name, value)| (*name, value.clone())).collect())
    }

    fn let_act(&self, acts: Acts) -> bool {
        match acts {
            Acts::Always => true,
            Acts::Above0(names) => names.iter().any(|name| self.integer(name) > 0),
            Acts::With(name, word) => self.text(name) == word,
            Acts::Unless(name, word) => self.text(name) != word,
        }
    }

    /// The word under `name`; empty if there is none, which a complete set never has.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(SettingValue::Text(text)) => text,
            _ => "",
        }
    }

    /// The whole number under `name`, unless it is what a preset says.
    #[must_use]
    pub fn given_integer(&self, name: &str) -> Option<u64> {
        match self.0.get(name) {
            Some(SettingValue::Integer(number)) => Some(*number),
            _ => None,
        }
    }

    /// The ratio under `name`, unless it is what a preset says.
    #[must_use]
    pub fn given_ratio(&self, name: &str) -> Option<f64> {
        match self.0.get(name) {
            Some(SettingValue::Ratio(ratio)) => Some(*ratio),
            _ => None,
        }
    }

    /// The flag under `name`, unless it is what a preset says.
    #[must_use]
    pub fn given_flag(&self, name: &str) -> Option<bool> {
        match self.0.get(name) {
            Some(SettingValue::Flag(flag)) => Some(*flag),
            _ => None,
        }
    }

    /// The whole number under `name`; 0 if there is none.
    #[must_use]
    pub fn integer(&self, name: &str) -> u64 {
        match self.0.get(name) {
            Some(SettingValue::Integer(number)) => *number,
            _ => 0,
        }
    }

    /// The ratio under `name`; 0 if there is none.
    #[must_use]
    pub fn ratio(&self, name: &str) -> f64 {
        match self.0.get(name) {
            Some(SettingValue::Ratio(ratio)) => *ratio,
            _ => 0.0,
        }
    }

    /// The flag under `name`; false if there is none.
    #[must_use]
    pub fn flag(&self, name: &str) -> bool {
        matches!(self.0.get(name), Some(SettingValue::Flag(true)))
    }

    /// The milliseconds under `name`, with 0 as "none".
    #[must_use]
    pub fn millis(&self, name: &str) -> Option<Duration> {
        match self.integer(name) {
            0 => None,
            millis => Some(Duration::from_millis(millis)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TTL: Setting = Setting::integer("ttl-ms", 0, 1000, 60, "how long");
    const MODE: Setting = Setting::choice("mode", &["open", "closed"], "which way");
    const JITTER: Setting = Setting::ratio("jitter", 0.1, "how much");

    #[test]
    fn a_setting_without_effect_makes_no_difference() {
        const SPREAD: Setting = Setting::ratio("spread", 0.1, "How far.").acting(Acts::Above0(&["ttl-ms", "other-ms"]));
        const LANES: Setting = Setting::integer("lanes", 1, 9, 4, "How many.").acting(Acts::With("mode", "own"));
        const ALL: [Setting; 5] = [
            Setting::integer("ttl-ms", 0, 9, 0, "How long."),
            Setting::integer("other-ms", 0, 9, 0, "How long."),
            Setting::choice("mode", &["own", "shared"], "Which."),
            SPREAD,
            LANES,
        ];
        let of = |given: &[(usize, SettingValue)]| {
            let mut settings = Settings::defaults(&ALL);
            given.iter().for_each(|(place, value)| settings.put(&ALL[*place], value.clone()));
            settings.acting(&ALL)
        };
        let (spread, lanes) = ((3, SettingValue::Ratio(0.5)), (4, SettingValue::Integer(9)));
        assert_eq!(of(std::slice::from_ref(&spread)), of(&[]));
        for place in [0, 1] {
            let ttl = (place, SettingValue::Integer(5));
            assert_ne!(of(&[ttl.clone(), spread.clone()]), of(&[ttl]));
        }
        let shared = (2, SettingValue::Text("shared".into()));
        assert_eq!(of(&[shared.clone(), lanes.clone()]), of(&[shared]));
        assert_ne!(of(&[lanes]), of(&[]));
        assert_eq!(SPREAD.told(), "How far. Without effect where ttl-ms and other-ms are 0.");
        const TRIES: Setting = Setting::integer("tries", 1, 9, 1, "How often.").acting(Acts::Unless("mode", "own"));
        let idle = Settings::defaults(&[ALL[2], TRIES]).acting(&[ALL[2], TRIES]);
        assert_eq!(idle.iter().map(|(name, _)| name).collect::<Vec<_>>(), ["mode"]);
        assert_eq!(TRIES.told(), "How often. Without effect where mode is own.");
        assert_eq!(LANES.told(), "How many. Without effect where mode is not own.");
    }

    #[test]
    fn defaults_are_complete_and_replaceable() {
        let mut settings = Settings::defaults(&[TTL, MODE, JITTER]);
        assert_eq!((settings.integer("ttl-ms"), settings.text("mode"), settings.ratio("jitter")), (60, "open", 0.1));
        settings.put(&MODE, MODE.check(SettingValue::Text("closed".into())).unwrap());
        assert_eq!(settings.text("mode"), "closed");
        assert_eq!(settings.millis("ttl-ms"), Some(Duration::from_millis(60)));
    }

    #[test]
    fn there_is_a_lane_for_each_operation_under_way() {
        let lanes = Setting::lanes("lanes", 64, 4, "connections");
        let of = |sessions| Settings::defaults_for(&[lanes], sessions).integer("lanes");
        assert_eq!((Settings::defaults(&[lanes]).integer("lanes"), of(1), of(16), of(500)), (4, 4, 16, 64));
    }
}
