//! The words of cachemark, and the traits that every part meets at.
//!
//! A [`Strategy`] joins a [`Cache`] and a [`Store`]. Operations carry an [`OpContext`] (who asks, until when),
//! values carry a [`Stamp`] (who wrote them), cached [`Entry`]s carry the [`Version`] that the store gave.
//! [`Limited`] gives each call to a cache a time of its own, [`Bounded`] a store a number of workers. [`Metered`] counts what a strategy asks of its cache and store, and times it where an operation carries [`Hops`]; [`CacheProbe`] and [`StoreProbe`] tell what the
//! servers themselves say. A [`Descriptor`] is what a definition is checked against; it
//! declares the [anomalies](anomaly) of its strategy.
//!
//! This crate knows no strategy, no backend and no workload, and depends on nothing else of cachemark's: a service that is made of
//! `cachemark-strategy` brings its own stores and caches by these traits. A store:
//!
//! ```
//! use cachemark_core::{Applied, Key, OpContext, Row, Store, StoreChange, StoreError, Value, Version};
//! use std::collections::HashMap;
//! use std::sync::{Mutex, PoisonError};
//!
//! #[derive(Default)]
//! struct Table(Mutex<HashMap<Key, Row>>);
//!
//! impl Table {
//!     /// Versions of a key never start again, and a deleted row stays, marked.
//!     fn change(&self, key: &Key, value: Option<Value>) -> Version {
//!         let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
//!         let row = rows.entry(key.clone()).or_insert(Row::NEVER);
//!         *row = Row { version: Version(row.version.0 + 1), value };
//!         row.version
//!     }
//! }
//!
//! impl Store for Table {
//!     async fn read(&self, _ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
//!         let rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
//!         Ok(rows.get(key).cloned().unwrap_or(Row::NEVER))
//!     }
//!
//!     async fn write(&self, _ctx: &OpContext, key: &Key, value: Value) -> Result<Version, StoreError> {
//!         Ok(self.change(key, Some(value)))
//!     }
//!
//!     async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<Version, StoreError> {
//!         // A key that was never written has no row to mark.
//!         match self.read(ctx, key).await?.version {
//!             Version::NONE => Ok(Version::NONE),
//!             _ => Ok(self.change(key, None)),
//!         }
//!     }
//!
//!     async fn apply(&self, _ctx: &OpContext, changes: &[StoreChange]) -> Result<Vec<Applied>, StoreError> {
//!         StoreChange::check_all(changes)?;
//!         let mut rows = self.0.lock().unwrap_or_else(PoisonError::into_inner);
//!         let apply = |change: &StoreChange| {
//!             let row = rows.entry(change.key.clone()).or_insert(Row::NEVER);
//!             if row.version >= change.version {
//!                 return Applied::Superseded;
//!             }
//!             *row = Row { version: change.version, value: change.value.clone() };
//!             Applied::Put
//!         };
//!         Ok(changes.iter().map(apply).collect())
//!     }
//! }
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let (table, ctx, key) = (Table::default(), OpContext::new(0), Key::new("quote.7").unwrap());
//! assert_eq!(table.delete(&ctx, &key).await, Ok(Version::NONE));
//! assert_eq!(table.write(&ctx, &key, Value::new("Brief.")).await, Ok(Version(1)));
//! assert_eq!(table.delete(&ctx, &key).await, Ok(Version(2)));
//! assert_eq!(table.read(&ctx, &key).await, Ok(Row { version: Version(2), value: None }));
//! # });
//! ```
//!
//! The conformance suites of `cachemark-testkit` hold such a store, or cache, to its contract.

pub mod anomaly;
mod bounded;
mod cache;
pub mod cache_status;
mod capabilities;
mod clock;
mod context;
mod control;
mod descriptor;
mod digits;
mod entry;
mod error;
mod fault;
mod hops;
mod key;
mod lanes;
mod lease;
mod left_out;
mod limited;
mod lost_writes;
mod metered;
mod model;
mod probe;
mod promise;
mod protocol;
mod setting;
mod stamp;
mod store;
mod strategy;
mod value;

pub use anomaly::{ANOMALIES, Anomaly, Condition, Declared, Deployment};
pub use bounded::Bounded;
pub use cache::{Cache, SetOutcome};
pub use capabilities::Capabilities;
pub use clock::{Clock, SystemClock};
pub use context::{OpContext, WriteId};
pub use control::{NoControl, StackControl, UnseenServers};
pub use descriptor::{Descriptor, PartKind};
pub use entry::{Entry, EntryBody, Freshness, Version};
pub use error::{CacheError, ErrorKind, OpError, ServiceEnd, ServiceError, StoreError};
pub use fault::{Fault, FaultActor, FaultError, FaultTarget};
pub use hops::{Hop, HopLease, HopSlot, HopTimer, HopTimes, Hops};
pub use key::{Key, KeyError, LONGEST_KEY};
pub use lanes::LaneWaits;
pub use lease::{LeaseToken, Leased};
pub use left_out::LeftOut;
pub use limited::Limited;
pub use lost_writes::LostWrites;
pub use metered::{
    CacheCounts, CacheMeter, Failed, Failures, LoadCounts, Metered, StoreCounts, StoreMeter, StoreWindow,
};
pub use model::{HitModel, Lifetime, Model, Remembered, Room};
pub use probe::{CacheProbe, Counters, Held, PreloadRows, Probe, ProbeFuture, Recency, Seeing, StoreProbe};
pub use promise::{Durable, Harm};
pub use protocol::{Calls, Protocol, Step};
pub use setting::{Acts, ServerSetting, Setting, SettingDefault, SettingKind, SettingValue, Settings};
pub use stamp::{STAMP_LEN, Stamp, StampError};
pub use store::{Applied, MOST_CHANGES, Row, Store, StoreChange};
pub use strategy::{CacheEffect, ReadOutcome, Source, Strategy, WriteOutcome};
pub use value::Value;
