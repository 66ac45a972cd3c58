//! Every key written before a trial.

use crate::support::{Load, Manner, TestService, warned};

#[test]
fn every_key_is_written_however_many_users_come_and_however_short_their_deadline() {
    let service = TestService::start(Manner::Ours);
    let load = Load::on(&service.url)
        .with("[workload]", "keys = 50")
        .with("[workload]", "read-ratio = 1.0")
        .with("[workload]", "delete-ratio = 0.0")
        .with("[run]", "clients = 500")
        .with("[run]", "operation-timeout-ms = 500")
        .with("[run]", "preload = true");
    let trial = load.trial();
    assert_eq!((warned(&trial, "preload-failures"), warned(&trial, "preload-failed")), (None, None));
    assert_eq!((service.requests()["PUT"], trial.totals.absent), (50, 0));
}

#[test]
fn a_preload_that_writes_nothing_is_told_with_what_the_service_said() {
    let service = TestService::start(Manner::Refusing);
    let trial = Load::on(&service.url).with("[run]", "preload = true").trial();
    let said = warned(&trial, "preload-failed").unwrap();
    assert!(said.starts_with("none of 200 keys") && said.contains("HTTP 400 Bad Request: no such field"), "{said}");
    assert_eq!(warned(&trial, "absent-rows"), None, "no row of ours was ever there");
    assert!(warned(&trial, "all-absent").is_some(), "{:?}", trial.warnings);
}

#[test]
fn rows_that_are_gone_after_the_preload_are_told() {
    let service = TestService::start(Manner::Ours);
    let load = Load::on(&service.url)
        .with("[workload]", "delete-ratio = 0.0")
        .with("[workload]", "keys = 5")
        .with("[run]", "preload = true");
    assert_eq!(warned(&load.trial(), "absent-rows"), None);
    let forgetting = TestService::start(Manner::Forgetting);
    let load = Load { services: Load::on(&forgetting.url).services, ..load };
    assert!(warned(&load.trial(), "absent-rows").is_some());
}
