//! Caches and stores that do what a test tells them.
//!
//! With nothing scripted, [`ScriptedCache`] and [`ScriptedStore`] hold to the contracts of [`cachemark_core::Cache`]
//! and [`cachemark_core::Store`] over a map in memory. A script then changes chosen calls: holds one at a [`Gate`]
//! (before or after it takes effect), fails it, or makes it slow. Times are tokio's, so a test with paused time
//! decides them to the nanosecond. A call that is held or slow still ends by its context's deadline. [`GatedCache`] and
//! [`GatedStore`] put the same script before any other cache or store.
//!
//! ```
//! use cachemark_core::{Key, OpContext, Store, StoreError, Value, Version};
//! use cachemark_testkit::scripted::{Op, ScriptedStore};
//!
//! # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
//! let (store, key, ctx) = (ScriptedStore::new(), Key::new("k1").unwrap(), OpContext::new(0));
//! store.preload(&key, Value::new("old"));
//! store.fail_next(Op::Write, StoreError::Rejected("read-only".into()));
//! assert!(store.write(&ctx, &key, Value::new("new")).await.is_err());
//! assert_eq!(store.write(&ctx, &key, Value::new("new")).await, Ok(Version(2)));
//! assert_eq!(store.log().lines(), ["S.write k1", "S.write k1"]);
//! # });
//! ```

mod cache;
mod call;
mod gate;
mod gated;
mod leases;
mod manual_clock;
mod probe;
mod replica;
mod script;
mod store;
mod when;

pub use cache::ScriptedCache;
pub use call::{Call, CallLog, Op, Part};
pub use gate::Gate;
pub use gated::{GatedCache, GatedStore};
pub use manual_clock::ManualClock;
pub(crate) use replica::Replica;
pub(crate) use script::Script;
pub use store::ScriptedStore;
pub use when::When;

use cachemark_core::{Descriptor, PartKind};

/// What [`ScriptedCache`] says of itself.
pub const CACHE: Descriptor = Descriptor::of(PartKind::Cache, "scripted", "Does what a test tells it.");
/// What [`ScriptedStore`] says of itself.
pub const STORE: Descriptor = Descriptor::of(PartKind::Store, "scripted", "Does what a test tells it.");
