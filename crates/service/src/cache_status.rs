//! The header `Cache-Status` (RFC 9211): where an answer came from.

use axum::http::{HeaderName, HeaderValue};
use cachemark_core::{CacheEffect, Source};

pub(crate) const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");

/// What is said of a read.
///
/// A miss does not say `stored`, and a stale answer gives no `ttl`: a strategy tells neither, and the header must not
/// claim what nobody knows. The strategy's own word is in `detail` where the standard has none.
pub(crate) fn of_read(source: Source) -> HeaderValue {
    HeaderValue::from_static(match source {
        Source::Hit => "cachemark; hit",
        Source::MissLed => "cachemark; fwd=uri-miss",
        Source::MissJoined => "cachemark; fwd=uri-miss; collapsed",
        Source::MissQueued => "cachemark; fwd=uri-miss; detail=miss-queued",
        Source::StaleServed => "cachemark; hit; detail=stale-served",
        Source::CacheFailed => "cachemark; fwd=bypass; detail=cache-failed",
        Source::Bypass => "cachemark; fwd=bypass",
    })
}

/// What is said of a write or delete: it always goes forward, by its method; `detail` is what became of the entry.
pub(crate) fn of_write(effect: CacheEffect) -> HeaderValue {
    HeaderValue::from_static(match effect {
        CacheEffect::Untouched => "cachemark; fwd=method; detail=untouched",
        CacheEffect::Invalidated => "cachemark; fwd=method; detail=invalidated",
        CacheEffect::Updated => "cachemark; fwd=method; detail=updated",
        CacheEffect::Superseded => "cachemark; fwd=method; detail=superseded",
        CacheEffect::Failed(_) => "cachemark; fwd=method; detail=failed",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_source_says_hit_or_forward_and_not_both() {
        for source in Source::ALL {
            let told = of_read(source);
            let told = told.to_str().unwrap();
            assert!(told.starts_with("cachemark; "), "{told}");
            assert_ne!(told.contains("; hit"), told.contains("; fwd="), "{told}");
        }
    }
}
