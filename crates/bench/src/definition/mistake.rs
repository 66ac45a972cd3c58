//! What is wrong with a definition, and where.

use std::fmt;
use std::ops::Range;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// These bytes of the definition's text.
    File(Range<usize>),
    /// A command-line flag, by name.
    Flag(&'static str),
    /// Nobody gave it: the default.
    Default,
}

/// A value and where it came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Its origin.
    pub origin: Origin,
}

/// One mistake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Where.
    pub origin: Origin,
    /// What is wrong, as a phrase.
    pub message: String,
    /// What to do, if that can be said.
    pub help: Option<String>,
}

impl Mistake {
    /// A mistake without advice.
    pub fn new(origin: Origin, message: impl Into<String>) -> Self {
        Self { origin, message: message.into(), help: None }
    }

    /// The same with advice.
    #[must_use]
    pub fn advise(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// "unknown `what` `given`", with the nearest of `known`.
    pub fn unknown(origin: Origin, what: &str, given: &str, known: &[&str]) -> Self {
        let help = match nearest(given, known) {
            Some(name) => format!("did you mean `{name}`? There are: {}", known.join(", ")),
            None if known.is_empty() => "there are none".to_owned(),
            None => format!("there are: {}", known.join(", ")),
        };
        Self::new(origin, format!("unknown {what} `{given}`")).advise(help)
    }

    /// The same of names that are too many to be told: with what lists them.
    #[must_use]
    pub fn unknown_of_many(origin: Origin, what: &str, given: &str, (known, listed): (&[&str], &str)) -> Self {
        let help = format!("{}{listed} lists all", likely(given, known));
        Self::new(origin, format!("unknown {what} `{given}`")).advise(help)
    }
}

/// "did you mean ..? " of a word that is none of `known`, if one of them is like it; else nothing.
pub fn likely(given: &str, known: &[&str]) -> String {
    nearest(given, known).map_or_else(String::new, |name| format!("did you mean `{name}`? "))
}

/// The known name that is most like the given one, if any is like it at all.
fn nearest<'a>(given: &str, known: &[&'a str]) -> Option<&'a str> {
    let likeness = |name: &&str| strsim::jaro_winkler(given, name);
    let best = known.iter().copied().max_by(|a, b| likeness(a).total_cmp(&likeness(b)))?;
    (likeness(&best) > 0.75).then_some(best)
}

/// Every mistake of a definition. Never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistakes {
    /// The definition's file name or preset name, for people.
    pub name: String,
    /// Its text, which the origins point into.
    pub text: String,
    /// The mistakes, in the order of their places.
    pub list: Vec<Mistake>,
}

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, mistake) in self.list.iter().enumerate() {
            if index > 0 {
                writeln!(f)?;
            }
            match &mistake.origin {
                Origin::File(span) => write!(f, "{}:{}: ", self.name, line_of(&self.text, span.start))?,
                Origin::Flag(flag) => write!(f, "{flag}: ")?,
                Origin::Default => write!(f, "{}: ", self.name)?,
            }
            f.write_str(&mistake.message)?;
            if let Some(help) = &mistake.help {
                write!(f, " ({help})")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for Mistakes {}

/// The line, from 1, of a byte of the text.
fn line_of(text: &str, at: usize) -> usize {
    1 + text.as_bytes().iter().take(at).filter(|&&byte| byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_offered() {
        let mistake = Mistake::unknown(Origin::Default, "strategy", "cashe-aside", &["no-cache", "cache-aside"]);
        assert_eq!(mistake.help.unwrap(), "did you mean `cache-aside`? There are: no-cache, cache-aside");
        let mistake = Mistake::unknown(Origin::Default, "strategy", "xyz", &["no-cache"]);
        assert_eq!(mistake.help.unwrap(), "there are: no-cache");
    }

    #[test]
    fn places_are_lines_or_flags() {
        let mistakes = Mistakes {
            name: "w.toml".into(),
            text: "a = 1\nb = 2\n".into(),
            list: vec![Mistake::new(Origin::File(6..7), "bad b"), Mistake::new(Origin::Flag("--clients"), "too few")],
        };
        assert_eq!(mistakes.to_string(), "w.toml:2: bad b\n--clients: too few");
    }
}
