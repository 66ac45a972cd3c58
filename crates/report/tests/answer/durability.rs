//! What is recommended may acknowledge a write before the store has it: the price says so.

use crate::sample::Sample;
use crate::support::{answer_of, small, throughput, written};
use cachemark_results::{Cell, Run, Trial};

const LOSES: &str = "crash loses acknowledged writes: it acknowledges them before the store has them";

/// Write-behind is twice as fast as the others.
fn write_behind_wins(cell: &Cell, trial: &mut Trial) {
    throughput(cell, trial, if cell.strategy == "write-behind" { 2.0 } else { 1.0 });
}

fn of(strategies: &'static [&'static str], read_ratios: &'static [f64]) -> (tempfile::TempDir, Run) {
    written(&Sample { strategies, read_ratios, tweak: write_behind_wins, ..small() })
}

fn price(run: &Run) -> String {
    answer_of(run).price.unwrap_or_default()
}

#[test]
fn a_record_of_before_is_known_by_the_strategys_name() {
    let (_folder, run) = of(&["no-cache", "cache-aside", "write-behind"], &[0.9]);
    assert!(run.manifest.parts.iter().all(|part| !part.acknowledges_early));
    assert_eq!(answer_of(&run).names, ["write-behind"]);
    assert!(price(&run).contains(LOSES), "{}", price(&run));
}

#[test]
fn another_strategy_says_it_in_the_record() {
    let (_folder, mut run) = of(&["no-cache", "cache-aside"], &[0.9]);
    for trial in run.trials.iter_mut().filter(|trial| trial.cell.starts_with("cache-aside")) {
        trial.throughput_ops_per_s *= 3.0;
    }
    assert!(!price(&run).contains("crash"), "{}", price(&run));
    for part in run.manifest.parts.iter_mut().filter(|part| part.name == "cache-aside") {
        part.acknowledges_early = true;
    }
    assert!(price(&run).contains(LOSES), "{}", price(&run));
}

#[test]
fn of_several_that_are_recommended_it_is_named() {
    let (_folder, mut run) = of(&["no-cache", "write-through", "write-behind"], &[0.9]);
    for trial in run.trials.iter_mut().filter(|trial| trial.cell.starts_with("write-through")) {
        trial.throughput_ops_per_s *= 2.0;
    }
    let told = price(&run);
    assert!(told.contains("crash loses acknowledged writes: write-behind acknowledges them"), "{told}");
}

#[test]
fn without_writes_nothing_is_lost() {
    let (_folder, run) = of(&["no-cache", "cache-aside", "write-behind"], &[1.0]);
    assert!(!price(&run).contains("crash"), "{}", price(&run));
}

#[test]
fn who_is_not_recommended_is_not_warned_of() {
    let (_folder, mut run) = of(&["no-cache", "cache-aside", "write-behind"], &[0.9]);
    for trial in run.trials.iter_mut().filter(|trial| trial.cell.starts_with("cache-aside")) {
        trial.throughput_ops_per_s *= 9.0;
    }
    assert!(!price(&run).contains("crash"), "{}", price(&run));
}
