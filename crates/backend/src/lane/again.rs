//! Whether an operation is asked once more.
//!
//! A server may close a connection that is idle (Redis `timeout`, Memcached `idle_timeout`, Postgres
//! `idle_session_timeout`, a proxy, a restart). Who next sends something over it gets no answer, and is not at fault. The
//! operation is asked again, over a new connection, once, and within the time that it has, if the server cannot have
//! begun it, or if it changes nothing. Any other may have been carried out, so it is lost, as it is with a server that
//! crashes. A connection that was made for the operation is not given a second chance, nor is one that had just been in use:
//! what closes those with a question under way is no idleness.

use std::time::Duration;
use tokio::time::Instant;

/// A connection that nobody had used for so long was idle: servers wait far longer before they close one, and a busy one is
/// used again far sooner.
const REST: Duration = Duration::from_millis(10);

/// What a connection had behind it when an operation got it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Past {
    /// Made for the operation.
    None,
    /// Used a moment ago: it was open then.
    Busy,
    /// Free for a while, in which the server may have closed it.
    Idle,
}

impl Past {
    /// Of a connection that was last used at `last`, and is now by an operation that began at `began`.
    pub(super) fn since(last: Instant, began: Instant) -> Self {
        if began.saturating_duration_since(last) >= REST { Self::Idle } else { Self::Busy }
    }

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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_connection_in_use_was_closed_by_no_idleness() {
        let last = Instant::now();
        assert_eq!(Past::since(last, last + REST), Past::Idle);
        for began in [last - REST, last, last + REST / 2] {
            assert_eq!(Past::since(last, began), Past::Busy);
        }
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
}
