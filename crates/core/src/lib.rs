//! The words of cachemark, and the traits that every part meets at.
//!
//! A [`Strategy`] joins a [`Cache`] and a [`Store`]. Operations carry an [`OpContext`] (who asks, until when),
//! values carry a [`Stamp`] (who wrote them), cached [`Entry`]s carry the [`Version`] that the store gave.
//! [`Limited`] gives each call to a cache a time of its own. [`Metered`] counts what a strategy asks of its cache and store, and times it where an operation carries [`Hops`]; [`CacheProbe`] and [`StoreProbe`] tell what the
//! servers themselves say. A [`Descriptor`] is what a definition is checked against; it
//! declares the [anomalies](anomaly) of its strategy.
//!
//! This crate knows no strategy, no backend and no workload.

pub mod anomaly;
mod cache;
mod capabilities;
mod clock;
mod context;
mod control;
mod descriptor;
mod digits;
mod entry;
mod error;
mod hops;
mod key;
mod lanes;
mod left_out;
mod limited;
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
pub use cache::{Cache, SetOutcome};
pub use capabilities::Capabilities;
pub use clock::{Clock, SystemClock};
pub use context::{OpContext, WriteId};
pub use control::{NoControl, StackControl, UnseenServers};
pub use descriptor::{Descriptor, PartKind};
pub use entry::{Entry, EntryBody, Freshness, Version};
pub use error::{CacheError, ErrorKind, OpError, ServiceEnd, ServiceError, StoreError};
pub use hops::{Hop, HopLease, HopSlot, HopTimer, HopTimes, Hops};
pub use key::{Key, KeyError, LONGEST_KEY};
pub use lanes::LaneWaits;
pub use left_out::LeftOut;
pub use limited::Limited;
pub use metered::{
    CacheCounts, CacheMeter, Failed, Failures, LoadCounts, Metered, StoreCounts, StoreMeter, StoreWindow,
};
pub use model::{HitModel, Lifetime, Model, Remembered, Room};
pub use probe::{CacheProbe, Counters, Held, PreloadRows, Probe, ProbeFuture, Recency, Seeing, StoreProbe};
pub use promise::Harm;
pub use protocol::{Calls, Protocol, Step};
pub use setting::{Acts, ServerSetting, Setting, SettingDefault, SettingKind, SettingValue, Settings};
pub use stamp::{STAMP_LEN, Stamp, StampError};
pub use store::{Row, Store};
pub use strategy::{CacheEffect, ReadOutcome, Source, Strategy, WriteOutcome};
pub use value::Value;
