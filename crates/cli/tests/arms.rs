//! Sweeps that compare arms, as people run them.

#![cfg(feature = "servers")]

mod support;

use cachemark_results::{Host, Run};
use serde_json::Value;
use std::fs;
use std::path::Path;
use support::{cachemark, latest};
use tempfile::tempdir;

const SMALL: &str = r#"
name = "small"
[workload]
keys = 2000
read-ratio = [0.9]
value-bytes = 1000
[sweep]
blocks = 1
[run]
clients = 4
duration-ms = 200
warm-up-ms = 300
warm-up-scan = true
"#;

/// What a sweep of the small definition says, with these flags beside it.
fn sweep(out: &Path, arguments: &[&str]) -> Value {
    let definition = out.join("small.toml");
    fs::write(&definition, SMALL).unwrap();
    let mut command = cachemark(&out.join("results"));
    let output = command.args(["sweep", "--json", "--workload"]).arg(&definition).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn cells(told: &Value) -> Vec<&Value> {
    told["cells"].as_array().unwrap().iter().filter(|cell| cell["control"] == false).collect()
}

fn hit_ratio(cell: &Value) -> f64 {
    cell["figures"]["hit_ratio"]["median"].as_f64().unwrap()
}

#[test]
fn one_strategy_takes_part_in_several_ways_and_each_is_told_by_its_name() {
    let out = tempdir().unwrap();
    let arms = ["--arm", "update: cache-aside on-write=update", "--arm", "invalidate: cache-aside"];
    let told = sweep(out.path(), &[&arms[..], &["--set", "cache-aside.ttl-ms=1000,10000"]].concat());
    let cells = cells(&told);
    let names: Vec<_> = cells.iter().map(|cell| cell["arm"].as_str().unwrap()).collect();
    assert_eq!(
        names,
        ["update ttl-ms=1000", "update ttl-ms=10000", "invalidate ttl-ms=1000", "invalidate ttl-ms=10000"]
    );
    assert!(cells.iter().all(|cell| cell["strategy"] == "cache-aside"));
    assert_eq!((&cells[1]["group"], &cells[1]["arm_axes"]["ttl-ms"]), (&"update".into(), &10_000.into()));
    assert!(hit_ratio(cells[1]) > hit_ratio(cells[3]), "a write that removes an entry costs a miss: {told}");
    let run = latest(&out.path().join("results"));
    let page = fs::read_to_string(run.folder.join("report.html")).unwrap();
    let summary = fs::read_to_string(run.folder.join("SUMMARY.md")).unwrap();
    assert!(names.iter().all(|name| page.contains(name) && summary.contains(name)));
    assert!(page.contains("<th>arm") || page.contains(">arm<"), "what is compared is called an arm");
}

#[test]
fn the_reference_and_its_control_may_be_any_arm() {
    let out = tempdir().unwrap();
    let definition = out.path().join("small.toml");
    fs::write(&definition, SMALL.replace("blocks = 1", "blocks = 1\nreference = \"big\"")).unwrap();
    let mut command = cachemark(&out.path().join("results"));
    command.args(["sweep", "--json", "--arm", "no-cache", "--arm", "big: cache-aside", "--arm"]);
    command.arg("small: cache-aside cache.capacity=20").arg("--workload").arg(&definition);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let control = told["cells"].as_array().unwrap().iter().find(|cell| cell["control"] == true).unwrap();
    assert_eq!(control["arm"], "big");
    let compared = told["comparisons"].as_array().unwrap();
    assert!(compared.iter().all(|one| one["against"] == "big in-process sqlite r0.9"), "{told}");
    let judged = compared.iter().filter(|one| one["verdict"] != "exploratory").count();
    assert_eq!(judged, 3, "{told}");
}

/// A sweep over Redis in two sizes, of which the first has no room for its 4 MB: its record, once the small one was seen to evict, and
/// the other not to.
fn of_two_sizes(out: &Path, mebibytes: [u64; 2]) -> Run {
    let sizes = format!("servers.cache-memory-mib={},{}", mebibytes[0], mebibytes[1]);
    let stack = ["--stack", "native", "--cache", "redis", "--strategy", "no-cache,cache-aside"];
    let told = sweep(out, &[&stack[..], &["--keys", "4000", "--set", &sizes]].concat());
    let cells = cells(&told);
    let names: Vec<_> = cells.iter().map(|cell| cell["arm"].as_str().unwrap().to_owned()).collect();
    let [small, large] = mebibytes.map(|size| format!("cache-aside cache-memory-mib={size}"));
    assert_eq!(names, ["no-cache".to_owned(), small.clone(), large.clone()]);
    let run = latest(&out.join("results"));
    let evictions = |arm: &str| {
        let trial = run.trials.iter().find(|trial| trial.cell.starts_with(arm)).unwrap();
        trial.cache_counters["evictions"]
    };
    assert!(evictions(&small) > 0, "2 MiB have no room for 4 MB");
    assert_eq!(evictions(&large), 0);
    let servers = &run.environment.as_ref().unwrap().servers;
    let redis = servers.iter().filter(|server| server.name == "redis");
    let rooms: Vec<_> = redis.map(|server| server.settings["maxmemory"].clone()).collect();
    assert_eq!(rooms, mebibytes.map(|size| (size << 20).to_string()));
    assert_eq!(servers.iter().filter(|server| server.name == "postgres").count(), 1, "the store is shared");
    run
}

#[test]
#[ignore = "needs redis-server and Postgres"]
fn arms_whose_servers_are_set_otherwise_have_servers_of_their_own() {
    let out = tempdir().unwrap();
    let run = of_two_sizes(out.path(), [2, 64]);
    assert!(!run.manifest.parameters.contains_key("servers of arms"), "they run together");
}

#[test]
#[ignore = "needs redis-server and Postgres"]
fn servers_of_arms_that_are_too_large_together_run_one_after_the_other() {
    let out = tempdir().unwrap();
    // All that caches may have, so that the other has no room beside it. Redis takes none of it before it has entries.
    let half = (Host::capture().memory_bytes.unwrap() / 2) >> 20;
    let run = of_two_sizes(out.path(), [2, half]);
    assert!(run.manifest.parameters.contains_key("servers of arms"), "they run in turn, and the page says so");
}
