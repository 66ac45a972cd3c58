//! The timer of a lane, which cuts off what is asked over it.
//!
//! To make a timer and to take it back takes the runtime's lock twice, and writes into those before and behind it in its line. One that
//! stays is only told of its next moment, which is nearly always a later one: the runtime meets it where it stood, and puts it
//! where it belongs then. At rest it wakes whoever asked last over the lane once, in vain.

use super::Lane;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use tokio::runtime::{Handle, Id};
use tokio::task::coop::{has_budget_remaining, unconstrained};
use tokio::time::{Instant, Sleep, sleep_until};

/// A timer of the runtime on which the lane was last used.
#[derive(Debug, Default)]
pub(crate) struct Timer {
    sleep: Option<(Id, Pin<Box<Sleep>>)>,
}

impl Timer {
    /// Runs `future` until `until`; none if that came first. The timer is armed only if the future is not ready at once.
    pub(crate) async fn cut<F: Future>(&mut self, until: Instant, mut future: Pin<&mut F>) -> Option<F::Output> {
        let mut armed = false;
        std::future::poll_fn(|cx| {
            let had_budget = has_budget_remaining();
            if let Poll::Ready(done) = future.as_mut().poll(cx) {
                return Poll::Ready(Some(done));
            }
            let sleep = if armed { self.sleep.as_mut().map(|(_, sleep)| sleep) } else { None };
            let sleep = match sleep {
                Some(sleep) => sleep,
                None => self.arm(until),
            };
            armed = true;
            // One that always uses up what it may do at once would else never be cut off.
            let used_up = had_budget && !has_budget_remaining();
            poll(sleep, used_up, cx).map(|()| None)
        })
        .await
    }

    fn arm(&mut self, until: Instant) -> &mut Pin<Box<Sleep>> {
        // Another runtime may stand still.
        let here = Handle::current().id();
        match &mut self.sleep {
            Some((runtime, sleep)) if *runtime == here => sleep.as_mut().reset(until),
            other => *other = Some((here, Box::pin(sleep_until(until)))),
        }
        &mut self.sleep.as_mut().expect("it was made").1
    }
}

/// A connection and what cuts off its operations.
pub(crate) struct Timed<T> {
    connection: T,
    timer: Timer,
}

impl<T> From<T> for Timed<T> {
    fn from(connection: T) -> Self {
        Self { connection, timer: Timer::default() }
    }
}

impl<T> Lane<Timed<T>> {
    /// As [`Lane::start`], with the timer.
    pub(crate) fn start_timed(&mut self) -> (&mut T, &mut Timer) {
        let Timed { connection, timer } = self.start();
        (connection, timer)
    }
}

fn poll(sleep: &mut Pin<Box<Sleep>>, freely: bool, cx: &mut Context<'_>) -> Poll<()> {
    if freely { pin!(unconstrained(sleep.as_mut())).poll(cx) } else { sleep.as_mut().poll(cx) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use std::time::Duration;
    use tokio::time::sleep;

    const MILLI: Duration = Duration::from_millis(1);

    /// How long `work` ran that had `span`, and whether it came to its end.
    async fn cut<F: Future>(timer: &mut Timer, span: Duration, work: F) -> (Duration, bool) {
        let began = Instant::now();
        let done = timer.cut(began + span, pin!(work)).await.is_some();
        (began.elapsed(), done)
    }

    #[tokio::test(start_paused = true)]
    async fn each_use_has_a_moment_of_its_own_later_or_earlier_than_the_last() {
        let mut timer = Timer::default();
        for span in [100, 5_000, 20, 20, 7_000, 2].map(|millis| millis * MILLI) {
            assert_eq!(cut(&mut timer, span, sleep(span / 2)).await, (span / 2, true), "{span:?}");
            assert_eq!(cut(&mut timer, span, pending::<()>()).await, (span, false), "{span:?}");
            // By then what it was armed for is long over.
            sleep(3 * span).await;
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_is_ready_at_once_is_done_even_in_the_last_moment_and_what_waits_is_not() {
        let mut timer = Timer::default();
        assert_eq!(cut(&mut timer, Duration::ZERO, ready(())).await, (Duration::ZERO, true));
        assert!(timer.sleep.is_none(), "it was not armed");
        let (took, done) = cut(&mut timer, Duration::ZERO, pending::<()>()).await;
        assert!(took <= MILLI && !done, "{took:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn work_that_always_has_something_to_do_is_cut_off() {
        let busy = async {
            loop {
                tokio::task::coop::consume_budget().await;
                tokio::time::advance(MILLI / 10).await;
            }
        };
        let (took, done) = cut(&mut Timer::default(), 50 * MILLI, busy).await;
        assert!((50 * MILLI..100 * MILLI).contains(&took) && !done, "{took:?}");
    }

    #[test]
    fn on_another_runtime_it_is_another_timer() {
        let runtime =
            || tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
        let (mut timer, first) = (Timer::default(), runtime());
        assert_eq!(first.block_on(cut(&mut timer, MILLI, pending::<()>())), (MILLI, false));
        // The first one stands still, and then is gone.
        assert_eq!(runtime().block_on(cut(&mut timer, MILLI, pending::<()>())), (MILLI, false));
        drop(first);
        assert_eq!(runtime().block_on(cut(&mut timer, MILLI, pending::<()>())), (MILLI, false));
    }
}
