//! The settings that strategies have in common, each defined once. A strategy's descriptor lists those it takes.

use cachemark_core::{Acts, Setting};

/// Thirty days in milliseconds: Memcached reads a longer relative time as a date.
pub(crate) const LONGEST_TTL_MS: u64 = 30 * 24 * 60 * 60 * 1000;

/// What a write does to the cache, invalidating by default.
pub const ON_WRITE: Setting = Setting::choice(
    "on-write",
    &["invalidate", "update", "none"],
    "What a committed write does to the cache's entry: deletes it, replaces it, or leaves it to its TTL.",
);

/// What a write does to the cache, updating by default.
pub const ON_WRITE_UPDATE: Setting = Setting::choice(
    "on-write",
    &["update", "invalidate"],
    "What a committed write does to the cache's entry: replaces it if it is older, or deletes it.",
);

/// How long an entry lives.
pub const TTL_MS: Setting = Setting::integer(
    "ttl-ms",
    0,
    LONGEST_TTL_MS,
    0,
    "How long an entry lives, in milliseconds; 0 leaves it until it is evicted or removed.",
);

/// How far times to live are spread.
pub const TTL_JITTER: Setting = Setting::ratio(
    "ttl-jitter",
    0.1,
    "How far a time to live is spread to both sides, as a share of it; entries filled together then expire apart.",
)
.acting(Acts::Above0(&[TTL_MS.name, NEGATIVE_TTL_MS.name]));

/// How long an absence is remembered.
pub const NEGATIVE_TTL_MS: Setting = Setting::integer(
    "negative-ttl-ms",
    0,
    LONGEST_TTL_MS,
    0,
    "How long the cache remembers that the store has no row for a key, in milliseconds; 0 does not cache absence.",
);

/// What a read does when the cache fails.
pub const ON_CACHE_READ_ERROR: Setting = Setting::choice(
    "on-cache-read-error",
    &["open", "closed"],
    "What a read does when the cache fails: asks the store and does not refill, or returns the error.",
);

/// What a committed write reports when the cache fails.
pub const ON_CACHE_WRITE_ERROR: Setting = Setting::choice(
    "on-cache-write-error",
    &["ack", "error"],
    "What a committed write reports when the cache step after it fails: success, or an error of unknown outcome.",
);

/// How long a tier's load may take.
pub const LOAD_TIMEOUT_MS: Setting = Setting::integer(
    "load-timeout-ms",
    1,
    600_000,
    5000,
    "How long a load of the tier may take, in milliseconds, whatever the deadlines of those who wait for it.",
);

/// Where a tier runs.
pub const PLACEMENT: Setting = Setting::choice(
    "placement",
    &["in-process", "task"],
    "Where the tier runs: called directly, or as a task reached through a channel, which costs one more hop.",
);
