//! How busy goose's threads are.

use std::fs;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The worker threads, by the kernel's ids.
#[derive(Debug, Default)]
pub(crate) struct Threads(Mutex<Vec<i32>>);

impl Threads {
    /// Notes the calling thread.
    pub(crate) fn note(&self) {
        let id = rustix::thread::gettid().as_raw_nonzero().get();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(id);
    }

    /// Their CPU time so far; none where the kernel does not tell.
    pub(crate) fn cpu(&self) -> Option<Duration> {
        let ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A thread that has ended (resolving a name takes a short-lived one) has nothing to tell.
        let times: Vec<u64> = ids.iter().filter_map(|id| cpu_ns(*id)).collect();
        (!times.is_empty()).then(|| Duration::from_nanos(times.iter().sum()))
    }
}

fn cpu_ns(id: i32) -> Option<u64> {
    let text = fs::read_to_string(format!("/proc/self/task/{id}/schedstat")).ok()?;
    text.split(' ').next()?.parse().ok()
}
