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

/// A call under way, and the breaker that let it, where there is one; one that is dropped before its end is one of which nothing was learnt.
pub(super) struct UnderWay<'a>(Option<(&'a Guard, Admitted)>);

impl<'a> UnderWay<'a> {
    /// Begins a call, if the breaker lets it.
    ///
    /// # Errors
    /// That the breaker is open.
    pub(super) fn begin<E: Failure>(guard: Option<&'a Guard>) -> Result<Self, E> {
        let Some(guard) = guard else { return Ok(Self(None)) };
        let admitted = guard.breaker.admit(|| guard.now_ns()).ok_or_else(E::of_open_breaker)?;
        Ok(Self(Some((guard, admitted))))
    }

    /// The call has ended, with this.
    pub(super) fn end<T, E: Failure>(mut self, result: &Result<T, E>) {
        if let Some((guard, call)) = self.0.take() {
            guard.breaker.ended(call, guard.now_ns(), how(result));
        }
    }
}

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        if let Some((guard, call)) = self.0.take() {
            guard.breaker.ended(call, 0, Ended::Unseen);
        }
    }
}

/// Makes the call if the breaker lets it, where there is one.
///
/// # Errors
/// The call's own, or that the breaker is open.
pub(super) async fn through<T, E: Failure>(
    guard: Option<&Guard>,
    call: impl Future<Output = Result<T, E>>,
) -> Result<T, E> {
    let under_way = UnderWay::begin(guard)?;
    let result = call.await;
    under_way.end(&result);
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
