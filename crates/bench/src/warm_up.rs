//! How a comparison is warmed: settled before the run, by theory and by what is known of its caches.
//!
//! A warm-up must leave the cache as it is in the long run, and be the same for all that is compared. It is counted in
//! operations, for a cache does not know the time (without a TTL):
//! - **Room for every key.** Whether an entry is there depends on the key's last operations alone. Each key is read once, then
//!   gets one operation of the mix ([`cachemark_workload::KeyPass`]): that is the stationary state, whatever a write does to
//!   the entry. By themselves rare keys would need many times as many operations to come up.
//! - **Room for some of them**, by least recent use: after one characteristic time T every entry that is older has left, and
//!   the cache is as it will be (Che's approximation, [`predict::warm`]). [`CHARACTERISTIC_TIMES`] of them are run, for T is
//!   a mean over a cache that is full. Other evictions are taken for the same, having no theory.
//! - **Instances with a cache of their own** are each warmed by as much: every one of them sees its share of the operations.
//! - **Entries that expire.** Put in at once they would expire at once. So each key's turn comes at a random moment of one
//!   lifetime, and the load itself then runs for another: what is asked for often is of every age then, what is seldom asked
//!   for is there as often as in the long run. Where the warm-up's cap is too short for that, hardly an entry expires in the
//!   window, and that is told.
//! - Where writes remove so many entries that the room is hardly filled, T is far longer than it takes to ask for each key:
//!   both are done, and the second is bounded by [`MOST_A_KEY`].
//!
//! The cache is never filled from what is predicted: it comes to its state by operations, and may disagree.

use crate::definition::{Arm, Chosen, Definition};
use cachemark_core::{Capabilities, HitModel, Model, Room as RoomModel};
use cachemark_workload::Share;
use cachemark_workload::predict::{self, Popularity};
use std::time::Duration;

/// How many characteristic times an LRU is run.
const CHARACTERISTIC_TIMES: f64 = 1.5;
/// The most operations of the mix that a warm-up makes for each key.
const MOST_A_KEY: u64 = 10;
/// The fewest operations: a connection, an allocator, a query plan want some too, and so does the test of steadiness.
const FEWEST: u64 = 2_000;
/// What an entry takes at a server besides its value, in bytes: key, header, hash slot, allocator. Redis and Memcached take
/// some 100 for short keys; twice that, for the room must suffice in any case.
const ENTRY_OVERHEAD: u64 = 200;

/// What is done before the window, beside a load that begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WarmUp {
    /// Whether every key is read once, and then gets one operation of the mix, in each of `caches`. Entries that expire are
    /// not read before.
    pub every_key: bool,
    /// Operations of the workload after that, of all clients together.
    pub operations: u64,
    /// How long an entry lives at most; zero for one that does not expire.
    pub lifetime: Duration,
    /// How many caches there are to warm: as many as instances where each has its own, otherwise 1.
    pub caches: u32,
}

/// How many entries a cache has room for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// Every key.
    All,
    /// So many, by least recent use.
    Lru(u64),
    /// About so many, by another law.
    About(u64),
}

impl Room {
    /// The room of `cache`. A server's is in bytes, as the definition has it: of a server of others it is not known.
    pub(crate) fn of(cache: &Chosen, arm: &Arm, definition: &Definition) -> Self {
        let room = match cache.model().room {
            RoomModel::Unbounded => Self::All,
            RoomModel::Lru(entries) => Self::Lru(entries),
            RoomModel::Entries(entries) => Self::About(entries),
            RoomModel::ServerMemory { mib_setting } => {
                let bytes = arm.servers.integer(mib_setting) << 20;
                // Memory is split into classes and pages; half of it must do.
                Self::About(bytes / (u64::from(definition.value_bytes) + ENTRY_OVERHEAD) / 2)
            }
        };
        match room {
            Self::Lru(entries) | Self::About(entries) if entries >= definition.keys => Self::All,
            room => room,
        }
    }
}

/// How long an entry lives at most, in the steps that the cache counts in; zero where it does not expire.
fn lifetime(strategy: &Model, cache: &Chosen, capabilities: &impl Fn(&Chosen) -> Capabilities) -> Duration {
    let step = capabilities(cache).ttl_step.unwrap_or_default();
    strategy.lifetime().map_or(Duration::ZERO, |lifetime| lifetime.length + step)
}

impl WarmUp {
    /// None at all: where the definition gives a time, or measures a cold start.
    pub const NONE: Self = Self { every_key: false, operations: 0, lifetime: Duration::ZERO, caches: 1 };

    /// The warm-up of everything that is compared at `read_ratio` with so many instances: enough for each strategy over each
    /// cache.
    pub(crate) fn of(
        definition: &Definition,
        popularity: &Popularity,
        read_ratio: f64,
        instances: u32,
        capabilities: &impl Fn(&Chosen) -> Capabilities,
    ) -> Self {
        let driving = &definition.driving;
        if driving.warm_up.is_some() {
            return Self::NONE;
        }
        let mut warm_up = Self { every_key: driving.warm_up_scan, operations: FEWEST, ..Self::NONE };
        for arm in &definition.arms {
            let model = arm.strategy.model();
            for cache in definition.caches.iter().filter(|_| model.hits != HitModel::Never) {
                let cache = &arm.over(cache);
                let room = match Room::of(cache, arm, definition) {
                    Room::All => None,
                    Room::Lru(entries) | Room::About(entries) => Some(entries),
                };
                let time = predict::warm(popularity, read_ratio, model.hits, room, None).characteristic_time;
                let caches = if capabilities(cache).shared { 1 } else { instances };
                let lifetime = lifetime(&model, cache, capabilities);
                let by_time = Self::by_time(time, definition.keys);
                let every_key = by_time.every_key || !lifetime.is_zero();
                warm_up = warm_up.and(Self { every_key, lifetime, caches, ..by_time });
            }
        }
        warm_up.operations = warm_up.operations.saturating_mul(u64::from(warm_up.caches));
        warm_up
    }

    /// The lifetime over which the keys' turns are spread, and for which the load runs then, if `cap` has room for both.
    #[must_use]
    pub fn spread_over(&self, cap: Duration) -> Option<Duration> {
        (!self.lifetime.is_zero() && 2 * self.lifetime <= cap).then_some(self.lifetime)
    }

    /// The keys that fall to `session` of so many clients where each key has its turn: those of its cache, spread over the
    /// sessions that ask it. Session s asks instance s modulo their number.
    pub(crate) fn share(&self, session: u32, clients: u32) -> Share {
        let own = session % self.caches;
        Share { index: session / self.caches, of: (clients.saturating_sub(own)).div_ceil(self.caches).max(1) }
    }

    /// Of a characteristic time in operations.
    fn by_time(time: f64, keys: u64) -> Self {
        let most = keys.saturating_mul(MOST_A_KEY);
        let operations = (CHARACTERISTIC_TIMES * time).ceil();
        if time.is_infinite() {
            Self { every_key: true, ..Self::NONE }
        } else if operations > most as f64 {
            Self { every_key: true, operations: most, ..Self::NONE }
        } else {
            Self { operations: operations as u64, ..Self::NONE }
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            every_key: self.every_key || other.every_key,
            operations: self.operations.max(other.operations),
            lifetime: self.lifetime.max(other.lifetime),
            caches: self.caches.max(other.caches),
        }
    }

    /// All operations of it, over `keys` keys.
    #[must_use]
    pub fn total(&self, keys: u64) -> u64 {
        let of_keys = keys.saturating_mul(2).saturating_mul(u64::from(self.caches));
        self.operations.saturating_add(if self.every_key { of_keys } else { 0 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_that_never_ends_is_every_key_s_turn() {
        assert_eq!(WarmUp::by_time(f64::INFINITY, 100), WarmUp { every_key: true, ..WarmUp::NONE });
        assert_eq!(WarmUp::by_time(200.0, 100), WarmUp { operations: 300, ..WarmUp::NONE });
        assert_eq!(WarmUp::by_time(5_000.0, 100), WarmUp { every_key: true, operations: 1_000, ..WarmUp::NONE });
    }

    #[test]
    fn the_longest_serves_all() {
        let both = WarmUp::by_time(200.0, 100).and(WarmUp::by_time(f64::INFINITY, 100));
        assert_eq!((both, both.total(100)), (WarmUp { every_key: true, operations: 300, ..WarmUp::NONE }, 500));
        let of_two = WarmUp { caches: 2, ..both };
        assert_eq!((both.and(of_two), of_two.total(100)), (of_two, 700));
    }

    #[test]
    fn the_sessions_of_each_cache_share_all_keys() {
        for (clients, caches) in [(8, 1), (8, 3), (3, 3), (5, 2)] {
            let warm_up = WarmUp { caches, ..WarmUp::NONE };
            for cache in 0..caches {
                let mut shares: Vec<(u32, u32)> = (cache..clients)
                    .step_by(caches as usize)
                    .map(|session| warm_up.share(session, clients))
                    .map(|share| (share.index, share.of))
                    .collect();
                shares.sort_unstable();
                let of = shares.len() as u32;
                assert_eq!(shares, (0..of).map(|index| (index, of)).collect::<Vec<_>>(), "{clients} over {caches}");
            }
        }
    }
}
