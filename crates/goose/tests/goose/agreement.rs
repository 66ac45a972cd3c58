//! Goose, this program and the service count the same requests, however they end.

use crate::support::{Load, Manner, TestService, warned};
use cachemark_goose::GooseDriver;
use cachemark_results::{Run, Status, Trial};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// What goose's own report says of requests: by name, all and failed.
type Told = BTreeMap<String, (u64, u64)>;

/// Runs the load by goose, and returns its record, which is gone with the folder, and what goose's own report says.
fn run(load: &Load) -> (tempfile::TempDir, Run, Told) {
    let reports = tempfile::tempdir().unwrap();
    let folder = reports.path().to_owned();
    let (out, run) = load.run_by(&GooseDriver::new(None, move || Some(folder.clone())));
    let html = reports.path().join("0001.html");
    assert_eq!(html.is_file(), run.manifest.status == Status::Complete);
    if !html.is_file() {
        return (out, run, Told::new());
    }
    let page = std::fs::read_to_string(html).unwrap();
    assert!(!page.contains(&*reports.path().to_string_lossy()), "it may not tell where the record was made");
    (out, run, told(&reports.path().join("0001.json")))
}

fn told(report: &Path) -> Told {
    let report: serde_json::Value = serde_json::from_slice(&std::fs::read(report).unwrap()).unwrap();
    let requests = report["raw_request_metrics"].as_array().unwrap();
    let of = |request: &serde_json::Value| {
        let text = |name: &str| request[name].as_str().unwrap_or_default().to_owned();
        let count = |name: &str| request[name].as_u64().unwrap_or_default();
        let name = format!("{} {}", text("method"), text("name"));
        (name, (count("number_of_requests"), count("number_of_failures")))
    };
    requests.iter().filter(|request| request["name"] != "Aggregated").map(of).collect()
}

fn agreed(run: &Run) -> &Trial {
    let [trial] = &run.trials[..] else { panic!("{} trials", run.trials.len()) };
    assert_eq!(warned(trial, "goose-disagrees"), None);
    let totals = trial.totals;
    assert_eq!(totals.issued, totals.ok + totals.absent + totals.shed + totals.error + totals.unknown);
    assert!(totals.issued > 0);
    trial
}

#[test]
fn goose_and_we_and_the_service_count_the_same() {
    let service = TestService::start(Manner::Ours);
    let (_out, run, told) = run(&Load::on(&service.url).with("[run]", "driver = \"goose\""));
    let trial = agreed(&run);
    assert_eq!(told.values().map(|(all, _)| all).sum::<u64>(), trial.issued_whole);
    assert_eq!(service.requests().values().sum::<u64>(), trial.issued_whole);
    assert!(told.keys().all(|name| ["GET read", "PUT write", "DELETE delete"].contains(&&**name)), "{told:?}");
    assert!(told["PUT write"].1 == 0 && trial.totals.issued > 100, "{told:?}");
    assert!(trial.client_cpu.is_some_and(|cpu| cpu > 0.0));
    let intervals = run.series(trial).unwrap().intervals;
    let answered: u64 = intervals.iter().map(cachemark_results::Interval::answered).sum();
    assert!((trial.throughput_ops_per_s * 0.4 - answered as f64).abs() < 0.5);
}

#[test]
fn what_fails_fails_for_goose_as_well() {
    for (manner, status) in [(Manner::Always(500), "status-500"), (Manner::Redirecting, "status-302")] {
        let service = TestService::start(manner);
        let load = Load::on(&service.url).with("[workload]", "read-ratio = 1.0");
        let (_out, run, told) = run(&load);
        let trial = agreed(&run);
        assert_eq!((trial.totals.error, trial.errors[status]), (trial.totals.issued, trial.totals.issued));
        assert_eq!(told["GET read"], (trial.issued_whole, trial.issued_whole));
    }
    let service = TestService::start(Manner::Slow(400));
    let (_out, run, _) = run(&Load::on(&service.url).with("[run]", "operation-timeout-ms = 50"));
    let trial = agreed(&run);
    assert_eq!((trial.totals.unknown, trial.errors["timeout"]), (trial.totals.issued, trial.totals.issued));
}

#[test]
fn a_stop_ends_goose_soon_and_leaves_no_report() {
    let service = TestService::start(Manner::Ours);
    let load = Load::on(&service.url).with("[run]", "duration-ms = 60000");
    let stop = load.stop.clone();
    let begun = Instant::now();
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(500));
        stop.stop();
    });
    let (_out, run, _) = run(&load);
    stopper.join().unwrap();
    assert_eq!((run.manifest.status, run.trials.len()), (Status::Interrupted, 0));
    assert!(begun.elapsed() < Duration::from_secs(30), "it did not wait for the window's end");
}
