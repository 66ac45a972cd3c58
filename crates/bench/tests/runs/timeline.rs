//! Faults amid a window, over scripted parts.

use crate::scripted_stack::{Stack, definition, sweep};
use cachemark_bench::{Silent, StopFlag, SweepError};
use cachemark_core::{Fault, FaultError, Settings, StackControl, StoreError};
use cachemark_results::{RecoveryVerdict, Run, Status, Trial, latest_in};
use cachemark_testkit::scripted::{Op, When};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Writes down what is asked, and does `act` then.
struct Script {
    calls: Mutex<Vec<String>>,
    act: Box<Act>,
}

type Act = dyn Fn(&str) -> Result<(), String> + Send + Sync;

impl Script {
    fn new(act: impl Fn(&str) -> Result<(), String> + Send + Sync + 'static) -> Arc<Self> {
        Arc::new(Self { calls: Mutex::default(), act: Box::new(act) })
    }

    fn call(&self, verb: &str, fault: Fault, part: &str) -> Result<(), FaultError> {
        self.calls.lock().unwrap().push(format!("{verb} {fault:?} of {part}"));
        (self.act)(verb).map_err(|said| FaultError::Failed { what: format!("{fault:?}"), server: part.into(), said })
    }

    fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }
}

impl StackControl for Script {
    fn cpu_times(&self) -> BTreeMap<String, Duration> {
        BTreeMap::new()
    }

    fn can(&self, _: Fault, _: &str) -> Result<(), FaultError> {
        Ok(())
    }

    fn begin(&self, fault: Fault, part: &str, _: &Settings) -> Result<(), FaultError> {
        self.call("begin", fault, part)
    }

    fn end(&self, fault: Fault, part: &str, _: &Settings) -> Result<(), FaultError> {
        self.call("end", fault, part)
    }
}

const HEAD: &str = r#"
name = "faulty"
[workload]
keys = 50
read-ratio = 1.0
value-bytes = 64
[sweep]
strategies = "no-cache"
control = false
blocks = 1
[run]
clients = 2
driver-threads = 2
warm-up-ms = 20
interval-ms = 20
operation-timeout-ms = 200
"#;

const FREEZE: &str = "duration-ms = 600\n[[fault]]\nat-s = 0.2\nfor-s = 0.1\ntarget = \"store\"\nkind = \"freeze\"\n";

/// A store whose reads fail while it is frozen.
fn failing_store(stop: Option<StopFlag>) -> (Stack, Arc<Script>) {
    let frozen = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let seen = Arc::clone(&frozen);
    let stack = Stack::hooked(move |_, store| {
        let (store, frozen) = (Arc::clone(store), Arc::clone(&seen));
        std::thread::spawn(move || {
            // As long as anybody else holds the store.
            while Arc::strong_count(&store) > 1 {
                if frozen.swap(false, std::sync::atomic::Ordering::AcqRel) {
                    for nth in 1..=40 {
                        store.inner().fail_when(When::every(Op::Read).nth(nth), StoreError::Rejected("frozen".into()));
                    }
                }
                std::thread::sleep(Duration::from_millis(1));
            }
        });
    });
    let script = Script::new(move |verb| {
        frozen.store(verb == "begin", std::sync::atomic::Ordering::Release);
        if let Some(stop) = &stop {
            stop.stop();
        }
        Ok(())
    });
    let control: Arc<dyn StackControl> = script.clone();
    (stack.controlled_by(control), script)
}

fn only(folder: &std::path::Path) -> Trial {
    let mut run = Run::open(&latest_in(folder).unwrap()).unwrap();
    assert_eq!(run.trials.len(), 1);
    run.trials.remove(0)
}

fn codes(trial: &Trial) -> Vec<&str> {
    trial.warnings.iter().map(|warning| warning.code.as_str()).collect()
}

#[test]
fn a_fault_is_done_amid_the_window_undone_in_it_and_its_failures_are_results() {
    let out = tempfile::tempdir().unwrap();
    let (stack, script) = failing_store(None);
    let text = format!("{HEAD}{FREEZE}");
    sweep(&definition(&text), &stack, out.path(), &StopFlag::default(), &mut Silent).unwrap();
    assert_eq!(script.calls(), ["begin Freeze of scripted", "end Freeze of scripted"]);
    let trial = only(out.path());
    let [fault] = &trial.faults[..] else { panic!("{:?}", trial.faults) };
    let (began, ended) = (fault.began_ns.unwrap(), fault.ended_ns.unwrap());
    assert!(began >= 200_000_000 && ended >= began + 50_000_000, "{fault:?}");
    assert_eq!((fault.actor.as_str(), fault.server.as_str(), &fault.failed), ("process", "scripted", &None));
    let told = trial.recovery.as_ref().unwrap();
    assert_eq!((told.began_ns, told.over_ns, told.timeout_ns), (began, ended, 200_000_000));
    assert_eq!(told.before.operations + told.during.operations + told.after.operations, {
        let run = Run::open(&latest_in(out.path()).unwrap()).unwrap();
        run.series(&run.trials[0]).unwrap().intervals.iter().map(|interval| interval.operations).sum::<u64>()
    });
    let failed = trial.errors.get("rejected").copied().unwrap_or(0);
    let of = |phase: &cachemark_results::RecoveryPhase| phase.errors.get("rejected").copied().unwrap_or(0);
    assert!(failed > 0 && of(&told.during) + of(&told.after) > 0, "{told:?}");
    assert_eq!(trial.invalid_because(), None);
    assert!(trial.halves.is_none() && !codes(&trial).contains(&"failures"), "{:?}", trial.warnings);
}

#[test]
fn a_fault_that_cannot_be_done_makes_the_trial_invalid_and_the_sweep_goes_on() {
    let out = tempfile::tempdir().unwrap();
    let script = Script::new(|verb| if verb == "begin" { Err("it will not".into()) } else { Ok(()) });
    let control: Arc<dyn StackControl> = script;
    let stack = Stack::default().controlled_by(control);
    let end =
        sweep(&definition(&format!("{HEAD}{FREEZE}")), &stack, out.path(), &StopFlag::default(), &mut Silent).unwrap();
    assert_eq!(end.status, Status::Complete);
    let trial = only(out.path());
    let told = trial.invalid_because().unwrap();
    assert!(told.code == "fault-failed" && told.text.contains("it will not"), "{told:?}");
    assert!(trial.totals.issued > 0 && trial.recovery.is_none());
}

#[test]
fn a_stop_amid_a_fault_undoes_it() {
    let out = tempfile::tempdir().unwrap();
    let stop = StopFlag::default();
    let (stack, script) = failing_store(Some(stop.clone()));
    let text = format!(
        "{HEAD}duration-ms = 3600000\n[[fault]]\nat-s = 0.2\nfor-s = 3000\ntarget = \"store\"\nkind = \"freeze\"\n\
                        [[fault]]\nat-s = 0.3\nfor-s = 1\ntarget = \"load\"\nkind = \"flash-crowd\"\n"
    );
    let text = text.replace("blocks = 1", "blocks = 1\nrate = 500");
    let end = sweep(&definition(&text), &stack, out.path(), &stop, &mut Silent).unwrap();
    assert_eq!(end.status, Status::Interrupted);
    assert_eq!(script.calls(), ["begin Freeze of scripted", "end Freeze of scripted"]);
}

#[test]
fn what_nobody_here_can_do_is_refused_before_anything_is_measured() {
    let out = tempfile::tempdir().unwrap();
    let error = sweep(
        &definition(&format!("{HEAD}{FREEZE}")),
        &Stack::default(),
        out.path(),
        &StopFlag::default(),
        &mut Silent,
    );
    let error = error.unwrap_err();
    assert!(matches!(error, SweepError::Fault(FaultError::Impossible { .. })), "{error}");
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
}

#[test]
fn a_flushed_cache_misses_and_fills_again() {
    let out = tempfile::tempdir().unwrap();
    let text = HEAD.replace("no-cache", "cache-aside").replace("warm-up-ms = 20", "warm-up-scan = true");
    let text = format!("{text}duration-ms = 400\n[[fault]]\nat-s = 0.2\nkind = \"flush\"\n");
    sweep(&definition(&text), &Stack::default(), out.path(), &StopFlag::default(), &mut Silent).unwrap();
    let trial = only(out.path());
    assert!(trial.faults[0].began_ns.is_some() && trial.faults[0].began_ns <= trial.faults[0].ended_ns);
    let told = trial.recovery.unwrap();
    assert_eq!((told.before.hit_ratio, told.before.store_ops_per_s), (Some(1.0), Some(0.0)));
    // Each key is loaded again: once, or by both clients at once; on a busy machine some are not asked for any more.
    assert!((1..=100).contains(&trial.store.reads), "{:?}", trial.store);
}

/// 500 arrivals a second, and five times as many from 0.2 s to 0.3 s.
#[test]
fn a_flash_crowd_brings_more_arrivals_amid_the_window_alone() {
    let out = tempfile::tempdir().unwrap();
    let text = HEAD.replace("blocks = 1", "blocks = 1\nrate = 500").replace("[run]", "[run]\narrivals = \"constant\"");
    let crowd = "[[fault]]\nat-s = 0.2\nfor-s = 0.1\ntarget = \"load\"\nkind = \"flash-crowd\"\nfactor = 5\n";
    sweep(
        &definition(&format!("{text}duration-ms = 600\n{crowd}")),
        &Stack::default(),
        out.path(),
        &StopFlag::default(),
        &mut Silent,
    )
    .unwrap();
    let trial = only(out.path());
    // 0.5 s of 500/s, 0.1 s of 2,500/s; the window may open a moment later than was planned.
    let offered = trial.open_loop.as_ref().unwrap().offered;
    assert!((450..=502).contains(&offered), "{offered}");
    let told = trial.recovery.as_ref().unwrap();
    assert_eq!((told.began_ns, told.over_ns), (200_000_000, 300_000_000));
    assert_eq!((trial.faults[0].actor.as_str(), trial.faults[0].target.as_str()), ("load", "load"));
    assert_ne!(told.verdict, RecoveryVerdict::Metastable);
}
