//! Goose, this crate and the service count the same requests, and the same seed asks the same.

use crate::support::{Manner, Service, never, plan};
use cachemark_http::{Place, RequestCounts, run_load};
use cachemark_workload::{Keyspace, OpStream, OperationKind};
use std::collections::BTreeMap;

fn place() -> Place {
    Place { cell: "ours http r0.7".into(), position: 0, started_utc: "2026-01-01T00:00:00Z".into() }
}

#[test]
fn goose_and_we_and_the_service_count_the_same() {
    let service = Service::start(Manner::Ours);
    let mut plan = plan(&service.url);
    plan.preload = true;
    let outcome = run_load(&plan, &never()).unwrap();
    assert!(!outcome.interrupted);
    assert_eq!(outcome.goose.requests, outcome.requests());
    let total = |counts: &RequestCounts| counts.success + counts.fail;
    let by_method = |name: &str| name.split(' ').next().unwrap().to_owned();
    let ours: BTreeMap<_, _> = outcome.requests().iter().map(|(name, all)| (by_method(name), total(all))).collect();
    assert_eq!(ours, service.requests());
    let timed: BTreeMap<_, _> = outcome.goose.timed.iter().map(|(name, count)| (by_method(name), *count)).collect();
    assert_eq!(timed, ours, "goose's response times");
    assert!(outcome.requests().values().all(|counts| counts.fail == 0), "{:?}", outcome.requests());

    let (trial, series, histograms) = outcome.files(place());
    assert_eq!(trial.issued_whole, ours.values().sum::<u64>());
    assert!(trial.issued_whole > trial.totals.issued && trial.totals.issued > 100);
    let counted: u64 = histograms.buckets.iter().map(|bucket| bucket.service_time.count()).sum();
    assert_eq!(counted, trial.totals.issued);
    assert_eq!(series.intervals.len(), 4);
    let answered: u64 = series.intervals.iter().map(|interval| interval.operations - interval.failures).sum();
    assert!((trial.throughput_ops_per_s * 0.4 - answered as f64).abs() < 0.5);
    assert!(trial.hit_ratio.is_some_and(|ratio| ratio > 0.2 && ratio < 1.0), "{:?}", trial.hit_ratio);
    assert_eq!((trial.bad_stamps, trial.totals.ok + trial.totals.absent), (0, trial.totals.issued));
    assert!(!trial.warnings.iter().any(|warning| warning.code == "goose-disagrees"), "{:?}", trial.warnings);
}

#[test]
fn each_session_asks_what_a_sweep_would_ask() {
    let service = Service::start(Manner::Ours);
    let mut plan = plan(&service.url);
    plan.users = 1;
    run_load(&plan, &never()).unwrap();
    let keyspace = Keyspace::new("cm:", 200).unwrap();
    let seen = service.seen.lock().unwrap();
    assert!(seen.sequence.len() > 50);
    let expected = OpStream::new(&plan.spec, plan.seed, 0, 0).map(|operation| {
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
fn a_stop_ends_the_load_soon_and_makes_it_no_trial() {
    let service = Service::start(Manner::Ours);
    let mut plan = plan(&service.url);
    plan.duration = std::time::Duration::from_secs(60);
    let begun = std::time::Instant::now();
    let stop: cachemark_http::Stop = std::sync::Arc::new(move || begun.elapsed().as_millis() > 300);
    let outcome = run_load(&plan, &stop).unwrap();
    assert!(outcome.interrupted && begun.elapsed().as_secs() < 5);
}
