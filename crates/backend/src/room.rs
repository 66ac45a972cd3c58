//! How many connections a server has room for. One that has too little turns lanes away in the middle of a run, for they are
//! connected when they are first wanted.

use crate::lane::background_lanes;
use std::future::Future;
use std::time::Duration;

/// How long a server is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// A server's connections, so far as they concern a user of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Room {
    /// How many the server lets in at a time.
    pub limit: u64,
    /// How many others have.
    pub taken: u64,
}

impl Room {
    /// How many more it lets in.
    #[must_use]
    pub fn left(&self) -> u64 {
        self.limit.saturating_sub(self.taken)
    }

    /// Waits for what a server says. One that does not tell has nothing to say: what is wrong with it, others find.
    pub(crate) async fn told<E>(asked: impl Future<Output = Result<Option<Self>, E>>) -> Option<Self> {
        tokio::time::timeout(PATIENCE, asked).await.ok()?.ok()?
    }
}

/// Lanes of all driver threads and of the background, and the probe's.
pub(crate) fn of_lanes(lanes: usize, drivers: usize) -> u64 {
    let lanes = lanes.max(1);
    lanes as u64 * drivers.max(1) as u64 + background_lanes(lanes) as u64 + 1
}
