//! Settings of strategies and backends: named, typed, with ranges, so that a definition can be checked before a run.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// One setting that a part takes.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The name in definitions and records, with the unit in it (`ttl-ms`).
    pub name: &'static str,
    /// What it does, for people, in one sentence.
    pub help: &'static str,
    /// The values it takes.
    pub kind: SettingKind,
    /// The value if none is given.
    pub default: SettingDefault,
    /// Where it has an effect.
    pub acts: Acts,
}

/// Where a setting has an effect. Two arms that differ in one without effect alone are the same thing measured twice.
#[derive(Debug, Clone, Copy)]
pub enum Acts {
    /// Everywhere.
    Always,
    /// Where one of these whole numbers, settings of the same part, is above 0.
    Above0(&'static [&'static str]),
    /// Where that setting of the same part has that word.
    With(&'static str, &'static str),
}

impl Acts {
    /// Where it has no effect, as a clause; none if it has everywhere.
    #[must_use]
    pub fn idle_where(self) -> Option<String> {
        match self {
            Self::Always => None,
            Self::Above0([name]) => Some(format!("{name} is 0")),
            Self::Above0(names) => Some(format!("{} are 0", names.join(" and "))),
            Self::With(name, word) => Some(format!("{name} is not {word}")),
        }
    }

    fn among(self, settings: &Settings) -> bool {
        match self {
            Self::Always => true,
            Self::Above0(names) => names.iter().any(|name| settings.integer(name) > 0),
            Self::With(name, word) => settings.text(name) == word,
        }
    }
}

/// The values that a setting takes.
#[derive(Debug, Clone, Copy)]
pub enum SettingKind {
    /// One of these words.
    Choice(&'static [&'static str]),
    /// A whole number, both ends included.
    Integer {
        /// The least.
        min: u64,
        /// The most.
        max: u64,
    },
    /// A number from 0 to 1.
    Ratio,
    /// `true` or `false`.
    Flag,
    /// A text that is no list of words: this one says what, for people. Whoever takes it checks it.
    Text(&'static str),
}

/// A default, in a form that a constant can hold.
#[derive(Debug, Clone, Copy)]
pub enum SettingDefault {
    /// A word.
    Text(&'static str),
    /// A whole number.
    Integer(u64),
    /// As many as a driver thread may have operations under way, and never fewer than this.
    PerDriver(u64),
    /// A ratio.
    Ratio(f64),
    /// A flag.
    Flag(bool),
}

/// A setting's value.
#[derive(Debug, Clone, PartialEq)]
pub enum SettingValue {
    /// A word.
    Text(String),
    /// A whole number.
    Integer(u64),
    /// A ratio.
    Ratio(f64),
    /// A flag.
    Flag(bool),
}

impl fmt::Display for SettingValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Integer(number) => write!(f, "{number}"),
            Self::Ratio(ratio) => write!(f, "{ratio}"),
            Self::Flag(flag) => write!(f, "{flag}"),
        }
    }
}

impl SettingValue {
    /// The value that is written so on a command line: a whole number, a number, `true` or `false`, else a word.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let number = || text.parse().ok().filter(|number: &f64| number.is_finite());
        match text {
            "true" => Self::Flag(true),
            "false" => Self::Flag(false),
            _ => match text.replace('_', "").parse() {
                Ok(whole) if text.starts_with(|first: char| first.is_ascii_digit()) => Self::Integer(whole),
                _ => number().map_or_else(|| Self::Text(text.to_owned()), Self::Ratio),
            },
        }
    }
}

impl Setting {
    /// A setting that takes one of `words`, the first of them by default.
    #[must_use]
    pub const fn choice(name: &'static str, words: &'static [&'static str], help: &'static str) -> Self {
        Self {
            name,
            help,
            kind: SettingKind::Choice(words),
            default: SettingDefault::Text(words[0]),
            acts: Acts::Always,
        }
    }

    /// A setting that takes a whole number.
    #[must_use]
    pub const fn integer(name: &'static str, min: u64, max: u64, default: u64, help: &'static str) -> Self {
        Self {
            name,
            help,
            kind: SettingKind::Integer { min, max },
            default: SettingDefault::Integer(default),
            acts: Acts::Always,
        }
    }

    /// A setting that takes a number of connections of each driver thread, from 1: by default as many as it may have
    /// operations under way, `least` at least.
    #[must_use]
    pub const fn lanes(name: &'static str, max: u64, least: u64, help: &'static str) -> Self {
        Self {
            name,
            help,
            kind: SettingKind::Integer { min: 1, max },
            default: SettingDefault::PerDriver(least),
            acts: Acts::Always,
        }
    }

    /// A setting that takes a text, none by default; `takes` says which, for people.
    #[must_use]
    pub const fn text(name: &'static str, takes: &'static str, help: &'static str) -> Self {
        Self { name, help, kind: SettingKind::Text(takes), default: SettingDefault::Text(""), acts: Acts::Always }
    }

    /// A setting that takes a number from 0 to 1.
    #[must_use]
    pub const fn ratio(name: &'static str, default: f64, help: &'static str) -> Self {
        Self { name, help, kind: SettingKind::Ratio, default: SettingDefault::Ratio(default), acts: Acts::Always }
    }

    /// The same, with an effect there alone.
    #[must_use]
    pub const fn acting(self, acts: Acts) -> Self {
        Self { acts, ..self }
    }

    /// What it does, and where it has no effect.
    #[must_use]
    pub fn told(&self) -> String {
        let idle = self.acts.idle_where().map_or_else(String::new, |place| format!(" Without effect where {place}."));
        format!("{}{idle}", self.help)
    }

    /// The default as a value, where it is not known how many operations a driver thread may have under way.
    #[must_use]
    pub fn default_value(&self) -> SettingValue {
        self.default_for(0)
    }

    /// The default as a value, where a driver thread may have `sessions` operations under way.
    #[must_use]
    pub fn default_for(&self, sessions: u64) -> SettingValue {
        match self.default {
            SettingDefault::Text(text) => SettingValue::Text(text.to_owned()),
            SettingDefault::Integer(number) => SettingValue::Integer(number),
            SettingDefault::PerDriver(least) => {
                let most = if let SettingKind::Integer { max, .. } = self.kind { max } else { u64::MAX };
                SettingValue::Integer(least.max(sessions).min(most))
            }
            SettingDefault::Ratio(ratio) => SettingValue::Ratio(ratio),
            SettingDefault::Flag(flag) => SettingValue::Flag(flag),
        }
    }

    /// Checks a value that was given for the setting. A whole number is taken for a ratio too.
    ///
    /// # Errors
    /// What the setting takes, as a phrase for people.
    pub fn check(&self, given: SettingValue) -> Result<SettingValue, String> {
        match (self.kind, given) {
            (SettingKind::Choice(words), SettingValue::Text(text)) if words.contains(&text.as_str()) => {
                Ok(SettingValue::Text(text))
            }
            (SettingKind::Integer { min, max }, SettingValue::Integer(number)) if (min..=max).contains(&number) => {
                Ok(SettingValue::Integer(number))
            }
            (SettingKind::Ratio, SettingValue::Ratio(ratio)) if (0.0..=1.0).contains(&ratio) => {
                Ok(SettingValue::Ratio(ratio))
            }
            (SettingKind::Ratio, SettingValue::Integer(number @ 0..=1)) => Ok(SettingValue::Ratio(number as f64)),
            (SettingKind::Flag, SettingValue::Flag(flag)) => Ok(SettingValue::Flag(flag)),
            (SettingKind::Text(_), SettingValue::Text(text)) if !text.is_empty() => Ok(SettingValue::Text(text)),
            _ => Err(format!("{} takes {}", self.name, self.kind)),
        }
    }
}

impl fmt::Display for SettingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Choice(words) => write!(f, "one of {}", words.join(", ")),
            Self::Integer { min, max } => write!(f, "a whole number from {min} to {max}"),
            Self::Ratio => f.write_str("a number from 0 to 1"),
            Self::Flag => f.write_str("true or false"),
            Self::Text(takes) => f.write_str(takes),
        }
    }
}

/// A setting of the servers that are started for a run.
#[derive(Debug, Clone, Copy)]
pub struct ServerSetting {
    /// The setting.
    pub setting: Setting,
    /// The caches and stores whose servers take it.
    pub of: &'static [&'static str],
}

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
        let idle = |name: &str| known.iter().any(|setting| setting.name == name && !setting.acts.among(self));
        Self(self.0.iter().filter(|(name, _)| !idle(name)).map(|(name, value)| (*name, value.clone())).collect())
    }

    /// The word under `name`; empty if there is none, which a complete set never has.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        match self.0.get(name) {
            Some(SettingValue::Text(text)) => text,
            _ => "",
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
    fn a_value_on_a_command_line_is_read_as_it_is_printed() {
        for value in [
            SettingValue::Integer(1000),
            SettingValue::Ratio(0.25),
            SettingValue::Flag(true),
            SettingValue::Text("tiny-lfu".into()),
        ] {
            assert_eq!(SettingValue::read(&value.to_string()), value);
        }
        assert_eq!(SettingValue::read("10_000"), SettingValue::Integer(10_000));
        assert_eq!(SettingValue::read("nan"), SettingValue::Text("nan".into()));
    }

    #[test]
    fn there_is_a_lane_for_each_operation_under_way() {
        let lanes = Setting::lanes("lanes", 64, 4, "connections");
        let of = |sessions| Settings::defaults_for(&[lanes], sessions).integer("lanes");
        assert_eq!((Settings::defaults(&[lanes]).integer("lanes"), of(1), of(16), of(500)), (4, 4, 16, 64));
    }

    #[test]
    fn values_out_of_range_are_refused_with_the_range() {
        assert_eq!(TTL.check(SettingValue::Integer(1001)), Err("ttl-ms takes a whole number from 0 to 1000".into()));
        assert_eq!(MODE.check(SettingValue::Text("ajar".into())), Err("mode takes one of open, closed".into()));
        assert_eq!(JITTER.check(SettingValue::Ratio(1.5)), Err("jitter takes a number from 0 to 1".into()));
        assert_eq!(JITTER.check(SettingValue::Integer(1)), Ok(SettingValue::Ratio(1.0)));
        assert!(JITTER.check(SettingValue::Ratio(f64::NAN)).is_err());
    }
}
