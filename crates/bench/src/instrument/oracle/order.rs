//! The versions of a service that names none: the order in which this client wrote.
//!
//! The attempts to change a key are numbered as they are sent, and a value carries its number in its stamp. An attempt is **alone**
//! if every earlier one of the same key had ended, and is known how, before it was sent; whatever the service does with its
//! writes, its value is newer than all before it then. Of two that overlap nobody outside can tell which came last, and of one
//! whose end is unknown not even whether it is still to come. So
//!
//! - the versions are the numbers, and only attempts that are alone have one, as acknowledgements and as what a read found;
//! - a read of anything else is not judged: of a value whose write was not alone, and of an absent key, which has no stamp.
//!
//! A version that is lower than an acknowledged one is older: the higher was sent when the lower had ended. After an attempt whose
//! end is unknown none of that key is alone; an answer that says that it failed is no end either, for whoever passes that on may
//! have given up a write that goes on. What earlier trials and runs wrote has another salt in its stamps, and no version. This
//! assumes that nobody else writes the keys, in addition to what [the oracle](super) does.

use super::loaded::LOADED;
use super::turn::Turn;
use crate::instrument::bucket::Outcome;
use crate::instrument::ended::Ended;
use cachemark_core::{Stamp, Version};
use cachemark_workload::PRELOAD_TRIAL;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};

/// The attempts to change each key.
#[derive(Debug)]
pub(super) struct Order {
    attempts: Box<[Attempts]>,
    /// What the stamps of this trial have and those of no other: a service keeps what trials and runs before wrote.
    salt: u32,
}

/// Those of one key, since the trial began.
#[derive(Debug, Default)]
struct Attempts {
    sent: AtomicU32,
    /// Those among them whose end is known.
    ended: AtomicU32,
}

impl Order {
    pub(super) fn new(keys: u64) -> Self {
        // The standard library's own seeds for hash tables are drawn from the system.
        let salt = RandomState::new().build_hasher().finish() as u32;
        Self { attempts: (0..keys).map(|_| Attempts::default()).collect(), salt }
    }

    /// An attempt is about to be sent.
    pub(super) fn send(&self, key: u64) -> Turn {
        let attempts = &self.attempts[key as usize];
        // What has ended is looked at first: those are then all of earlier attempts.
        let ended = attempts.ended.load(Ordering::Acquire);
        let earlier = attempts.sent.fetch_add(1, Ordering::AcqRel);
        Turn::new(self.salt, earlier + 1, ended == earlier)
    }

    /// The version of a value that a read of the trial found, by its stamp.
    fn found(&self, stamp: Stamp, trial: u32) -> Option<Version> {
        match stamp.trial {
            PRELOAD_TRIAL => Some(Version(LOADED.into())),
            of if of == trial => Turn::of_stamp(self.salt, stamp.write_id)?.version(),
            _ => None,
        }
    }

    /// Its memory, in bytes.
    pub(super) fn bytes(&self) -> usize {
        size_of_val(&*self.attempts)
    }

    /// An attempt has ended, and it is known how.
    fn end(&self, key: u64) {
        self.attempts[key as usize].ended.fetch_add(1, Ordering::AcqRel);
    }

    /// The version of an operation of the trial that has ended.
    pub(super) fn version(&self, ended: &Ended, trial: u32) -> Option<Version> {
        match ended.known.turn {
            None => ended.stamped?.ok().and_then(|stamp| self.found(stamp, trial)),
            Some(turn) => {
                // Whoever passes a failure on may have given up a write that goes on.
                if ended.outcome.is_answered() || matches!(ended.outcome, Outcome::Shed(_)) {
                    self.end(ended.key);
                }
                turn.version()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instrument::oracle::known::Known;
    use crate::instrument::{Answer, Issued};
    use cachemark_core::{ErrorKind, WriteId};
    use cachemark_workload::OperationKind;

    /// The version that a read finds of what an attempt wrote.
    fn read(order: &Order, turn: Turn, trial: u32) -> Option<Version> {
        order.found(Stamp { trial: 3, key: 0, write_id: turn.in_stamp() }, trial)
    }

    #[test]
    fn attempts_that_follow_each_other_have_versions_in_their_order() {
        let order = Order::new(2);
        for number in 1..=5 {
            let turn = order.send(1);
            let version = Some(Version(u64::from(LOADED) + number));
            assert_eq!((turn.version(), read(&order, turn, 3), read(&order, turn, 4)), (version, version, None));
            order.end(1);
        }
        assert_eq!(order.send(0).version(), Some(Version(u64::from(LOADED) + 1)));
    }

    #[test]
    fn of_attempts_that_overlap_the_first_alone_has_a_version() {
        let order = Order::new(1);
        let (first, second) = (order.send(0), order.send(0));
        assert_eq!((first.version().is_some(), second.version(), read(&order, second, 3)), (true, None, None));
        order.end(0);
        // One of the two is still under way, whichever it is.
        assert_eq!(order.send(0).version(), None);
        order.end(0);
        order.end(0);
        assert!(order.send(0).version().is_some());
    }

    #[test]
    fn after_an_end_that_is_not_known_none_is_alone() {
        let order = Order::new(1);
        order.send(0);
        for _ in 0..3 {
            assert_eq!(order.send(0).version(), None);
            order.end(0);
        }
    }

    #[test]
    fn only_an_answer_or_a_refusal_ends_an_attempt() {
        let alone_after = |outcome| {
            let order = Order::new(1);
            let known = Known { turn: Some(order.send(0)), ..Known::default() };
            let operation = OperationKind::Write;
            let issued =
                Issued { operation, key: 0, session: 0, known, intended_ns: None, started_ns: 0, measured: true };
            let answer = Answer { source: None, outcome, version: None, cache: None };
            order.version(&issued.ended(answer, None, 1), 3);
            order.send(0).version().is_some()
        };
        let kind = ErrorKind::Status(502);
        let outcomes = [Outcome::Ok, Outcome::Shed(kind), Outcome::Error(kind), Outcome::Unknown(kind)];
        assert_eq!(outcomes.map(alone_after), [true, true, false, false]);
    }

    #[test]
    fn what_was_loaded_is_the_first_version() {
        let loaded = Stamp { trial: PRELOAD_TRIAL, key: 0, write_id: WriteId { session: 0, sequence: 12 } };
        assert_eq!(Order::new(1).found(loaded, 3), Some(Version(LOADED.into())));
    }

    #[test]
    fn what_the_trial_of_that_number_wrote_in_an_earlier_run_is_none_of_this_one() {
        let (earlier, now) = (Order::new(1), Order { salt: 7, ..Order::new(1) });
        let earlier = Order { salt: 8, ..earlier };
        assert_eq!(read(&now, earlier.send(0), 3), None);
        assert!(read(&now, now.send(0), 3).is_some());
    }
}
