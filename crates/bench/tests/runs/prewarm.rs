//! Keys that are put into the cache before all else.

use crate::scripted_stack::{Stack, definition, sweep};
use crate::sweep::Quiet;
use cachemark_bench::StopFlag;
use cachemark_results::{Run, Trial};

const COLD: &str = r#"
name = "prewarmed"
[workload]
keys = 50
read-ratio = 1.0
distribution = "zipf"
exponent = 10.0
value-bytes = 64
[sweep]
strategies = ["no-cache", "cache-aside"]
control = false
blocks = 1
[run]
clients = 3
driver-threads = 2
phase = "cold"
duration-ms = 100
operation-timeout-ms = 60000
prewarm-keys = 0
"#;

fn run(prewarmed: u64) -> (tempfile::TempDir, Run) {
    let out = tempfile::tempdir().unwrap();
    let text = COLD.replace("prewarm-keys = 0", &format!("prewarm-keys = {prewarmed}"));
    let end = sweep(&definition(&text), &Stack::default(), out.path(), &StopFlag::default(), &mut Quiet).unwrap();
    let run = Run::open(&end.folder).unwrap();
    (out, run)
}

fn of<'a>(run: &'a Run, arm: &str) -> &'a Trial {
    run.trials.iter().find(|trial| trial.cell.starts_with(arm)).unwrap()
}

#[test]
fn the_first_reads_of_prewarmed_keys_hit_and_their_loads_are_before_the_window() {
    let (_folder, run) = run(50);
    let (cached, uncached) = (of(&run, "cache-aside"), of(&run, "no-cache"));
    assert_eq!((cached.hit_ratio, cached.store.reads, cached.cache.sets), (Some(1.0), 0, 0));
    assert_eq!((cached.store_whole.reads, cached.cache_whole.sets), (50, 50), "each key is read once");
    assert_eq!(cached.issued_whole - cached.totals.issued, 50);
    assert_eq!(uncached.issued_whole, uncached.totals.issued, "there is nothing to put them into");
    assert_eq!(run.manifest.parameters["prewarmed keys"], 50);
}

#[test]
fn as_many_are_read_as_are_asked_for_and_none_by_default() {
    let (_folder, prewarmed) = run(7);
    let trial = of(&prewarmed, "cache-aside");
    assert_eq!(trial.issued_whole - trial.totals.issued, 7);

    let (_folder, run) = run(0);
    let trial = of(&run, "cache-aside");
    assert_eq!(trial.issued_whole, trial.totals.issued);
    assert!(!run.manifest.parameters.contains_key("prewarmed keys"));
}
