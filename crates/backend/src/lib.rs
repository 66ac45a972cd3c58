//! Caches and stores, one a file, each with its probe.
//!
//! | part | kind | behind it |
//! |---|---|---|
//! | [`in_process`] | cache | maps in this process: strict LRU over hashlink, or moka |
//! | `redis` | cache | a server, through redis-rs |
//! | `memcached` | cache | a server, through memcache's meta protocol |
//! | [`sqlite`] | store | SQLite in this process, through sqlx |
//! | `postgres` | store | a server, through sqlx, through tokio-postgres, or straight over its protocol |
//!
//! Backends that talk to a server hold their connections in *lanes*: a fixed number for each driver thread, connected
//! on first use, handed out first come first served. [`LaneStats`] says what queueing for them cost.
//!
//! Servers are behind the feature `servers`; without it, [`LEFT_OUT`] names them.

pub mod in_process;
#[cfg(feature = "servers")]
pub mod memcached;
#[cfg(feature = "servers")]
pub mod postgres;
#[cfg(feature = "servers")]
pub mod redis;
pub mod sqlite;

mod any;
mod budget;
#[cfg(feature = "servers")]
mod claim;
#[cfg(feature = "servers")]
mod decimal;
#[cfg(feature = "servers")]
mod encoded;
#[cfg(feature = "servers")]
mod endpoint;
#[cfg(feature = "servers")]
mod exchange;
mod lane;
#[cfg(feature = "servers")]
mod leases_made;
mod list;
#[cfg(feature = "servers")]
mod room;
#[cfg(feature = "servers")]
mod server_memory;
#[cfg(feature = "servers")]
mod timeouts;

pub use any::{AnyCache, AnyStore};
#[cfg(feature = "servers")]
pub use claim::{Claim, ClaimError};
#[cfg(feature = "servers")]
pub use endpoint::{Endpoint, EndpointError};
pub use lane::{LaneStats, background_lanes};
pub use list::{Backend, LEFT_OUT, backend, cache_capabilities, caches, stores};
#[cfg(feature = "servers")]
pub use room::Room;
#[cfg(feature = "servers")]
pub use timeouts::Timeouts;
