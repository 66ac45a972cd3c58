//! How busy goose's threads are.

use rustix::thread::{Pid, gettid};
use std::fs;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The worker threads, by the kernel's ids.
#[derive(Debug, Default)]
pub(crate) struct Threads(Mutex<Vec<Pid>>);

impl Threads {
    /// Notes the calling thread.
    pub(crate) fn note(&self) {
        self.ids().push(gettid());
    }

    /// Their CPU time so far; none where the kernel does not tell.
    pub(crate) fn cpu(&self) -> Option<Duration> {
        // A thread that has ended (resolving a name takes a short-lived one) has nothing to tell.
        let times: Vec<u64> = self.ids().iter().filter_map(|&id| cpu_ns(id)).collect();
        (!times.is_empty()).then(|| Duration::from_nanos(times.iter().sum()))
    }

    fn ids(&self) -> MutexGuard<'_, Vec<Pid>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cpu_ns(id: Pid) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/self/task/{id}/schedstat")).ok()?;
    text.split(' ').next()?.parse().ok()
}
