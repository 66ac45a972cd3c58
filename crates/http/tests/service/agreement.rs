//! This crate and the service count the same requests, and the same seed asks the same.

use crate::support::{Load, Manner, TestService};
use cachemark_bench::DriverThreads;
use cachemark_results::Status;
use cachemark_workload::{Keyspace, OpStream, OperationKind, Seed, WorkloadSpec};
use cachemark_workload::{Mix, ValueSize};

#[test]
fn we_and_the_service_count_the_same() {
    let service = TestService::start(Manner::Ours);
    let (_out, run) = Load::on(&service.url).with("[run]", "preload = true").run_by(&DriverThreads);
    let trial = &run.trials[0];
    let asked: u64 = service.requests().values().sum();
    assert_eq!(trial.issued_whole + 200, asked, "what was preloaded is no operation of the trial");
    assert!(trial.issued_whole > trial.totals.issued && trial.totals.issued > 100);
    let counted: u64 = trial.buckets.iter().map(|bucket| bucket.count).sum();
    assert_eq!(counted, trial.totals.issued);
    let intervals = run.series(trial).unwrap().intervals;
    assert_eq!(intervals.len(), 4);
    let answered: u64 = intervals.iter().map(cachemark_results::Interval::answered).sum();
    assert!((trial.throughput_ops_per_s * 0.4 - answered as f64).abs() < 0.5);
    assert!(trial.hit_ratio.is_some_and(|ratio| ratio > 0.2 && ratio < 1.0), "{:?}", trial.hit_ratio);
    assert_eq!((trial.bad_stamps, trial.totals.ok + trial.totals.absent), (0, trial.totals.issued));
    // Reckoned: nothing of it is seen.
    assert!(trial.store_load > 0.0 && trial.store.operations() == 0 && trial.lane_waits.is_none());
    assert!(run.interval_log(trial).unwrap().is_some());
}

#[test]
fn each_session_asks_what_a_sweep_would_ask() {
    let service = TestService::start(Manner::Ours);
    let load = Load::on(&service.url).with("[run]", "clients = 1");
    load.trial();
    let keyspace = Keyspace::new("cm:", 200).unwrap();
    let seen = service.seen.lock().unwrap();
    assert!(seen.sequence.len() > 50);
    let definition = load.spoken().definition;
    let mix = Mix { read_ratio: 0.7, delete_ratio: 0.3 };
    let spec = WorkloadSpec::new(200, definition.distribution, mix, ValueSize::Fixed { bytes: 100 }).unwrap();
    let expected = OpStream::new(&spec, Seed::new(7), 0, 0).map(|operation| {
        let method = match operation.kind {
            OperationKind::Read => "GET",
            OperationKind::Write => "PUT",
            OperationKind::Delete => "DELETE",
        };
        (method.to_owned(), keyspace.key(operation.key).to_string())
    });
    assert!(seen.sequence.iter().cloned().eq(expected.take(seen.sequence.len())));
}

#[test]
fn an_open_loop_offers_its_rate_whatever_the_answers_take() {
    let service = TestService::start(Manner::Slow(30));
    let load = Load::on(&service.url).with("[sweep]", "rate = [200]").with("[run]", "duration-ms = 1000");
    let trial = load.trial();
    let open_loop = trial.open_loop.as_ref().unwrap();
    // A Poisson process of 200 a second; a closed loop of four would have asked 133 times.
    assert!((140..=260).contains(&open_loop.offered), "{open_loop:?}");
    assert!(open_loop.all_response.unwrap().p50_ns.unwrap() >= 30_000_000);
}

#[test]
fn a_stop_ends_the_load_soon_and_makes_it_no_trial() {
    let service = TestService::start(Manner::Ours);
    let load = Load::on(&service.url).with("[run]", "duration-ms = 60000");
    let stop = load.stop.clone();
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(std::time::Duration::from_millis(300));
        stop.stop();
    });
    let (_out, run) = load.run_by(&DriverThreads);
    stopper.join().unwrap();
    assert_eq!((run.manifest.status, run.trials.len()), (Status::Interrupted, 0));
}
