//! Settings of strategies and backends: named, typed, with ranges, so that a definition can be checked before a run.

mod acts;
mod settings;
mod value;

pub use acts::Acts;
pub use settings::Settings;
pub use value::SettingValue;

use std::fmt;

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
    /// Whether it is left out where parts are printed with their settings, as long as it is as by default: so with what came after
    /// definitions were published, which still have the same hash then.
    pub quiet: bool,
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
    /// A number, both ends included. Its value is a [`SettingValue::Ratio`].
    Number {
        /// The least.
        min: f64,
        /// The most.
        max: f64,
    },
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
    /// What another setting of the part, which chooses between sets of values, says of it: the word [`Setting::PRESET`].
    ByPreset,
}

impl Setting {
    /// The value of a setting of which a preset decides, as long as nothing else is given.
    pub const PRESET: &'static str = "preset";

    /// A setting that takes one of `words`, the first of them by default.
    #[must_use]
    pub const fn choice(name: &'static str, words: &'static [&'static str], help: &'static str) -> Self {
        Self {
            name,
            help,
            kind: SettingKind::Choice(words),
            default: SettingDefault::Text(words[0]),
            acts: Acts::Always,
            quiet: false,
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
            quiet: false,
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
            quiet: false,
        }
    }

    /// A setting that takes a text, none by default; `takes` says which, for people.
    #[must_use]
    pub const fn text(name: &'static str, takes: &'static str, help: &'static str) -> Self {
        Self {
            name,
            help,
            kind: SettingKind::Text(takes),
            default: SettingDefault::Text(""),
            acts: Acts::Always,
            quiet: false,
        }
    }

    /// A setting that takes a number from 0 to 1.
    #[must_use]
    pub const fn ratio(name: &'static str, default: f64, help: &'static str) -> Self {
        Self {
            name,
            help,
            kind: SettingKind::Ratio,
            default: SettingDefault::Ratio(default),
            acts: Acts::Always,
            quiet: false,
        }
    }

    /// A setting that takes a number.
    #[must_use]
    pub const fn number(name: &'static str, min: f64, max: f64, default: f64, help: &'static str) -> Self {
        let (kind, default) = (SettingKind::Number { min, max }, SettingDefault::Ratio(default));
        Self { name, help, kind, default, quiet: false, acts: Acts::Always }
    }

    /// A setting that is on or off.
    #[must_use]
    pub const fn flag(name: &'static str, default: bool, help: &'static str) -> Self {
        Self {
            name,
            help,
            kind: SettingKind::Flag,
            default: SettingDefault::Flag(default),
            acts: Acts::Always,
            quiet: false,
        }
    }

    /// The same, with an effect there alone.
    #[must_use]
    pub const fn acting(self, acts: Acts) -> Self {
        Self { acts, ..self }
    }

    /// The same, left out of what is printed as long as it is as by default.
    #[must_use]
    pub const fn quiet(self) -> Self {
        Self { quiet: true, ..self }
    }

    /// The same, quiet, and by default what a preset says.
    #[must_use]
    pub const fn by_preset(self) -> Self {
        Self { default: SettingDefault::ByPreset, quiet: true, ..self }
    }

    /// Whether `value` is one that need not be printed.
    #[must_use]
    pub fn goes_unsaid(&self, value: &SettingValue) -> bool {
        self.quiet && *value == self.default_value()
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
            SettingDefault::ByPreset => SettingValue::Text(Self::PRESET.to_owned()),
        }
    }

    /// Checks a value that was given for the setting. A whole number is taken for a ratio or a number too.
    ///
    /// # Errors
    /// What the setting takes, as a phrase for people.
    pub fn check(&self, given: SettingValue) -> Result<SettingValue, String> {
        match (self.kind, given) {
            (_, SettingValue::Text(text)) if text == Self::PRESET && self.default_is_of_preset() => {
                Ok(SettingValue::Text(text))
            }
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
            (SettingKind::Number { min, max }, SettingValue::Ratio(number)) if (min..=max).contains(&number) => {
                Ok(SettingValue::Ratio(number))
            }
            (SettingKind::Number { min, max }, SettingValue::Integer(number))
                if (min..=max).contains(&(number as f64)) =>
            {
                Ok(SettingValue::Ratio(number as f64))
            }
            (SettingKind::Flag, SettingValue::Flag(flag)) => Ok(SettingValue::Flag(flag)),
            (SettingKind::Text(_), SettingValue::Text(text)) if !text.is_empty() => Ok(SettingValue::Text(text)),
            _ => Err(format!("{} takes {}", self.name, self.kind)),
        }
    }

    fn default_is_of_preset(&self) -> bool {
        matches!(self.default, SettingDefault::ByPreset)
    }
}

impl fmt::Display for SettingKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Choice(words) => write!(f, "one of {}", words.join(", ")),
            Self::Integer { min, max } => write!(f, "a whole number from {min} to {max}"),
            Self::Ratio => f.write_str("a number from 0 to 1"),
            Self::Number { min, max } => write!(f, "a number from {min} to {max}"),
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

#[cfg(test)]
mod tests {
    use super::*;

    const TTL: Setting = Setting::integer("ttl-ms", 0, 1000, 60, "how long");
    const MODE: Setting = Setting::choice("mode", &["open", "closed"], "which way");
    const JITTER: Setting = Setting::ratio("jitter", 0.1, "how much");

    #[test]
    fn values_out_of_range_are_refused_with_the_range() {
        assert_eq!(TTL.check(SettingValue::Integer(1001)), Err("ttl-ms takes a whole number from 0 to 1000".into()));
        assert_eq!(MODE.check(SettingValue::Text("ajar".into())), Err("mode takes one of open, closed".into()));
        assert_eq!(JITTER.check(SettingValue::Ratio(1.5)), Err("jitter takes a number from 0 to 1".into()));
        assert_eq!(JITTER.check(SettingValue::Integer(1)), Ok(SettingValue::Ratio(1.0)));
        assert!(JITTER.check(SettingValue::Ratio(f64::NAN)).is_err());
        let factor = Setting::number("factor", 1.1, 50.0, 10.0, "how much");
        assert_eq!(factor.check(SettingValue::Integer(51)), Err("factor takes a number from 1.1 to 50".into()));
        assert_eq!(factor.check(SettingValue::Integer(2)), Ok(SettingValue::Ratio(2.0)));
        assert_eq!(factor.check(SettingValue::Ratio(1.5)), Ok(SettingValue::Ratio(1.5)));
        assert!(factor.check(SettingValue::Ratio(f64::NAN)).is_err());
    }

    #[test]
    fn what_a_preset_says_is_a_value_of_a_setting_that_goes_by_one() {
        const TRIES: Setting = Setting::integer("tries", 1, 9, 1, "how often").by_preset();
        let preset = || SettingValue::Text("preset".into());
        assert_eq!((TRIES.default_value(), TRIES.check(preset())), (preset(), Ok(preset())));
        assert_eq!(TRIES.check(SettingValue::Integer(3)), Ok(SettingValue::Integer(3)));
        assert_eq!(TTL.check(preset()), Err("ttl-ms takes a whole number from 0 to 1000".into()));
        let unsaid = [(TRIES, preset()), (TRIES, SettingValue::Integer(1)), (TTL, SettingValue::Integer(60))]
            .map(|(setting, value)| setting.goes_unsaid(&value));
        assert_eq!(unsaid, [true, false, false], "quiet, and as by default");
    }
}
