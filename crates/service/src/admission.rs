//! One strategy call: admitted, run to its end whoever waits for it, counted.

use crate::metrics::Counted;
use crate::operation::Operation;
use crate::problem::Problem;
use crate::shared::Shared;
use axum::http::StatusCode;
use cachemark_core::{Key, OpContext, OpError, ReadOutcome, Strategy, Value, WriteOutcome};
use futures::FutureExt;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout_at};

/// How much longer than the deadline a client's answer may take: a strategy answers by the deadline plus its own
/// clean-up, and its word is more exact than ours.
const SLACK: Duration = Duration::from_millis(50);

/// The right to have operations under way, given back at their end.
#[derive(Debug)]
pub(crate) struct Slot(#[expect(dead_code, reason = "held for its drop")] OwnedSemaphorePermit);

impl<S: Strategy> Shared<S> {
    /// Admits a request, or turns it away at once: waiting would only add to what is under way.
    pub(crate) fn admit(&self) -> Result<Slot, Problem> {
        Arc::clone(&self.slots).try_acquire_owned().map(Slot).map_err(|_| {
            Problem::new(StatusCode::SERVICE_UNAVAILABLE, "shed", "as many operations as allowed are under way")
        })
    }

    pub(crate) fn deadline(&self) -> Instant {
        Instant::now() + self.limits.deadline
    }

    pub(crate) async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        self.counted(Operation::Read, self.instance(ctx).read(ctx, key), Counted::of_read).await
    }

    pub(crate) async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<WriteOutcome, OpError> {
        self.counted(Operation::Write, self.instance(ctx).write(ctx, key, value), Counted::of_write).await
    }

    pub(crate) async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<WriteOutcome, OpError> {
        self.counted(Operation::Delete, self.instance(ctx).delete(ctx, key), Counted::of_write).await
    }

    fn instance(&self, ctx: &OpContext) -> &S {
        let instances = &self.parts.instances;
        &instances[ctx.session() as usize % instances.len()]
    }

    /// Counts a call when it ends, panics included: they are an answer too.
    async fn counted<T>(
        &self,
        operation: Operation,
        call: impl Future<Output = Result<T, OpError>>,
        outcome: fn(&Result<T, OpError>) -> Counted,
    ) -> Result<T, OpError> {
        let started = Instant::now();
        let result =
            AssertUnwindSafe(call).catch_unwind().await.unwrap_or(Err(OpError::Internal("the strategy panicked")));
        self.metrics.operation(operation, outcome(&result), started.elapsed());
        if let Err(error) = &result {
            tracing::debug!(operation = Operation::NAMES[operation as usize], %error, "operation failed");
        }
        result
    }
}

/// Runs `work` as a task that goes on when its client hangs up, for a strategy call must be polled to its end. The
/// slot is given back when the work is done, so the drain can wait for work that nobody waits for.
pub(crate) async fn detached<T: Send + 'static>(
    slot: Slot,
    deadline: Instant,
    work: impl Future<Output = T> + Send + 'static,
) -> Result<T, OpError> {
    let task = tokio::spawn(async move {
        let done = work.await;
        drop(slot);
        done
    });
    match timeout_at(deadline + SLACK, task).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(_)) => Err(OpError::Internal("the task of an operation ended early")),
        Err(_) => Err(OpError::Deadline),
    }
}
