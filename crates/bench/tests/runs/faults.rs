//! What goes wrong within a trial: a panic ends it, a failed scan is told of.

use crate::scripted_stack::{READS, Stack, definition, sweep};
use cachemark_bench::{Silent, StopFlag, SweepError};
use cachemark_core::StoreError;
use cachemark_results::{Run, Status, latest_in};
use cachemark_testkit::scripted::{Op, ScriptedStore, When};
use std::sync::Arc;
use std::time::Duration;

/// One trial of no-cache, of which every operation is a read of the store. The window is longer than anyone would wait for a
/// test: one that waits for its end has failed.
fn text(settings: &str) -> String {
    format!("{READS}{settings}\n")
}

const ENDLESS: &str = "[run]\nclients = 4\ndriver-threads = 2\nduration-ms = 3600000\ninterval-ms = 60000";

/// The error of a sweep that a panic ended, once it is sure that the record says so too.
fn panicked(settings: &str, script: fn(&ScriptedStore)) -> String {
    let out = tempfile::tempdir().unwrap();
    let (definition, stop) = (definition(&text(settings)), StopFlag::default());
    let error = sweep(&definition, &Stack::with(script), out.path(), &stop, &mut Silent).unwrap_err();
    let run = Run::open(&latest_in(out.path()).unwrap()).unwrap();
    assert_eq!((run.manifest.status, run.trials.len()), (Status::Failed, 0));
    assert!(matches!(error, SweepError::Target(_)), "{error}");
    assert!(!stop.is_stopped(), "nobody asked the sweep to stop");
    error.to_string()
}

#[test]
fn a_panic_in_the_scan_ends_the_trial() {
    let error = panicked(&format!("{ENDLESS}\nwarm-up-scan = true"), |store| {
        store.panic_when(When::every(Op::Read).nth(20), "scripted in the scan");
    });
    assert!(error.contains("driver threads") && error.contains("panicked: scripted in the scan"), "{error}");
}

#[test]
fn a_panic_in_the_warm_up_ends_the_trial() {
    let error = panicked(&format!("{ENDLESS}\nwarm-up-ms = 3600000\nwarm-up-cap-ms = 3600000"), |store| {
        store.panic_when(When::every(Op::Read).nth(200), "scripted in the warm-up");
    });
    assert!(error.contains("panicked: scripted in the warm-up"), "{error}");
}

#[test]
fn a_panic_in_an_open_loop_ends_the_trial() {
    let settings = format!("rate = 2000\n{ENDLESS}\nwarm-up-ms = 0");
    let error = panicked(&settings, |store| {
        store.panic_when(When::every(Op::Read).nth(100), "scripted in an arrival");
    });
    assert!(error.contains("panicked: scripted in an arrival"), "{error}");
}

#[test]
fn a_panic_ends_an_open_loop_that_waits_for_a_session() {
    let settings = format!("rate = 2000\n{ENDLESS}\nwarm-up-ms = 0\nmax-in-flight = 2\noperation-timeout-ms = 60000");
    let error = panicked(&settings, |store| {
        // Each thread has one session, and arrivals that wait for it when the panic comes.
        store.delay_when(When::every(Op::Read).nth(1), Duration::from_millis(300));
        store.delay_when(When::every(Op::Read).nth(2), Duration::from_millis(300));
        store.panic_when(When::every(Op::Read).nth(3), "scripted behind a wait");
    });
    assert!(error.contains("panicked: scripted behind a wait"), "{error}");
}

#[test]
fn failed_reads_of_the_scan_are_counted_by_kind() {
    let out = tempfile::tempdir().unwrap();
    let settings = "[run]\nclients = 2\ndriver-threads = 2\nwarm-up-scan = true\nwarm-up-ms = 0\nduration-ms = 100";
    let stack = Stack::with(|store| {
        store.fail_when(When::every(Op::Read).nth(3), StoreError::Rejected("scripted".into()));
        store.fail_when(When::every(Op::Read).nth(5), StoreError::Timeout(Duration::from_millis(1)));
        store.fail_when(When::every(Op::Read).nth(9), StoreError::Timeout(Duration::from_millis(1)));
    });
    let definition = definition(&text(settings));
    let end = sweep(&definition, &stack, out.path(), &StopFlag::default(), &mut Silent).unwrap();
    let trial = &Run::open(&end.folder).unwrap().trials[0];
    assert_eq!((trial.scan_errors["rejected"], trial.scan_errors["store-timeout"]), (1, 2));
    assert!(trial.errors.is_empty(), "they are not of the window: {:?}", trial.errors);
    assert!(trial.warnings.iter().any(|warning| warning.code == "scan-failures"), "{:?}", trial.warnings);
    // A scripted failure takes no effect: what the store counted is what did not fail.
    assert_eq!(trial.issued_whole, trial.store_counters["rows-read"] + 3);
}

#[test]
fn rows_that_vanish_in_the_middle_of_a_trial_are_told() {
    // One client, whose third read waits until the rows are gone: it is of the window, however slow the machine.
    let settings =
        "[run]\nclients = 1\ndriver-threads = 1\nwarm-up-ms = 0\nduration-ms = 300\noperation-timeout-ms = 60000";
    let stack = Stack::hooked(|_, store| {
        let gate = store.inner().gate_when(When::every(Op::Read).nth(3));
        let store = Arc::clone(store);
        std::thread::spawn(move || {
            let waiting = tokio::runtime::Builder::new_current_thread().build().unwrap();
            waiting.block_on(gate.reached());
            store.inner().truncate();
            gate.release();
        });
    });
    let out = tempfile::tempdir().unwrap();
    let end = sweep(&definition(&text(settings)), &stack, out.path(), &StopFlag::default(), &mut Silent).unwrap();
    let trial = &Run::open(&end.folder).unwrap().trials[0];
    assert!(trial.totals.absent > 0, "{:?}", trial.totals);
    let told = trial.warnings.iter().find(|warning| warning.code == "absent-rows").unwrap();
    assert!(told.text.starts_with(&format!("{} reads found no row", trial.totals.absent)), "{}", told.text);
}

#[test]
fn absent_rows_are_no_trouble_where_operations_delete() {
    let settings = "[run]\nclients = 2\nwarm-up-ms = 0\nduration-ms = 150";
    let text = text(settings).replace("read-ratio = 1.0", "read-ratio = 0.5\ndelete-ratio = 0.5");
    let out = tempfile::tempdir().unwrap();
    let end = sweep(&definition(&text), &Stack::default(), out.path(), &StopFlag::default(), &mut Silent).unwrap();
    let trial = &Run::open(&end.folder).unwrap().trials[0];
    assert!(trial.totals.absent > 0, "{:?}", trial.totals);
    assert!(!trial.warnings.iter().any(|warning| warning.code == "absent-rows"), "{:?}", trial.warnings);
}
