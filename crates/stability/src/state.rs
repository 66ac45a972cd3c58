//! What became of a system.

use crate::course::{Course, GOOD};
use std::time::Duration;

/// What a trigger made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// It was back soon.
    Stable,
    /// It came back later.
    Degraded,
    /// It did not come back, though the trigger was long gone.
    Stuck,
    /// It did not bear the load even before.
    Overloaded,
}

/// From when on it is what, in deadlines after the trigger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StateRule {
    /// Back by then it was stable.
    pub soon: u32,
    /// Not back by then it is stuck.
    pub horizon: u32,
}

impl StateRule {
    /// The one that is gone by unless another is asked for.
    pub const USUAL: Self = Self { soon: 10, horizon: 600 };
}

impl State {
    /// Every state, from good to bad.
    pub const ALL: [Self; 4] = [Self::Stable, Self::Degraded, Self::Stuck, Self::Overloaded];

    /// The name in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Stable => "stable",
            Self::Degraded => "degraded",
            Self::Stuck => "stuck",
            Self::Overloaded => "overloaded",
        }
    }

    /// Whether it serves in the end.
    #[must_use]
    pub fn serves(self) -> bool {
        self <= Self::Degraded
    }

    /// What a course comes to whose operations have that deadline.
    #[must_use]
    pub fn of(course: &Course, timeout: Duration, rule: StateRule) -> Self {
        if course.baseline() < GOOD {
            return Self::Overloaded;
        }
        match course.recovered_after() {
            Some(after) if after <= timeout * rule.soon => Self::Stable,
            Some(after) if after <= timeout * rule.horizon => Self::Degraded,
            _ => Self::Stuck,
        }
    }
}
