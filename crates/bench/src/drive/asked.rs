//! What operations are asked of.

use crate::instrument::Answer;
use cachemark_core::{Key, OpContext, OpError, ReadOutcome, Strategy, Value, WriteOutcome};
use cachemark_workload::OperationKind;
use std::future::Future;

/// What a driver asks operations of: a strategy, or a service that is one.
///
/// An operation has three steps. Its time is that of the second alone: what the client itself does to ask and to understand
/// (a request's URL, headers and body; reading JSON) is no time of the target's.
pub trait Asked: Send + Sync + 'static {
    /// An operation that is ready to be asked.
    type Prepared;
    /// What came back, as it came.
    type Reply;

    /// Gets an operation of `session` ready. `value` is that of a write; another operation has an empty one.
    fn prepare(&self, session: u32, kind: OperationKind, key: &Key, value: Value) -> Self::Prepared;

    /// Asks it, and waits for all of the reply.
    fn ask(
        &self,
        ctx: &OpContext,
        kind: OperationKind,
        key: &Key,
        prepared: Self::Prepared,
    ) -> impl Future<Output = Self::Reply>;

    /// What a reply means, and the value that it holds or its error. `asks_cache` says whether reads ask a cache first.
    fn understand(
        &self,
        kind: OperationKind,
        asks_cache: bool,
        reply: Self::Reply,
    ) -> (Answer, Result<Option<Value>, OpError>);

    /// Waits until nothing that was begun on its own is under way, as [`Strategy::drain`] does.
    ///
    /// # Errors
    /// [`OpError::Deadline`] if that takes longer than the context allows.
    fn drain(&self, ctx: &OpContext) -> impl Future<Output = Result<(), OpError>>;
}

/// What a strategy came back with.
#[derive(Debug)]
pub enum StrategyReply {
    /// Of a read.
    Read(Result<ReadOutcome, OpError>),
    /// Of a write or a delete.
    Write(Result<WriteOutcome, OpError>),
}

impl<S: Strategy> Asked for S {
    type Prepared = Value;
    type Reply = StrategyReply;

    #[inline]
    fn prepare(&self, _session: u32, _kind: OperationKind, _key: &Key, value: Value) -> Value {
        value
    }

    async fn ask(&self, ctx: &OpContext, kind: OperationKind, key: &Key, value: Value) -> StrategyReply {
        match kind {
            OperationKind::Read => StrategyReply::Read(self.read(ctx, key).await),
            OperationKind::Write => StrategyReply::Write(self.write(ctx, key, value).await),
            OperationKind::Delete => StrategyReply::Write(self.delete(ctx, key).await),
        }
    }

    #[inline]
    fn understand(
        &self,
        _kind: OperationKind,
        asks_cache: bool,
        reply: StrategyReply,
    ) -> (Answer, Result<Option<Value>, OpError>) {
        match reply {
            StrategyReply::Read(result) => (Answer::of_read(&result, asks_cache), result.map(|read| read.value)),
            StrategyReply::Write(result) => Answer::of_write(result),
        }
    }

    async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        Strategy::drain(self, ctx).await
    }
}
