//! The anomaly suite: which of the [known anomalies](cachemark_core::ANOMALIES) a strategy has.
//!
//! Each anomaly is a sequence of steps that gates put into the order that it needs: a load is held between the store's answer
//! and the cache's set, a write between its commit and what it does to the cache; one that is acknowledged before the store has it, as its
//! outcome says ([`durable`](cachemark_core::WriteOutcome::durable)), before what it does to the cache. Nothing is left to luck, and no time is
//! measured. A strategy *has* an anomaly if a client then gets an answer that was wrong when it asked (or, for stampedes,
//! penetration and avalanches, if the store is asked more often, or for more at once, than it has to be). Values alone decide
//! that, so a strategy without versions can be held to the suite as well.
//!
//! The same steps are gone through once without a race and without a fault first. Where they end the same way, a more ordinary
//! cause stands behind it, and the anomaly is absent ([`Absence::Masked`]): a strategy that never invalidates has no late
//! refill, it is stale without one ([`READ_YOUR_WRITES`](cachemark_core::anomaly::READ_YOUR_WRITES)).
//!
//! # Holding a strategy to it
//!
//! Any implementation of [`Strategy`](cachemark_core::Strategy) will do. Give the [`Suite`] a function that makes an instance
//! of it over the cache and the store that it is handed:
//!
//! ```
//! use cachemark_core::anomaly::{STALE_SET, WRITE_INVERSION};
//! use cachemark_core::{
//!     Cache, CacheEffect, Entry, Key, OpContext, OpError, ReadOutcome, Source, Store, Strategy, Value, WriteOutcome,
//! };
//! use cachemark_testkit::anomaly::Suite;
//! use std::sync::Arc;
//!
//! struct CacheAside<C, S>(Arc<C>, Arc<S>);
//!
//! impl<C: Cache, S: Store> Strategy for CacheAside<C, S> {
//!     async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
//!         if let Some(entry) = self.0.get(ctx, key).await? {
//!             let (value, version) = (entry.value().cloned(), Some(entry.version));
//!             return Ok(ReadOutcome { value, version, source: Source::Hit });
//!         }
//!         let row = self.1.read(ctx, key).await?;
//!         if let Some(value) = &row.value {
//!             self.0.set(ctx, key, Entry::live(row.version, value.clone()), None).await?;
//!         }
//!         Ok(ReadOutcome::of(row, Source::MissLed))
//!     }
//!
//!     async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<WriteOutcome, OpError> {
//!         let version = self.1.write(ctx, key, value).await?;
//!         self.0.delete(ctx, key).await?;
//!         Ok(WriteOutcome::committed(version, CacheEffect::Invalidated))
//!     }
//!
//!     async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<WriteOutcome, OpError> {
//!         let version = self.1.delete(ctx, key).await?;
//!         self.0.delete(ctx, key).await?;
//!         Ok(WriteOutcome::committed(version, CacheEffect::Invalidated))
//!     }
//!
//!     async fn drain(&self, _ctx: &OpContext) -> Result<(), OpError> {
//!         Ok(())
//!     }
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
//! let suite = Suite::new(|cache, store| CacheAside(cache, store));
//! let stale_set = suite.provoke(&STALE_SET, 1).await;
//! assert_eq!(stale_set.to_string(), "seen: got `old` (v1, hit) instead of `new`");
//! assert!(!suite.provoke(&WRITE_INVERSION, 1).await.is_seen());
//! # });
//! ```
//!
//! [`Suite::new`] takes a cache and a store in memory, [`Suite::over`] and [`Suite::with_caches`] take any others: a real Redis,
//! say. A cache that the strategy has within itself, past the one that it is handed, cannot be held or broken: what needs that
//! is then [not reached](Absence::NotReached). What needs a store whose reads come from a replica is not reached either, unless the suite
//! is told that there is one ([`Suite::reading_a_replica`]). Over caches and stores in memory, a test with paused time
//! (`#[tokio::test(start_paused = true)]`) does not wait for the suite's patience. The program `examples/anomalies` holds a
//! cache-aside over plain redis-rs and moka's `try_get_with` to the suite.

mod actor;
mod avalanche;
mod cancelled_write;
mod crash_after_commit;
mod dirty_read;
mod early_invalidation;
mod forgotten_version;
mod late_refill;
mod list;
mod lost_invalidation;
mod lost_write;
mod near_cache_race;
mod non_monotonic_read;
mod penetration;
mod provocation;
mod read_your_writes;
mod refill_over_update;
mod replica_lag;
mod replica_resurrection;
mod resurrected_delete;
mod running;
mod scene;
mod stale_join;
mod stale_negative;
mod stale_set;
mod stampede;
mod suite;
mod unflushed_read;
mod verdict;
mod write_inversion;

pub use suite::Suite;
pub use verdict::{Absence, Evidence, Verdict};
