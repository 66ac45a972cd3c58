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
//!
//! # In a service
//!
//! What cachemark measures is what this crate does: a service may be made of it. It depends on `cachemark-core` and on nothing else
//! of cachemark's; any [`Cache`](cachemark_core::Cache) and [`Store`](cachemark_core::Store) will do, those of
//! `cachemark-backend` or your own. Cache-aside over a cache in the process and SQLite:
//!
//! ```
//! use cachemark_backend::in_process::{InProcess, InProcessOptions, Policy};
//! use cachemark_backend::sqlite::{Sqlite, SqliteOptions};
//! use cachemark_core::{Key, OpContext, SettingValue, Settings, Source, Strategy, SystemClock, Value};
//! use cachemark_strategy::{CacheAside, Parts, cache_aside, settings::TTL_MS};
//! use std::sync::Arc;
//! use std::time::Duration;
//! use tokio::time::Instant;
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let folder = tempfile::tempdir()?;
//! # let folder = folder.path();
//! let cache = InProcess::new(InProcessOptions { policy: Policy::Lru, capacity: Some(10_000) });
//! let store = Sqlite::open(SqliteOptions::new(folder)).await?;
//! let mut settings = Settings::defaults(cache_aside::DESCRIPTOR.settings);
//! settings.put(&TTL_MS, SettingValue::Integer(60_000));
//! let parts = Parts { cache: Arc::new(cache), store: Arc::new(store), clock: Arc::new(SystemClock::new()) };
//! let quotes = CacheAside::new(&settings, parts);
//!
//! // Every call says until when its caller waits.
//! let ctx = || OpContext::new(0).until(Instant::now() + Duration::from_secs(1));
//! let key = Key::new("quote.7")?;
//! quotes.write(&ctx(), &key, Value::new("A hit is a promise.")).await?;
//! assert_eq!(quotes.read(&ctx(), &key).await?.source, Source::MissLed);
//! assert_eq!(quotes.read(&ctx(), &key).await?.source, Source::Hit);
//! quotes.write(&ctx(), &key, Value::new("The store has to keep it.")).await?;
//! let read = quotes.read(&ctx(), &key).await?;
//! assert_eq!((read.value, read.source), (Some(Value::new("The store has to keep it.")), Source::MissLed));
//! # Ok(())
//! # }
//! ```
//!
//! [`build`] takes the name of a strategy instead, where a service is to choose at its start. What each needs, promises and
//! costs is in `docs/strategies`. What a call costs beside its cache and store is measured by
//! `benches/benches/cachemark/strategies.rs`, and what measuring costs stands in `results/published/harness`.

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
pub mod resilience;
mod rules;
pub mod settings;
pub mod single_flight;
pub mod sliding_ttl;
pub mod stale_while_revalidate;
mod steps;
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
