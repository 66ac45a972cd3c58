//! The list of anomalies: a value here is all that a strategy needs to declare one, and its row in `docs/anomalies.md`.

use super::Anomaly;

/// Values, each with its meaning for its documentation, and the list of all of them.
macro_rules! anomalies {
    ($($constant:ident = $name:literal ($number:literal, from $processes:literal), $title:literal, $meaning:literal, $source:literal;)*) => {
        $(
            #[doc = $meaning]
            pub const $constant: Anomaly = Anomaly {
                name: $name,
                title: $title,
                meaning: $meaning,
                number: $number,
                source: $source,
                processes: $processes,
            };
        )*

        /// Every anomaly that the suite provokes, in the order of the catalogue.
        pub const ANOMALIES: &[Anomaly] = &[$($constant),*];
    };
}

anomalies! {
    STALE_SET = "stale-set" (1, from 1), "Stale set after an invalidation",
        "A reader misses and reads the old row; a writer commits, removes the entry and is acknowledged; the reader then puts \
         the old row into the cache. It stays until its TTL or the next write.",
        "Nishtala et al., Scaling Memcache at Facebook, NSDI 2013 (leases)";
    EARLY_INVALIDATION = "early-invalidation" (2, from 1), "Invalidation before the commit",
        "A writer removes the entry and only then commits; a reader in between loads the old row and fills the cache with it, \
         and nothing removes it again.",
        "Azure Architecture Center, Cache-Aside pattern";
    WRITE_INVERSION = "write-inversion" (3, from 1), "Double-write inversion",
        "Two writers commit in one order and put their values into the cache in the other, so the cache keeps the older one.",
        "Nishtala et al., Scaling Memcache at Facebook, NSDI 2013 (stale sets)";
    FORGOTTEN_VERSION = "forgotten-version" (3, from 1), "Double-write inversion after an eviction",
        "The same where the cache compares versions: the newer entry is evicted before the older value arrives, and the cache, \
         which remembers versions only of what it holds, takes it.",
        "Meta Engineering, Cache made consistent, 2022";
    REFILL_OVER_UPDATE = "refill-over-update" (4, from 1), "Refill over an update",
        "A reader misses and reads the old row; a writer commits, puts the new value into the cache and is acknowledged; the \
         reader then puts the old row over it.",
        "Oracle Coherence, ReadWriteBackingMap (a put cancels refreshing reads)";
    DIRTY_READ = "dirty-read" (5, from 1), "Cache written before the store",
        "A writer puts the new value into the cache and the store then refuses it: readers are given a value that was never \
         durable.",
        "Amazon DynamoDB Accelerator, consistency (an item is cached after the table has it)";
    LOST_INVALIDATION = "lost-invalidation" (6, from 1), "Lost invalidation or update",
        "A writer commits, the cache times out when it is told, and the write is acknowledged all the same: the old entry is \
         served until its TTL or the next write.",
        "Nishtala et al., Scaling Memcache at Facebook, NSDI 2013 (invalidations from the commit log)";
    CANCELLED_WRITE = "cancelled-write" (7, from 1), "Write cancelled after the commit",
        "A client gives up on its write, whose future is dropped between the commit and the cache: the store has the new row, \
         the cache the old one, and no error is seen.",
        "Richardson, Microservices patterns, 2018 (dual writes)";
    CRASH_AFTER_COMMIT = "crash-after-commit" (7, from 2), "Crash after the commit",
        "A writer's process dies between the commit and the cache. The next process finds the old entry in a cache that outlived \
         the first.",
        "Richardson, Microservices patterns, 2018 (dual writes)";
    REPLICA_LAG = "replica-lag" (8, from 1), "Refill from a lagging replica",
        "The store's reads come from a replica: a write is acknowledged and leaves no entry; a reader misses, loads the old row from \
         the replica, which does not have the new one yet, and fills the cache with it. It stays there after the replica has \
         caught up, until its TTL or the next write.",
        "Nishtala et al., Scaling Memcache at Facebook, NSDI 2013 (remote markers)";
    REPLICA_RESURRECTION = "replica-resurrection" (8, from 1), "Deleted row refilled from a lagging replica",
        "The same of a row that was deleted: a reader loads it from a replica that still has it, and the cache keeps it.",
        "Nishtala et al., Scaling Memcache at Facebook, NSDI 2013 (remote markers)";
    LOST_WRITE = "lost-write" (9, from 2), "Lost acknowledged write",
        "A write is acknowledged before the store has it, and the process dies: the store never gets it, and who reads the store \
         finds the old value.",
        "Oracle Coherence, caching data sources (write-behind)";
    UNFLUSHED_READ = "unflushed-read" (9, from 2), "Old row read before the flush",
        "A write is acknowledged before the store has it, and its entry leaves the cache; another process loads the old row and fills \
         the cache with it. It stays there after the store has the write, until its TTL or the next write.",
        "Oracle Coherence, caching data sources (write-behind)";
    READ_YOUR_WRITES = "read-your-writes" (10, from 1), "A session doesn't read its own write",
        "A session reads a key, writes it, is acknowledged and reads it again, with nobody else about: it gets the old value.",
        "Terry et al., Session guarantees for weakly consistent replicated data, PDIS 1994";
    STALE_JOIN = "stale-join" (10, from 1), "Joined load from before the write",
        "A load has read the old row and is still under way; a writer commits and is acknowledged; a reader that comes after \
         that joins the load and gets the old value.",
        "Go, x/sync/singleflight (Forget)";
    NON_MONOTONIC_READ = "non-monotonic-read" (11, from 2), "Old value after the new one",
        "A session reads the new value from one process and then, from another process's cache, the old one, with nobody else \
         about. The races above can bring the same about within one process.",
        "Terry et al., Session guarantees for weakly consistent replicated data, PDIS 1994";
    STAMPEDE = "stampede" (12, from 1), "Stampede",
        "Readers who miss one key at the same time each load its row: the more readers, the more loads of one row.",
        "Vattani et al., Optimal probabilistic cache stampede prevention, PVLDB 8, 2015";
    PENETRATION = "penetration" (13, from 1), "Penetration by absent keys",
        "The cache does not remember that a key has no row, so every read of it goes to the store.",
        "Berg et al., The CacheLib caching engine, OSDI 2020 (half of a workload's requests are for absent keys)";
    AVALANCHE = "avalanche" (14, from 1), "Avalanche",
        "Entries that were filled at the same time end at the same time, as all were given the same lifetime: the store has to \
         load all of them at once.",
        "Amazon Web Services, Database Caching Strategies Using Redis (jitter on lifetimes)";
    NEAR_CACHE_RACE = "near-cache-race" (15, from 2), "Old reply kept by a near cache",
        "A process asks the cache that all share, to keep the reply in a near cache of its own; another one's write removes the \
         entry, and the message that says so arrives before the old reply. The near cache has nothing to remove, keeps the reply \
         then, and serves it until its TTL or the next message.",
        "Redis, client-side caching (a placeholder that the message removes)";
    RESURRECTED_DELETE = "resurrected-delete" (16, from 1), "Resurrected delete",
        "A reader misses and reads the row; the row is deleted, its entry removed, and the delete acknowledged; the reader then \
         puts the deleted row into the cache.",
        "Nishtala et al., Scaling Memcache at Facebook, NSDI 2013 (stale sets)";
    STALE_NEGATIVE = "stale-negative" (16, from 1), "Stale negative entry",
        "The cache remembers that a key has no row after the row was inserted: the insert left the entry alone, or a reader that \
         had looked before the insert put it there after.",
        "Oracle Coherence, ReadWriteBackingMap (a put clears the misses cache)";
}
