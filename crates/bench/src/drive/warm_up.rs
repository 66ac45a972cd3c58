//! The warm-up of one driver thread: so many operations that the cache is as it will be in the long run.
//!
//! How many is settled before the run ([`WarmUp`]), and is the same for every cell of a comparison: no cell is warmed
//! the more, or the less, for what it measures. They come as fast as they are answered, under an open loop too, whose own
//! arrivals might take minutes to fill a cache; its load then runs for a while before the window
//! ([`lead_in`]).
//!
//! Where a definition gives a time instead, the load itself runs for so long, and no other operation is made.
//!
//! Whether the warm-up came to rest is tested over windows of operations ([`WINDOWS`] of them, or as many as a time holds), and
//! told; nothing is prolonged or thrown away by it.

use super::asked::Asked;
use super::client::Client;
use super::failure::Panics;
use super::load::Load;
use super::pace::Pace;
use crate::definition::Driving;
use crate::instrument::Recorder;
use crate::warm_up::WarmUp;
use cachemark_core::{Clock, SystemClock};
use cachemark_workload::{KeyPass, OpStream};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

/// Into how many windows a warm-up of so many operations is cut: the rule tests the second half, in ten groups.
pub(crate) const WINDOWS: u64 = 40;
/// How many operations of one driver thread make a window where the warm-up is a time.
const TIMED_WINDOW: u64 = 128;
/// How long the load of a closed loop runs between the warm-up and the window: the threads have just waited for each other.
const CLOSED_LEAD_IN: Duration = Duration::from_millis(10);
/// How long the offered load runs before the window: what piled up while it began has been served then, or never will be.
const OPEN_LEAD_IN: Duration = Duration::from_secs(1);
/// The streams of the warm-up are those of sessions that never take part in the load, which begins with its own first
/// operation, whatever came before.
const WARM_UP_SESSIONS: u32 = 1 << 30;
/// Sequences of the warm-up's writes lie beyond those that any load reaches.
const FIRST_OF_PASS: u64 = 1 << 40;
const FIRST_OF_STREAM: u64 = 1 << 41;

/// How long the load runs before the window: for a lifetime, where entries expire.
pub(super) fn lead_in(driving: &Driving, warm_up: WarmUp, is_open: bool) -> Duration {
    let least = if is_open { OPEN_LEAD_IN } else { CLOSED_LEAD_IN };
    let lifetime = warm_up.spread_over(driving.warm_up_cap).unwrap_or_default();
    driving.warm_up.unwrap_or(least.max(lifetime))
}

/// What one driver thread warms with.
pub(super) struct Warmer<'a, T> {
    pub(super) load: &'a Load<T>,
    pub(super) clients: &'a [Rc<Client<T>>],
    pub(super) clock: SystemClock,
    /// When it is broken off, on the trial's clock.
    pub(super) until_ns: u64,
}

/// This thread's part of `operations`, by its share of the clients.
fn share(operations: u64, clients: usize, all_clients: u32) -> u64 {
    let part = u128::from(operations) * clients as u128;
    u64::try_from(part.div_ceil(u128::from(all_clients.max(1)))).unwrap_or(u64::MAX)
}

/// How many operations of a thread with so many of the clients make a window.
pub(super) fn window(warm_up: WarmUp, clients: usize, all_clients: u32) -> u64 {
    if warm_up.operations == 0 {
        return TIMED_WINDOW;
    }
    (share(warm_up.operations, clients, all_clients) / WINDOWS).max(1)
}

impl<T: Asked> Warmer<'_, T> {
    /// Warms; `false` if it took too long and was broken off.
    pub(super) async fn run(&self, recorder: &Rc<RefCell<Recorder>>, panics: &Rc<Panics>) -> bool {
        let Load { spec, seed, block, warm_up, driving, .. } = self.load;
        let cut_short = Cell::new(false);
        let in_time = || {
            let in_time = self.clock.now_ns() < self.until_ns;
            cut_short.set(cut_short.get() || !in_time);
            in_time
        };
        if warm_up.every_key {
            self.all(recorder, panics, |client| {
                let part = warm_up.share(client.session, driving.clients);
                let spread = warm_up.spread_over(driving.warm_up_cap);
                let pace = spread.map(|time| Pace::over(time, spec.keys(), part));
                (KeyPass::new(spec, *seed, *block, part), FIRST_OF_PASS, pace, in_time)
            })
            .await;
        }
        if warm_up.operations > 0 {
            let quota = share(warm_up.operations, self.clients.len(), driving.clients);
            let issued = Cell::new(0);
            recorder.borrow_mut().watch_warm_up(window(*warm_up, self.clients.len(), driving.clients));
            self.all(recorder, panics, |client| {
                let session = WARM_UP_SESSIONS + client.session;
                let goes_on = || issued.replace(issued.get() + 1) < quota && in_time();
                (OpStream::new(spec, *seed, *block, session), FIRST_OF_STREAM, None, goes_on)
            })
            .await;
            recorder.borrow_mut().unwatch_warm_up(WINDOWS);
        }
        !cut_short.get()
    }

    /// Runs what `of` gives for each client, all at once, to their ends.
    async fn all<O, G>(
        &self,
        recorder: &Rc<RefCell<Recorder>>,
        panics: &Rc<Panics>,
        of: impl Fn(&Client<T>) -> (O, u64, Option<Pace>, G),
    ) where
        O: Iterator<Item = cachemark_workload::Operation>,
        G: Fn() -> bool,
    {
        let running = self.clients.iter().map(|client| {
            let (operations, sequence, pace, goes_on) = of(client);
            panics.catch(client.warm(operations, sequence, pace, goes_on, recorder))
        });
        futures::future::join_all(running).await;
        panics.go_on();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_share_the_operations_by_their_clients() {
        assert_eq!([share(1_000, 2, 3), share(1_000, 1, 3), share(1_000, 0, 3)], [667, 334, 0]);
        let warm_up = WarmUp { operations: 8_000, ..WarmUp::NONE };
        assert_eq!([window(warm_up, 4, 8), window(warm_up, 0, 8), window(WarmUp::NONE, 4, 8)], [100, 1, 128]);
    }
}
