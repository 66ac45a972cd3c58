//! Waiting no longer than the caller does.

use cachemark_core::{OpContext, OpError};
use std::future::Future;
use tokio::time::timeout_at;

/// Waits for `work` until the context's deadline. Work that is ready at once is done even when the deadline has passed.
///
/// # Errors
/// [`OpError::Deadline`] when the deadline passes first.
pub(crate) async fn within<F: Future>(ctx: &OpContext, work: F) -> Result<F::Output, OpError> {
    match ctx.deadline() {
        None => Ok(work.await),
        Some(deadline) => timeout_at(deadline, work).await.map_err(|_| OpError::Deadline),
    }
}
