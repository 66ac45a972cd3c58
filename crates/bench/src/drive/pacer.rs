//! Waits for intended starts.
//!
//! The runtime's own timer counts milliseconds and wakes one late, many times what a cache takes to answer. A thread
//! that only paces has to wake the driver thread through a channel, which costs a second wake-up. So the driver thread
//! waits for a timer of the kernel's (timerfd: high resolution, no slack) where it waits for its sockets, in epoll.
//! docs/decisions.md has the figures of the three.

use crate::observer::StopFlag;
use crate::timeline::Window;
use cachemark_core::{Clock, SystemClock};
use rustix::time::{Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, Timespec};
use std::io;
use std::os::fd::OwnedFd;
use std::time::Duration;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;

/// A wait shorter than this is spent spinning: to arm the timer and to sleep would take as long.
const SPIN_NS: u64 = 2_000;
/// The longest sleep, so that a stop is heard, and that the window is known.
const STEP: Duration = Duration::from_millis(50);

/// What became of a wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Paced {
    /// The moment had come, or nearly: nobody else had a turn.
    AtOnce,
    /// The thread slept, and whatever was ready ran.
    Slept,
    /// The trial was stopped.
    Stopped,
}

/// One driver thread's timer.
#[derive(Debug)]
pub(super) struct Pacer {
    timer: AsyncFd<OwnedFd>,
    clock: SystemClock,
    stop: StopFlag,
}

impl Pacer {
    /// A pacer on the calling runtime.
    ///
    /// # Errors
    /// If there is no file descriptor left for its timer.
    pub(super) fn new(clock: SystemClock, stop: StopFlag) -> io::Result<Self> {
        let timer =
            rustix::time::timerfd_create(TimerfdClockId::Monotonic, TimerfdFlags::NONBLOCK | TimerfdFlags::CLOEXEC)?;
        // Deprecated, for it also takes what may close its descriptor behind its back; an owned descriptor doesn't, and
        // the call that replaces it is `unsafe`.
        #[expect(deprecated, reason = "sound for an owned descriptor")]
        let timer = AsyncFd::with_interest(timer, Interest::READABLE)?;
        Ok(Self { timer, clock, stop })
    }

    /// Waits until `moment_ns` on the trial's clock, at most until the window's end, which may become known meanwhile.
    pub(super) async fn until(&self, moment_ns: u64, window: &Window) -> io::Result<Paced> {
        let mut paced = Paced::AtOnce;
        while !self.stop.is_stopped() {
            let left = moment_ns.min(window.end()).saturating_sub(self.clock.now_ns());
            if left == 0 {
                return Ok(paced);
            }
            if left > SPIN_NS {
                self.sleep(Duration::from_nanos(left).min(STEP)).await?;
                paced = Paced::Slept;
            } else {
                std::hint::spin_loop();
            }
        }
        Ok(Paced::Stopped)
    }

    async fn sleep(&self, span: Duration) -> io::Result<()> {
        let value = Timespec { tv_sec: span.as_secs() as i64, tv_nsec: i64::from(span.subsec_nanos()) };
        let once = Itimerspec { it_interval: Timespec { tv_sec: 0, tv_nsec: 0 }, it_value: value };
        // Setting it takes back an expiry that nobody read, so it need not be read.
        rustix::time::timerfd_settime(self.timer.get_ref(), TimerfdTimerFlags::empty(), &once)?;
        self.timer.readable().await?.clear_ready();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_a_runtime<F: Future>(future: F) -> F::Output {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    #[test]
    fn it_never_wakes_early() {
        on_a_runtime(async {
            let clock = SystemClock::from_zero();
            let pacer = Pacer::new(clock, StopFlag::default()).unwrap();
            for wait in [0, 500, 1_999, 2_001, 50_000, 3_000_000, 120_000_000] {
                let moment = clock.now_ns() + wait;
                assert_ne!(pacer.until(moment, &Window::default()).await.unwrap(), Paced::Stopped);
                assert!(clock.now_ns() >= moment);
            }
        });
    }

    #[test]
    fn a_stop_ends_the_longest_wait() {
        on_a_runtime(async {
            let stop = StopFlag::default();
            let pacer = Pacer::new(SystemClock::from_zero(), stop.clone()).unwrap();
            let stopping = async {
                tokio::time::sleep(Duration::from_millis(20)).await;
                stop.stop();
            };
            let window = Window::default();
            let (went_on, ()) = tokio::join!(pacer.until(u64::MAX, &window), stopping);
            assert_eq!(went_on.unwrap(), Paced::Stopped);
        });
    }

    #[test]
    fn a_wait_ends_with_a_window_that_became_known_meanwhile() {
        on_a_runtime(async {
            let clock = SystemClock::from_zero();
            let (pacer, window) = (Pacer::new(clock, StopFlag::default()).unwrap(), Window::default());
            let announcing = async {
                tokio::time::sleep(Duration::from_millis(5)).await;
                window.set(0..clock.now_ns() + 1_000_000);
            };
            let (went_on, ()) = tokio::join!(pacer.until(u64::MAX, &window), announcing);
            assert_eq!(went_on.unwrap(), Paced::Slept);
            assert!(clock.now_ns() >= window.end());
        });
    }
}
