//! One call through a breaker.

use crate::policy::{Admitted, Breaker, BreakerCounts, BreakerRule, Ended};
use cachemark_core::{CacheError, ErrorKind, StoreError};
use tokio::time::Instant;

/// A breaker, and the clock that it goes by: tokio's.
#[derive(Debug)]
pub(super) struct Guard {
    breaker: Breaker,
    began: Instant,
}

/// An error of a cache or a store, as policies see it.
pub(super) trait Failure {
    fn of_open_breaker() -> Self;
    fn kind(&self) -> ErrorKind;
}

impl Failure for CacheError {
    fn of_open_breaker() -> Self {
        Self::BreakerOpen
    }

    fn kind(&self) -> ErrorKind {
        self.kind()
    }
}

impl Failure for StoreError {
    fn of_open_breaker() -> Self {
        Self::BreakerOpen
    }

    fn kind(&self) -> ErrorKind {
        self.kind()
    }
}

/// A call under way; one that is dropped before its end is one of which nothing was learnt.
struct UnderWay<'a>(&'a Guard, Option<Admitted>);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if let Some(call) = self.1.take() {
            self.0.breaker.ended(call, 0, Ended::Unseen);
        }
    }
}

impl Guard {
    pub(super) fn new(rule: BreakerRule) -> Self {
        Self { breaker: Breaker::new(rule), began: Instant::now() }
    }

    pub(super) fn counts(&self) -> BreakerCounts {
        self.breaker.counts(self.now_ns())
    }

    fn now_ns(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }
}

/// Makes the call if the breaker lets it, where there is one.
///
/// # Errors
/// The call's own, or that the breaker is open.
pub(super) async fn through<T, E: Failure, F: Future<Output = Result<T, E>>>(
    guard: Option<&Guard>,
    call: impl FnOnce() -> F,
) -> Result<T, E> {
    let Some(guard) = guard else { return call().await };
    let admitted = guard.breaker.admit(|| guard.now_ns()).ok_or_else(E::of_open_breaker)?;
    let mut under_way = UnderWay(guard, Some(admitted));
    let result = call().await;
    if let Some(call) = under_way.1.take() {
        guard.breaker.ended(call, guard.now_ns(), how(&result));
    }
    result
}

/// What the end of a call says of the other side. One that refuses an operation for what it is works.
fn how<T, E: Failure>(result: &Result<T, E>) -> Ended {
    let Err(error) = result else { return Ended::Well };
    match error.kind() {
        ErrorKind::Timeout
        | ErrorKind::QueueTimeout
        | ErrorKind::Unavailable
        | ErrorKind::ConnectionLost
        | ErrorKind::Transient
        | ErrorKind::Corrupt => Ended::Badly,
        ErrorKind::Deadline | ErrorKind::Shed | ErrorKind::BreakerOpen => Ended::Unseen,
        _ => Ended::Well,
    }
}
