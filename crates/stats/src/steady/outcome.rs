//! What the test for steady state says, and why.

use std::fmt;

/// What the test says.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Steadiness {
    /// No sign of a trend.
    Steady {
        /// The span of hit ratios that was allowed; `None` where nothing was looked up.
        hit_ratio_allowed: Option<f64>,
    },
    /// The run is still on its way.
    Trending(Trend),
    /// There are not yet as many windows as the rule looks at.
    TooFewWindows {
        /// Windows there are.
        have: usize,
        /// Windows it takes.
        needed: usize,
    },
}

/// What is still moving: the first limit, in the order of the rule, that was passed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Trend {
    /// A window has no median service time.
    Silent,
    /// The hit ratios of the windows lie too far apart.
    HitRatioSpan {
        /// Greatest less least.
        span: f64,
        /// The limit.
        allowed: f64,
    },
    /// The hit ratio of the later half is not that of the earlier.
    HitRatioShift {
        /// Of the earlier half.
        earlier: f64,
        /// Of the later half.
        later: f64,
        /// The limit of their difference.
        allowed: f64,
    },
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
            Self::Silent => write!(f, "a window has too few operations for a median service time"),
            Self::HitRatioSpan { span, allowed } => {
                write!(
                    f,
                    "the hit ratio spans {:.2} points over the windows, allowed {:.2}",
                    100.0 * span,
                    100.0 * allowed
                )
            }
            Self::HitRatioShift { earlier, later, allowed } => {
                let points = 100.0 * (later - earlier);
                write!(f, "the hit ratio moved {points:+.2} points between halves, allowed {:.2}", 100.0 * allowed)
            }
            Self::ServiceTimeShift { earlier_ns, later_ns, allowed } => {
                let factor = later_ns / earlier_ns;
                write!(
                    f,
                    "the service time moved by a factor of {factor:.2} between halves, allowed {:.2}",
                    1.0 + allowed
                )
            }
        }
    }
}
