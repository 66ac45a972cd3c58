//! One direction of a connection.

use super::bucket::at_once;
use super::line::Line;
use super::shared::{Direction, Shared};
use super::way::Way;
use std::future::pending;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{ReadHalf, WriteHalf};
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Bytes that are taken at once.
const TAKEN: usize = 32 << 10;

/// One direction, from its beginning to its end.
pub(super) struct Pump<'a> {
    pub(super) from: ReadHalf<'a>,
    pub(super) to: WriteHalf<'a>,
    pub(super) direction: Direction,
    pub(super) shared: Arc<Shared>,
    pub(super) way: watch::Receiver<Way>,
    /// Tells one random time from another.
    pub(super) seed: u64,
}

impl Pump<'_> {
    /// Passes on all that comes until its end, and then that.
    ///
    /// # Errors
    /// If one of the ends breaks: then the whole connection does.
    pub(super) async fn run(mut self, begun_with: &[u8]) -> io::Result<()> {
        let mut line = Line::new(Arc::clone(&self.shared.waiting));
        let mut buffer = vec![0; TAKEN];
        let (mut ended, mut was_swift) = (false, true);
        self.pass(&mut line, begun_with).await?;
        loop {
            let way = *self.way.borrow_and_update();
            // The way may have changed while something was given to an end that took its time.
            if way.is_swift() && !was_swift {
                line.hasten();
            }
            was_swift = way.is_swift();
            let share = way.rate.map_or(TAKEN, |rate| at_once(rate, TAKEN));
            // At a rate each takes his turn: no more than one share of his waits.
            let may_take = !ended && if way.rate.is_some() { line.is_empty() } else { line.has_room() };
            if ended && line.is_empty() {
                return self.finish().await;
            }
            let due = line.due();
            tokio::select! {
                biased;
                // What follows from it is seen to above; of a proxy that is gone nothing changes any more.
                Ok(()) = self.way.changed(), if due.is_some() => {}
                () = until(due) => {
                    if let Some(bytes) = line.pop() {
                        self.give(&bytes).await?;
                    }
                }
                taken = self.from.read(&mut buffer[..share]), if may_take => match taken {
                    Ok(0) => ended = true,
                    Ok(taken) => self.pass(&mut line, &buffer[..taken]).await?,
                    // Whoever looks into a black hole sees no end of the other side.
                    Err(_) if self.is_hidden() => ended = true,
                    Err(error) => return Err(error),
                },
            }
        }
    }

    /// Passes bytes on, now or when they are due.
    async fn pass(&mut self, line: &mut Line, bytes: &[u8]) -> io::Result<()> {
        let way = *self.way.borrow();
        if bytes.is_empty() {
            return Ok(());
        }
        if way.is_swift() && line.is_empty() {
            return self.give(bytes).await;
        }
        let mut due = Instant::now();
        if let (Direction::ToClient, Some((latency, jitter))) = (self.direction, way.slow) {
            due += latency + self.random(jitter);
        }
        if let Some(rate) = way.rate {
            due = due.max(self.shared.bucket(self.direction).due(bytes.len(), rate));
        }
        line.push(due, bytes);
        Ok(())
    }

    /// Gives bytes to the other end, unless they fall into a black hole.
    async fn give(&mut self, bytes: &[u8]) -> io::Result<()> {
        if self.way.borrow().black_hole {
            self.shared.lost.store(true, Ordering::Relaxed);
            return Ok(());
        }
        self.to.write_all(bytes).await
    }

    async fn finish(&mut self) -> io::Result<()> {
        if self.is_hidden() {
            self.shared.lost.store(true, Ordering::Relaxed);
            // The connection ends with the client, or with the fault.
            return pending().await;
        }
        self.to.shutdown().await
    }

    /// Whether nothing of this direction is seen at its end.
    fn is_hidden(&self) -> bool {
        self.direction == Direction::ToClient && self.way.borrow().black_hole
    }

    /// A time from nothing up to `most`.
    fn random(&mut self, most: Duration) -> Duration {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.seed ^ (self.seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        // 53 bits, as many as such a number holds.
        most.mul_f64(((mixed ^ (mixed >> 31)) >> 11) as f64 / (1_u64 << 53) as f64)
    }
}

async fn until(due: Option<Instant>) {
    match due {
        Some(due) => sleep_until(due).await,
        None => pending().await,
    }
}
