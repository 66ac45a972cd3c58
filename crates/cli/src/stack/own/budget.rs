//! How many servers, and how much memory for caches, a machine is asked for.

use super::variants::Variants;
use crate::exit::Failure;
use cachemark_core::Settings;

/// The most caches and stores that are started side by side: a machine for measuring has no room for more.
const MOST_SERVERS: usize = 24;
/// The share of the machine's memory that the caches may be given together: stores and this process want some, too.
const MEMORY_SHARE: f64 = 0.5;

/// What servers that run at one time may come to.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    pub(super) servers: usize,
    /// Of caches together; none where the machine does not tell how much it has.
    pub(super) cache_bytes: Option<u64>,
}

/// When the servers of arms run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Running {
    /// All of them for as long as the run lasts.
    Together,
    /// Those that arms set otherwise during trials that ask them alone; what all arms share, always.
    InTurn,
}

impl Budget {
    /// This machine's.
    pub(super) fn of_machine() -> Self {
        let memory = cachemark_results::Host::capture().memory_bytes;
        Self { servers: MOST_SERVERS, cache_bytes: memory.map(|all| (all as f64 * MEMORY_SHARE) as u64) }
    }

    /// Whether the servers may run together or only in turn.
    ///
    /// # Errors
    /// [`Failure::Usage`] if even those of one trial are too much.
    pub(super) fn running(self, variants: &Variants) -> Result<Running, Failure> {
        if self.holds(variants.values().flatten()) {
            return Ok(Running::Together);
        }
        let largest = variants.values().filter_map(|each| each.iter().max_by_key(|settings| bytes(settings)));
        if self.holds(largest.clone()) {
            return Ok(Running::InTurn);
        }
        let exceeded = self.exceeded_by(largest);
        Err(Failure::Usage(format!(
            "the servers of one trial {exceeded}: lower servers.cache-memory-mib, or name fewer caches"
        )))
    }

    fn holds<'a>(self, servers: impl Iterator<Item = &'a Settings> + Clone) -> bool {
        let wanted: u64 = servers.clone().map(bytes).sum();
        servers.count() <= self.servers && self.cache_bytes.is_none_or(|most| wanted <= most)
    }

    /// What the servers come to beside what may run at a time, in words.
    pub(super) fn exceeded_by<'a>(self, servers: impl Iterator<Item = &'a Settings> + Clone) -> String {
        let mib = servers.clone().map(bytes).sum::<u64>() >> 20;
        let memory = self.cache_bytes.map_or_else(String::new, |most| {
            format!(" with caches of {} MiB, half of this machine's memory", most >> 20)
        });
        let (count, most) = (servers.count(), self.servers);
        format!("come to {count} with caches of {mib} MiB, and at most {most}{memory}, run at a time")
    }
}

/// The memory of a cache's server; of another it is nothing.
fn bytes(settings: &Settings) -> u64 {
    settings.integer("cache-memory-mib") << 20
}
