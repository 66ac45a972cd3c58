//! A strategy without its types: the steps of an anomaly are written once for all.

use cachemark_core::{Key, OpContext, OpError, ReadOutcome, Strategy, Value, WriteOutcome};
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

pub(super) type Boxed<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// A strategy whose calls own what they need, so that each can run as a task.
pub(super) trait Actor: Send + Sync {
    fn read(self: Arc<Self>, ctx: OpContext, key: Key) -> Boxed<Result<ReadOutcome, OpError>>;
    fn write(self: Arc<Self>, ctx: OpContext, key: Key, value: Value) -> Boxed<Result<WriteOutcome, OpError>>;
    fn delete(self: Arc<Self>, ctx: OpContext, key: Key) -> Boxed<Result<WriteOutcome, OpError>>;
}

impl<T: Strategy> Actor for T {
    fn read(self: Arc<Self>, ctx: OpContext, key: Key) -> Boxed<Result<ReadOutcome, OpError>> {
        Box::pin(async move { Strategy::read(&*self, &ctx, &key).await })
    }

    fn write(self: Arc<Self>, ctx: OpContext, key: Key, value: Value) -> Boxed<Result<WriteOutcome, OpError>> {
        Box::pin(async move { Strategy::write(&*self, &ctx, &key, value).await })
    }

    fn delete(self: Arc<Self>, ctx: OpContext, key: Key) -> Boxed<Result<WriteOutcome, OpError>> {
        Box::pin(async move { Strategy::delete(&*self, &ctx, &key).await })
    }
}
