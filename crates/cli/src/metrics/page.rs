//! The page of a run.

use super::cell::{CellCounts, ENDS, Name};
use super::state::{Phase, State, TrialState};
use cachemark_service::{Exposition, Kind};

/// A counter that each cell may have: name, meaning, and what it counts.
type Counter = (&'static str, &'static str, fn(&CellCounts) -> Option<u64>);

const COUNTERS: [Counter; 7] = [
    ("run_operations_total", "Operations that ended in a window, failed ones too.", |cell| Some(cell.operations)),
    ("run_cache_hits_total", "Reads that the cache answered.", |cell| Some(cell.hits)),
    ("run_cache_misses_total", "Reads that the cache did not answer.", |cell| Some(cell.misses)),
    ("run_bypassed_reads_total", "Reads that went past the cache.", |cell| Some(cell.bypassed)),
    ("run_judged_reads_total", "Reads that could be judged stale or not.", |cell| Some(cell.judged.reads)),
    ("run_stale_reads_total", "Reads that were stale.", |cell| Some(cell.judged.stale)),
    ("run_store_operations_total", "Operations that the store was asked in a window.", |cell| cell.store_operations),
];

/// The page of a run of `command`.
pub(super) fn text(command: &str, state: &State) -> String {
    let mut page = Exposition::with_capacity(16 << 10);
    of_run(&mut page, command, state);
    if let Some(trial) = &state.trial {
        of_trial(&mut page, trial);
    }
    of_cells(&mut page, state);
    page.into_text()
}

fn of_run(page: &mut Exposition, command: &str, state: &State) {
    page.metric("run_info", Kind::Gauge, "The run: command, record, version. Always 1.");
    page.sample(&[("command", command), ("record", &state.record), ("version", env!("CARGO_PKG_VERSION"))], 1);
    page.single("run_trials_finished_total", Kind::Counter, "Trials of this process that are on disk.", state.finished);
    if let Some(planned) = state.planned {
        page.single("run_trials", Kind::Gauge, "Trials of the whole run.", planned);
    }
    if let Some(blocks) = state.blocks {
        page.single("run_blocks", Kind::Gauge, "Blocks of the whole run.", blocks);
    }
    let over = u8::from(state.over);
    page.single("run_over", Kind::Gauge, "1 once the last trial is over, else 0.", over);
}

fn of_trial(page: &mut Exposition, trial: &TrialState) {
    let TrialState { name, number, block, window, .. } = trial;
    page.metric("run_trial_info", Kind::Gauge, "The trial under way, or the last one. Always 1.");
    let (number, block) = (number.to_string(), block.to_string());
    page.sample(&[("arm", &name.arm), ("cell", &name.cell), ("trial", &number), ("block", &block)], 1);
    page.single("run_trial_number", Kind::Gauge, "The number of that trial in its run.", &number);
    page.single("run_block_number", Kind::Gauge, "The number of its block.", &block);
    page.metric("run_trial_phase", Kind::Gauge, "1 for the phase that the trial is in, 0 for the others.");
    for (phase, name) in Phase::ALL {
        page.sample(&[("phase", name)], u8::from(phase == trial.phase));
    }
    page.single("run_trial_window_seconds", Kind::Gauge, "The length of the trial's window.", window.as_secs_f64());
    let elapsed = trial.elapsed().as_secs_f64();
    page.single("run_trial_window_elapsed_seconds", Kind::Gauge, "How much of it has gone by.", elapsed);
}

fn of_cells(page: &mut Exposition, state: &State) {
    for (name, help, count) in COUNTERS {
        page.metric(name, Kind::Counter, help);
        for (cell, counts) in &state.cells {
            if let Some(count) = count(counts) {
                page.sample(&labels(cell), count);
            }
        }
    }
    page.metric("run_failures_total", Kind::Counter, "Operations that failed in a window, by kind.");
    for (cell, counts) in &state.cells {
        for (kind, count) in &counts.failures {
            let kind = kind.to_string();
            page.sample(&[&labels(cell)[..], &[("kind", &kind)]].concat(), count);
        }
    }
    page.metric("run_window_seconds_total", Kind::Counter, "How much of windows was measured.");
    for (cell, counts) in &state.cells {
        page.sample(&labels(cell), counts.measured.as_secs_f64());
    }
    let help = "Times of operations that were answered in a window, by clock: response times on a schedule, else service times.";
    page.metric("run_operation_duration_seconds", Kind::Histogram, help);
    for (cell, counts) in &state.cells {
        let labels = [&labels(cell)[..], &[("clock", cell.clock)]].concat();
        let ends = ENDS.iter().map(|&(_, end)| end);
        page.histogram(&labels, ends.zip(counts.times), counts.times[ENDS.len()], counts.time_sum_ns / 1e9);
    }
}

fn labels(name: &Name) -> [(&str, &str); 2] {
    [("arm", &name.arm), ("cell", &name.cell)]
}
