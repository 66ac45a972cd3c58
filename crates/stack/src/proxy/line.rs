//! What was taken from one end of a connection, and waits until it is due at the other.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::time::Instant;

/// All that waits on all connections of a proxy holds no more bytes than this, but for what each took before it was so much. It is
/// what the latency and the bandwidth of a long way have under way between them.
const MOST_WAITING: usize = 64 << 20;

/// What waits, in the order in which it came. It counts what waits elsewhere too.
#[derive(Debug)]
pub(super) struct Line {
    waiting: VecDeque<(Instant, Vec<u8>)>,
    bytes: usize,
    of_all: Arc<AtomicUsize>,
}

impl Line {
    pub(super) fn new(of_all: Arc<AtomicUsize>) -> Self {
        Self { waiting: VecDeque::new(), bytes: 0, of_all }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// Whether more may be taken: always if nothing waits here.
    pub(super) fn has_room(&self) -> bool {
        self.is_empty() || self.of_all.load(Ordering::Relaxed) < MOST_WAITING
    }

    /// Puts something behind what waits: it is not due before that is.
    pub(super) fn push(&mut self, due: Instant, bytes: &[u8]) {
        let due = self.waiting.back().map_or(due, |(before, _)| due.max(*before));
        self.bytes += bytes.len();
        self.of_all.fetch_add(bytes.len(), Ordering::Relaxed);
        self.waiting.push_back((due, bytes.to_vec()));
    }

    /// When the first of it is due.
    pub(super) fn due(&self) -> Option<Instant> {
        self.waiting.front().map(|(due, _)| *due)
    }

    pub(super) fn pop(&mut self) -> Option<Vec<u8>> {
        let (_, bytes) = self.waiting.pop_front()?;
        self.bytes -= bytes.len();
        self.of_all.fetch_sub(bytes.len(), Ordering::Relaxed);
        Some(bytes)
    }

    /// All of it is due now: nothing slows it any more.
    pub(super) fn hasten(&mut self) {
        let now = Instant::now();
        self.waiting.iter_mut().for_each(|(due, _)| *due = now);
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        self.of_all.fetch_sub(self.bytes, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[tokio::test]
    async fn order_is_kept_and_what_waits_is_counted() {
        let all = Arc::new(AtomicUsize::new(0));
        let mut line = Line::new(Arc::clone(&all));
        let now = Instant::now();
        line.push(now + Duration::from_secs(2), b"first");
        line.push(now + Duration::from_secs(1), b"second");
        assert_eq!((line.due(), all.load(Ordering::Relaxed)), (Some(now + Duration::from_secs(2)), 11));
        assert_eq!(line.pop().unwrap(), b"first");
        assert_eq!(line.due(), Some(now + Duration::from_secs(2)), "what came later is due no sooner");
        line.hasten();
        assert!(line.due().unwrap() <= Instant::now());
        let mut other = Line::new(Arc::clone(&all));
        other.push(now, &vec![0; MOST_WAITING]);
        assert!(!line.has_room() && !other.has_room());
        line.pop();
        assert!(line.has_room(), "whoever waits for nothing may take something");
        drop((line, other));
        assert_eq!(all.load(Ordering::Relaxed), 0);
    }
}
