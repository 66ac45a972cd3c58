//! Keeps goose's talk off standard output.
//!
//! Goose prints "8 users launched." there, whatever its flags; only data belongs there. While a load runs, what is printed
//! goes to standard error instead.

use rustix::fd::OwnedFd;
use std::io::Write;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many loads run, and standard output as it was before the first.
static DIVERTED: Mutex<(usize, Option<OwnedFd>)> = Mutex::new((0, None));

/// While one lives, standard output is standard error.
pub(crate) struct Diversion;

impl Diversion {
    pub(crate) fn begin() -> Self {
        let mut diverted = lock();
        if diverted.0 == 0 {
            // Where this fails, goose's line ends up among the data: no reason to give up a measurement.
            let _ = std::io::stdout().flush();
            diverted.1 = rustix::io::dup(rustix::stdio::stdout()).ok();
            if diverted.1.is_some() {
                let _ = rustix::stdio::dup2_stdout(rustix::stdio::stderr());
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
