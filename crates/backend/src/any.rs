//! The choice of backend at run time, as enums: dispatch is a match, and no future is boxed on the hot path.

use crate::in_process::InProcess;
use crate::lane::LaneStats;
use crate::sqlite::Sqlite;
#[cfg(feature = "servers")]
use crate::{memcached::Memcached, postgres::Postgres, redis::Redis};
use cachemark_core::{
    Applied, Cache, CacheError, CacheProbe, Capabilities, Entry, Key, LeaseToken, Leased, OpContext, Row, SetOutcome,
    Store, StoreChange, StoreError, StoreProbe, Value, Version,
};
use std::time::Duration;

/// Declares an enum of backends and what every backend has.
macro_rules! any {
    ($(#[$doc:meta])* $any:ident, probe $probe:ident { $($(#[doc = $variant_doc:literal])* $(#[cfg($condition:meta)])? $variant:ident($backend:ty),)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        #[non_exhaustive]
        pub enum $any {
            $($(#[doc = $variant_doc])* $(#[cfg($condition)])? $variant($backend),)*
        }

        impl $any {
            /// The probe: what the backend tells of itself.
            #[must_use]
            pub fn probe(&self) -> &dyn $probe {
                match self {
                    $($(#[cfg($condition)])? Self::$variant(backend) => backend,)*
                }
            }
        }

        $(
            $(#[cfg($condition)])?
            impl From<$backend> for $any {
                fn from(backend: $backend) -> Self {
                    Self::$variant(backend)
                }
            }
        )*
    };
}

any!(
    /// One of the caches.
    AnyCache, probe CacheProbe {
        /// [`InProcess`].
        InProcess(InProcess),
        /// `Redis`.
        #[cfg(feature = "servers")]
        Redis(Redis),
        /// `Memcached`.
        #[cfg(feature = "servers")]
        Memcached(Memcached),
    }
);

any!(
    /// One of the stores.
    #[cfg_attr(
        feature = "servers",
        expect(clippy::large_enum_variant, reason = "one lives for a run, and a box is a hop for each call")
    )]
    AnyStore, probe StoreProbe {
        /// [`Sqlite`].
        Sqlite(Sqlite),
        /// `Postgres`.
        #[cfg(feature = "servers")]
        Postgres(Postgres),
    }
);

/// Calls the same method of whichever cache it is.
macro_rules! each_cache {
    ($any:expr, $cache:ident => $call:expr) => {
        match $any {
            Self::InProcess($cache) => $call,
            #[cfg(feature = "servers")]
            Self::Redis($cache) => $call,
            #[cfg(feature = "servers")]
            Self::Memcached($cache) => $call,
        }
    };
}

/// Waits for the same method of whichever cache it is.
///
/// A server's call is boxed: its future takes the better part of a kilobyte, which every layer above would reserve and move for every
/// operation, those of an in-process cache too, at several times the price of an allocation beside a round trip. What is
/// in the box is known when it is made: nothing is dispatched through it.
macro_rules! ask_cache {
    ($any:expr, $cache:ident => $call:expr) => {
        match $any {
            Self::InProcess($cache) => $call.await,
            #[cfg(feature = "servers")]
            Self::Redis($cache) => Box::pin($call).await,
            #[cfg(feature = "servers")]
            Self::Memcached($cache) => Box::pin($call).await,
        }
    };
}

/// Waits for the same method of whichever store it is; boxed for the same reason.
macro_rules! ask_store {
    ($any:expr, $store:ident => $call:expr) => {
        match $any {
            Self::Sqlite($store) => Box::pin($call).await,
            #[cfg(feature = "servers")]
            Self::Postgres($store) => Box::pin($call).await,
        }
    };
}

impl AnyCache {
    /// What queueing for connections cost; nothing where there are none.
    #[must_use]
    pub fn lanes(&self) -> LaneStats {
        match self {
            Self::InProcess(_) => LaneStats::default(),
            #[cfg(feature = "servers")]
            Self::Redis(redis) => redis.lanes(),
            #[cfg(feature = "servers")]
            Self::Memcached(memcached) => memcached.lanes(),
        }
    }
}

impl AnyStore {
    /// What queueing for connections cost, readers and writers together.
    #[must_use]
    pub fn lanes(&self) -> LaneStats {
        match self {
            Self::Sqlite(sqlite) => sqlite.reader_lanes() + sqlite.writer_lane(),
            #[cfg(feature = "servers")]
            Self::Postgres(postgres) => postgres.lanes(),
        }
    }

    /// What queueing cost for connections that there could be more of: SQLite's one writer is the store's own nature.
    #[must_use]
    pub fn spare_lanes(&self) -> LaneStats {
        match self {
            Self::Sqlite(sqlite) => sqlite.reader_lanes(),
            #[cfg(feature = "servers")]
            Self::Postgres(postgres) => postgres.lanes(),
        }
    }
}

impl Cache for AnyCache {
    fn capabilities(&self) -> Capabilities {
        each_cache!(self, cache => cache.capabilities())
    }

    async fn get(&self, ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        ask_cache!(self, cache => cache.get(ctx, key))
    }

    async fn set(&self, ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        ask_cache!(self, cache => cache.set(ctx, key, entry, ttl))
    }

    async fn set_if_newer(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
    ) -> Result<SetOutcome, CacheError> {
        ask_cache!(self, cache => cache.set_if_newer(ctx, key, entry, ttl))
    }

    async fn get_or_lease(&self, ctx: &OpContext, key: &Key, lease: Duration) -> Result<Leased, CacheError> {
        ask_cache!(self, cache => cache.get_or_lease(ctx, key, lease))
    }

    async fn set_leased(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
        token: LeaseToken,
    ) -> Result<SetOutcome, CacheError> {
        ask_cache!(self, cache => cache.set_leased(ctx, key, entry, ttl, token))
    }

    async fn get_and_touch(&self, ctx: &OpContext, key: &Key, ttl: Duration) -> Result<Option<Entry>, CacheError> {
        ask_cache!(self, cache => cache.get_and_touch(ctx, key, ttl))
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        ask_cache!(self, cache => cache.delete(ctx, key))
    }
}

impl Store for AnyStore {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
        ask_store!(self, store => store.read(ctx, key))
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<Version, StoreError> {
        ask_store!(self, store => store.write(ctx, key, value))
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<Version, StoreError> {
        ask_store!(self, store => store.delete(ctx, key))
    }

    async fn apply(&self, ctx: &OpContext, changes: &[StoreChange]) -> Result<Vec<Applied>, StoreError> {
        ask_store!(self, store => store.apply(ctx, changes))
    }
}

#[cfg(all(test, feature = "servers"))]
mod tests {
    use super::*;

    /// The size of the future of a get, in bytes.
    fn of_a_get<C: Cache>() -> usize {
        fn get<'a, C: Cache>(cache: &'a C, ctx: &'a OpContext, key: &'a Key) -> impl Future + 'a {
            cache.get(ctx, key)
        }
        fn size<'a, C: 'a, F: Future>(_: fn(&'a C, &'a OpContext, &'a Key) -> F) -> usize {
            size_of::<F>()
        }
        size(get::<C>)
    }

    /// Memory of up to a kibibyte has an allocator at hand for each thread (glibc's does), which costs a tenth of what more does.
    #[test]
    fn the_future_of_an_operation_is_small() {
        assert!(of_a_get::<Redis>() <= 1000, "{}", of_a_get::<Redis>());
        assert!(of_a_get::<Memcached>() <= 1000, "{}", of_a_get::<Memcached>());
        assert!(of_a_get::<AnyCache>() <= 100, "{}", of_a_get::<AnyCache>());
    }
}
