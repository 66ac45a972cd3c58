//! What a check found.

use serde_json::{Map, Value, json};

/// How bad it is, from the best to the worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// Nothing in the way.
    Ok,
    /// This machine does not tell.
    Unknown,
    /// Figures will be worse, or say less, than they could.
    Warn,
    /// Figures will be no evidence, or there will be none.
    Fail,
}

impl Level {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Unknown => "unknown",
            Self::Warn => "warn",
            Self::Fail => "fail",
        }
    }

    /// The level of a figure of which less is better.
    pub(super) fn at_most(figure: f64, warn_above: f64, fail_above: f64) -> Self {
        if figure > fail_above {
            Self::Fail
        } else if figure > warn_above {
            Self::Warn
        } else {
            Self::Ok
        }
    }

    /// The level of a figure of which more is better.
    pub(super) fn at_least(figure: f64, warn_below: f64, fail_below: f64) -> Self {
        Self::at_most(-figure, -warn_below, -fail_below)
    }
}

/// A finding.
#[derive(Debug, Clone)]
pub(crate) struct Finding {
    /// The check's name: letters and hyphens, the same for ever.
    pub(crate) check: &'static str,
    /// How bad it is.
    pub(crate) level: Level,
    /// What was seen, with its figure.
    pub(crate) seen: String,
    /// What to do about it, if anything.
    pub(crate) advice: Option<String>,
    /// The figures, by name with unit.
    figures: Map<String, Value>,
}

impl Finding {
    pub(super) fn new(check: &'static str, level: Level, seen: impl Into<String>) -> Self {
        Self { check, level, seen: seen.into(), advice: None, figures: Map::new() }
    }

    /// What cannot be read here.
    pub(super) fn unknown(check: &'static str, seen: impl Into<String>) -> Self {
        Self::new(check, Level::Unknown, seen)
    }

    /// Says what to do, unless all is well.
    pub(super) fn advise(self, advice: impl Into<String>) -> Self {
        let advice = (self.level != Level::Ok).then(|| advice.into());
        Self { advice, ..self }
    }

    /// Adds a figure.
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.figures.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn to_json(&self) -> Value {
        json!({
            "check": self.check,
            "result": self.level.name(),
            "seen": self.seen,
            "advice": self.advice,
            "figures": self.figures,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_passed_and_not_met() {
        assert_eq!(
            [1.0, 1.1, 2.0, 2.1].map(|figure| Level::at_most(figure, 1.0, 2.0)),
            [Level::Ok, Level::Warn, Level::Warn, Level::Fail]
        );
        assert_eq!(
            [3.0, 2.0, 1.9, 0.9].map(|figure| Level::at_least(figure, 2.0, 1.0)),
            [Level::Ok, Level::Ok, Level::Warn, Level::Fail]
        );
    }

    #[test]
    fn advice_is_for_trouble() {
        let advised = |level| Finding::new("x", level, "").advise("do").advice;
        assert_eq!([Level::Ok, Level::Unknown, Level::Fail].map(advised), [None, Some("do".into()), Some("do".into())]);
    }
}
