//! An operation that runs as a task.

use super::Absence;
use cachemark_core::{OpError, WriteOutcome};
use std::future::Future;
use std::sync::Arc;
use tokio::task::{JoinError, JoinHandle};

/// An operation under way or ended; dropped, it ends where it stands.
#[derive(Debug)]
pub(super) struct Running<T> {
    task: JoinHandle<Result<T, OpError>>,
    ended: Option<Result<T, End>>,
}

/// How an operation ended that did not succeed.
#[derive(Debug)]
pub(super) enum End {
    Failed(OpError),
    /// Its task panicked or was aborted.
    Died(Arc<JoinError>),
}

impl<T: Send + 'static> Running<T> {
    pub(super) fn start(operation: impl Future<Output = Result<T, OpError>> + Send + 'static) -> Self {
        Self { task: tokio::spawn(operation), ended: None }
    }

    /// Waits until it has ended.
    pub(super) async fn done(&mut self) {
        if self.ended.is_none() {
            let ended = (&mut self.task).await;
            self.ended = Some(match ended {
                Ok(result) => result.map_err(End::Failed),
                Err(died) => Err(End::Died(Arc::new(died))),
            });
        }
    }

    /// Drops its future where it stands, and waits until it is dropped.
    pub(super) async fn cancel(mut self) {
        self.task.abort();
        self.done().await;
    }

    /// How it ended.
    ///
    /// # Panics
    /// Before it has.
    pub(super) fn end(mut self) -> Result<T, End> {
        self.ended.take().expect("the operation has ended")
    }
}

impl<T> Drop for Running<T> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl End {
    /// The suite cannot go on with a read that failed.
    pub(super) fn of_a_read(self) -> Absence {
        Absence::CannotTell(match self {
            Self::Failed(error) => format!("a read failed: {error}"),
            Self::Died(died) => format!("a read died: {died}"),
        })
    }
}

impl Running<WriteOutcome> {
    /// Whether it was acknowledged; the caller has waited for its end.
    pub(super) fn acknowledged(self) -> Result<(), Absence> {
        match self.end() {
            Ok(_) => Ok(()),
            Err(End::Failed(_)) => Err(Absence::NotAcknowledged),
            Err(End::Died(died)) => Err(Absence::CannotTell(format!("a write died: {died}"))),
        }
    }
}
