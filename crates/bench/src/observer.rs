//! What a sweep tells while it runs.

use crate::cell_plan::CellPlan;
use crate::glance::Live;
use cachemark_results::Trial;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Hears of a sweep's progress. Everything has a default that does nothing.
pub trait Observer {
    /// The record's folder is there; nothing was measured yet.
    fn started(&mut self, _folder: &Path, _trials: usize) {}

    /// A trial begins.
    fn trial_started(&mut self, _number: usize, _block: usize, _cell: &CellPlan) {}

    /// Who hears of what is seen of a trial while it goes on.
    fn live(&self) -> Option<Live> {
        None
    }

    /// A trial is on disk.
    fn trial_finished(&mut self, _trial: &Trial, _cell: &CellPlan) {}
}

/// An observer that says nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Observer for Silent {}

/// Asks a sweep to stop: the trial under way is given up, everything before it is on disk.
#[derive(Debug, Clone, Default)]
pub struct StopFlag {
    asked: Arc<AtomicBool>,
    /// What this is a part of.
    whole: Option<Arc<AtomicBool>>,
}

impl StopFlag {
    /// Asks.
    pub fn stop(&self) {
        self.asked.store(true, Ordering::Relaxed);
    }

    /// Whether it was asked.
    #[must_use]
    #[inline]
    pub fn is_stopped(&self) -> bool {
        self.asked.load(Ordering::Relaxed) || self.whole.as_ref().is_some_and(|whole| whole.load(Ordering::Relaxed))
    }

    /// A flag for a part of what this one stops: the part is stopped with the whole, and can be stopped alone.
    pub(crate) fn of_a_part(&self) -> Self {
        Self { asked: Arc::default(), whole: Some(Arc::clone(&self.asked)) }
    }
}
