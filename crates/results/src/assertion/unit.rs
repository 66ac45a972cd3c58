//! Bounds and their units.

use crate::figure::Measure;
use std::fmt;

/// The unit of a bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// `ns`
    Nanoseconds,
    /// `us`, or `µs`
    Microseconds,
    /// `ms`
    Milliseconds,
    /// `s`
    Seconds,
    /// `%`
    Percent,
}

impl Unit {
    /// The unit that is written so.
    pub(crate) fn named(text: &str) -> Option<Self> {
        match text {
            "ns" => Some(Self::Nanoseconds),
            // The micro sign, and the Greek letter that looks like it.
            "us" | "\u{b5}s" | "\u{3bc}s" => Some(Self::Microseconds),
            "ms" => Some(Self::Milliseconds),
            "s" => Some(Self::Seconds),
            "%" => Some(Self::Percent),
            _ => None,
        }
    }

    /// The units that a bound of such a figure may have.
    pub(super) fn of(measure: Measure) -> &'static [Self] {
        match measure {
            Measure::Time => &[Self::Nanoseconds, Self::Microseconds, Self::Milliseconds, Self::Seconds],
            Measure::Share | Measure::SmallShare | Measure::Ratio => &[Self::Percent],
            Measure::Rate | Measure::Count => &[],
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Nanoseconds => "ns",
            Self::Microseconds => "us",
            Self::Milliseconds => "ms",
            Self::Seconds => "s",
            Self::Percent => "%",
        }
    }
}

/// What a figure is held against, as it was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bound {
    /// The number: finite, 0 or above.
    pub number: f64,
    /// Its unit, if it has one.
    pub unit: Option<Unit>,
}

impl Bound {
    /// The bound as records have the figure: times in ns, shares from 0 to 1, else the number itself.
    #[must_use]
    pub fn value(self) -> f64 {
        // The point is moved, for 99.9 / 100 is more than 0.999, and a figure of just so much would miss its bound.
        let moved = |places: i32| format!("{}e{places}", self.number).parse().unwrap_or(f64::NAN);
        match self.unit {
            None | Some(Unit::Nanoseconds) => self.number,
            Some(Unit::Microseconds) => moved(3),
            Some(Unit::Milliseconds) => moved(6),
            Some(Unit::Seconds) => moved(9),
            Some(Unit::Percent) => moved(-2),
        }
    }
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.number, self.unit.map_or("", Unit::name))
    }
}
