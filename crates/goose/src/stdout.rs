//! Keeps goose's talk off standard output.
//!
//! Goose prints "8 users launched." there, whatever its flags; only data belongs there. While a load runs, what is printed
//! goes nowhere. Not to standard error either: goose panics when a reader of what it prints has gone away.

use rustix::fd::OwnedFd;
use std::fs::OpenOptions;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many loads run, and standard output as it was before the first.
static DIVERTED: Mutex<(usize, Option<OwnedFd>)> = Mutex::new((0, None));

/// While one lives, nothing reaches standard output.
pub(crate) struct Diversion;

impl Diversion {
    pub(crate) fn begin() -> Self {
        let mut diverted = lock();
        if diverted.0 == 0 {
            // Where this fails, goose's line ends up among the data: no reason to give up a measurement.
            let _ = std::io::stdout().flush();
            let nowhere = OpenOptions::new().write(true).open("/dev/null");
            if let (Ok(nowhere), Ok(before)) = (nowhere, rustix::io::dup(rustix::stdio::stdout())) {
                let _ = rustix::stdio::dup2_stdout(nowhere);
                diverted.1 = Some(before);
            }
        }
        diverted.0 += 1;
        Self
    }
}

impl Drop for Diversion {
    fn drop(&mut self) {
        let mut diverted = lock();
        diverted.0 -= 1;
        if diverted.0 == 0 {
            let _ = std::io::stdout().flush();
            if let Some(before) = diverted.1.take() {
                let _ = rustix::stdio::dup2_stdout(before);
            }
        }
    }
}

fn lock() -> MutexGuard<'static, (usize, Option<OwnedFd>)> {
    DIVERTED.lock().unwrap_or_else(PoisonError::into_inner)
}
