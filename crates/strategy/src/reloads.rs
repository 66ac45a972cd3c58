//! Reloads in the background: one of a key at a time, which nobody waits for.

use crate::aside::Aside;
use crate::policy::{Boarding, Flights, within};
use cachemark_core::{Cache, Key, OpContext, OpError, Setting, Settings, Store};
use std::sync::Arc;
use std::time::Duration;

/// How long a reload may take.
pub(crate) const RELOAD_TIMEOUT_MS: Setting = Setting::integer(
    "reload-timeout-ms",
    1,
    600_000,
    5000,
    "How long a reload in the background may take, in milliseconds.",
);

/// The reloads of one process.
///
/// A reload is a task on the runtime of the reader that began it, so that runtime must be kept running until the
/// strategy is drained. One that is shut down before takes its reloads with it: the entry stays as it is, and the
/// next reader that finds it due begins another.
#[derive(Debug)]
pub(crate) struct Reloads<C, S> {
    aside: Arc<Aside<C, S>>,
    under_way: Arc<Flights<()>>,
    timeout: Duration,
}

impl<C: Cache, S: Store> Reloads<C, S> {
    /// Reloads by way of `aside`, which is guarded, within the timeout that the settings say.
    pub(crate) fn new(settings: &Settings, aside: &Arc<Aside<C, S>>) -> Self {
        let timeout = Duration::from_millis(settings.integer(RELOAD_TIMEOUT_MS.name));
        Self { aside: Arc::clone(aside), under_way: Arc::default(), timeout }
    }

    /// Begins a reload of `key`, unless one is under way. One that fails leaves the entry as it is.
    pub(crate) fn begin(&self, ctx: &OpContext, key: &Key) {
        let Boarding::Lead(lead, _) = self.under_way.board(key) else { return };
        // Its hops are no part of the operation, which does not wait for them.
        let ctx = ctx.detached(self.timeout).timed(None);
        let (aside, key) = (Arc::clone(&self.aside), key.clone());
        tokio::spawn(async move {
            // A write may have come before the task's turn.
            if !lead.is_superseded() {
                let _ = aside.reload(&ctx, &key).await;
            }
            lead.finish(());
        });
    }

    /// Takes back a reload of `key` that has not begun, and lets another begin beside one that has: the guard keeps
    /// that one's row from the cache. To be called for every change of the key.
    pub(crate) fn forget(&self, key: &Key) {
        self.under_way.supersede(key);
    }

    /// Waits until no reload is under way.
    pub(crate) async fn drain(&self, ctx: &OpContext) -> Result<(), OpError> {
        within(ctx, self.under_way.idle()).await.ok_or(OpError::Deadline)
    }
}
