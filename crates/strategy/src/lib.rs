//! Caching strategies, one a file, and the policies they are made of.
//!
//! | strategy | read miss | write | who loads |
//! |---|---|---|---|
//! | [`NoCache`] | store | store | the caller |
//! | [`CacheAside`] | store, then set | store, then delete (or set) | the caller, within its own deadline |
//! | [`ReadThrough`] | one load a key, shared | store, then delete, under the key's lock | the tier, past its caller |
//! | [`WriteThrough`] | as read-through | store, then versioned set, under the key's lock | the tier |
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
pub mod cache_aside;
mod declared;
mod list;
mod model;
pub mod no_cache;
pub mod null;
mod parts;
pub mod policy;
mod read_path;
pub mod read_through;
mod rules;
pub mod settings;
mod tier;
mod write_path;
pub mod write_through;

pub use cache_aside::CacheAside;
pub use list::{AnyStrategy, build, strategies};
pub use no_cache::NoCache;
pub use null::Null;
pub use parts::Parts;
pub use read_through::ReadThrough;
pub use write_through::WriteThrough;
