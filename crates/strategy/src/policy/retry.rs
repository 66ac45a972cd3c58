//! Trying again: which failures, how often, after how long, and when no more.

use super::{Backoff, RetryBudget, draw};
use cachemark_core::{ErrorKind, Key, OpContext};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::{Instant, Sleep, sleep};

/// What may be done to a call that failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeatable {
    /// Making it twice is as good as making it once.
    Always,
    /// Making it twice is not: it may be made again only if it surely changed nothing.
    IfUnchanged,
}

/// How retries are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryRule {
    /// How often a call is made in all; 1 is no retry.
    pub attempts: u32,
    /// The waits between.
    pub backoff: Backoff,
    /// The tokens of the budget ([`RetryBudget`]); none for no limit.
    pub budget: Option<u64>,
}

/// Retries of the calls to one cache or store.
#[derive(Debug)]
pub struct Retry {
    rule: RetryRule,
    budget: Option<RetryBudget>,
    counts: RetryCounts,
}

/// What came of it so far.
#[derive(Debug, Default)]
pub struct RetryCounts {
    /// Retries that were made.
    pub made: AtomicU64,
    /// Retries that the budget denied.
    pub denied: AtomicU64,
    /// Retries for which the caller's deadline left no room.
    pub no_room: AtomicU64,
    /// Calls that failed at their last try, all tries taken.
    pub exhausted: AtomicU64,
}

/// The tries of one call.
#[derive(Debug, Default)]
pub struct Tries {
    /// Retries that were made.
    made: u32,
    previous: Duration,
}

impl Retry {
    /// Retries by `rule`, the budget full.
    #[must_use]
    pub fn new(rule: RetryRule) -> Self {
        Self { rule, budget: rule.budget.map(RetryBudget::new), counts: RetryCounts::default() }
    }

    /// What came of it so far.
    #[must_use]
    pub fn counts(&self) -> &RetryCounts {
        &self.counts
    }

    /// A call has succeeded, after these tries.
    pub fn succeeded(&self, tries: &Tries) {
        if tries.made == 0
            && let Some(budget) = &self.budget
        {
            budget.succeeded();
        }
    }

    /// How long to wait before the call is made again; none if it is to fail as it did.
    ///
    /// What fails with an open breaker or by a limit is not tried again: that would bring on what they prevent.
    pub fn next(
        &self,
        tries: &mut Tries,
        failed: ErrorKind,
        repeatable: Repeatable,
        ctx: &OpContext,
        key: &Key,
    ) -> Option<Duration> {
        if !is_retried(failed, repeatable) {
            return None;
        }
        if tries.made + 1 >= self.rule.attempts {
            count(&self.counts.exhausted);
            return None;
        }
        let write = ctx.write_id();
        let random = draw(key, [u64::from(write.session), write.sequence, u64::from(tries.made)]);
        let wait = self.rule.backoff.wait(tries.made, tries.previous, random);
        if ctx.deadline().is_some_and(|deadline| deadline <= Instant::now() + wait) {
            count(&self.counts.no_room);
            return None;
        }
        if let Some(budget) = &self.budget
            && !budget.take(failed == ErrorKind::Timeout)
        {
            count(&self.counts.denied);
            return None;
        }
        count(&self.counts.made);
        *tries = Tries { made: tries.made + 1, previous: wait };
        Some(wait)
    }
}

/// Whether a call that failed so may be made again: the failure is one that may pass, and a second call does no harm.
fn is_retried(failed: ErrorKind, repeatable: Repeatable) -> bool {
    match failed {
        ErrorKind::QueueTimeout | ErrorKind::Unavailable | ErrorKind::Transient => true,
        ErrorKind::Timeout | ErrorKind::ConnectionLost => repeatable == Repeatable::Always,
        _ => false,
    }
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// One call, and the retries of it, where there are any.
///
/// Whoever makes the call loops: it makes it, and again after the wait that [`next`](Self::next) says, as long as it says one. So a call that
/// succeeds at once goes through no future of ours.
#[derive(Debug)]
pub(crate) struct Trying<'a> {
    retry: Option<&'a Retry>,
    repeatable: Repeatable,
    tries: Tries,
}

impl<'a> Trying<'a> {
    pub(crate) fn new(retry: Option<&'a Retry>, repeatable: Repeatable) -> Self {
        Self { retry, repeatable, tries: Tries::default() }
    }

    /// The wait before the call is to be made again; none if its result stands.
    pub(crate) fn next<T, E>(
        &mut self,
        result: &Result<T, E>,
        kind: impl Fn(&E) -> ErrorKind,
        ctx: &OpContext,
        key: &Key,
    ) -> Option<RetryWait> {
        let retry = self.retry?;
        match result {
            Ok(_) => {
                retry.succeeded(&self.tries);
                None
            }
            Err(error) => {
                let wait = retry.next(&mut self.tries, kind(error), self.repeatable, ctx, key)?;
                // Boxed: it would take its room in every call, and next to none comes here.
                Some(Box::pin(sleep(wait)))
            }
        }
    }
}

/// A wait between two tries.
pub(crate) type RetryWait = Pin<Box<Sleep>>;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Jitter;

    const RULE: RetryRule = RetryRule {
        attempts: 3,
        backoff: Backoff {
            base: Duration::from_millis(10),
            cap: Duration::from_millis(100),
            grows: true,
            jitter: Jitter::None,
        },
        budget: None,
    };

    fn key() -> Key {
        Key::new("k").unwrap()
    }

    async fn retrying<T, F: Future<Output = Result<T, ErrorKind>>>(
        retry: &Retry,
        repeatable: Repeatable,
        ctx: &OpContext,
        mut call: impl FnMut() -> F,
    ) -> Result<T, ErrorKind> {
        let mut trying = Trying::new(Some(retry), repeatable);
        loop {
            let result = call().await;
            let Some(wait) = trying.next(&result, |kind| *kind, ctx, &key()) else { return result };
            wait.await;
        }
    }

    /// How often a call is made that always fails so, and how long that takes.
    async fn made(rule: RetryRule, ctx: OpContext, failed: ErrorKind, repeatable: Repeatable) -> (u32, Duration) {
        let (retry, began, mut calls) = (Retry::new(rule), Instant::now(), 0);
        let call = || {
            calls += 1;
            async { Err::<(), _>(failed) }
        };
        retrying(&retry, repeatable, &ctx, call).await.unwrap_err();
        (calls, began.elapsed())
    }

    #[tokio::test(start_paused = true)]
    async fn what_may_pass_is_tried_again_unless_it_may_have_changed_something() {
        use ErrorKind::*;
        let ctx = OpContext::new(0);
        for (failed, always, if_unchanged) in [
            (Unavailable, 3, 3),
            (QueueTimeout, 3, 3),
            (Transient, 3, 3),
            (Timeout, 3, 1),
            (ConnectionLost, 3, 1),
            (Rejected, 1, 1),
            (TooLarge, 1, 1),
            (Corrupt, 1, 1),
            (Deadline, 1, 1),
            (Shed, 1, 1),
            (BreakerOpen, 1, 1),
        ] {
            let calls = (
                made(RULE, ctx, failed, Repeatable::Always).await.0,
                made(RULE, ctx, failed, Repeatable::IfUnchanged).await.0,
            );
            assert_eq!(calls, (always, if_unchanged), "{failed}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_with_the_tries_or_before_the_deadline_leaves_no_room_for_the_wait() {
        let millis = Duration::from_millis;
        let all = made(RULE, OpContext::new(0), ErrorKind::Unavailable, Repeatable::Always).await;
        assert_eq!(all, (3, millis(30)));
        let hurried = OpContext::new(0).until(Instant::now() + millis(25));
        let some = made(RULE, hurried, ErrorKind::Unavailable, Repeatable::Always).await;
        assert_eq!(some, (2, millis(10)), "the second wait is 20 ms, and 15 are left");
    }

    #[tokio::test(start_paused = true)]
    async fn an_empty_budget_ends_it() {
        let rule = RetryRule { budget: Some(5), ..RULE };
        assert_eq!(made(rule, OpContext::new(0), ErrorKind::Unavailable, Repeatable::Always).await.0, 2);
        assert_eq!(made(rule, OpContext::new(0), ErrorKind::Timeout, Repeatable::Always).await.0, 1, "it costs ten");
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_that_succeeds_in_the_end_has_succeeded() {
        let (retry, mut calls) = (Retry::new(RULE), 0);
        let call = || {
            calls += 1;
            let answer = if calls < 3 { Err(ErrorKind::Unavailable) } else { Ok(calls) };
            async move { answer }
        };
        let ctx = OpContext::new(0);
        let answer = retrying(&retry, Repeatable::Always, &ctx, call).await;
        assert_eq!((answer, retry.counts().made.load(Ordering::Relaxed)), (Ok(3), 2));
        assert_eq!(retry.counts().exhausted.load(Ordering::Relaxed), 0);
    }
}
