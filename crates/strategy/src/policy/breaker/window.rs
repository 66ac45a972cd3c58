//! Calls and failures of the last while, counted in slices of time.

use std::time::Duration;

/// Of how many slices a window is made. A call leaves it between nine and ten tenths of its length after it ended.
pub(super) const SLICES: usize = 10;

/// How many calls ended in each slice, and how many of them badly.
#[derive(Debug)]
pub(super) struct Window {
    slice_ns: u64,
    /// The number of the newest slice, counted from the clock's beginning.
    newest: u64,
    /// When the newest one ends: until then no call turns the window.
    until_ns: u64,
    slices: [(u64, u64); SLICES],
    sum: (u64, u64),
}

impl Window {
    pub(super) fn new(length: Duration) -> Self {
        let slice_ns = u64::try_from(length.as_nanos()).unwrap_or(u64::MAX) / SLICES as u64;
        Self { slice_ns: slice_ns.max(1), newest: 0, until_ns: 0, slices: [(0, 0); SLICES], sum: (0, 0) }
    }

    /// Counts a call; returns how many there are in the window, and how many of them ended badly.
    #[inline]
    pub(super) fn ended(&mut self, now_ns: u64, bad: bool) -> (u64, u64) {
        if now_ns >= self.until_ns {
            self.turn_to(now_ns / self.slice_ns);
        }
        let slice = &mut self.slices[self.newest as usize % SLICES];
        slice.0 += 1;
        slice.1 += u64::from(bad);
        self.sum.0 += 1;
        self.sum.1 += u64::from(bad);
        self.sum
    }

    pub(super) fn clear(&mut self) {
        (self.slices, self.sum) = ([(0, 0); SLICES], (0, 0));
    }

    /// Empties the slices between the newest and this one. Two threads may look at the clock in one order and count in the other: what is a
    /// slice late counts in the newest.
    #[cold]
    fn turn_to(&mut self, number: u64) {
        self.until_ns = number.saturating_add(1).saturating_mul(self.slice_ns);
        if number >= self.newest + SLICES as u64 {
            self.clear();
            self.newest = number;
        }
        while self.newest < number {
            self.newest += 1;
            let left = std::mem::take(&mut self.slices[self.newest as usize % SLICES]);
            self.sum = (self.sum.0 - left.0, self.sum.1 - left.1);
        }
    }
}
