//! A lane in use.

use super::Group;
use std::sync::Arc;
use std::sync::atomic::Ordering;
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
}

/// A place in a group, whether connected or not; gives its permit back when dropped.
pub(super) struct Place<T> {
    group: Arc<Group<T>>,
    epoch: u64,
}

impl<T> Place<T> {
    /// Takes over a permit that was forgotten.
    pub(super) fn new(group: Arc<Group<T>>) -> Self {
        let epoch = group.epoch.load(Ordering::Relaxed);
        Self { group, epoch }
    }

    pub(super) fn group(&self) -> &Arc<Group<T>> {
        &self.group
    }
}

impl<T> Place<T> {
    /// Counts what is connected from now on as welcome, and takes what is connected and free, if anything is.
    pub(super) fn renew(&mut self) -> Option<(T, Instant)> {
        let mut idle = self.group.idle();
        self.epoch = self.group.epoch.load(Ordering::Relaxed);
        idle.pop()
    }
}

impl<T> Drop for Place<T> {
    fn drop(&mut self) {
        self.group.gate.add_permits(1);
    }
}

/// A connection that is ours until dropped.
///
/// Between [`Lane::start`] and [`Lane::finish`] an operation is in flight; a lane dropped then is thrown away.
pub(crate) struct Lane<T> {
    /// The connection; taken when the lane is dropped.
    connection: Option<T>,
    in_flight: bool,
    /// What it had behind it when it was handed out; nothing any more once it was found closed: it went with an operation in
    /// flight, and that is asked again.
    pub(super) past: Option<Past>,
    // Dropped after `Drop::drop` ran: the connection is free before the next in the queue is let in.
    place: Place<T>,
}

impl<T> Lane<T> {
    pub(super) fn new(place: Place<T>, connection: T, past: Past) -> Self {
        Self { connection: Some(connection), in_flight: false, past: Some(past), place }
    }

    /// The connection, for an operation that begins now.
    pub(crate) fn start(&mut self) -> &mut T {
        self.in_flight = true;
        self.connection.as_mut().expect("a lane has its connection until it is dropped")
    }

    /// The operation came to its end, and the connection is fit for the next one.
    pub(crate) fn finish(&mut self) {
        self.in_flight = false;
    }

    /// Makes every other lane of the group unwelcome, free ones at once: the server closed this one, so it has most
    /// likely closed them as well, and each would cost another operation its answer.
    pub(crate) fn retire_group(&self) {
        self.place.group().retire();
    }
}

impl<T> Drop for Lane<T> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        let group = self.place.group();
        if self.in_flight {
            match self.past {
                None => group.figures.found_closed(),
                Some(_) => group.figures.discarded(),
            }
            return;
        }
        let now = Instant::now();
        let mut idle = group.idle();
        // The epoch is raised under the same lock, so no lane of an old one can slip in behind it.
        if group.epoch.load(Ordering::Relaxed) == self.place.epoch {
            idle.push((connection, now));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_idle_that_was_free_for_a_while() {
        let last = Instant::now();
        assert_eq!(Past::since(last, last + REST), Past::Idle);
        for began in [last - REST, last, last + REST / 2] {
            assert_eq!(Past::since(last, began), Past::Busy);
        }
    }
}
