//! Whether an operation is asked once more.
//!
//! A server may close a connection that is idle (Redis `timeout`, Memcached `idle_timeout`, Postgres
//! `idle_session_timeout`, a proxy, a restart). Who next sends something over it gets no answer, and is not at fault. The
//! operation is asked again, over a new connection, once, and within the time that it has, if the server cannot have
//! begun it, or if it changes nothing. Any other may have been carried out, so it is lost, as it is with a server that
//! crashes. A connection that was made for the operation is not given a second chance: what closes that is no idleness.

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
