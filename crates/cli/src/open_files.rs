//! File descriptors: each connection takes one, and most systems start a process with 1024.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// What a process holds open besides connections: the runtime's own, the lanes to cache and store, files.
const SPARE: u64 = 256;

/// Raises the soft limit as far as `connections` take, or as far as the system lets this process go; then it warns.
pub(crate) fn raise(connections: usize) {
    let wanted = connections as u64 + SPARE;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    // None is no limit.
    if current.is_none_or(|current| current >= wanted) {
        return;
    }
    let possible = maximum.map_or(wanted, |maximum| maximum.min(wanted));
    let raised = setrlimit(Resource::Nofile, Rlimit { current: Some(possible), maximum });
    if raised.is_err() || possible < wanted {
        let open = if raised.is_err() { current.unwrap_or(possible) } else { possible };
        tracing::warn!("{connections} connections need {wanted} file descriptors, and {open} are allowed (ulimit -n)");
    }
}
