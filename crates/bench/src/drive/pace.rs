//! Operations of the warm-up that are spread over a time.

use cachemark_workload::Share;
use std::time::Duration;
use tokio::time::Instant;

/// When the operations of one client come; none where they come as fast as they are answered.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pace {
    /// When the first one comes.
    began: Instant,
    /// The time from each to the next.
    step: Duration,
}

impl Pace {
    /// That of a client's share of the keys, spread over `time`.
    pub(super) fn over(time: Duration, keys: u64, share: Share) -> Self {
        let own = keys.div_ceil(u64::from(share.of.max(1))).max(1);
        let step = time.div_f64(own as f64);
        // Neighbours take turns, too.
        let began = Instant::now() + step.mul_f64(f64::from(share.index) / f64::from(share.of.max(1)));
        Self { began, step }
    }

    /// Waits for the time of operation `number`, from 0.
    pub(super) async fn wait_for(&self, number: u64) {
        tokio::time::sleep_until(self.began + self.step.mul_f64(number as f64)).await;
    }
}
