//! What is known of a run, as its page tells it.

use super::cell::{CellCounts, Name};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// What is known of the run.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) record: String,
    /// None where it is not known: a search finds out.
    pub(super) planned: Option<usize>,
    pub(super) blocks: Option<usize>,
    pub(super) finished: u64,
    pub(super) over: bool,
    pub(super) cells: BTreeMap<Name, CellCounts>,
    pub(super) trial: Option<TrialState>,
}

/// The trial that is under way, or was the last.
#[derive(Debug)]
pub(super) struct TrialState {
    pub(super) name: Name,
    pub(super) number: usize,
    /// From 1.
    pub(super) block: usize,
    pub(super) phase: Phase,
    pub(super) window: Duration,
    pub(super) window_began: Option<Instant>,
}

/// Where a trial is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    Preparing,
    WarmUp,
    Window,
    Ending,
}

impl Phase {
    pub(super) const ALL: [(Self, &'static str); 4] =
        [(Self::Preparing, "preparing"), (Self::WarmUp, "warm-up"), (Self::Window, "window"), (Self::Ending, "ending")];
}

impl TrialState {
    /// How much of the window has gone by.
    pub(super) fn elapsed(&self) -> Duration {
        match self.phase {
            Phase::Preparing | Phase::WarmUp => Duration::ZERO,
            Phase::Window => self.window_began.map_or(Duration::ZERO, |began| began.elapsed().min(self.window)),
            Phase::Ending => self.window,
        }
    }
}
