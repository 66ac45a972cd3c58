//! Arms whose servers are set otherwise than others'.

use super::{cells, sweep};
use crate::support::latest;
use cachemark_results::{Host, Run};
use std::path::Path;
use tempfile::tempdir;

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
