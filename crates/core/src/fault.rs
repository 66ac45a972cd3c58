//! What can be done to a server, or to the way to it, on purpose.

use std::time::Duration;

/// Whose server a fault is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultTarget {
    /// The cell's cache.
    Cache,
    /// The cell's store.
    Store,
}

impl FaultTarget {
    /// Both, by the name in definitions and records.
    pub const ALL: [(&'static str, Self); 2] = [("cache", Self::Cache), ("store", Self::Store)];

    /// The name in definitions and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Cache => "cache",
            Self::Store => "store",
        }
    }
}

/// What is done. Whoever does one undoes it in the end ([`StackControl::end`](crate::StackControl::end)), those of a moment
/// excepted: they are over once they are done.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Fault {
    /// The process is killed outright. In the end one is started in its place: same address, same password, empty.
    Kill,
    /// The process ends and is started again at once, with what it held or without. Of a moment.
    Restart {
        /// Whether it comes back without what it held.
        empty: bool,
    },
    /// The process stands still: it keeps its connections and answers nothing. In the end it goes on.
    Freeze,
    /// Every entry of ours is removed. Of a moment.
    Flush,
    /// Its room is cut to this share of what it is, 0 to 1, and given back in the end.
    Evict {
        /// What is left.
        share: f64,
    },
    /// Every entry of ours expires now. Of a moment.
    MassExpiry,
    /// The entries of the keys that are asked for most expire now. Of a moment.
    HotKeyExpiry {
        /// How many keys.
        keys: u64,
    },
    /// Each answer comes later.
    Slow {
        /// By this much,
        latency: Duration,
        /// and by a random time up to this on top.
        jitter: Duration,
    },
    /// Connections are reset, those that are there and those that come.
    Drop,
    /// Connections are accepted, what is sent is taken, and nothing ever comes back.
    BlackHole,
    /// All connections together carry no more than so many bytes a second, each way.
    Throttle {
        /// At least 1.
        bytes_per_s: u64,
    },
    /// No more than so many connections: those beyond are closed, those that come are refused.
    ConnectionLimit {
        /// 0: none at all.
        most: u32,
    },
    /// What it writes to disk fails for want of room.
    DiskFull,
}

/// What does a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FaultActor {
    /// Signals to the server's process, or its start.
    Process,
    /// A command that the server carries out.
    Command,
    /// The fault proxy between us and the server.
    Proxy,
}

impl FaultActor {
    /// The name in records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Process => "process",
            Self::Command => "command",
            Self::Proxy => "proxy",
        }
    }
}

impl Fault {
    /// What does it.
    #[must_use]
    pub fn actor(self) -> FaultActor {
        match self {
            Self::Kill | Self::Restart { .. } | Self::Freeze | Self::DiskFull => FaultActor::Process,
            Self::Flush | Self::Evict { .. } | Self::MassExpiry | Self::HotKeyExpiry { .. } => FaultActor::Command,
            Self::Slow { .. } | Self::Drop | Self::BlackHole | Self::Throttle { .. } | Self::ConnectionLimit { .. } => {
                FaultActor::Proxy
            }
        }
    }

    /// Whether it is over once it is done: there is nothing to undo.
    #[must_use]
    pub fn is_of_a_moment(self) -> bool {
        matches!(self, Self::Restart { .. } | Self::Flush | Self::MassExpiry | Self::HotKeyExpiry { .. })
    }
}

/// Why a fault could not be done, or undone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// Nobody here can do it to that server.
    #[error("{what} cannot be done to {server}: {why}")]
    Impossible {
        /// The fault, for people.
        what: String,
        /// The server, by the name of its cache or store.
        server: String,
        /// Why not, and what can be done about it.
        why: String,
    },
    /// It was tried and failed.
    #[error("{what} failed on {server}: {said}")]
    Failed {
        /// The fault, for people.
        what: String,
        /// The server, by the name of its cache or store.
        server: String,
        /// What was said.
        said: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_leaves_something_behind_is_undone() {
        assert!(Fault::Flush.is_of_a_moment() && Fault::Restart { empty: true }.is_of_a_moment());
        assert!(!Fault::Freeze.is_of_a_moment() && !Fault::Drop.is_of_a_moment());
        assert_eq!(Fault::Evict { share: 0.5 }.actor().name(), "command");
    }
}
