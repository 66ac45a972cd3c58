//! Records with ratios that are known.

use crate::sample::Sample;
use cachemark_report::Answer;
use cachemark_report::analysis::{Trust, analyse};
use cachemark_results::{Cell, Freshness, Run, Trial};

/// What the throughput of the reference is about.
const USUAL: f64 = 10_000.0;
/// What two runs of the same thing differ by: half a per cent.
const WOBBLE: [f64; 8] = [0.996, 1.003, 1.001, 0.998, 1.004, 0.999, 0.997, 1.002];

/// One read ratio over one stack.
pub(crate) fn small() -> Sample {
    Sample { read_ratios: &[0.9], reads: 50, ..Sample::default() }
}

pub(crate) fn written(sample: &Sample) -> (tempfile::TempDir, Run) {
    let folder = tempfile::tempdir().unwrap();
    let run = sample.write(folder.path());
    (folder, run)
}

pub(crate) fn answer_of(run: &Run) -> Answer {
    let analysis = analyse(run);
    Answer::of(run, &analysis, &Trust::of(run, &analysis))
}

pub(crate) fn answer(sample: &Sample) -> Answer {
    let (_folder, run) = written(sample);
    answer_of(&run)
}

/// The answer as lines.
pub(crate) fn told(answer: &Answer) -> String {
    let mut lines = vec![format!("{}: {}", answer.kind.name(), answer.names.join(", "))];
    lines.extend(answer.sentences().into_iter().map(|(question, sentence)| format!("{question}: {sentence}")));
    lines.extend(answer.not_to_use.iter().map(|barred| format!("Not: {barred}")));
    lines.extend(answer.changes.iter().map(|change| format!("Changes: {change}")));
    lines.extend(answer.doubts.iter().map(|doubt| format!("Doubt: {doubt}")));
    lines.join("\n")
}

fn wobble(cell: &Cell, block: u32, by: usize) -> f64 {
    let name: usize = cell.id.bytes().map(usize::from).sum();
    WOBBLE[(name * 3 + block as usize * 5 + by) % WOBBLE.len()]
}

/// So many times what the reference answers.
pub(crate) fn throughput(cell: &Cell, trial: &mut Trial, times: f64) {
    trial.throughput_ops_per_s = USUAL * times * wobble(cell, trial.block, 0);
}

/// So many operations of the store for each that is asked.
pub(crate) fn store_load(cell: &Cell, trial: &mut Trial, load: f64) {
    trial.store_load = load * wobble(cell, trial.block, 1);
}

/// So many stale reads of a thousand.
pub(crate) fn stale(trial: &mut Trial, stale: u64) {
    trial.freshness = Some(Freshness { reads: 1_000, judged: 1_000, stale, ..Freshness::default() });
}

/// Everybody alike.
pub(crate) fn all_alike(cell: &Cell, trial: &mut Trial) {
    throughput(cell, trial, 1.0);
    store_load(cell, trial, 1.0);
}

/// Write-through is twice as fast, the others a little faster than no-cache.
pub(crate) fn write_through_wins(cell: &Cell, trial: &mut Trial) {
    let times = match cell.strategy.as_str() {
        "no-cache" => 1.0,
        "cache-aside" => 1.2,
        "read-through" => 1.3,
        _ => 2.0,
    };
    throughput(cell, trial, times);
    store_load(cell, trial, if cell.strategy == "no-cache" { 1.0 } else { 0.4 });
}

/// Nobody like himself from block to block.
pub(crate) fn wild(cell: &Cell, trial: &mut Trial) {
    let of_cell: u32 = cell.id.bytes().map(u32::from).sum();
    throughput(cell, trial, 1.0 + f64::from((trial.block * 5 + of_cell) % 8) / 10.0);
}
