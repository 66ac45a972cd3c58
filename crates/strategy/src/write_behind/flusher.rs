//! What brings the queue into the store: one batch after the other, in the order in which keys fell due.
//!
//! - The store **fails** (it cannot be reached, gives no answer, the connection breaks, or it refuses for now: no room, a lock that is not
//!   given): the same batch is tried again, after a pause that doubles from 10 ms to a second, until the store takes it or a drain
//!   has waited for `drain-timeout-ms`. Nothing overtakes it; writers wait for places once the queue is full. What was carried out all
//!   the same, the second time changes nothing.
//! - The store **refuses** a batch for what it is: it is tried in halves, and so on, until the changes that are refused stand alone. One
//!   that is too large is given up at once; one that is refused for another reason (a constraint, a right) goes to the end of the
//!   line, and is given up when that has happened five times. The others are not held up. The cache's entry of a change that is given
//!   up is taken out: the store will never have what it says. It is lost, and a drain tells so.

use super::behind::Behind;
use super::queue::{Queue, Taken};
use crate::tier::Tier;
use crate::write_path::CLEANUP_BUDGET;
use cachemark_core::{Cache, ErrorKind, OpContext, Store, StoreChange, StoreError};
use std::sync::Arc;
use std::time::Duration;

const FIRST_PAUSE: Duration = Duration::from_millis(10);
const LONGEST_PAUSE: Duration = Duration::from_secs(1);
/// A change that was refused so often is given up.
const MOST_REFUSALS: u32 = 5;

pub(super) struct Flusher<C, S> {
    pub(super) queue: Arc<Queue>,
    pub(super) store: Arc<S>,
    pub(super) tier: Arc<Tier<C, Behind<S>>>,
    /// How long a flush may take.
    pub(super) timeout: Duration,
}

/// What the store did not apply.
enum Left {
    Nothing,
    /// It will not have these.
    Refused(Vec<Taken>, StoreError),
    /// The queue is closed.
    Closed,
}

impl<C: Cache, S: Store> Flusher<C, S> {
    /// Runs until the queue is closed.
    pub(super) async fn run(self) {
        while let Some(batch) = self.queue.take().await {
            // The last of them is the next: halves are put back in their order.
            let mut parts = vec![batch];
            while let Some(part) = parts.pop() {
                match self.flush(part).await {
                    Left::Nothing => {}
                    Left::Closed => return,
                    Left::Refused(mut part, _) if part.len() > 1 => {
                        let second = part.split_off(part.len() / 2);
                        parts.extend([second, part]);
                    }
                    Left::Refused(one, why) => one.into_iter().for_each(|one| self.refused(one, &why)),
                }
            }
        }
    }

    /// Applies a batch, however often that takes.
    async fn flush(&self, batch: Vec<Taken>) -> Left {
        let changes: Vec<StoreChange> = batch.iter().map(Taken::change).collect();
        let mut pause = FIRST_PAUSE;
        loop {
            let ctx = OpContext::in_background().detached(self.timeout);
            let applied = tokio::select! {
                biased;
                () = self.queue.closed() => return Left::Closed,
                applied = self.store.apply(&ctx, &changes) => applied,
            };
            match applied {
                // What was superseded has been written over by another instance, or came into the store at an earlier try.
                Ok(_) => {
                    self.queue.flushed(batch);
                    return Left::Nothing;
                }
                Err(why) if may_pass(&why) => {
                    if !self.queue.failed(why, pause).await {
                        return Left::Closed;
                    }
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
                Err(why) => return Left::Refused(batch, why),
            }
        }
    }

    /// The store will not have this one.
    fn refused(&self, one: Taken, why: &StoreError) {
        let is_hopeless = why.kind() == ErrorKind::TooLarge || one.pending.refusals + 1 >= MOST_REFUSALS;
        if !is_hopeless {
            return self.queue.refused(one);
        }
        // Before it counts as given up, so that a drain waits for it.
        let ticket = self.queue.cleaning();
        if self.queue.give_up(&one, why.clone()) {
            return;
        }
        // Its key may be locked by a write that waits for a place in the queue: nobody waits for this one.
        let (tier, key) = (Arc::clone(&self.tier), one.key);
        tokio::spawn(async move {
            // An entry that stays all the same is as stale as after any invalidation that fails.
            let _ = tier.forget(&OpContext::in_background().detached(CLEANUP_BUDGET), &key).await;
            drop(ticket);
        });
    }
}

/// Whether the store may take the same changes later.
fn may_pass(error: &StoreError) -> bool {
    matches!(
        error.kind(),
        ErrorKind::Timeout
            | ErrorKind::QueueTimeout
            | ErrorKind::Deadline
            | ErrorKind::Unavailable
            | ErrorKind::ConnectionLost
            | ErrorKind::Transient
    )
}
