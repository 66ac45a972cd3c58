//! Every key written before a trial.

use crate::support::{Load, Manner, TestService, warned};
use cachemark_bench::{Assembler, Plan};
use cachemark_core::Capabilities;
use cachemark_http::HttpAssembler;
use cachemark_workload::{Keyspace, Preload, Seed, ValueSize};
use std::sync::Arc;
use std::time::Duration;

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

/// Connections to the port that both ends hold, as the kernel has them.
fn connections(port: u16) -> usize {
    const ESTABLISHED: &str = "01";
    let ours = format!(":{port:04X}");
    let table = std::fs::read_to_string("/proc/self/net/tcp").unwrap();
    let remote = |line: &&str| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        fields[2].ends_with(&ours) && fields[3] == ESTABLISHED
    };
    table.lines().skip(1).filter(remote).count()
}

#[test]
fn the_connections_of_a_preload_are_closed_before_the_trial() {
    let service = TestService::start(Manner::Ours);
    let port: u16 = service.url.rsplit(':').next().unwrap().parse().unwrap();
    let load = Load::on(&service.url).with("[run]", "preload = true");
    let spoken = load.spoken();
    let plan = Plan::lay_out(&spoken.definition, |_| Capabilities::NONE);
    let assembler = HttpAssembler {
        services: load.services.clone(),
        templates: Arc::new(spoken.templates),
        sessions: 4,
        timeout: Duration::from_secs(10),
        preload: true,
        stop: load.stop.clone(),
    };
    let rows = Preload::new(Keyspace::new("cm:", 200).unwrap(), ValueSize::Fixed { bytes: 100 }, Seed::new(7));
    let background = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    background.block_on(async {
        let target = assembler.assemble(&plan.cells[0].composition).await.unwrap();
        target.probes.store().reset(&rows).await.unwrap();
        assert_eq!(service.requests()["PUT"], 200);
        // A connection that its client has dropped is closed by a task of the runtime, soon.
        for _ in 0..1_000 {
            if connections(port) == 0 {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{} connections are still open while the target waits for its trial", connections(port));
    });
}
