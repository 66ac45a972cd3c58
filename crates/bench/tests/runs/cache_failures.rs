//! A cache that fails is seen in the figures, whatever became of the operations that asked it.

use crate::scripted_stack::{MeteredCache, Stack, definition, sweep};
use cachemark_bench::{Silent, StopFlag};
use cachemark_core::{CacheError, StoreError};
use cachemark_results::{Run, Series, Trial};
use cachemark_testkit::scripted::{Op, When};
use std::sync::Arc;

const STRATEGIES: [&str; 3] = ["cache-aside", "read-through", "write-through"];

/// Those of `strategies`, each with everything measured from the first operation on.
fn text(strategies: &str, settings: &str) -> String {
    format!(
        r#"
name = "failing"
[workload]
keys = 20
read-ratio = 0.5
value-bytes = 64
[sweep]
strategies = {strategies}
blocks = 1
control = false
[run]
clients = 2
warm-up-ms = 0
duration-ms = 150
interval-ms = 50
{settings}
"#
    )
}

/// One trial of `strategy` over a cache that `script` breaks.
fn trial(strategy: &str, settings: &str, script: fn(&Arc<MeteredCache>)) -> (Trial, Series) {
    let text = text(&format!("\"{strategy}\""), settings);
    let out = tempfile::tempdir().unwrap();
    let stack = Stack::hooked(move |cache, _| script(cache));
    let end = sweep(&definition(&text), &stack, out.path(), &StopFlag::default(), &mut Silent).unwrap();
    let run = Run::open(&end.folder).unwrap();
    let trial = run.trials.iter().find(|trial| trial.cell.starts_with(strategy)).unwrap();
    assert!(trial.totals.issued > 0);
    (trial.clone(), run.series(trial).unwrap())
}

fn fail(cache: &MeteredCache, ops: &[Op]) {
    for &op in ops {
        cache.inner().fail_when(When::every(op), CacheError::Rejected("scripted: not permitted".into()));
    }
}

/// How many calls of the sort failed in the whole trial, if they failed as they were told to.
fn failed(trial: &Trial, call: &str) -> u64 {
    let found = trial.cache_failures.iter().find(|failed| failed.call == call);
    let failed = found.unwrap_or_else(|| panic!("{}: no {call} among {:?}", trial.cell, trial.cache_failures));
    assert_eq!(failed.kind, "rejected");
    assert!(failed.first.contains("scripted: not permitted"), "{}", failed.first);
    failed.whole
}

/// The warning's text.
fn told(trial: &Trial) -> &str {
    let warning = trial.warnings.iter().find(|warning| warning.code == "cache-failures");
    &warning.unwrap_or_else(|| panic!("{}: {:?}", trial.cell, trial.warnings)).text
}

#[test]
fn failed_gets_are_lookups_that_the_cache_did_not_answer() {
    for strategy in STRATEGIES {
        let (trial, series) = trial(strategy, "", |cache| fail(cache, &[Op::Get]));
        assert_eq!(trial.hit_ratio, Some(0.0), "{strategy}");
        let lookups = trial.lookups();
        assert_eq!((lookups.hits, lookups.misses), (0, 0), "{strategy}");
        assert!(lookups.failed > 0 && failed(&trial, "get") >= lookups.failed, "{strategy}");
        assert_eq!(trial.totals.error, 0, "{strategy}: they went on to the store");
        assert!(told(&trial).contains("get rejected") && told(&trial).contains("not permitted"), "{}", told(&trial));
        assert!(series.intervals.iter().any(|interval| interval.hit_ratio() == Some(0.0)), "{strategy}");
    }
}

#[test]
fn hits_are_counted_among_all_lookups_those_that_failed_too() {
    let (trial, _) = trial("cache-aside", "", |cache| {
        for n in (10..200).step_by(2) {
            cache.inner().fail_when(When::every(Op::Get).nth(n), CacheError::Unavailable("scripted".into()));
        }
    });
    let lookups = trial.lookups();
    assert!(lookups.failed > 0, "{lookups:?}");
    assert_eq!(trial.hit_ratio, Some(lookups.hits as f64 / (lookups.hits + lookups.misses + lookups.failed) as f64));
}

#[test]
fn reads_that_fail_with_their_cache_are_lookups_too() {
    for strategy in STRATEGIES {
        let closed = format!("[strategy.{strategy}]\non-cache-read-error = \"closed\"");
        let (trial, _) = trial(strategy, &closed, |cache| fail(cache, &[Op::Get]));
        assert_eq!(trial.hit_ratio, Some(0.0), "{strategy}");
        assert!(trial.totals.error > 0 && trial.error_reasons["rejected"].contains("not permitted"), "{strategy}");
        let failures = trial.warnings.iter().find(|warning| warning.code == "failures").unwrap();
        assert!(failures.text.contains("rejected") && failures.text.contains("not permitted"), "{}", failures.text);
    }
}

#[test]
fn refused_sets_are_counted_with_their_reason() {
    for strategy in STRATEGIES {
        let (trial, _) = trial(strategy, "", |cache| fail(cache, &[Op::Set, Op::SetIfNewer]));
        assert!(failed(&trial, "set") > 0, "{strategy}");
        assert!(told(&trial).contains("set rejected"), "{}", told(&trial));
        assert_eq!((trial.hit_ratio, trial.totals.error), (Some(0.0), 0), "{strategy}");
    }
}

#[test]
fn failed_invalidations_are_counted_with_their_reason() {
    for strategy in STRATEGIES {
        let invalidate = format!("[strategy.{strategy}]\non-write = \"invalidate\"");
        let (trial, _) = trial(strategy, &invalidate, |cache| fail(cache, &[Op::Delete]));
        assert!(failed(&trial, "delete") > 0, "{strategy}");
        assert!(told(&trial).contains("delete rejected"), "{}", told(&trial));
        assert_eq!(trial.totals.error, 0, "{strategy}: acknowledged all the same");
    }
}

#[test]
fn a_clean_up_that_fails_after_a_lost_write_is_counted() {
    let text = text(&format!("{STRATEGIES:?}"), "");
    let out = tempfile::tempdir().unwrap();
    let stack = Stack::hooked(|cache, store| {
        fail(cache, &[Op::Delete]);
        store.inner().fail_when(When::every(Op::Write), StoreError::ConnectionLost("scripted: reset".into()));
    });
    let end = sweep(&definition(&text), &stack, out.path(), &StopFlag::default(), &mut Silent).unwrap();
    for trial in &Run::open(&end.folder).unwrap().trials {
        assert!(failed(trial, "delete") > 0, "{}", trial.cell);
        let lost = trial.store_failures.iter().find(|failed| failed.call == "write").unwrap();
        assert_eq!(lost.kind, "connection-lost");
        assert!(lost.first.contains("scripted: reset"), "{}", lost.first);
        assert!(trial.error_reasons["connection-lost"].contains("scripted: reset"), "{:?}", trial.error_reasons);
    }
}

#[test]
fn no_cache_has_no_hit_ratio_and_a_working_cache_no_failures() {
    let (none, _) = trial("no-cache", "", |_| ());
    assert_eq!((none.hit_ratio, none.lookups().asked()), (None, 0));
    let (works, _) = trial("cache-aside", "", |_| ());
    assert!(works.cache_failures.is_empty() && works.hit_ratio.is_some());
    for trial in [none, works] {
        assert!(!trial.warnings.iter().any(|warning| warning.code == "cache-failures"), "{:?}", trial.warnings);
    }
}
