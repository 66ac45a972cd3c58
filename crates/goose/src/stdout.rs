//! Keeps goose's talk off standard output.
//!
//! Goose prints "8 users launched." there, whatever its flags; only data belongs there. While a load runs, what is printed
//! goes nowhere. Not to standard error either: goose panics when a reader of what it prints has gone away.

use rustix::fd::OwnedFd;
use rustix::stdio::{dup2_stdout, stdout};
use std::fs::OpenOptions;
use std::io::{self, Write};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Standard output is the process's, as goose's switch that ends a load is: one load at a time.
static ONE: Mutex<()> = Mutex::new(());

/// While it lives, nothing reaches standard output, and no other load by goose begins.
pub(crate) struct Diversion {
    /// Standard output as it was before; none where it could not be diverted.
    before: Option<OwnedFd>,
    _one: MutexGuard<'static, ()>,
}

impl Diversion {
    pub(crate) fn begin() -> Self {
        let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
        let divert = || {
            let nowhere = OpenOptions::new().write(true).open("/dev/null")?;
            let before = rustix::io::dup(stdout())?;
            io::stdout().flush()?;
            dup2_stdout(nowhere)?;
            io::Result::Ok(before)
        };
        // Where this fails, goose's line ends up among the data: no reason to give up a measurement.
        Self { before: divert().ok(), _one }
    }
}

impl Drop for Diversion {
    fn drop(&mut self) {
        let _ = io::stdout().flush();
        let _ = self.before.take().map(dup2_stdout);
    }
}
