//! The timeline of a trial: what happens at which moment of it.
//!
//! The window's start and its end are two of the moments. Moments are counted from the window's start, for nobody knows when
//! that is before the warm-up has ended: the driver then opens the window ([`Timeline::open_at`]), which gives every moment
//! its time on the trial's clock.

mod window;

pub use window::Window;

use std::sync::Arc;
use std::time::Duration;

/// What happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Event {
    /// The window begins: operations issued from now on are measured.
    WindowStart,
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
}

impl Timeline {
    /// A timeline with nothing on it but a window of that length.
    #[must_use]
    pub fn of_window(length: Duration) -> Self {
        let moments = vec![
            Moment { at: Duration::ZERO, what: Event::WindowStart },
            Moment { at: length, what: Event::WindowEnd },
        ];
        Self { moments, length, window: Arc::default() }
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

    /// Opens the window at `start_ns` on the trial's clock, once. Announce it a moment before, so that every thread that
    /// issues operations knows of it by then.
    pub fn open_at(&self, start_ns: u64) {
        self.window.set(start_ns..start_ns.saturating_add(nanos(self.length)));
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

    #[test]
    fn moments_count_from_the_window_s_start_once_that_is_known() {
        let timeline = Timeline::of_window(Duration::from_nanos(500));
        let at = || timeline.moments().iter().map(|moment| timeline.at_ns(moment)).collect::<Vec<_>>();
        assert_eq!(at(), [u64::MAX; 2]);
        timeline.open_at(1_000);
        assert_eq!(at(), [1_000, 1_500]);
        assert!(timeline.window().contains(1_499) && !timeline.window().contains(1_500));
        let what: Vec<_> = timeline.moments().iter().map(|moment| moment.what).collect();
        assert_eq!(what, [Event::WindowStart, Event::WindowEnd]);
    }
}
