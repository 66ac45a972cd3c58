//! What a record says of the loads of its window, over scripted parts.

use crate::scripted_stack::{Stack, definition, sweep};
use crate::sweep::Quiet;
use cachemark_bench::StopFlag;
use cachemark_results::figure::{LOADS_PER_EXPIRY, concurrent_loads, store_rate};
use cachemark_results::{Run, Trial};

const CROWD: &str = r#"
name = "crowd"
[workload]
keys = 3
read-ratio = 1.0
distribution = "uniform"
value-bytes = 64
[sweep]
strategies = ["no-cache", "cache-aside", "read-through"]
control = false
blocks = 1
[run]
clients = 16
driver-threads = 2
phase = "cold"
duration-ms = 300
interval-ms = 100
operation-timeout-ms = 60000
"#;

fn run(text: &str) -> (tempfile::TempDir, Run) {
    let out = tempfile::tempdir().unwrap();
    let end = sweep(&definition(text), &Stack::default(), out.path(), &StopFlag::default(), &mut Quiet).unwrap();
    let run = Run::open(&end.folder).unwrap();
    (out, run)
}

fn of<'a>(run: &'a Run, arm: &str) -> &'a Trial {
    run.trials.iter().find(|trial| trial.cell.starts_with(arm)).unwrap()
}

#[test]
fn loads_and_the_peak_are_those_of_the_window() {
    let (_folder, run) = run(CROWD);
    for trial in &run.trials {
        let loads = trial.loads.unwrap_or_else(|| panic!("{}", trial.cell));
        assert!(loads.reads >= loads.episodes && (1..=16).contains(&loads.most_at_once), "{}: {loads:?}", trial.cell);
        assert!(loads.reads <= trial.store_whole.reads, "{}: {loads:?}", trial.cell);
        let intervals: Vec<u64> =
            run.series(trial).unwrap().intervals.iter().map(|interval| interval.store_operations.unwrap()).collect();
        assert!(intervals.iter().sum::<u64>() <= trial.store_whole.operations(), "{}: {intervals:?}", trial.cell);
        let most = intervals.iter().copied().max().unwrap() as f64;
        assert_eq!(store_rate::MAX.of(trial), Some(most / 0.1), "{}", trial.cell);
        assert_eq!(concurrent_loads::MAX.of(trial), Some(loads.most_at_once as f64));
    }
    let joined = of(&run, "read-through");
    assert_eq!((LOADS_PER_EXPIRY.of(joined), concurrent_loads::MAX.of(joined)), (Some(1.0), Some(1.0)));
}
