//! Every failure ends in its bucket, and goose counts it as one, too.

use crate::support::{Manner, Service, never, plan};
use cachemark_http::{LoadPlan, Place, run_load};
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
    assert_eq!(trial.errors["status-500"], trial.totals.issued);
    assert!(trial.error_reasons["status-500"].starts_with("HTTP 500"), "{:?}", trial.error_reasons);
    assert_eq!((trial.throughput_ops_per_s, trial.hit_ratio), (0.0, None));
    assert!(trial.warnings.iter().any(|warning| warning.code == "failures"));
}

#[test]
fn a_503_is_shed_and_a_504_is_unknown() {
    let shed = trial(Manner::Always(503));
    assert_eq!((shed.totals.shed, shed.errors["status-503"]), (shed.totals.issued, shed.totals.issued));
    let unknown = trial(Manner::Always(504));
    assert_eq!((unknown.totals.unknown, unknown.errors["status-504"]), (unknown.totals.issued, unknown.totals.issued));
    let failures = unknown.warnings.iter().find(|warning| warning.code == "failures").unwrap();
    assert!(failures.text.contains("status-504"), "it is no timeout of ours: {}", failures.text);
}

#[test]
fn a_timeout_is_unknown() {
    let trial = trial(Manner::Slow(400));
    assert_eq!(trial.totals.unknown, trial.totals.issued);
    assert_eq!(trial.errors["timeout"], trial.totals.issued);
    assert!(trial.error_reasons["timeout"].contains("deadline"), "{:?}", trial.error_reasons);
    assert!(trial.warnings.iter().any(|warning| warning.code == "nothing-measured"), "{:?}", trial.warnings);
}

#[test]
fn a_refused_connection_is_unavailable() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut plan = plan(&format!("http://127.0.0.1:{port}"));
    plan.duration = Duration::from_millis(200);
    let trial = trial_of(&plan);
    assert_eq!((trial.totals.error, trial.errors["unavailable"]), (trial.totals.issued, trial.totals.issued));
    let said = &trial.error_reasons["unavailable"];
    assert!(said.starts_with("no connection: ") && said.contains("refused"), "{said}");
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

/// A load that wrote every key before it, and reads alone.
fn reads_after_preload(manner: Manner) -> Trial {
    let service = Service::start(manner);
    let mut plan = plan(&service.url);
    plan.preload = true;
    let mix = cachemark_workload::Mix::of_reads(1.0);
    plan.spec =
        cachemark_workload::WorkloadSpec::new(50, plan.spec.distribution(), mix, plan.spec.value_size()).unwrap();
    trial_of(&plan)
}

fn warned<'a>(trial: &'a Trial, code: &str) -> Option<&'a str> {
    trial.warnings.iter().find(|warning| warning.code == code).map(|warning| warning.text.as_str())
}

#[test]
fn a_value_that_came_encoded_is_a_failure_that_names_the_encoding() {
    let trial = reads_after_preload(Manner::Encoded);
    assert_eq!(trial.errors["corrupt"], trial.totals.issued);
    let said = warned(&trial, "failures").unwrap();
    assert!(said.contains("Content-Encoding: gzip"), "{said}");
}

#[test]
fn an_empty_value_after_our_own_preload_is_damage() {
    let trial = reads_after_preload(Manner::Empty);
    assert!(trial.bad_stamps >= trial.totals.ok && trial.totals.ok > 0, "{}", trial.bad_stamps);
    assert!(warned(&trial, "bad-stamps").is_some() && warned(&trial, "unstamped").is_none(), "{:?}", trial.warnings);
}

#[test]
fn reads_past_a_cache_that_failed_were_not_answered_by_it() {
    let trial = reads_after_preload(Manner::Bypassing("cachemark; fwd=bypass; detail=cache-failed"));
    let lookups = trial.lookups();
    assert!(lookups.failed > 0 && lookups.hits > 0, "{lookups:?}");
    let asked = lookups.hits + lookups.misses + lookups.failed;
    assert_eq!((asked, trial.hit_ratio), (trial.totals.ok, Some(lookups.hits as f64 / asked as f64)));
    let said = warned(&trial, "cache-failures").unwrap();
    assert!(said.starts_with(&format!("{} of {asked} reads went past", lookups.failed)), "{said}");
}

#[test]
fn a_read_that_a_foreign_service_did_not_look_up_was_not_answered_by_its_cache() {
    let trial = reads_after_preload(Manner::Bypassing("edge; fwd=bypass"));
    let lookups = trial.lookups();
    assert!(lookups.failed > 0 && lookups.hits > 0, "{lookups:?}");
    assert_eq!(trial.hit_ratio, Some(lookups.hits as f64 / trial.totals.ok as f64));
    assert!(warned(&trial, "cache-failures").is_none(), "it may have been told to");
}
