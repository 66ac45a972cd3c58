//! What the test for steady state says, and why.

use super::HitRatioShift;
use std::fmt;

/// What the test says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Steadiness {
    /// No sign of a trend, where one of 2 points of hit ratio would have been seen.
    Steady {
        /// The least move of the hit ratio between halves that would have been seen; `None` where nothing was looked up.
        could_see: Option<f64>,
    },
    /// The run is still on its way.
    Trending(Trend),
    /// No sign of a trend, but a move of many points could have passed unseen: neither steady nor not.
    TooFewLookups {
        /// The least move of the hit ratio between halves that would have been seen.
        could_see: f64,
    },
    /// There are not as many windows as the rule looks at: neither steady nor not.
    TooFewWindows {
        /// Windows there are.
        have: usize,
        /// Windows it takes.
        needed: usize,
    },
    /// The service times of neighbouring groups differ so much that a halving of the speed could hide: neither steady nor not.
    RestlessTimes {
        /// The factor between the halves that could have passed unseen, less 1.
        allowed: f64,
    },
    /// The windows hold too few operations for a median service time: neither steady nor not.
    TooShortWindows,
}

impl Steadiness {
    /// Whether the run was steady; none where it could not be told.
    #[must_use]
    pub fn is_steady(&self) -> Option<bool> {
        match self {
            Self::Steady { .. } => Some(true),
            Self::Trending(_) => Some(false),
            Self::TooFewLookups { .. }
            | Self::TooFewWindows { .. }
            | Self::RestlessTimes { .. }
            | Self::TooShortWindows => None,
        }
    }

    /// The least move of the hit ratio between halves that the test would have seen, 0 to 1; none where it saw none.
    #[must_use]
    pub fn could_see(&self) -> Option<f64> {
        match *self {
            Self::Steady { could_see } => could_see,
            Self::TooFewLookups { could_see } => Some(could_see),
            Self::Trending(Trend::HitRatioShift(shift)) => Some(shift.allowed),
            Self::Trending(_) | Self::TooFewWindows { .. } | Self::RestlessTimes { .. } | Self::TooShortWindows => None,
        }
    }
}

impl fmt::Display for Steadiness {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Steady { could_see: Some(seen) } => {
                write!(f, "no trend; a move of the hit ratio by {:.1} points would have been seen", 100.0 * seen)
            }
            Self::Steady { could_see: None } => write!(f, "no trend"),
            Self::Trending(trend) => trend.fmt(f),
            Self::TooFewLookups { could_see } => {
                write!(f, "could not be told: only a move of the hit ratio by {:.1} points shows", 100.0 * could_see)
            }
            Self::TooFewWindows { have, needed } => {
                write!(
                    f,
                    "could not be told: the warm-up has {have} windows of operations, and the test takes {needed}"
                )
            }
            Self::RestlessTimes { allowed } => {
                write!(f, "could not be told: only a service time that moved by a factor of {:.1} shows", 1.0 + allowed)
            }
            Self::TooShortWindows => {
                write!(f, "could not be told: a window has too few operations for a median service time")
            }
        }
    }
}

/// What is still moving: the first limit, in the order of the rule, that was passed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Trend {
    /// The hit ratios of the windows lie too far apart.
    HitRatioSpan {
        /// Greatest less least.
        span: f64,
        /// The limit.
        allowed: f64,
    },
    /// The hit ratio of the later half is not that of the earlier.
    HitRatioShift(HitRatioShift),
    /// The service time of the later half is not that of the earlier.
    ServiceTimeShift {
        /// The middle of the earlier half, in ns.
        earlier_ns: f64,
        /// The middle of the later half, in ns.
        later_ns: f64,
        /// The limit of the factor between them, less 1.
        allowed: f64,
    },
}

impl fmt::Display for Trend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HitRatioSpan { span, allowed } => {
                write!(
                    f,
                    "the hit ratio spans {:.2} points over the groups, allowed {:.2}",
                    100.0 * span,
                    100.0 * allowed
                )
            }
            Self::HitRatioShift(HitRatioShift { earlier, later, allowed }) => {
                let points = 100.0 * (later - earlier);
                write!(f, "the hit ratio moved {points:+.2} points between halves, allowed {:.2}", 100.0 * allowed)
            }
            Self::ServiceTimeShift { earlier_ns, later_ns, allowed } => {
                // As a factor above 1 either way: 0.30 reads as if it lay within what is allowed.
                let (way, factor) = if later_ns < earlier_ns {
                    ("fell", earlier_ns / later_ns)
                } else {
                    ("rose", later_ns / earlier_ns)
                };
                write!(
                    f,
                    "the service time {way} by a factor of {factor:.2} between halves, allowed {:.2}",
                    1.0 + allowed
                )
            }
        }
    }
}
