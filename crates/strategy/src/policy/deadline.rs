//! Waiting no longer than the caller does.

use cachemark_core::OpContext;
use std::future::Future;
use tokio::time::timeout_at;

/// Waits for `work` until the context's deadline. Work that is ready at once is done even when the deadline has passed.
///
/// None when the deadline passes first.
pub(crate) async fn within<F: Future>(ctx: &OpContext, work: F) -> Option<F::Output> {
    match ctx.deadline() {
        None => Some(work.await),
        Some(deadline) => timeout_at(deadline, work).await.ok(),
    }
}
