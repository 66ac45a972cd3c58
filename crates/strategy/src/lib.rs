//! Caching strategies, one a file, and the policies they are made of.
//!
//! | strategy | read miss | write | who loads |
//! |---|---|---|---|
//! | [`NoCache`] | store | store | the caller |
//! | [`CacheAside`] | store, then set | store, then delete (or set) | the caller, within its own deadline |
//! | [`ReadThrough`] | one load a key, shared | store, then delete, under the key's lock | the tier, past its caller |
//! | [`WriteThrough`] | as read-through | store, then versioned set, under the key's lock | the tier |
//! | [`WriteBehind`] | its queue, then as read-through | queue, then versioned set, under the key's lock; later the store | the tier |
//!
//! Each strategy is generic over its cache and store; [`AnyStrategy`] chooses at run time without boxing a future.
//! [`build`] makes one by name, [`strategies`] describes all of them. Nothing here is static: two strategies built
//! over the same cache and store share those and nothing else, as two instances of a service do.

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
pub mod write_behind;
mod write_path;
pub mod write_through;

pub use cache_aside::CacheAside;
pub use list::{AnyStrategy, build, strategies};
pub use no_cache::NoCache;
pub use null::Null;
pub use parts::Parts;
pub use read_through::ReadThrough;
pub use write_behind::WriteBehind;
pub use write_through::WriteThrough;
