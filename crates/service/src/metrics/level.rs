//! Levels: how many of something there are now.

use std::sync::atomic::{AtomicU64, Ordering};

/// A level that rises and falls.
#[derive(Debug, Default)]
pub(crate) struct Gauge(AtomicU64);

/// One more, until it is dropped.
#[derive(Debug)]
pub(crate) struct Level<'a>(&'a Gauge);

impl Gauge {
    pub(crate) fn rise(&self) -> Level<'_> {
        self.0.fetch_add(1, Ordering::Relaxed);
        Level(self)
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Drop for Level<'_> {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::Relaxed);
    }
}
