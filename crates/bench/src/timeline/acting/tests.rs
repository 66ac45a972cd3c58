//! Acting by a script: in which order, and that nothing is left behind.

use super::*;
use crate::composition::Composition;
use crate::definition::{Catalogue, Definition, Draft};
use crate::plan::Plan;
use crate::target::Probes;
use crate::timeline::fault::{FaultKind, PlannedFault, Target};
use cachemark_core::{CacheProbe, Capabilities, Fault, FaultError, Settings, StackControl, StoreProbe, SystemClock};
use cachemark_testkit::scripted::{self, ScriptedCache, ScriptedStore};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::time::Duration;

/// Writes down what is asked of it, and fails or panics where the script says so.
#[derive(Default)]
struct Script {
    calls: Mutex<Vec<String>>,
    /// The calls, from 1, that fail.
    fails: Vec<usize>,
    panics: Vec<usize>,
}

impl Script {
    fn call(&self, verb: &str, fault: Fault, part: &str) -> Result<(), FaultError> {
        let number = {
            let mut calls = self.calls.lock().unwrap();
            calls.push(format!("{verb} {fault:?} {part}"));
            calls.len()
        };
        assert!(!self.panics.contains(&number), "scripted panic");
        if self.fails.contains(&number) {
            let (what, server) = (format!("{fault:?}"), part.to_owned());
            return Err(FaultError::Failed { what, server, said: "scripted".into() });
        }
        Ok(())
    }

    fn calls(&self) -> Vec<String> {
        self.calls.lock().unwrap().clone()
    }
}

impl StackControl for Script {
    fn cpu_times(&self) -> BTreeMap<String, Duration> {
        BTreeMap::new()
    }

    fn begin(&self, fault: Fault, part: &str, _: &Settings) -> Result<(), FaultError> {
        self.call("begin", fault, part)
    }

    fn end(&self, fault: Fault, part: &str, _: &Settings) -> Result<(), FaultError> {
        self.call("end", fault, part)
    }
}

struct Parts(ScriptedCache, ScriptedStore);

impl Probes for Parts {
    fn caches(&self) -> Vec<&dyn CacheProbe> {
        vec![&self.0]
    }

    fn store(&self) -> &dyn StoreProbe {
        &self.1
    }
}

fn composition(strategy: &str) -> Composition {
    let catalogue = Catalogue {
        strategies: cachemark_strategy::strategies(),
        caches: &[scripted::CACHE],
        stores: &[scripted::STORE],
        default_caches: &["scripted"],
        default_stores: &["scripted"],
        ..Catalogue::NONE
    };
    let text = format!("[sweep]\nstrategies = [\"{strategy}\"]\ncontrol = false");
    let draft = Draft::read("acting", text.as_bytes()).unwrap();
    let definition = Definition::resolve(draft, &catalogue).unwrap();
    Plan::lay_out(&definition, |_| Capabilities::NONE).cells[0].composition.clone()
}

fn fault(name: &str, target: Target, (at_ms, for_ms): (u64, u64)) -> PlannedFault {
    let kind = FaultKind::named(name).unwrap();
    let (at, lasting) = (Duration::from_millis(at_ms), Duration::from_millis(for_ms));
    PlannedFault { at, lasting, target, kind, settings: Settings::defaults(kind.settings) }
}

/// What `drive` comes to over a target of `strategy` with these faults.
fn acted<T>(
    script: &Script,
    strategy: &str,
    faults: &[PlannedFault],
    stop: &StopFlag,
    drive: impl FnOnce(Sender<Step>) -> T,
) -> (T, Vec<FaultSeen>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (composition, parts) = (composition(strategy), Parts(ScriptedCache::new(), ScriptedStore::new()));
    let hands = Hands {
        faults,
        composition: &composition,
        control: script,
        probes: &parts,
        background: runtime.handle(),
        hottest: Vec::new(),
    };
    let timeline = Timeline::with_faults(Duration::from_secs(3600), faults);
    let clock = SystemClock::from_zero();
    timeline.open_at(cachemark_core::Clock::now_ns(&clock), &clock);
    beside(&hands, &timeline, stop, drive)
}

fn announced(steps: Vec<Step>) -> impl FnOnce(Sender<Step>) {
    move |announce| steps.into_iter().for_each(|step| announce.send(step).unwrap())
}

fn two() -> [PlannedFault; 2] {
    [fault("freeze", Target::STORE, (10, 60_000)), fault("slow", Target::CACHE, (15, 60_000))]
}

#[test]
fn faults_are_done_and_undone_in_the_order_in_which_they_are_announced() {
    let script = Script::default();
    let steps = vec![Step::Begin(0), Step::Begin(1), Step::End(0), Step::End(1), Step::Over];
    let ((), seen) = acted(&script, "cache-aside", &two(), &StopFlag::default(), announced(steps));
    let slow = "Slow { latency: 50ms, jitter: 0ns } scripted";
    let expected =
        ["begin Freeze scripted".into(), format!("begin {slow}"), "end Freeze scripted".into(), format!("end {slow}")];
    assert_eq!(script.calls(), expected);
    assert_eq!(
        seen.iter().map(|each| (each.kind.as_str(), each.target.as_str(), each.actor.as_str())).collect::<Vec<_>>(),
        [("freeze", "store", "process"), ("slow", "cache", "proxy")]
    );
    for each in &seen {
        assert!(each.failed.is_none() && each.began_ns < each.ended_ns, "{each:?}");
    }
    assert_eq!(
        (seen[0].at_ns, seen[0].until_ns, seen[1].in_words.as_str()),
        (10_000_000, 60_010_000_000, "slow by 50 ms")
    );
}

#[test]
fn what_is_in_place_when_the_window_is_over_is_undone_the_last_first() {
    let script = Script::default();
    let steps = vec![Step::Begin(0), Step::Begin(1), Step::Over];
    let ((), seen) = acted(&script, "cache-aside", &two(), &StopFlag::default(), announced(steps));
    let verbs: Vec<_> =
        script.calls().iter().map(|call| call.split(' ').take(2).collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(verbs, ["begin Freeze", "begin Slow", "end Slow", "end Freeze"]);
    assert!(seen.iter().all(|each| each.ended_ns.is_some()));
}

#[test]
fn a_panic_of_the_driver_leaves_nothing_in_place() {
    let script = Script::default();
    let gone = catch_unwind(AssertUnwindSafe(|| {
        acted(&script, "cache-aside", &two(), &StopFlag::default(), |announce| {
            announce.send(Step::Begin(0)).unwrap();
            panic!("scripted panic of the driver");
        })
    }));
    assert!(gone.is_err());
    assert_eq!(script.calls(), ["begin Freeze scripted", "end Freeze scripted"]);
}

#[test]
fn once_stopped_nothing_is_begun_and_what_is_in_place_is_undone() {
    let (script, stop) = (Script::default(), StopFlag::default());
    let ((), _) = acted(&script, "cache-aside", &two(), &stop.clone(), |announce| {
        announce.send(Step::Begin(0)).unwrap();
        while script.calls().is_empty() {
            std::thread::yield_now();
        }
        stop.stop();
        announced(vec![Step::Begin(1), Step::End(1), Step::Over])(announce);
    });
    assert_eq!(script.calls(), ["begin Freeze scripted", "end Freeze scripted"]);
}

#[test]
fn what_fails_is_said_and_undone_as_far_as_it_can_be() {
    // It cannot be begun: half of it may be there, and is undone.
    let script = Script { fails: vec![1], ..Script::default() };
    let steps = || vec![Step::Begin(0), Step::End(0), Step::Over];
    let of = |script: &Script| acted(script, "cache-aside", &two()[..1], &StopFlag::default(), announced(steps())).1;
    let seen = &of(&script)[0];
    assert_eq!((seen.began_ns, seen.ended_ns, script.calls().len()), (None, None, 2));
    assert_eq!(seen.failed.as_deref(), Some("Freeze failed on scripted: scripted"));
    // It cannot be undone at first: that is tried again, and told.
    let script = Script { fails: vec![2], ..Script::default() };
    let seen = &of(&script)[0];
    assert!(seen.began_ns.is_some() && seen.ended_ns.is_some() && seen.failed.is_some(), "{seen:?}");
    assert_eq!(script.calls().len(), 3);
    // Never.
    let script = Script { fails: vec![2, 3, 4, 5], ..Script::default() };
    let seen = &of(&script)[0];
    assert!(seen.began_ns.is_some() && seen.ended_ns.is_none() && seen.failed.is_some(), "{seen:?}");
    // Whoever acts panics: it is a failure like another.
    let script = Script { panics: vec![1], ..Script::default() };
    let seen = &of(&script)[0];
    assert!(seen.failed.as_ref().unwrap().contains("scripted panic"), "{seen:?}");
    assert_eq!(script.calls(), ["begin Freeze scripted", "end Freeze scripted"]);
}

/// One thread acts: what came to its turn only after its end is not done for a moment and called done.
#[test]
fn a_fault_that_would_begin_after_its_end_is_not_done_and_a_restart_that_failed_is_undone() {
    let script = Script::default();
    let late = [fault("freeze", Target::STORE, (0, 1))];
    let begun = std::time::Instant::now();
    let ((), seen) = acted(&script, "cache-aside", &late, &StopFlag::default(), |announce| {
        while begun.elapsed() < Duration::from_millis(20) {
            std::thread::yield_now();
        }
        announced(vec![Step::Begin(0), Step::End(0), Step::Over])(announce);
    });
    assert!(script.calls().is_empty(), "{:?}", script.calls());
    assert_eq!(seen[0].failed.as_deref(), Some("another fault took until after its end to be undone"));
    let script = Script { fails: vec![1], ..Script::default() };
    let restart = [fault("restart", Target::CACHE, (10, 0))];
    let steps = vec![Step::Begin(0), Step::Over];
    let ((), seen) = acted(&script, "cache-aside", &restart, &StopFlag::default(), announced(steps));
    assert!(seen[0].failed.is_some());
    assert_eq!(script.calls(), ["begin Restart { empty: true } scripted", "end Restart { empty: true } scripted"]);
}

#[test]
fn a_fault_that_was_never_announced_was_not_done() {
    let script = Script::default();
    let ((), seen) = acted(&script, "cache-aside", &two(), &StopFlag::default(), announced(vec![Step::Over]));
    assert!(script.calls().is_empty());
    let said = seen[0].failed.as_ref().unwrap();
    assert_eq!(said, "the trial was over before it could be frozen");
}

/// A cell that asks no cache has nothing that could be done to one, and goes through the same times as the others.
#[test]
fn nothing_is_done_to_a_cell_without_such_a_server_and_nothing_to_the_arrivals() {
    let script = Script::default();
    let faults = [fault("slow", Target::CACHE, (15, 30)), fault("flash-crowd", Target::Load, (50, 10))];
    let steps = vec![Step::Begin(0), Step::End(0), Step::Begin(1), Step::End(1), Step::Over];
    let ((), seen) = acted(&script, "no-cache", &faults, &StopFlag::default(), announced(steps));
    assert!(script.calls().is_empty());
    let of = |each: &FaultSeen| (each.actor.clone(), each.server.clone(), each.began_ns, each.ended_ns);
    assert_eq!(of(&seen[0]), ("none".into(), String::new(), Some(15_000_000), Some(45_000_000)));
    assert_eq!(of(&seen[1]), ("load".into(), String::new(), Some(50_000_000), Some(60_000_000)));
}

#[test]
fn commands_go_to_the_cache_and_are_of_a_moment_and_what_it_cannot_do_is_said() {
    let script = Script::default();
    let faults = [fault("flush", Target::CACHE, (15, 0)), fault("evict", Target::CACHE, (20, 60_000))];
    let steps = vec![Step::Begin(0), Step::Begin(1), Step::End(1), Step::Over];
    let ((), seen) = acted(&script, "cache-aside", &faults, &StopFlag::default(), announced(steps));
    assert!(script.calls().is_empty(), "a stack is never asked");
    assert!(seen[0].failed.is_none() && seen[0].began_ns.is_some() && seen[0].began_ns <= seen[0].ended_ns);
    assert_eq!(seen[0].actor, "command");
    assert!(seen[1].failed.as_ref().unwrap().contains("changing its room"), "{seen:?}");
}
