//! Every failure ends in its bucket, and goose counts it as one, too.

use crate::support::{Manner, Service, never, plan};
use cachemark_load::{LoadPlan, Place, run_load};
use cachemark_results::Trial;
use std::time::Duration;

fn trial_of(plan: &LoadPlan) -> Trial {
    let outcome = run_load(plan, &never()).unwrap();
    assert_eq!(outcome.goose.requests, outcome.requests());
    let place = Place { cell: "x".into(), position: 0, started_utc: String::new() };
    let (trial, ..) = outcome.files(place);
    let totals = trial.totals;
    assert_eq!(totals.issued, totals.ok + totals.absent + totals.shed + totals.error + totals.unknown);
    assert!(totals.issued > 0);
    trial
}

fn trial(manner: Manner) -> Trial {
    let service = Service::start(manner);
    let mut plan = plan(&service.url);
    plan.duration = Duration::from_millis(200);
    plan.timeout = Duration::from_millis(50);
    trial_of(&plan)
}

#[test]
fn a_500_is_a_refusal() {
    let trial = trial(Manner::Always(500));
    assert_eq!(trial.totals.error, trial.totals.issued);
    assert_eq!(trial.errors["rejected"], trial.totals.issued);
    assert_eq!((trial.throughput_ops_per_s, trial.hit_ratio), (0.0, None));
    assert!(trial.warnings.iter().any(|warning| warning.code == "failures"));
}

#[test]
fn a_503_is_shed_and_a_504_is_unknown() {
    let shed = trial(Manner::Always(503));
    assert_eq!((shed.totals.shed, shed.errors["shed"]), (shed.totals.issued, shed.totals.issued));
    let unknown = trial(Manner::Always(504));
    assert_eq!(unknown.totals.unknown, unknown.totals.issued);
}

#[test]
fn a_timeout_is_unknown() {
    let trial = trial(Manner::Slow(400));
    assert_eq!(trial.totals.unknown, trial.totals.issued);
    assert_eq!(trial.errors["timeout"], trial.totals.issued);
}

#[test]
fn a_refused_connection_is_unavailable() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut plan = plan(&format!("http://127.0.0.1:{port}"));
    plan.duration = Duration::from_millis(200);
    let trial = trial_of(&plan);
    assert_eq!((trial.totals.error, trial.errors["unavailable"]), (trial.totals.issued, trial.totals.issued));
}

#[test]
fn a_redirect_is_not_followed() {
    let trial = trial(Manner::Redirecting);
    assert_eq!(trial.totals.error, trial.totals.issued);
}

#[test]
fn damaged_values_are_seen() {
    let service = Service::start(Manner::Damaged);
    let mut plan = plan(&service.url);
    plan.preload = true;
    let trial = trial_of(&plan);
    assert!(trial.bad_stamps > 0);
    assert!(trial.warnings.iter().any(|warning| warning.code == "bad-stamps"));
}
