//! Caching strategies, one a file, and the policies they are made of.
//!
//! | strategy | read miss | write | who loads |
//! |---|---|---|---|
//! | [`NoCache`] | store | store | the caller |
//! | [`CacheAside`] | store, then set | store, then delete (or set) | the caller, within its own deadline |
//! | [`ReadThrough`] | one load a key, shared | store, then delete, under the key's lock | the tier, past its caller |
//! | [`WriteThrough`] | as read-through | store, then versioned set, under the key's lock | the tier |
//! | [`WriteAround`] | as cache-aside | store | the caller |
//! | [`TtlOnly`] | as cache-aside, always with a lifetime | store | the caller |
//! | [`SingleFlight`] | one load a key, shared | store, then delete | one caller, for all who wait |
//! | [`DoubleDelete`] | as cache-aside | delete, then store, then, later, delete | the caller |
//! | [`RefreshAhead`] | as cache-aside; in the background before the end | store, then delete | the caller, or a task |
//! | [`StaleWhileRevalidate`] | as cache-aside; in the background past freshness | store, then delete | the caller, or a task |
//! | [`XFetch`] | as cache-aside; by chance before the end | store, then delete | the caller |
//! | [`CacheFirst`] | as cache-aside | delete (or set), then store: a mistake | the caller |
//! | [`Memoised`] | store, then set, absence too | store | the caller |
//! | [`Lease`] | one load, by leave of the cache, and a set under the lease | store, then delete, which voids the lease | the caller |
//! | [`Versioned`] | store, then versioned set | store, then versioned set; a tombstone on a delete | the caller |
//! | [`SlidingTtl`] | as cache-aside; a hit renews the TTL | as cache-aside | the caller |
//! | [`WriteBehind`] | its queue, then as read-through | queue, then versioned set, under the key's lock; later the store | the tier |
//!
//! Each strategy is generic over its cache and store; [`AnyStrategy`] chooses at run time without boxing a future.
//! [`build`] makes one by name, [`strategies`] describes all of them. Nothing here is static: two strategies built
//! over the same cache and store share those and nothing else, as two instances of a service do.

mod any;
mod aside;
pub mod cache_aside;
pub mod cache_first;
mod declared;
mod delegate;
pub mod double_delete;
pub mod lease;
mod list;
pub mod memoised;
mod model;
pub mod no_cache;
pub mod null;
mod parts;
pub mod policy;
mod read_path;
pub mod read_through;
pub mod refresh_ahead;
mod relatives;
mod reloads;
mod rules;
pub mod settings;
pub mod single_flight;
pub mod sliding_ttl;
pub mod stale_while_revalidate;
mod tier;
pub mod ttl_only;
pub mod versioned;
pub mod write_around;
pub mod write_behind;
mod write_path;
pub mod write_through;
pub mod xfetch;

pub use cache_aside::CacheAside;
pub use cache_first::CacheFirst;
pub use double_delete::DoubleDelete;
pub use lease::Lease;
pub use list::{AnyStrategy, build, strategies};
pub use memoised::Memoised;
pub use no_cache::NoCache;
pub use null::Null;
pub use parts::Parts;
pub use read_through::ReadThrough;
pub use refresh_ahead::RefreshAhead;
pub use single_flight::SingleFlight;
pub use sliding_ttl::SlidingTtl;
pub use stale_while_revalidate::StaleWhileRevalidate;
pub use ttl_only::TtlOnly;
pub use versioned::Versioned;
pub use write_around::WriteAround;
pub use write_behind::WriteBehind;
pub use write_through::WriteThrough;
pub use xfetch::XFetch;
