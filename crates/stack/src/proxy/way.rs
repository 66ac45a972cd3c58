//! What is wrong with the way to a server.

use cachemark_core::Fault;
use std::time::Duration;

/// What is wrong with the way; nothing, by default.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Way {
    /// Answers come later by the first, and by a random time up to the second.
    pub(super) slow: Option<(Duration, Duration)>,
    /// Bytes a second, each way.
    pub(super) rate: Option<u64>,
    /// The most connections.
    pub(super) most: Option<u32>,
    pub(super) black_hole: bool,
    /// Connections are reset.
    pub(super) reset: bool,
}

impl Way {
    /// The same with a fault, or without it.
    pub(super) fn with(self, fault: Fault, there: bool) -> Self {
        match fault {
            Fault::Slow { latency, jitter } => Self { slow: there.then_some((latency, jitter)), ..self },
            Fault::Throttle { bytes_per_s } => Self { rate: there.then_some(bytes_per_s.max(1)), ..self },
            Fault::ConnectionLimit { most } => Self { most: there.then_some(most), ..self },
            Fault::BlackHole => Self { black_hole: there, ..self },
            Fault::Drop => Self { reset: there, ..self },
            _ => self,
        }
    }

    /// Whether what is taken from one end may be given to the other at once.
    pub(super) fn is_swift(self) -> bool {
        self.slow.is_none() && self.rate.is_none()
    }

    /// How many connections there may be.
    pub(super) fn room(self) -> usize {
        match (self.reset, self.most) {
            (true, _) => 0,
            (false, Some(most)) => most as usize,
            (false, None) => usize::MAX,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_stand_beside_each_other_and_go_alone() {
        let slow = Fault::Slow { latency: Duration::from_millis(5), jitter: Duration::ZERO };
        let limit = Fault::ConnectionLimit { most: 3 };
        let way = Way::default().with(slow, true).with(limit, true).with(Fault::BlackHole, true);
        assert!(!way.is_swift() && way.room() == 3 && way.black_hole);
        assert_eq!(way.with(Fault::Drop, true).room(), 0);
        let way = way.with(slow, false).with(Fault::BlackHole, false).with(limit, false);
        assert_eq!(way, Way::default());
        assert_eq!(way.with(Fault::Kill, true), Way::default(), "of a proxy there is none to kill");
    }
}
