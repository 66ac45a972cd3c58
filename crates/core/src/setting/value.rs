//! A setting's value.

use std::fmt;

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
