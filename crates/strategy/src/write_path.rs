//! Changing a row: the store first, then the cache. Cache-aside and the tier share this; the tier adds its lock.
//!
//! The store comes first because the other order lets a reader put the old row back between the two steps, and leaves
//! a value in the cache that never became durable if the store fails.
//!
//! - The store refused: the cache is left alone.
//! - The store's answer was lost: the row may have changed, so the entry is deleted, never replaced (nobody knows the
//!   version), within a time of its own, as the caller's deadline has passed as a rule. A commit that lands after
//!   that can still leave an older entry behind; nothing was acknowledged, so no read of it is stale, but an audit
//!   finds the difference.
//! - The cache failed after the commit: an older entry may live until its TTL. `on-cache-write-error` says whether
//!   the client hears of it. An entry that the cache refused for what it is (too large, say) is deleted instead.

use crate::rules::{OnWrite, OnWriteError, Rules};
use cachemark_core::{
    Cache, CacheEffect, CacheError, Entry, Key, OpContext, OpError, SetOutcome, Store, Value, Version, WriteOutcome,
};
use std::time::Duration;

/// How long the clean-up after a write of unknown outcome may take. As long as a cache that works could ever need, and
/// short enough that a cache that does not work delays the caller by no more than its own timeout would.
pub(crate) const CLEANUP_BUDGET: Duration = Duration::from_secs(1);

/// What is done to a row.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    Write(Value),
    Delete,
}

/// Changes the row, then the cache's entry as the rules say.
pub(crate) async fn change<C: Cache, S: Store>(
    cache: &C,
    store: &S,
    rules: &Rules,
    ctx: &OpContext,
    key: &Key,
    change: Change,
) -> Result<WriteOutcome, OpError> {
    let (committed, written) = match change {
        Change::Write(value) => (store.write(ctx, key, value.clone()).await, Some(value)),
        Change::Delete => (store.delete(ctx, key).await, None),
    };
    let version = match committed {
        Ok(version) => version,
        Err(error) => {
            let error = OpError::from(error);
            if error.is_unknown() && rules.on_write != OnWrite::Leave {
                // The caller learns of the store's fault; a second one in the clean-up would tell it nothing more.
                let _ = cache.delete(&ctx.detached(CLEANUP_BUDGET), key).await;
            }
            return Err(error);
        }
    };
    let effect = match written {
        Some(value) => after_write(cache, rules, ctx, key, version, value).await,
        None => after_delete(cache, rules, ctx, key, version).await,
    };
    match effect {
        Ok(cache) => Ok(WriteOutcome::committed(version, cache)),
        Err(error) => match rules.on_write_error {
            OnWriteError::Acknowledge => Ok(WriteOutcome::committed(version, CacheEffect::Failed(error.kind()))),
            OnWriteError::Report => Err(OpError::AfterCommit(error)),
        },
    }
}

async fn after_write<C: Cache>(
    cache: &C,
    rules: &Rules,
    ctx: &OpContext,
    key: &Key,
    version: Version,
    value: Value,
) -> Result<CacheEffect, CacheError> {
    let versioned = match rules.on_write {
        OnWrite::Leave => return Ok(CacheEffect::Untouched),
        OnWrite::Invalidate => return cache.delete(ctx, key).await.map(|()| CacheEffect::Invalidated),
        OnWrite::Replace => false,
        OnWrite::ReplaceOlder => true,
    };
    let fill = rules.expiry.of_value(ctx, key, version, value);
    let updated = if versioned {
        cache.set_if_newer(ctx, key, fill.entry, fill.ttl).await
    } else {
        cache.set(ctx, key, fill.entry, fill.ttl).await.map(|()| SetOutcome::Stored)
    };
    replaced(cache, ctx, key, updated).await
}

/// What became of the entry that a set was to replace.
async fn replaced<C: Cache>(
    cache: &C,
    ctx: &OpContext,
    key: &Key,
    set: Result<SetOutcome, CacheError>,
) -> Result<CacheEffect, CacheError> {
    match set {
        // The cache works and will not take this entry: the old one must not stay in its place.
        Err(error) if is_refusal(&error) => cache.delete(ctx, key).await.map(|()| CacheEffect::Invalidated),
        Ok(SetOutcome::Stored) => Ok(CacheEffect::Updated),
        Ok(SetOutcome::Superseded) => Ok(CacheEffect::Superseded),
        Err(error) => Err(error),
    }
}

async fn after_delete<C: Cache>(
    cache: &C,
    rules: &Rules,
    ctx: &OpContext,
    key: &Key,
    version: Version,
) -> Result<CacheEffect, CacheError> {
    match (rules.on_write, rules.tombstone_ttl) {
        (OnWrite::Leave, _) => Ok(CacheEffect::Untouched),
        (_, None) => cache.delete(ctx, key).await.map(|()| CacheEffect::Invalidated),
        (_, ttl) => {
            let set = cache.set_if_newer(ctx, key, Entry::absent(version), ttl).await;
            replaced(cache, ctx, key, set).await
        }
    }
}

/// Whether the cache works and has refused an entry for what it is.
pub(crate) fn is_refusal(error: &CacheError) -> bool {
    matches!(error, CacheError::TooLarge { .. } | CacheError::Rejected(_) | CacheError::Unsupported(_))
}
