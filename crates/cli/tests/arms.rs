//! Sweeps that compare arms, as people run them.

#[cfg(feature = "servers")]
#[path = "arms/own_servers.rs"]
mod own_servers;
mod support;

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
