//! The counts of a run.

use super::cell::Name;
use super::page;
use super::scrapes::Scrapes;
use super::state::{Phase, State, TrialState};
use cachemark_bench::{CellPlan, Sight};
use cachemark_results::read_manifest;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So many cells have series of their own: a search makes a cell of each load that it tries.
const MOST_CELLS: usize = 200;

/// Hears of a run, and is asked for its metrics.
#[derive(Debug)]
pub(crate) struct RunMetrics {
    command: &'static str,
    state: Mutex<State>,
    scrapes: Mutex<Scrapes>,
}

impl RunMetrics {
    /// Of a run of `command`.
    pub(crate) fn new(command: &'static str) -> Self {
        Self { command, state: Mutex::default(), scrapes: Mutex::default() }
    }

    /// The record is there; so many trials make it whole, or none is known.
    pub(crate) fn started(&self, folder: &Path, trials: usize) {
        let blocks = read_manifest(folder).ok().map(|manifest| manifest.blocks.len());
        let mut state = self.state();
        state.record = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        (state.planned, state.blocks) = ((trials > 0).then_some(trials), blocks.filter(|_| trials > 0));
    }

    pub(crate) fn trial_started(&self, number: usize, block: usize, cell: &CellPlan) {
        let mut state = self.state();
        let name = Name::of(cell);
        let has_place = state.cells.contains_key(&name) || state.cells.len() < MOST_CELLS;
        let name = if has_place { name } else { name.other() };
        // From 0 on: of what appears with its first count, nobody can tell how it rose.
        state.cells.entry(name.clone()).or_default();
        let (phase, window, window_began) = (Phase::Preparing, Duration::ZERO, None);
        state.trial = Some(TrialState { name, number, block: block + 1, phase, window, window_began });
    }

    pub(crate) fn see(&self, sight: &Sight<'_>) {
        let mut state = self.state();
        let State { trial: Some(trial), cells, .. } = &mut *state else { return };
        match sight {
            Sight::WarmUp { window } => (trial.phase, trial.window) = (Phase::WarmUp, *window),
            Sight::WindowBegan => (trial.phase, trial.window_began) = (Phase::Window, Some(Instant::now())),
            Sight::WindowOver => trial.phase = Phase::Ending,
            Sight::Interval(glance) => cells.entry(trial.name.clone()).or_default().add(glance),
        }
    }

    pub(crate) fn trial_finished(&self) {
        self.state().finished += 1;
    }

    /// All trials are over.
    pub(crate) fn run_over(&self) {
        self.state().over = true;
        self.scrapes().run_over();
    }

    /// The page, for a scrape.
    pub(crate) fn scraped(&self) -> String {
        let text = page::text(self.command, &self.state());
        self.scrapes().scraped(Instant::now());
        text
    }

    /// How long the last scrape is waited for; none once it has come, and where none is to come.
    pub(crate) fn last_scrape_due(&self) -> Option<Duration> {
        self.scrapes().due(Instant::now())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Counts are whole at every moment, whoever held them.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn scrapes(&self) -> MutexGuard<'_, Scrapes> {
        self.scrapes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
