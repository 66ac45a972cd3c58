//! Where the tier runs: in its caller's task, or as a task of its own behind a channel.
//!
//! The task costs one more hop, there and back, which a tier in another process would cost many times over: measured
//! beside the tier in place it tells what the hop is worth. Behaviour is the same.
//!
//! The task passes each request on to a task of that request's own, so a slow load holds up nobody else. It runs on
//! the runtime where the tier was made, and ends when the tier is dropped. A request goes on to its end even if its
//! caller has dropped the answer, and a drain waits for it.

use super::Tier;
use crate::Parts;
use crate::policy::{InFlight, within};
use crate::settings::PLACEMENT;
use crate::write_path::Change;
use cachemark_core::{Cache, Key, OpContext, OpError, ReadOutcome, Settings, Store, WriteOutcome};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};

type Reply<T> = oneshot::Sender<Result<T, OpError>>;

/// What can be asked of the task.
#[derive(Debug)]
pub(crate) enum Request {
    Read(OpContext, Key, Reply<ReadOutcome>),
    Change(OpContext, Key, Change, Reply<WriteOutcome>),
    Drain(OpContext, Reply<()>),
}

/// A tier, wherever it runs.
#[derive(Debug)]
pub(crate) enum Placed<C, S> {
    InProcess(Arc<Tier<C, S>>),
    // Callers wait for their answers, so the line is as long as they are many: it needs no bound of its own.
    Task(mpsc::UnboundedSender<Request>),
}

impl<C: Cache, S: Store> Placed<C, S> {
    /// Makes a tier and puts it where the settings say.
    ///
    /// # Panics
    /// With `placement = task` outside a runtime.
    pub(crate) fn new(settings: &Settings, parts: Parts<C, S>) -> Self {
        Self::place(settings, Arc::new(Tier::new(settings, parts)))
    }

    /// Puts `tier` where the settings say.
    ///
    /// # Panics
    /// As [`Placed::new`].
    pub(crate) fn place(settings: &Settings, tier: Arc<Tier<C, S>>) -> Self {
        match settings.text(PLACEMENT.name) {
            "task" => {
                let (sender, requests) = mpsc::unbounded_channel();
                tokio::spawn(serve(tier, requests));
                Self::Task(sender)
            }
            _ => Self::InProcess(tier),
        }
    }

    pub(crate) async fn read(&self, ctx: &OpContext, key: &Key) -> Result<ReadOutcome, OpError> {
        match self {
            Self::InProcess(tier) => tier.read(ctx, key).await,
            Self::Task(task) => call(task, |reply| Request::Read(*ctx, key.clone(), reply)).await,
        }
    }

    pub(crate) async fn change(&self, ctx: &OpContext, key: &Key, what: Change) -> Result<WriteOutcome, OpError> {
        match self {
            Self::InProcess(tier) => tier.change(ctx, key, what).await,
            Self::Task(task) => call(task, |reply| Request::Change(*ctx, key.clone(), what, reply)).await,
        }
    }

    pub(crate) async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        match self {
            Self::InProcess(tier) => tier.drain(ctx).await,
            Self::Task(task) => call(task, |reply| Request::Drain(*ctx, reply)).await,
        }
    }
}

/// Sends a request and waits for its answer. The tier ends every request by its deadline, so no timer is set here.
async fn call<T>(
    task: &mpsc::UnboundedSender<Request>,
    request: impl FnOnce(Reply<T>) -> Request,
) -> Result<T, OpError> {
    const GONE: OpError = OpError::Internal("the tier's task is gone");
    let (reply, answer) = oneshot::channel();
    task.send(request(reply)).map_err(|_| GONE)?;
    answer.await.map_err(|_| GONE)?
}

/// The task: it ends when the last sender is dropped.
async fn serve<C: Cache, S: Store>(tier: Arc<Tier<C, S>>, mut requests: mpsc::UnboundedReceiver<Request>) {
    let running = Arc::new(InFlight::default());
    while let Some(request) = requests.recv().await {
        let tier = Arc::clone(&tier);
        // A caller that no longer waits for its answer has dropped the receiver; that is no fault.
        match request {
            Request::Read(ctx, key, reply) => {
                let ticket = running.enter();
                tokio::spawn(async move {
                    let _ = reply.send(tier.read(&ctx, &key).await);
                    drop(ticket);
                });
            }
            Request::Change(ctx, key, what, reply) => {
                let ticket = running.enter();
                tokio::spawn(async move {
                    let _ = reply.send(tier.change(&ctx, &key, what).await);
                    drop(ticket);
                });
            }
            Request::Drain(ctx, reply) => {
                let running = Arc::clone(&running);
                tokio::spawn(async move {
                    // Requests first: one of them may yet begin a load.
                    let drained = match within(&ctx, running.idle()).await {
                        Some(()) => tier.drain(&ctx).await,
                        None => Err(OpError::Deadline),
                    };
                    let _ = reply.send(drained);
                });
            }
        }
    }
}
