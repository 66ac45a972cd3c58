//! Goose's threads: which one this is, and how busy they are.

use std::cell::Cell;
use std::fs;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

thread_local! {
    static NUMBER: Cell<usize> = const { Cell::new(0) };
}

/// The worker threads, by the kernel's ids.
#[derive(Debug, Default)]
pub(crate) struct Threads(Mutex<Vec<i32>>);

impl Threads {
    /// Notes the calling thread, and gives it the next number.
    pub(crate) fn note(&self) {
        let id = rustix::thread::gettid().as_raw_nonzero().get();
        let mut ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        NUMBER.set(ids.len());
        ids.push(id);
    }

    /// The number of the calling thread, from 0.
    pub(crate) fn number() -> usize {
        NUMBER.get()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_thread_has_a_number_of_its_own() {
        let threads = Threads::default();
        let number = || {
            threads.note();
            (Threads::number(), Threads::number())
        };
        let numbers: Vec<_> = (0..3).map(|_| std::thread::scope(|scope| scope.spawn(number).join().unwrap())).collect();
        assert_eq!(numbers, [(0, 0), (1, 1), (2, 2)]);
    }
}
