//! A fault of a definition: what, and when.

use super::{Act, FaultKind, Target};
use cachemark_core::{Fault, FaultTarget, Settings};
use std::time::Duration;

/// A fault of a definition, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedFault {
    /// When it begins, from the window's start.
    pub at: Duration,
    /// How long it lasts; nothing if it is of a moment.
    pub lasting: Duration,
    /// What it is done to.
    pub target: Target,
    /// What is done.
    pub kind: &'static FaultKind,
    /// Its settings, complete.
    pub settings: Settings,
}

impl PlannedFault {
    /// When it is over, from the window's start.
    #[must_use]
    pub fn until(&self) -> Duration {
        self.at + self.lasting
    }

    /// What is done to which server, if it is one of a server.
    #[must_use]
    pub fn of_server(&self) -> Option<(FaultTarget, Fault)> {
        match (self.target, (self.kind.act)(&self.settings)) {
            (Target::Server(target), Act::Server(fault)) => Some((target, fault)),
            _ => None,
        }
    }

    /// How many times as many arrivals come, if it is one of the load.
    #[must_use]
    pub fn factor(&self) -> Option<f64> {
        match (self.kind.act)(&self.settings) {
            Act::Arrivals(factor) => Some(factor),
            Act::Server(_) => None,
        }
    }

    /// What is done, for people, settings and all: "slow by 50 ms".
    #[must_use]
    pub fn in_words(&self) -> String {
        (self.kind.in_words)(&self.settings)
    }

    /// When what is done to what, for people: "at 2 s for 1 s: cache frozen".
    #[must_use]
    pub fn told(&self) -> String {
        let lasting = match self.lasting.as_secs_f64() {
            0.0 => String::new(),
            seconds => format!(" for {seconds} s"),
        };
        format!("at {} s{lasting}: {} {}", self.at.as_secs_f64(), self.target.name(), self.in_words())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_told_in_a_line() {
        let of = |name: &str, target, lasting| {
            let kind = FaultKind::named(name).unwrap();
            let at = Duration::from_millis(2_500);
            PlannedFault { at, lasting, target, kind, settings: Settings::defaults(kind.settings) }.told()
        };
        assert_eq!(of("freeze", Target::STORE, Duration::from_secs(1)), "at 2.5 s for 1 s: store frozen");
        assert_eq!(of("flush", Target::CACHE, Duration::ZERO), "at 2.5 s: cache flushed");
        let crowd = of("flash-crowd", Target::Load, Duration::from_millis(500));
        assert_eq!(crowd, "at 2.5 s for 0.5 s: load 10 times as high");
    }
}
