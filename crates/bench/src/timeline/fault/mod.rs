//! What can be done on purpose amid a window, and when: the faults of a definition.
//!
//! One file holds a kind, and [`KINDS`] lists them all: what it is called, what it means, which settings it takes, and which of core's
//! [`Fault`]s it comes to. Who does it is elsewhere (`timeline::acting`).

mod black_hole;
mod connection_limit;
mod disk_full;
mod drop;
mod evict;
mod flash_crowd;
mod flush;
mod freeze;
mod hot_key_expiry;
mod kill;
mod list;
mod mass_expiry;
mod planned;
mod restart;
mod slow;
mod throttle;

pub use list::KINDS;
pub use planned::PlannedFault;

use cachemark_core::{Fault, FaultTarget, Setting, Settings};
use std::fmt;

/// What a fault is done to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A server of the cell.
    Server(FaultTarget),
    /// The arrivals of an open loop.
    Load,
}

impl Target {
    /// The cell's cache.
    pub const CACHE: Self = Self::Server(FaultTarget::Cache);
    /// The cell's store.
    pub const STORE: Self = Self::Server(FaultTarget::Store);
    /// All of them.
    pub const ALL: [Self; 3] = [Self::CACHE, Self::STORE, Self::Load];

    /// The name in definitions and records.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Server(target) => target.name(),
            Self::Load => "load",
        }
    }
}

/// What a fault comes to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Act {
    /// This is done to a server.
    Server(Fault),
    /// So many times as many arrivals come.
    Arrivals(f64),
}

/// A kind of fault. Two are the same if they have the same name.
pub struct FaultKind {
    /// Its name in definitions and records.
    pub name: &'static str,
    /// What is done, and what becomes of it in the end, as a sentence without its full stop.
    pub meaning: &'static str,
    /// What it can be done to.
    pub targets: &'static [Target],
    /// Whether it lasts, and is undone in the end; else it is over once it is done.
    pub lasts: bool,
    /// What it takes besides.
    pub settings: &'static [Setting],
    /// What it comes to, by complete settings.
    pub act: fn(&Settings) -> Act,
    /// What was done, for people: "slow by 50 ms".
    pub in_words: fn(&Settings) -> String,
    /// Why it cannot be done to that target as it is set, and what to do about it; none if it can.
    pub unfit: fn(&Settings, Target) -> Option<&'static str>,
}

impl FaultKind {
    /// The kind of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        KINDS.iter().copied().find(|kind| kind.name == name)
    }
}

impl PartialEq for FaultKind {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for FaultKind {}

impl fmt::Debug for FaultKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Of a kind that fits each of its targets however it is set.
fn always_fits(_: &Settings, _: Target) -> Option<&'static str> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_kind_says_what_it_is_and_whether_it_lasts() {
        let names: BTreeSet<_> = KINDS.iter().map(|kind| kind.name).collect();
        assert_eq!(names.len(), KINDS.len());
        for kind in KINDS {
            assert_eq!(FaultKind::named(kind.name), Some(*kind));
            assert!(kind.meaning.len() > 20 && !kind.meaning.ends_with('.'), "{kind:?}");
            let settings = Settings::defaults(kind.settings);
            assert!(!(kind.in_words)(&settings).is_empty() && !kind.targets.is_empty(), "{kind:?}");
            match (kind.act)(&settings) {
                Act::Server(fault) => {
                    assert_eq!(kind.lasts, !fault.is_of_a_moment(), "{kind:?}");
                    assert!(!kind.targets.contains(&Target::Load), "{kind:?}");
                }
                Act::Arrivals(factor) => assert!(factor > 1.0 && kind.targets == [Target::Load], "{kind:?}"),
            }
            // What a definition gives must not be taken for the fault's own fields.
            let fields = ["at-s", "for-s", "target", "kind"];
            assert!(kind.settings.iter().all(|setting| !fields.contains(&setting.name)), "{kind:?}");
        }
    }
}
