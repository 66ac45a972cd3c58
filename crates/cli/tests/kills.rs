//! Sweeps killed with SIGKILL at random moments and resumed until they are complete: nothing torn is ever read,
//! nothing finished is lost, nothing is run twice.
//!
//! `CACHEMARK_KILLS` says how often (10), `CACHEMARK_KILL_SEED` where the moments come from (1); scripts/kill-test sets both.

use cachemark_results::{Run, Status, Trial, latest_in};
use cachemark_workload::Seed;
use rand::RngExt;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};
use tempfile::tempdir;

/// 60 trials that take hardly longer to run than to write.
const TINY: &str = r#"
name = "tiny"
[workload]
keys = 20
read-ratio = 0.5
value-bytes = 64
[sweep]
strategies = ["no-cache", "cache-aside"]
blocks = 20
[run]
clients = 2
driver-threads = 1
warm-up-ms = 0
duration-ms = 10
interval-ms = 10
"#;
/// A kill comes at some moment in this time: start, trials and pages all fall into it.
const LONGEST: Duration = Duration::from_millis(800);
/// A sweep that is left alone ends long before this.
const PATIENCE: Duration = Duration::from_secs(120);

#[derive(Debug, Default)]
struct Tally {
    kills: u32,
    before_the_record: u32,
    among_trials: u32,
    after_the_last: u32,
    /// Kills that left a half-written file or folder behind.
    half_written: u32,
    resumes: u32,
    completed: u32,
    trials_read: u64,
}

#[test]
fn a_sweep_that_is_killed_again_and_again_is_finished_by_resume() {
    let kills = number("CACHEMARK_KILLS", 10);
    let seed = number("CACHEMARK_KILL_SEED", 1);
    let mut random = Seed::new(seed).child("kills").rng();
    let mut moment = || LONGEST.mul_f64(random.random::<f64>());
    let mut tally = Tally::default();
    while u64::from(tally.kills) < kills {
        let out = tempdir().unwrap();
        let definition = out.path().join("tiny.toml");
        fs::write(&definition, TINY).unwrap();
        finish_a_sweep(out.path(), &definition, kills, &mut moment, &mut tally);
        tally.completed += 1;
    }
    tell(seed, &tally);
    assert!(tally.among_trials > 0 && tally.resumes > 0, "no kill hit a trial: {tally:?}");
}

#[expect(clippy::print_stdout, reason = "what scripts/kill-test shows at its end; other runs capture it")]
fn tell(seed: u64, tally: &Tally) {
    println!("seed {seed}: {tally:#?}");
}

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).map_or(default, |text| text.parse().expect("a whole number"))
}

/// Starts a sweep, kills it, resumes it, until it is complete.
fn finish_a_sweep(out: &Path, definition: &Path, kills: u64, moment: &mut impl FnMut() -> Duration, tally: &mut Tally) {
    let mut seen: BTreeMap<u32, Trial> = BTreeMap::new();
    let late = tally.after_the_last;
    loop {
        let folder = latest_in(out);
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
        // What a killed process leaves in the temporary folder goes with the test.
        command.env("TMPDIR", out);
        command.arg("sweep").env("CACHEMARK_OUT", out).stdout(Stdio::null()).stderr(Stdio::piped());
        match &folder {
            Some(folder) => command.arg("--resume").arg(folder),
            None => command.arg("--workload").arg(definition),
        };
        tally.resumes += u32::from(folder.is_some());
        let child = command.spawn().unwrap();
        // Making the pages takes as long as many trials: two kills there are enough for one sweep.
        let spared = u64::from(tally.kills) >= kills || tally.after_the_last >= late + 2;
        // On a machine so slow that kills come before the record is there, later ones come later.
        let limit = if spared { PATIENCE } else { moment() * (1 + tally.before_the_record) };
        match ended_or_killed(child, limit) {
            Ended::ByItself(status, said) => {
                // 3: a window of 10 ms of a busy machine may end without an answer, which is no loss.
                assert!(matches!(status.code(), Some(0 | 3)), "{said}");
                break;
            }
            Ended::Killed => assert!(!spared, "it did not end within {PATIENCE:?}"),
        }
        tally.kills += 1;
        check_after_kill(out, &mut seen, tally);
    }
    check_complete(&latest_in(out).unwrap(), &seen);
}

enum Ended {
    ByItself(ExitStatus, String),
    Killed,
}

fn ended_or_killed(mut child: Child, limit: Duration) -> Ended {
    let begun = Instant::now();
    while begun.elapsed() < limit {
        if let Some(status) = child.try_wait().unwrap() {
            let said = std::io::read_to_string(child.stderr.take().unwrap()).unwrap();
            return Ended::ByItself(status, said);
        }
        std::thread::sleep(Duration::from_micros(500));
    }
    // SIGKILL; one that ended in this moment is none the worse for it.
    child.kill().unwrap();
    child.wait().unwrap();
    Ended::Killed
}

fn check_after_kill(out: &Path, seen: &mut BTreeMap<u32, Trial>, tally: &mut Tally) {
    let Some(folder) = latest_in(out) else {
        tally.before_the_record += 1;
        return;
    };
    let run = Run::open(&folder).unwrap();
    check_trials(&run);
    tally.trials_read += run.trials.len() as u64;
    for (number, trial) in &*seen {
        assert!(run.trials.contains(trial), "trial {number} was finished before and is lost or changed");
    }
    seen.extend(run.trials.iter().map(|trial| (trial.number, trial.clone())));
    if run.trials.len() < run.manifest.planned_trials() {
        tally.among_trials += 1;
    } else {
        tally.after_the_last += 1;
    }
    tally.half_written += u32::from(has_parts(&folder));
}

/// Every trial that can be seen is whole, and its figures add up.
fn check_trials(run: &Run) {
    for trial in &run.trials {
        let totals = trial.totals;
        assert_eq!(totals.issued, totals.ok + totals.absent + totals.shed + totals.error + totals.unknown);
        let counted: u64 = trial.buckets.iter().map(|bucket| bucket.count).sum();
        let recorded: u64 = run.histograms(trial).unwrap().buckets.iter().map(|b| b.service_time.count()).sum();
        assert_eq!((counted, recorded), (totals.issued, totals.issued), "trial {}", trial.number);
        assert!(!run.series(trial).unwrap().intervals.is_empty());
    }
}

fn check_complete(folder: &Path, seen: &BTreeMap<u32, Trial>) {
    let run = Run::open(folder).unwrap();
    check_trials(&run);
    assert_eq!(run.manifest.status, Status::Complete);
    assert!(seen.values().all(|trial| run.trials.contains(trial)), "what was finished was not run again");
    let cells: BTreeSet<(&str, u32)> = run.trials.iter().map(|trial| (trial.cell.as_str(), trial.block)).collect();
    let blocks = run.manifest.blocks.iter().zip(0..);
    let planned: BTreeSet<(&str, u32)> =
        blocks.flat_map(|(order, block)| order.iter().map(move |id| (id.as_str(), block))).collect();
    assert_eq!((run.trials.len(), cells), (planned.len(), planned.clone()), "every cell once in every block");
    let numbers: Vec<u32> = run.trials.iter().map(|trial| trial.number).collect();
    assert!(numbers.into_iter().eq(1..=planned.len() as u32));
    assert!(folder.join("report.html").is_file() && folder.join("SUMMARY.md").is_file());
    assert!(!has_parts(folder), "what was half-written is removed");
}

fn has_parts(folder: &Path) -> bool {
    ["", "trials", "charts"].iter().any(|place| {
        let entries = fs::read_dir(folder.join(place)).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with(".part-"))
    })
}
