//! The window: when it is, once that is known.

use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

const UNKNOWN: u64 = u64::MAX;

/// The window on the trial's clock, in nanoseconds. Until it is set it lies beyond all time: every operation is of the
/// warm-up. It is set once, to begin a moment later, so that every driver thread knows of it before its first operation;
/// should one learn of it later, it is outside for all that was issued until then ([`Recorder::issue`](crate::Recorder::issue)).
#[derive(Debug)]
pub struct Window {
    start: AtomicU64,
    end: AtomicU64,
}

impl Default for Window {
    fn default() -> Self {
        Self { start: AtomicU64::new(UNKNOWN), end: AtomicU64::new(UNKNOWN) }
    }
}

impl Window {
    /// A window that is known from the first.
    #[must_use]
    pub fn at(range: Range<u64>) -> Self {
        let window = Self::default();
        window.set(range);
        window
    }

    pub(crate) fn set(&self, range: Range<u64>) {
        self.end.store(range.end, Ordering::Release);
        self.start.store(range.start, Ordering::Release);
    }

    #[inline]
    pub(crate) fn start(&self) -> u64 {
        self.start.load(Ordering::Acquire)
    }

    /// When it is over, beyond all time before that is known.
    #[must_use]
    #[inline]
    pub fn end(&self) -> u64 {
        self.end.load(Ordering::Acquire)
    }

    #[inline]
    pub(crate) fn contains(&self, ns: u64) -> bool {
        self.start() <= ns && ns < self.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_in_the_window_before_it_is_set() {
        let window = Window::default();
        assert!(!window.contains(0) && !window.contains(UNKNOWN - 1));
        window.set(10..20);
        assert_eq!([9, 10, 19, 20].map(|ns| window.contains(ns)), [false, true, true, false]);
    }
}
