//! Caches and stores, one a file, each with its probe.
//!
//! | part | kind | behind it |
//! |---|---|---|
//! | [`in_process`] | cache | maps in this process: strict LRU over hashlink, or moka |
//! | [`redis`] | cache | a server, through redis-rs |
//! | [`memcached`] | cache | a server, through memcache's meta protocol |
//! | [`sqlite`] | store | SQLite in this process, through sqlx |
//! | [`postgres`] | store | a server, through sqlx |
//!
//! Backends that talk to a server hold their connections in *lanes*: a fixed number for each driver thread, connected
//! on first use, handed out first come first served. [`LaneStats`] says what queueing for them cost.

pub mod in_process;
pub mod memcached;
pub mod postgres;
pub mod redis;
pub mod sqlite;

mod any;
mod budget;
mod claim;
mod encoded;
mod endpoint;
mod lane;
mod list;
mod room;
mod server_memory;
mod timeouts;

pub use any::{AnyCache, AnyStore};
pub use claim::{Claim, ClaimError};
pub use endpoint::{Endpoint, EndpointError};
pub use lane::LaneStats;
pub use list::{Backend, backend, cache_capabilities, caches, stores};
pub use room::Room;
pub use timeouts::Timeouts;
