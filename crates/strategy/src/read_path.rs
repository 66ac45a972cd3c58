//! Asking the cache. Cache-aside, its relatives and the tier share this.

use crate::rules::OnReadError;
use cachemark_core::{Cache, CacheError, Entry, EntryBody, Key, OpContext, OpError, ReadOutcome, Source, Version};

/// What came of asking the cache.
#[derive(Debug)]
pub(crate) enum Asked {
    /// It had an entry, live or negative.
    Hit(ReadOutcome),
    /// The row must be loaded.
    Load(Why),
}

/// The same, with the entry itself, for strategies that judge its age.
#[derive(Debug)]
pub(crate) enum Looked {
    /// It had this entry.
    Found(Entry),
    /// The row must be loaded.
    Load(Why),
}

/// Why a row must be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Why {
    /// The cache has no entry.
    Missed,
    /// The cache failed and is passed over.
    PassedOver,
}

impl Why {
    /// Whether the loaded row goes into the cache. A cache that has just failed is not asked again: the refill would
    /// wait for the same fault.
    pub(crate) fn refills(self) -> bool {
        self == Self::Missed
    }

    /// The source of an answer that the reader's own load fetched.
    pub(crate) fn led(self) -> Source {
        match self {
            Self::Missed => Source::MissLed,
            Self::PassedOver => Source::CacheFailed,
        }
    }

    /// The source of an answer that the store does not have yet.
    pub(crate) fn queued(self) -> Source {
        match self {
            Self::Missed => Source::MissQueued,
            Self::PassedOver => Source::CacheFailed,
        }
    }

    /// The source of an answer that another's load fetched.
    pub(crate) fn joined(self) -> Source {
        match self {
            Self::Missed => Source::MissJoined,
            Self::PassedOver => Source::CacheFailed,
        }
    }
}

/// Asks the cache for `key`.
///
/// # Errors
/// The cache's error, where reads do not go on without the cache.
pub(crate) async fn ask<C: Cache>(
    cache: &C,
    on_error: OnReadError,
    ctx: &OpContext,
    key: &Key,
) -> Result<Asked, OpError> {
    Ok(match look(cache, on_error, ctx, key).await? {
        Looked::Found(entry) => Asked::Hit(answer(entry, Source::Hit)),
        Looked::Load(why) => Asked::Load(why),
    })
}

/// The answer that an entry gives.
pub(crate) fn answer(entry: Entry, source: Source) -> ReadOutcome {
    let value = match entry.body {
        EntryBody::Live(value) => Some(value),
        EntryBody::Absent => None,
    };
    // A value that was put into the cache before the store had it has no version, and it would be wrong to make one up.
    let version = (value.is_none() || entry.version > Version::NONE).then_some(entry.version);
    ReadOutcome { value, version, source }
}

/// Asks the cache for the entry of `key`.
///
/// # Errors
/// As [`ask`].
pub(crate) async fn look<C: Cache>(
    cache: &C,
    on_error: OnReadError,
    ctx: &OpContext,
    key: &Key,
) -> Result<Looked, OpError> {
    looked(cache.get(ctx, key).await, on_error, ctx)
}

/// What a cache's answer to a get of any kind comes to.
///
/// # Errors
/// The cache's error, where reads do not go on without the cache.
pub(crate) fn looked(
    answer: Result<Option<Entry>, CacheError>,
    on_error: OnReadError,
    ctx: &OpContext,
) -> Result<Looked, OpError> {
    match answer {
        Ok(Some(entry)) => Ok(Looked::Found(entry)),
        Ok(None) => Ok(Looked::Load(Why::Missed)),
        Err(error) => match on_error {
            // With nothing left of the deadline the store would be asked in vain, and blamed for it.
            OnReadError::Open if ctx.is_over() => Err(error.into()),
            OnReadError::Open => Ok(Looked::Load(Why::PassedOver)),
            OnReadError::Closed => Err(error.into()),
        },
    }
}
