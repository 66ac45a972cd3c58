//! Faults of the timeline on real servers: bounded time, right buckets, recovery seen, nothing left behind.

#![cfg(feature = "servers")]

#[expect(dead_code, reason = "shared with tests that use the rest")]
mod support;

use cachemark_results::{RecoveryPhase, RecoveryVerdict, Run, Trial};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use support::latest;
use tempfile::{TempDir, tempdir};

/// Whatever hangs, hangs for longer than this; a trial here takes some ten seconds.
const PATIENCE: Duration = Duration::from_secs(300);
/// One stack at a time: on few processors four of them would be in each other's way.
static ALONE: Mutex<()> = Mutex::new(());

/// Nine seconds at little load, so that a busy machine bears it, with the fault from 2.5 s to 4 s. Operations end within 400 ms. An
/// empty cache is full again after a second, for the keys are few, and hits as often as before, for few are written.
fn definition(cache: &str, kind: &str, target: &str) -> String {
    format!(
        r#"
name = "faults"
[workload]
keys = 40
value-bytes = 64
read-ratio = 0.98
[sweep]
strategies = ["no-cache", "cache-aside"]
caches = ["{cache}"]
stores = ["postgres"]
rate = 200
control = false
blocks = 2
[run]
arrivals = "constant"
warm-up-scan = true
warm-up-ms = 300
duration-ms = 9000
interval-ms = 500
operation-timeout-ms = 400
max-in-flight = 500
[[fault]]
at-s = 2.5
for-s = 1.5
target = "{target}"
kind = "{kind}"
"#
    )
}

/// What came of a sweep on servers of its own.
struct Swept {
    run: Run,
    said: String,
    code: Option<i32>,
    /// The most descriptors that the program had open while each trial ran, by the trial's number.
    descriptors: BTreeMap<usize, usize>,
    folder: TempDir,
}

fn sweep(text: &str) -> Swept {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempdir().unwrap();
    let out = results(folder.path());
    let mut child = begin(folder.path(), text);
    let (code, descriptors) = watch(&mut child, &out);
    let said = fs::read_to_string(said(folder.path())).unwrap();
    assert!(out.exists(), "{said}");
    Swept { run: latest(&out), said, code, descriptors, folder }
}

fn results(folder: &Path) -> PathBuf {
    folder.join("results")
}

fn said(folder: &Path) -> PathBuf {
    folder.join("said")
}

/// A sweep of the definition, of which everything lies in the folder.
fn begin(folder: &Path, text: &str) -> Child {
    let path = folder.join("faults.toml");
    fs::write(&path, text).unwrap();
    let mut command = cachemark(folder);
    command.args(["sweep", "--stack", "native", "--quiet", "--json", "--workload"]).arg(&path);
    command.stdout(Stdio::null()).stderr(fs::File::create(said(folder)).unwrap()).spawn().unwrap()
}

fn cachemark(folder: &Path) -> Command {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    // The servers' data folders are under it, which tells their processes.
    command.env("TMPDIR", folder).env("CACHEMARK_OUT", results(folder)).env_remove("RUST_LOG");
    command
}

/// Waits for the end, and counts descriptors meanwhile.
fn watch(child: &mut Child, out: &Path) -> (Option<i32>, BTreeMap<usize, usize>) {
    let begun = Instant::now();
    let mut most = BTreeMap::new();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return (status.code(), most);
        }
        if begun.elapsed() > PATIENCE {
            let _ = child.kill();
            let _ = child.wait();
            panic!("it did not end within {PATIENCE:?}");
        }
        let open = fs::read_dir(format!("/proc/{}/fd", child.id())).map_or(0, Iterator::count);
        let trials = fs::read_dir(out).into_iter().flatten().flatten().map(|record| record.path().join("trials"));
        let done = trials.filter_map(|trials| fs::read_dir(trials).ok()).map(Iterator::count).sum();
        let before = most.entry(done).or_insert(0);
        *before = open.max(*before);
        std::thread::sleep(Duration::from_millis(20));
    }
}

impl Swept {
    /// The trials of a strategy, once it is sure that all were measured and stand, and that nothing is left behind.
    fn sound(&self, strategy: &str) -> Vec<&Trial> {
        assert_eq!(self.run.trials.len(), 4, "{}", self.said);
        for trial in &self.run.trials {
            // A client that was late on a busy machine is no fault of the fault's.
            assert!(trial.invalid_because().is_none_or(|told| told.code == "client-bound-open"), "{}", self.said);
            let totals = trial.totals;
            assert_eq!(totals.issued, totals.ok + totals.absent + totals.shed + totals.error + totals.unknown);
            let condemned =
                ["overloaded", "off-prediction", "foreign-traffic", "lost-writes", "phantoms", "bad-stamps"];
            assert!(!trial.warnings.iter().any(|told| condemned.contains(&told.code.as_str())), "{:?}", trial.warnings);
            // 400 ms, and what a busy machine is late by: an order of magnitude.
            let longest = trial.buckets.iter().filter_map(|bucket| bucket.service_time).map(|time| time.max_ns).max();
            assert!(longest.unwrap() < 4_000_000_000, "{:?}", trial.buckets);
        }
        assert!(matches!(self.code, Some(0 | 3)), "{:?} {}", self.code, self.said);
        assert_eq!(left_behind(self.folder.path()), Vec::<String>::new());
        // Each block runs the same cells: were what a trial opens not closed, the second had as much again open. How many connections
        // it takes differs by what was under way at once.
        let most = |trials: [usize; 2]| trials.iter().filter_map(|trial| self.descriptors.get(trial)).max().copied();
        let (early, late) = (most([0, 1]).unwrap(), most([2, 3]).unwrap());
        assert!(late < early + early / 2, "descriptors: {:?}", self.descriptors);
        let prefix = format!("{strategy} ");
        let of: Vec<_> = self.run.trials.iter().filter(|trial| trial.cell.starts_with(&prefix)).collect();
        assert_eq!(of.len(), 2, "{:?}", self.run.trials.iter().map(|trial| &trial.cell).collect::<Vec<_>>());
        of
    }
}

/// Processes that name the folder, by their command lines.
fn left_behind(folder: &Path) -> Vec<String> {
    processes_of(folder).into_iter().map(|(_, line)| line).collect()
}

/// Their folders under `/proc`, and their command lines.
fn processes_of(folder: &Path) -> Vec<(PathBuf, String)> {
    let folder = folder.to_str().unwrap();
    let processes = fs::read_dir("/proc").unwrap().flatten().map(|process| process.path());
    let lines = processes.filter_map(|process| Some((fs::read(process.join("cmdline")).ok()?, process)));
    let lines = lines.map(|(line, process)| (process, String::from_utf8_lossy(&line).replace('\0', " ")));
    lines.filter(|(_, line)| line.contains(folder)).collect()
}

/// Whether a process stands still by a signal.
fn is_stopped(process: &Path) -> bool {
    // After the name, which may hold anything, the state is the first field.
    let stat = fs::read_to_string(process.join("stat")).unwrap_or_default();
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T'))
}

/// It was seen that something was harmed, and the trial came back, in what a busy machine does not change: it answers as much as before,
/// and hits as often. How long that took goes by times as well, which differ by more than a fifth at so little load though nothing is
/// done to anything: where it is told, it is within what was looked at.
fn recovered(trial: &Trial) {
    let told = trial.recovery.as_ref().unwrap();
    assert!(told.detected_after_ns.is_some() && told.verdict != RecoveryVerdict::Metastable, "{told:?}");
    assert!(told.after.goodput_ops_per_s > 0.9 * told.before.goodput_ops_per_s, "{told:?}");
    let hits = |phase: &RecoveryPhase| phase.hit_ratio.unwrap_or(1.0);
    assert!(hits(&told.after) > 0.9 * hits(&told.before), "{told:?}");
    assert!(told.recovered_after_ns.is_none_or(|after| told.over_ns + after < told.seen_until_ns), "{told:?}");
    assert_eq!(told.recovered_after_ns.is_none(), told.verdict == RecoveryVerdict::NotRecovered, "{told:?}");
}

#[test]
#[ignore = "needs redis-server and postgres"]
fn redis_is_killed_amid_the_run_and_comes_back_empty() {
    let swept = sweep(&definition("redis", "kill", "cache"));
    for trial in swept.sound("cache-aside") {
        let fault = &trial.faults[0];
        assert_eq!((fault.actor.as_str(), fault.server.as_str(), fault.kind.as_str()), ("process", "redis", "kill"));
        let told = trial.recovery.as_ref().unwrap();
        // Without a cache reads go past it, and it is empty afterwards: the hit ratio tells.
        assert!(told.during.hit_ratio.unwrap() < 0.6 * told.before.hit_ratio.unwrap(), "{told:?}");
        assert!(trial.cache.errors > 0 && told.after.hit_ratio.is_some(), "{told:?}");
        recovered(trial);
        assert!(trial.cache_counters.is_empty(), "counts that began anew are of no whole trial");
    }
    for trial in swept.sound("no-cache") {
        assert_eq!((trial.faults[0].actor.as_str(), trial.cache.errors), ("none", 0));
    }
}

#[test]
#[ignore = "needs redis-server and postgres"]
fn postgres_is_frozen_amid_the_run_and_goes_on() {
    let swept = sweep(&definition("redis", "freeze", "store"));
    for strategy in ["no-cache", "cache-aside"] {
        for trial in swept.sound(strategy) {
            assert_eq!((trial.faults[0].actor.as_str(), trial.faults[0].server.as_str()), ("process", "postgres"));
            assert!(!trial.recovery.as_ref().unwrap().during.errors.is_empty(), "{:?}", trial.recovery);
            // Nobody knows what became of what was asked of it: a deadline ended it.
            assert!(trial.totals.unknown > 0, "{:?} {:?}", trial.totals, trial.errors);
            assert!(
                trial.errors.keys().all(|kind| kind.contains("timeout") || kind.contains("deadline")),
                "{:?}",
                trial.errors
            );
        }
    }
    // What hits a cache is answered while the store stands still; without one nothing is.
    for trial in swept.sound("no-cache") {
        let told = trial.recovery.as_ref().unwrap();
        assert!(told.worst.unwrap().goodput_ops_per_s < 0.5 * told.before.goodput_ops_per_s, "{told:?}");
        recovered(trial);
    }
}

#[test]
#[ignore = "needs memcached and postgres"]
fn memcached_becomes_a_black_hole_amid_the_run() {
    let swept = sweep(&definition("memcached", "black-hole", "cache"));
    for trial in swept.sound("cache-aside") {
        assert_eq!((trial.faults[0].actor.as_str(), trial.faults[0].server.as_str()), ("proxy", "memcached"));
        let told = trial.recovery.as_ref().unwrap();
        assert!(told.during.hit_ratio.unwrap() < 0.6 * told.before.hit_ratio.unwrap(), "{told:?}");
        // Each call waits for its own time, a quarter of the operation's, and the store answers then.
        assert!(
            trial.cache_failures.iter().any(|failed| failed.kind.contains("timeout")),
            "{:?}",
            trial.cache_failures
        );
        recovered(trial);
    }
}

#[test]
#[ignore = "needs redis-server and postgres"]
fn redis_takes_few_connections_amid_the_run() {
    let text = definition("redis", "connection-limit", "cache") + "most = 0\n";
    let swept = sweep(&text);
    for trial in swept.sound("cache-aside") {
        assert_eq!((trial.faults[0].actor.as_str(), trial.faults[0].server.as_str()), ("proxy", "redis"));
        let told = trial.recovery.as_ref().unwrap();
        assert!(told.during.hit_ratio.unwrap() < 0.6 * told.before.hit_ratio.unwrap(), "{told:?}");
        assert!(trial.cache.errors > 0, "{:?}", trial.cache);
        // It held what it had: no key is loaded anew.
        recovered(trial);
    }
}

#[test]
#[ignore = "needs redis-server and postgres"]
fn what_a_run_killed_amid_a_freeze_leaves_behind_is_taken_down() {
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempdir().unwrap();
    let mut child = begin(folder.path(), &definition("redis", "freeze", "store"));
    let begun = Instant::now();
    while !processes_of(folder.path()).iter().any(|(process, _)| is_stopped(process)) {
        let said = || fs::read_to_string(said(folder.path())).unwrap_or_default();
        let waits = begun.elapsed() < PATIENCE && child.try_wait().unwrap().is_none();
        assert!(waits, "nothing was frozen: {}", said());
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_ne!(left_behind(folder.path()), Vec::<String>::new(), "or there is nothing to take down");
    let down = cachemark(folder.path()).args(["stack", "down"]).output().unwrap();
    let told = String::from_utf8_lossy(&down.stdout).into_owned();
    assert!(down.status.success() && told.contains("postgres"), "{told}{}", String::from_utf8_lossy(&down.stderr));
    assert_eq!(left_behind(folder.path()), Vec::<String>::new());
    let again = cachemark(folder.path()).args(["stack", "down"]).output().unwrap();
    assert!(String::from_utf8_lossy(&again.stdout).contains("nothing to take down"), "{again:?}");
}
