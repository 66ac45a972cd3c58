//! Gates: where a call waits until the test lets it go on.

use std::sync::Arc;
use tokio::sync::watch;

/// Holds one call. Dropping it lets the call go.
#[must_use = "a gate that is dropped holds nothing"]
#[derive(Debug)]
pub struct Gate(Arc<GateState>);

#[derive(Debug)]
pub(super) struct GateState {
    reached: watch::Sender<bool>,
    open: watch::Sender<bool>,
}

impl Gate {
    pub(super) fn new() -> (Self, Arc<GateState>) {
        let state = Arc::new(GateState { reached: watch::Sender::new(false), open: watch::Sender::new(false) });
        (Self(Arc::clone(&state)), state)
    }

    /// Waits until a call stands at the gate, or has passed it.
    pub async fn reached(&self) {
        // The sender lives in `self`, so the wait cannot end for want of one.
        let _ = self.0.reached.subscribe().wait_for(|&reached| reached).await;
    }

    /// Whether a call stands at the gate, or has passed it.
    #[must_use]
    pub fn is_reached(&self) -> bool {
        *self.0.reached.borrow()
    }

    /// Lets the call go on; if none has come yet, it will not be held.
    pub fn release(&self) {
        self.0.open.send_replace(true);
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.release();
    }
}

impl GateState {
    pub(super) async fn pass(&self) {
        self.reached.send_replace(true);
        let _ = self.open.subscribe().wait_for(|&open| open).await;
    }
}
