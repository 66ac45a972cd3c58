//! How long an operation may take.

#[cfg(feature = "servers")]
use crate::lane::Timer;
use cachemark_core::{Hop, HopTimer, Hops, OpContext};
use futures::FutureExt;
use futures::future::Either;
use std::future::Future;
#[cfg(feature = "servers")]
use std::pin::Pin;
use std::time::Duration;
use tokio::time::Instant;

/// With this much left a call is begun, however long it has waited: many times what a healthy server takes, and ten steps
/// of the timer that would cut it off.
const LEAST: Duration = Duration::from_millis(10);

/// The time an operation has, from its first step to its answer: queueing, connecting and waiting all draw on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    span: Option<Span>,
    /// Where the operation's hops are timed, if they are.
    hops: Option<Hops>,
}

#[derive(Debug, Clone, Copy)]
struct Span {
    began: Instant,
    until: Instant,
}

/// The budget is used up: what it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Spent(pub(crate) Duration);

impl Budget {
    /// No bound: no clock is read and no timer is armed.
    pub(crate) const UNBOUNDED: Self = Self { span: None, hops: None };

    /// Until the context's deadline, or, if it has none, `default` from now.
    pub(crate) fn of(ctx: &OpContext, default: Option<Duration>) -> Self {
        let budget = match (ctx.deadline(), default) {
            (Some(until), _) => Self { span: Some(Span { began: Instant::now(), until }), hops: None },
            (None, Some(span)) => Self::lasting(span),
            (None, None) => Self::UNBOUNDED,
        };
        Self { hops: ctx.hops(), ..budget }
    }

    /// `span` from now.
    pub(crate) fn lasting(span: Duration) -> Self {
        let began = Instant::now();
        Self { span: Some(Span { began, until: began + span }), hops: None }
    }

    /// When the operation began.
    pub(crate) fn began(&self) -> Instant {
        self.span.map_or_else(Instant::now, |span| span.began)
    }

    /// Fails if the budget was used up before the operation began, so that nothing is sent in vain.
    pub(crate) fn check(&self) -> Result<(), Spent> {
        match self.span {
            Some(span) if span.until <= span.began => Err(Spent(Duration::ZERO)),
            _ => Ok(()),
        }
    }

    /// Fails if, after a wait, hardly any of the budget is left: less than a tenth of it, and less than [`LEAST`]. What is
    /// sent then is cut off before its answer, as a rule, and costs the lane that it went over besides; unsent it costs
    /// nothing, and those behind it, who have more time, come the sooner.
    pub(crate) fn check_after_wait(&self) -> Result<(), Spent> {
        let Some(span) = self.span else { return Ok(()) };
        let whole = span.until.saturating_duration_since(span.began);
        let left = span.until.saturating_duration_since(Instant::now());
        if left < (whole / 10).min(LEAST) { Err(Spent(whole)) } else { Ok(()) }
    }

    /// Times a wait for a lane, from now until the timer is dropped.
    pub(crate) fn queueing(&self) -> HopTimer {
        HopTimer::start(self.hops, Hop::Queue)
    }

    /// The same as [`Budget::bound`] by a timer that is there already.
    #[cfg(feature = "servers")]
    pub(crate) async fn bound_by<F: Future>(&self, timer: &mut Timer, future: Pin<&mut F>) -> Result<F::Output, Spent> {
        match self.span {
            None => Ok(future.await),
            Some(Span { began, until }) => timer.cut(until, future).await.ok_or(Spent(until - began)),
        }
    }

    /// Runs `future` for as long as the budget allows. Where there is a bound it costs a timer, whose step is 1 ms:
    /// the end may come that much late.
    ///
    /// The future stands in what this gives back once: an `async fn` would reserve its room twice, and move it from one to the other.
    pub(crate) fn bound<F: Future>(&self, future: F) -> impl Future<Output = Result<F::Output, Spent>> + use<F> {
        match self.span {
            None => Either::Left(future.map(Ok)),
            Some(Span { began, until }) => {
                let spent = move |_| Spent(until - began);
                Either::Right(tokio::time::timeout_at(until, future).map(move |ended| ended.map_err(spent)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn the_contexts_deadline_comes_before_the_default() {
        let ctx = OpContext::new(0).until(Instant::now() + Duration::from_millis(5));
        let budget = Budget::of(&ctx, Some(Duration::from_secs(9)));
        assert_eq!(budget.bound(std::future::pending::<()>()).await, Err(Spent(Duration::from_millis(5))));
    }

    #[tokio::test(start_paused = true)]
    async fn a_deadline_in_the_past_fails_before_anything_is_sent() {
        let ctx = OpContext::new(0).until(Instant::now());
        assert_eq!(Budget::of(&ctx, None).check(), Err(Spent(Duration::ZERO)));
        assert_eq!(Budget::of(&OpContext::new(0), None).check(), Ok(()));
    }
}
