//! Control over the servers of a stack, as far as whoever runs them has it.

use std::collections::BTreeMap;
use std::time::Duration;

/// A stack's servers, from outside.
pub trait StackControl: Send + Sync {
    /// CPU time of each server so far, by name, its child processes included; none for servers that cannot be seen (on
    /// another machine, or in this process).
    fn cpu_times(&self) -> BTreeMap<String, Duration>;

    /// Whether the stack has servers that may run on this machine and cannot be seen: their CPU time is then in nobody's
    /// count, and a busy neighbour cannot be told from them.
    fn has_unseen_servers(&self) -> bool {
        false
    }
}

/// A stack whose servers somebody else runs: here or elsewhere, which isn't known.
#[derive(Debug, Clone, Copy, Default)]
pub struct UnseenServers;

impl StackControl for UnseenServers {
    fn cpu_times(&self) -> BTreeMap<String, Duration> {
        BTreeMap::new()
    }

    fn has_unseen_servers(&self) -> bool {
        true
    }
}

/// A stack without servers that can be seen.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoControl;

impl StackControl for NoControl {
    fn cpu_times(&self) -> BTreeMap<String, Duration> {
        BTreeMap::new()
    }
}
