//! Every failure ends in its bucket.

use crate::support::{Load, Manner, TestService, warned};
use cachemark_results::Trial;

fn short(load: Load) -> Trial {
    let trial = load.with("[run]", "duration-ms = 200").trial();
    let totals = trial.totals;
    assert_eq!(totals.issued, totals.ok + totals.absent + totals.shed + totals.error + totals.unknown);
    assert!(totals.issued > 0);
    trial
}

fn trial(manner: Manner) -> Trial {
    let service = TestService::start(manner);
    short(Load::on(&service.url))
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
fn a_status_listed_under_unknown_is_unknown_and_no_timeout() {
    let service = TestService::start(Manner::Always(502));
    let trial = short(Load::on(&service.url).with("[http]", "unknown = [502]"));
    assert_eq!((trial.totals.unknown, trial.errors["status-502"]), (trial.totals.issued, trial.totals.issued));
    assert_eq!(trial.errors.len(), 1, "{:?}", trial.errors);
}

#[test]
fn reads_that_all_find_nothing_are_told() {
    let trial = trial(Manner::Always(404));
    assert!(warned(&trial, "all-absent").unwrap().contains("reads found nothing"), "{:?}", trial.warnings);
    assert_eq!(trial.hit_ratio, None);
}

#[test]
fn a_timeout_is_unknown() {
    let service = TestService::start(Manner::Slow(400));
    let trial = short(Load::on(&service.url).with("[run]", "operation-timeout-ms = 50"));
    assert_eq!(trial.totals.unknown, trial.totals.issued);
    assert_eq!(trial.errors["timeout"], trial.totals.issued);
    assert!(trial.error_reasons["timeout"].contains("deadline"), "{:?}", trial.error_reasons);
    assert!(trial.warnings.iter().any(|warning| warning.code == "nothing-measured"), "{:?}", trial.warnings);
}

#[test]
fn a_refused_connection_is_unavailable() {
    // A port that was free a moment ago.
    let port = cachemark_testkit::free_port();
    let trial = short(Load::on(&format!("http://127.0.0.1:{port}")));
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
    let service = TestService::start(Manner::Damaged);
    let trial = Load::on(&service.url).with("[run]", "preload = true").trial();
    assert!(trial.bad_stamps > 0);
    assert!(trial.warnings.iter().any(|warning| warning.code == "bad-stamps"));
}

/// A load that wrote every key before it, and reads alone.
fn reads_after_preload(manner: Manner) -> Trial {
    let service = TestService::start(manner);
    let load = Load::on(&service.url).with("[workload]", "keys = 50").with("[workload]", "read-ratio = 1.0");
    load.with("[run]", "preload = true").trial()
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
