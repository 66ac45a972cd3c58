//! Counting what is under way, so that a drain can wait for its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::Notify;

/// How many pieces of work are under way.
#[derive(Debug, Default)]
pub struct InFlight {
    count: AtomicUsize,
    idle: Notify,
}

/// One piece of work; dropping it ends it.
#[must_use = "work counts for as long as its ticket lives"]
#[derive(Debug)]
pub struct Ticket(Arc<InFlight>);

impl InFlight {
    /// Counts one piece of work until the ticket is dropped.
    pub fn enter(self: &Arc<Self>) -> Ticket {
        self.count.fetch_add(1, Ordering::AcqRel);
        Ticket(Arc::clone(self))
    }

    /// How many pieces of work are under way.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count.load(Ordering::Acquire)
    }

    /// Waits for a moment at which nothing is under way.
    pub async fn idle(&self) {
        loop {
            // Made before the count is read, so that a notification between the two is not lost.
            let notified = self.idle.notified();
            if self.count() == 0 {
                return;
            }
            notified.await;
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if self.0.count.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.idle.notify_waiters();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn idle_waits_for_the_last_ticket() {
        let work = Arc::new(InFlight::default());
        work.idle().await;
        let (first, second) = (work.enter(), work.enter());
        let waiting = tokio::spawn({
            let work = Arc::clone(&work);
            async move { work.idle().await }
        });
        drop(first);
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        drop(second);
        waiting.await.unwrap();
    }
}
