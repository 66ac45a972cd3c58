//! Whether an operation is asked once more.
//!
//! A server may close a connection that is idle (Redis `timeout`, Memcached `idle_timeout`, Postgres
//! `idle_session_timeout`, a proxy, a restart). Who next sends something over it gets no answer, and is not at fault. The
//! operation is asked again, over a new connection, once, and within the time that it has, if the server cannot have
//! begun it, or if it changes nothing. Any other may have been carried out, so it is lost, as it is with a server that
//! crashes. A connection that was made for the operation is not given a second chance, nor is one that had just been in use:
//! what closes those with a question under way is no idleness.

use super::settle::{BackendError, Fate};
use super::{Lane, Past};
use crate::budget::Spent;

impl Past {
    /// Whether the server closed the connection before the operation came, so far as can be told. `undone`: it certainly
    /// has not begun it.
    pub(super) fn was_closed(self, undone: bool) -> bool {
        match self {
            Self::None => false,
            Self::Busy => undone,
            Self::Idle => true,
        }
    }
}

/// Why a question over a lane has no answer.
#[derive(Debug)]
pub(crate) struct Unanswered<E> {
    pub(crate) error: E,
    /// The server certainly has done nothing of what was asked: it had closed the connection before.
    pub(crate) undone: bool,
}

impl<E: BackendError> From<E> for Unanswered<E> {
    fn from(error: E) -> Self {
        Self { error, undone: false }
    }
}

/// Whether a question may be repeated though the server may have carried it out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// It leaves the server as it is, or as it would be after the first time whatever came between.
    Harmless,
    /// A second time could undo what others did after the first, or count twice.
    Harmful,
}

/// The one repetition that an operation has.
#[derive(Debug)]
pub(crate) struct Again {
    repeat: Repeat,
    used: bool,
}

impl Again {
    pub(crate) fn new(repeat: Repeat) -> Self {
        Self { repeat, used: false }
    }

    /// Whether to ask once more, which may be said once. `undone`: the server certainly has not begun it.
    pub(crate) fn may(&mut self, undone: bool) -> bool {
        let may = !self.used && (undone || self.repeat == Repeat::Harmless);
        self.used |= may;
        may
    }
}

/// What came of a question: an answer, or none, or the time was up.
pub(crate) type Asked<A, E> = Result<Result<A, Unanswered<E>>, Spent>;

impl<T> Lane<T> {
    /// Ends an operation that may be asked again: `None` if it is to be, since the server had closed the lane while it was
    /// idle. The others it has most likely closed as well, so the next lane is a new one.
    pub(crate) fn settle_or_again<A, E: BackendError>(
        &mut self,
        asked: Asked<A, E>,
        again: &mut Again,
    ) -> Option<Result<A, E>> {
        let undone = matches!(&asked, Ok(Err(unanswered)) if unanswered.undone);
        let settled = self.settle(asked.map(|answer| answer.map_err(|unanswered| unanswered.error)));
        let broken = settled.as_ref().is_err_and(|error| error.fate() == Fate::Broken);
        if broken && self.past.is_some_and(|past| past.was_closed(undone)) && again.may(undone) {
            self.past = None;
            return None;
        }
        Some(settled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lane::LaneStats;
    use crate::lane::tests::bench;
    use cachemark_core::StoreError;
    use std::time::Duration;

    #[test]
    fn a_connection_in_use_was_closed_by_no_idleness() {
        assert!(Past::Idle.was_closed(false) && Past::Busy.was_closed(true));
        assert!(!Past::Busy.was_closed(false) && !Past::None.was_closed(true));
    }

    #[test]
    fn only_what_is_harmless_or_undone_is_repeated_and_only_once() {
        for (repeat, undone, expected) in [
            (Repeat::Harmless, false, true),
            (Repeat::Harmless, true, true),
            (Repeat::Harmful, true, true),
            (Repeat::Harmful, false, false),
        ] {
            let mut again = Again::new(repeat);
            assert_eq!(again.may(undone), expected, "{repeat:?} {undone}");
            assert!(!again.may(expected), "not a second time");
        }
    }

    /// How an operation ends whose lane is lost, after the lane had been free for `rest`; whether it is asked again, and what is
    /// counted.
    async fn lost_after(rest: Duration, undone: bool) -> (bool, LaneStats) {
        let bench = bench(1, 1, Duration::ZERO);
        let mut lane = bench.lane().await;
        lane.start();
        lane.finish();
        drop(lane);
        tokio::time::sleep(rest).await;
        let mut lane = bench.lane().await;
        lane.start();
        let lost = Unanswered { error: StoreError::ConnectionLost("reset".to_owned()), undone };
        let ended = lane.settle_or_again::<(), _>(Ok(Err(lost)), &mut Again::new(Repeat::Harmless));
        drop(lane);
        (ended.is_none(), bench.lanes.stats())
    }

    #[tokio::test(start_paused = true)]
    async fn only_a_lane_that_was_free_for_a_while_is_found_closed() {
        let (again, stats) = lost_after(Duration::from_secs(1), false).await;
        assert!(again && (stats.found_closed, stats.discards) == (1, 0), "{stats:?}");
        // A busy server's end, with an operation under way over each lane.
        let (again, stats) = lost_after(Duration::from_millis(1), false).await;
        assert!(!again && (stats.found_closed, stats.discards) == (0, 1), "{stats:?}");
        let (again, stats) = lost_after(Duration::from_millis(1), true).await;
        assert!(again && (stats.found_closed, stats.discards) == (1, 0), "{stats:?}");
    }
}
