//! The timeline of a trial: what happens at which moment of it.
//!
//! The window's start and its end are two of the moments. Moments are counted from the window's start, for nobody knows when
//! that is before the warm-up has ended: the driver then opens the window ([`Timeline::open_at`]), which gives every moment
//! its time on the trial's clock.

pub(crate) mod acting;
pub mod fault;
mod window;

pub use window::Window;

use cachemark_core::Clock;
use fault::PlannedFault;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The window begins: operations issued from now on are measured.
    WindowStart,
    /// The fault of that place in the definition is to begin.
    FaultBegins(usize),
    /// It is to be undone.
    FaultEnds(usize),
    /// The window is over: nothing more is issued.
    WindowEnd,
}

/// When what happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// From the window's start.
    pub at: Duration,
    /// What happens then.
    pub what: Event,
}

/// The moments of one trial, and its window.
#[derive(Debug)]
pub struct Timeline {
    /// In order.
    moments: Vec<Moment>,
    length: Duration,
    window: Arc<Window>,
    /// When the window begins, by the machine's clock.
    began: OnceLock<Instant>,
}

impl Timeline {
    /// A timeline with nothing on it but a window of that length.
    #[must_use]
    pub fn of_window(length: Duration) -> Self {
        Self::with_faults(length, &[])
    }

    /// A timeline with a window of that length and these faults in it.
    #[must_use]
    pub fn with_faults(length: Duration, faults: &[PlannedFault]) -> Self {
        let mut within = Vec::new();
        for (place, fault) in faults.iter().enumerate() {
            within.push(Moment { at: fault.at, what: Event::FaultBegins(place) });
            if fault.kind.lasts {
                within.push(Moment { at: fault.until(), what: Event::FaultEnds(place) });
            }
        }
        // What is over makes room for what begins.
        within.sort_by_key(|moment| (moment.at, matches!(moment.what, Event::FaultBegins(_))));
        let mut moments = vec![Moment { at: Duration::ZERO, what: Event::WindowStart }];
        moments.extend(within);
        moments.push(Moment { at: length, what: Event::WindowEnd });
        Self { moments, length, window: Arc::default(), began: OnceLock::new() }
    }

    /// Every moment, in order.
    #[must_use]
    pub fn moments(&self) -> &[Moment] {
        &self.moments
    }

    /// The window, whose time is known once it was opened.
    #[must_use]
    pub fn window(&self) -> &Arc<Window> {
        &self.window
    }

    /// Opens the window at `start_ns` on the trial's `clock`, once. Announce it a moment before, so that every thread that
    /// issues operations knows of it by then.
    pub fn open_at(&self, start_ns: u64, clock: &impl Clock) {
        let (now, now_ns) = (Instant::now(), clock.now_ns());
        let ahead = now.checked_add(Duration::from_nanos(start_ns.saturating_sub(now_ns)));
        let began = ahead.and_then(|ahead| ahead.checked_sub(Duration::from_nanos(now_ns.saturating_sub(start_ns))));
        let _ = self.began.set(began.unwrap_or(now));
        self.window.set(start_ns..start_ns.saturating_add(nanos(self.length)));
    }

    /// How long ago the window began, in nanoseconds; 0 before that.
    pub(crate) fn since_start_ns(&self) -> u64 {
        self.began.get().map_or(0, |began| nanos(began.elapsed()))
    }

    /// When a moment is on the trial's clock; beyond all time before the window was opened.
    #[must_use]
    pub fn at_ns(&self, moment: &Moment) -> u64 {
        self.window.start().saturating_add(nanos(moment.at))
    }
}

pub(crate) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::{Settings, SystemClock};
    use fault::{FaultKind, Target};

    #[test]
    fn moments_count_from_the_window_s_start_once_that_is_known() {
        let timeline = Timeline::of_window(Duration::from_nanos(500));
        let at = || timeline.moments().iter().map(|moment| timeline.at_ns(moment)).collect::<Vec<_>>();
        assert_eq!(at(), [u64::MAX; 2]);
        timeline.open_at(1_000, &SystemClock::from_zero());
        assert_eq!(at(), [1_000, 1_500]);
        assert!(timeline.window().contains(1_499) && !timeline.window().contains(1_500));
        let what: Vec<_> = timeline.moments().iter().map(|moment| moment.what).collect();
        assert_eq!(what, [Event::WindowStart, Event::WindowEnd]);
    }

    #[test]
    fn what_is_over_comes_before_what_begins_and_both_before_the_window_s_end() {
        let fault = |name, at, lasting| {
            let kind = FaultKind::named(name).unwrap();
            let (at, lasting) = (Duration::from_secs(at), Duration::from_secs(lasting));
            PlannedFault { at, lasting, target: Target::CACHE, kind, settings: Settings::defaults(kind.settings) }
        };
        let faults = [fault("slow", 3, 1), fault("freeze", 1, 2), fault("flush", 4, 0)];
        let timeline = Timeline::with_faults(Duration::from_secs(6), &faults);
        let what: Vec<_> = timeline.moments().iter().map(|moment| (moment.at.as_secs(), moment.what)).collect();
        let expected = [
            (0, Event::WindowStart),
            (1, Event::FaultBegins(1)),
            (3, Event::FaultEnds(1)),
            (3, Event::FaultBegins(0)),
            (4, Event::FaultEnds(0)),
            (4, Event::FaultBegins(2)),
            (6, Event::WindowEnd),
        ];
        assert_eq!(what, expected);
    }

    #[test]
    fn time_counts_from_the_window_s_start_by_any_clock() {
        let (timeline, clock) = (Timeline::of_window(Duration::from_secs(9)), SystemClock::from_zero());
        assert_eq!(timeline.since_start_ns(), 0, "not opened");
        timeline.open_at(clock.now_ns() + 3_600_000_000_000, &clock);
        assert_eq!(timeline.since_start_ns(), 0, "an hour to go");
        let timeline = Timeline::of_window(Duration::from_secs(9));
        timeline.open_at(clock.now_ns(), &clock);
        std::thread::sleep(Duration::from_millis(2));
        assert!(timeline.since_start_ns() >= 2_000_000);
    }
}
