//! What travels with every operation.

use crate::Hops;
use std::time::Duration;
use tokio::time::Instant;

/// Names one write for good: the session that made it, and its place in that session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct WriteId {
    /// The client's session.
    pub session: u32,
    /// The operation's place in the session, from 0.
    pub sequence: u64,
}

/// Who asks, on which driver thread, and until when.
///
/// Strategies pass it on to caches and stores; a load that outlives its caller passes on [`OpContext::detached`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpContext {
    write_id: WriteId,
    driver: u16,
    deadline: Option<Instant>,
    hops: Option<Hops>,
}

impl OpContext {
    /// A context without a deadline, for the given session, on driver thread 0.
    #[must_use]
    pub fn new(session: u32) -> Self {
        Self { write_id: WriteId { session, sequence: 0 }, driver: 0, deadline: None, hops: None }
    }

    /// The driver of what no driver thread asks for. Backends hold lanes for it besides those of the driver threads.
    pub const BACKGROUND: u16 = u16::MAX;

    /// A context without a deadline of what a strategy does on its own, for no session and on no driver thread.
    #[must_use]
    pub fn in_background() -> Self {
        Self::new(0).on_driver(Self::BACKGROUND)
    }

    /// The same on the given driver thread: backends hold lanes, and meters hold counters, for each.
    #[must_use]
    pub fn on_driver(self, driver: u16) -> Self {
        Self { driver, ..self }
    }

    /// The same for the given operation of the session.
    #[must_use]
    pub fn at(self, sequence: u64) -> Self {
        Self { write_id: WriteId { sequence, ..self.write_id }, ..self }
    }

    /// The same, with the time of its hops added to `hops`; without, no hop is timed.
    #[must_use]
    pub fn timed(self, hops: Option<Hops>) -> Self {
        Self { hops, ..self }
    }

    /// The same, to be done by `deadline`.
    #[must_use]
    pub fn until(self, deadline: Instant) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    /// The same for work that its caller does not wait for, with a deadline of its own: `budget` from now. Its hops are
    /// still the operation's, for as long as that lasts.
    #[must_use]
    pub fn detached(self, budget: Duration) -> Self {
        self.until(Instant::now() + budget)
    }

    /// The same for a part of the work that gets `span` from now, and no more than there is until the deadline.
    #[must_use]
    pub fn within(self, span: Duration) -> Self {
        let end = Instant::now() + span;
        self.until(self.deadline.map_or(end, |deadline| deadline.min(end)))
    }

    /// Whether the deadline has passed: whatever is begun now is begun in vain.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.deadline.is_some_and(|deadline| deadline <= Instant::now())
    }

    /// The client's session.
    #[must_use]
    pub fn session(&self) -> u32 {
        self.write_id.session
    }

    /// Names the write, if the operation is one.
    #[must_use]
    pub fn write_id(&self) -> WriteId {
        self.write_id
    }

    /// The driver thread that asks, from 0.
    #[must_use]
    pub fn driver(&self) -> u16 {
        self.driver
    }

    /// Where the time of the operation's hops is added, if it is timed.
    #[must_use]
    pub fn hops(&self) -> Option<Hops> {
        self.hops
    }

    /// When the caller stops waiting.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.deadline
    }
}
