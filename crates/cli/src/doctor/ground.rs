//! What several checks look at.

use cachemark_results::host::HostReading;
use cachemark_results::{Host, HostUse};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long the machine is watched while this program does nothing.
const WATCH: Duration = Duration::from_millis(500);

/// The machine, as far as it was looked at once for all.
pub(crate) struct Ground {
    /// Where records would be made.
    pub(super) out: PathBuf,
    /// What records say of the machine.
    pub(super) host: Host,
    /// What others did while this program slept.
    pub(super) at_rest: HostUse,
}

impl Ground {
    /// Looks at the machine; takes half a second.
    pub(crate) fn survey(out: &Path) -> Self {
        // No server is ours here: one that was left up by `stack up` is a neighbour like any other.
        let before = HostReading::now(Some(BTreeMap::new()));
        std::thread::sleep(WATCH);
        let at_rest = HostReading::now(Some(BTreeMap::new())).since(&before);
        Self { out: out.to_owned(), host: Host::capture(), at_rest }
    }
}

#[cfg(test)]
impl Ground {
    /// A machine of which nothing is known.
    pub(super) fn unknown() -> Self {
        let host = Host {
            system: String::new(),
            kernel: None,
            cpu_model: None,
            cpus: None,
            memory_bytes: None,
            governor: None,
            virtual_machine: None,
            load_average: None,
        };
        Self { out: PathBuf::new(), host, at_rest: HostUse::default() }
    }
}
