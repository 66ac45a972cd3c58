//! `scripts/load-steady`, `load-spike`, `load-soak` and `compare-http`, for a few seconds each.

#![cfg(all(feature = "servers", feature = "http", feature = "goose"))]

#[path = "support/service.rs"]
mod service;

use cachemark_results::Run;
use service::Service;
use std::path::Path;
use std::process::{Command, Output};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tempfile::{TempDir, tempdir};

/// Runs a script with the settings, its records under `out`.
fn script<'a>(
    name: &str,
    arguments: impl IntoIterator<Item = &'a str>,
    out: &TempDir,
    settings: &[(&str, &str)],
) -> Output {
    let mut command = Command::new(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts").join(name));
    for name in ["USERS", "SPIKE_USERS", "PID", "WORKLOAD", "READ_RATIO"] {
        command.env_remove(name);
    }
    command.env("CACHEMARK", assert_cmd::cargo::cargo_bin("cachemark")).env("OUT", out.path()).args(arguments);
    command.envs(settings.iter().copied()).output().unwrap()
}

fn text(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

/// Every record under `out`, in the order in which they were made.
fn records(out: &TempDir) -> Vec<Run> {
    let mut folders: Vec<_> = std::fs::read_dir(out.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    folders.sort();
    let mut runs: Vec<_> = folders.iter().map(|folder| Run::open(folder).unwrap()).collect();
    runs.sort_by(|a, b| a.trials[0].started_utc.cmp(&b.trials[0].started_utc));
    runs
}

fn users(run: &Run) -> u64 {
    run.manifest.parameters["clients"].as_u64().unwrap()
}

#[test]
#[ignore = "needs redis-server and postgresql"]
fn a_steady_load_leaves_a_record_and_a_page() {
    let out = tempdir().unwrap();
    let output = script("load-steady", [], &out, &[("DURATION", "500ms"), ("USERS", "3")]);
    assert!(output.status.success(), "{}", text(&output));
    let runs = records(&out);
    assert_eq!((runs.len(), users(&runs[0])), (1, 3));
    let trial = &runs[0].trials[0];
    assert!(trial.totals.ok > 0 && trial.totals.ok == trial.totals.issued, "{:?}", trial.totals);
    assert!(text(&output).contains(runs[0].folder.join("report.html").to_str().unwrap()), "{}", text(&output));
}

#[test]
#[ignore = "needs jq"]
fn a_spike_goes_to_the_service_that_is_named_and_to_no_other() {
    let out = tempdir().unwrap();
    let service = Service::start(&["--preload"]);
    let url = format!("http://{}", service.address);
    let settings = [("DURATION", "400ms"), ("WARM_UP", "100ms"), ("USERS", "2"), ("SPIKE_USERS", "16")];
    let smoke = ("WORKLOAD", "smoke");
    let output = script("load-spike", [&*url], &out, &[&settings[..], &[smoke]].concat());
    let text = text(&output);
    assert!(output.status.success(), "{text}");
    let runs = records(&out);
    assert_eq!(runs.iter().map(users).collect::<Vec<_>>(), [2, 16, 2]);
    let asked: u64 = runs.iter().map(|run| run.trials[0].issued_whole).sum();
    assert_eq!(service.metric("cachemark_operations_total"), asked);
    for phase in ["before", "spike", "after", "the first intervals after the spike"] {
        assert!(text.lines().any(|line| line.starts_with(phase)), "{text}");
    }
    assert_eq!(service.stop().0, Some(0));
}

#[test]
#[ignore = "needs redis-server, postgresql and jq"]
fn a_soak_of_our_own_service_is_flat() {
    let out = tempdir().unwrap();
    let output = script("load-soak", [], &out, &[("DURATION", "6s"), ("EVERY", "0.3")]);
    let text = text(&output);
    assert!(output.status.success(), "{text}");
    let flat = |name: &str| text.lines().any(|line| line.starts_with(name) && line.ends_with(": flat"));
    assert!(flat("memory:") && flat("connections:"), "{text}");
    assert!(records(&out)[0].folder.join("service-samples.tsv").is_file());
}

/// The control: a process whose memory does grow, here this test's own, is found out.
#[test]
#[ignore = "needs jq"]
fn a_soak_finds_memory_that_grows() {
    let out = tempdir().unwrap();
    let service = Service::start(&["--preload"]);
    let url = format!("http://{}", service.address);
    let pid = std::process::id().to_string();
    let over = AtomicBool::new(false);
    let output = std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut kept = Vec::new();
            while !over.load(Ordering::Relaxed) && kept.len() < 128 {
                kept.push(vec![1_u8; 4 << 20]);
                std::thread::sleep(Duration::from_millis(50));
            }
        });
        let settings = [("PID", pid.as_str()), ("DURATION", "4s"), ("EVERY", "0.2"), ("WORKLOAD", "smoke")];
        let output = script("load-soak", [&*url], &out, &settings);
        over.store(true, Ordering::Relaxed);
        output
    });
    let text = text(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(text.lines().any(|line| line.starts_with("memory:") && line.ends_with(": GROWS")), "{text}");
    assert_eq!(service.stop().0, Some(0));
}

#[test]
#[ignore = "needs redis-server and postgresql"]
fn four_strategies_behind_http_are_compared_from_full_caches() {
    let out = tempdir().unwrap();
    let settings = [("WORKLOAD", "smoke"), ("WARM_UP", "100ms"), ("FILL", "500ms"), ("USERS", "4")];
    let output = script("compare-http", ["1", "500ms"], &out, &settings);
    assert!(output.status.success(), "{}", text(&output));
    let runs = records(&out);
    assert_eq!((runs.len(), runs[0].manifest.kind.as_str()), (1, "load"), "what filled the caches is thrown away");
    let mut strategies: Vec<_> = runs[0].manifest.cells.iter().map(|cell| cell.arm.as_str()).collect();
    strategies.dedup();
    assert_eq!(strategies, ["no-cache", "cache-aside", "read-through", "write-through"]);
    for trial in &runs[0].trials {
        assert_eq!((trial.totals.ok, trial.bad_stamps), (trial.totals.issued, 0), "{}", trial.cell);
        // No service's cache is another's: only no-cache has no hits.
        assert_eq!(
            trial.hit_ratio.is_none_or(|ratio| ratio == 0.0),
            trial.cell.starts_with("no-cache"),
            "{}",
            trial.cell
        );
    }
}
