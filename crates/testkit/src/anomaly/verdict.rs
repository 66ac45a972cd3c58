//! What the suite says of a strategy and an anomaly.

use cachemark_core::{Source, Version};
use std::fmt;
use std::time::Duration;

/// Whether the anomaly was there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// A client got a wrong answer, or the store was asked in vain, because of the anomaly's steps.
    Seen(Evidence),
    /// It was not there.
    Absent(Absence),
}

/// What was seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Evidence {
    /// An answer that was wrong when the read was sent.
    Answer {
        /// The right one; `None`: no value.
        right: Option<&'static str>,
        /// What was answered.
        answered: Option<String>,
        /// The version that the answer said it was made from.
        version: Option<Version>,
        /// Where it said that it came from.
        source: Source,
    },
    /// More loads than one.
    Loads {
        /// Reads of one key.
        reads: usize,
        /// How many of them asked the store for the row.
        loads: usize,
    },
    /// Keys that were filled at the same time were loaded anew at the same time.
    Together {
        /// How many keys.
        keys: usize,
        /// The lifetime of the entry that ended first.
        lifetime: Duration,
    },
}

/// Why the anomaly was not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Absence {
    /// Its steps were gone through, and every answer was right.
    Right,
    /// The strategy held one step back until another was done, and every answer was right.
    Ordered,
    /// The strategy did not come to the step that is named.
    NotReached(&'static str),
    /// The write was reported as failed, so nobody was promised that it would be read.
    NotAcknowledged,
    /// The same calls one after another, without a race or a fault, end the same way: the cause is another one.
    Masked(Evidence),
    /// The suite cannot tell: an operation failed or never ended, as it says.
    CannotTell(String),
}

impl Verdict {
    /// Whether it was seen.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        matches!(self, Self::Seen(_))
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Seen(evidence) => write!(f, "seen: {evidence}"),
            Self::Absent(absence) => write!(f, "absent: {absence}"),
        }
    }
}

fn value_in_words(value: Option<&str>) -> String {
    value.map_or_else(|| "no value".to_owned(), |value| format!("`{value}`"))
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer { right, answered, version, source } => {
                let (answered, right) = (value_in_words(answered.as_deref()), value_in_words(*right));
                let version = version.map(|version| format!("{version}, ")).unwrap_or_default();
                write!(f, "got {answered} ({version}{}) instead of {right}", source.name())
            }
            Self::Loads { reads, loads } => write!(f, "{reads} reads of one key made {loads} loads"),
            Self::Together { keys, lifetime } => {
                write!(f, "all of {keys} keys that were filled together had to be loaded together, {lifetime:?} later")
            }
        }
    }
}

impl fmt::Display for Absence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Right => f.write_str("every answer was right"),
            Self::Ordered => f.write_str("one step waited for the other, and every answer was right"),
            Self::NotReached(step) => write!(f, "not provoked, as {step}"),
            Self::NotAcknowledged => f.write_str("the write was reported as failed"),
            Self::Masked(evidence) => write!(f, "without a race or a fault, too, {evidence}"),
            Self::CannotTell(why) => write!(f, "cannot be told: {why}"),
        }
    }
}
