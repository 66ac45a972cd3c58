//! Real caches that refuse what they are asked, or hang: it is told, in the server's own words, and the run is not trusted.

#![cfg(feature = "servers")]

#[path = "support/server.rs"]
mod server;
mod support;

use cachemark_results::{Interval, Run, Trial};
use serde_json::Value;
use server::{Server, wait_until};
use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};
use support::{cachemark, latest};
use tempfile::tempdir;

const DEFINITION: &str = r#"
[workload]
keys = 2000
value-bytes = 4096
read-ratio = [0.9]
[sweep]
strategies = ["cache-aside", "write-through"]
stores = ["sqlite"]
blocks = 1
control = false
[run]
clients = 4
warm-up-ms = 50
warm-up-cap-ms = 50
duration-ms = 300
"#;

fn sweep(out: &Path, arguments: &[&str]) -> (Output, String) {
    let definition = out.join("definition.toml");
    fs::write(&definition, DEFINITION).unwrap();
    let mut command = cachemark(&out.join("results"));
    let output = command.args(["sweep", "--json", "--workload"]).arg(&definition).args(arguments).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    (output, said)
}

fn external(out: &Path, cache: &str, url: &str) -> (Output, String) {
    sweep(out, &["--stack", "external", "--cache", cache, &format!("--{cache}-url"), url])
}

/// The trials with a cache, once it is sure that the run says what failed and why: by exit code, on stderr, in JSON, in CSV
/// and on the page.
fn untrusted(out: &Path, (output, said): (Output, String), call: &str, reasons: &[&str]) -> Vec<Trial> {
    let gives_one = |text: &str| reasons.iter().any(|reason| text.contains(reason));
    assert_eq!(output.status.code(), Some(3), "{said}");
    let line = said.lines().find(|line| line.starts_with("not to be trusted: cache-failures:"));
    let line = line.unwrap_or_else(|| panic!("{said}"));
    assert!(line.contains(&format!("{call} ")) && gives_one(line), "{line}");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let cells = told["cells"].as_array().unwrap().iter().filter(|cell| cell["strategy"] != "no-cache");
    for cell in cells {
        let failures = cell["cache_failures"].as_array().unwrap().iter();
        let mut of_call = failures.filter(|failed| failed["call"] == call);
        assert!(of_call.any(|failed| gives_one(failed["first"].as_str().unwrap())), "{cell}");
    }
    let run: Run = latest(&out.join("results"));
    let page = fs::read_to_string(run.folder.join("report.html")).unwrap();
    assert!(page.contains("Failed calls to cache and store") && page.contains(&format!("cache {call}")));
    let csv = fs::read_to_string(run.folder.join("figures.csv")).unwrap();
    let names = csv.lines().next().unwrap();
    for figure in ["bypassed_reads", "cache_failures", "failed_gets", "failed_sets", "failed_deletes"] {
        assert!(names.split(',').any(|name| name == figure), "{figure}: {names}");
    }
    run.trials.into_iter().filter(|trial| !trial.cell.starts_with("no-cache")).collect()
}

#[test]
#[ignore = "needs redis-server"]
fn a_user_who_may_not_get_has_a_hit_ratio_of_0() {
    let server = Server::redis(&["--user", "app", "on", ">pw", "~*", "&*", "+@all", "-get"]);
    let out = tempdir().unwrap();
    let ended = external(out.path(), "redis", &server.url("redis", "app:pw@"));
    for trial in untrusted(out.path(), ended, "get", &["this user has no permissions"]) {
        assert_eq!(trial.hit_ratio, Some(0.0), "{}", trial.cell);
        assert!(trial.lookups().failed > 0 && trial.failed_cache_calls("get") > Some(0), "{}", trial.cell);
        assert_eq!(trial.totals.error + trial.totals.unknown, 0, "{}", trial.cell);
    }
    let (output, said) = sweep(
        out.path(),
        &[
            "--stack",
            "external",
            "--cache",
            "redis",
            "--redis-url",
            &server.url("redis", "app:pw@"),
            "--assert",
            "cache-aside.bypass_ratio <= 1%",
            "--assert",
            "cache-aside.failed_sets <= 1000000",
        ],
    );
    assert_eq!(output.status.code(), Some(1), "{said}");
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
    let outcomes: Vec<_> = told["assertions"].as_array().unwrap().iter().map(|one| &one["outcome"]).collect();
    assert_eq!(outcomes, ["fail", "pass"], "{}", told["assertions"]);
}

#[test]
#[ignore = "needs redis-server"]
fn a_user_who_may_not_set_fills_nothing() {
    let server = Server::redis(&["--user", "app", "on", ">pw", "~*", "&*", "+@all", "-set"]);
    let out = tempdir().unwrap();
    let ended = external(out.path(), "redis", &server.url("redis", "app:pw@"));
    // A miss fills with SET and a write-through writes by a script: whichever comes first is the one that is told.
    let reasons = ["this user has no permissions", "The user executing the script can't run this command"];
    for trial in untrusted(out.path(), ended, "set", &reasons) {
        assert!(trial.failed_cache_calls("set") > Some(0), "{}", trial.cell);
    }
}

#[test]
#[ignore = "needs redis-server"]
fn a_full_redis_that_evicts_nothing_refuses_sets() {
    let out = tempdir().unwrap();
    let definition = format!("{DEFINITION}[servers]\ncache-memory-mib = 2\nredis-eviction = \"noeviction\"\n");
    fs::write(out.path().join("full.toml"), definition).unwrap();
    let mut command = cachemark(&out.path().join("results"));
    command.args(["sweep", "--json", "--stack", "native", "--cache", "redis", "--workload"]);
    let output = command.arg(out.path().join("full.toml")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    for trial in untrusted(out.path(), (output, said), "set", &["OOM"]) {
        assert!(trial.failed_cache_calls("set") > Some(0), "{}", trial.cell);
    }
}

#[test]
#[ignore = "needs memcached"]
fn values_that_memcached_does_not_take_are_refused_sets() {
    let server = Server::memcached(&["-I", "8k", "-o", "slab_chunk_max=4096"]);
    let out = tempdir().unwrap();
    let url = server.url("memcached", "");
    let arguments = ["--stack", "external", "--cache", "memcached", "--memcached-url", &url, "--value-bytes", "16000"];
    let ended = sweep(out.path(), &arguments);
    for trial in untrusted(out.path(), ended, "set", &["more than the cache takes"]) {
        assert_eq!(trial.hit_ratio, Some(0.0), "{}", trial.cell);
        assert!(trial.cache_failures.iter().any(|failed| failed.kind == "too-large"), "{:?}", trial.cache_failures);
    }
}

#[test]
#[ignore = "needs redis-server"]
fn a_replica_refuses_sets_and_deletes() {
    let leader = Server::redis(&[]);
    let replica = Server::redis(&["--replicaof", "127.0.0.1", &leader.port.to_string()]);
    let out = tempdir().unwrap();
    let ended = external(out.path(), "redis", &replica.url("redis", ""));
    for trial in untrusted(out.path(), ended, "set", &["read only replica"]) {
        assert!(trial.failed_cache_calls("set") > Some(0), "{}", trial.cell);
    }
}

/// Reads alone: a write whose entry can't be removed fails for a reason of its own.
const OPEN: &str = r#"
[workload]
keys = 200
read-ratio = [1.0]
[sweep]
strategies = ["cache-aside"]
stores = ["sqlite"]
blocks = 1
control = false
rate = [800]
[run]
operation-timeout-ms = 300
interval-ms = 100
duration-ms = 4000
"#;
/// How often the server was asked for an entry, in its own count.
fn gets(server: &Server) -> u64 {
    let port = server.port.to_string();
    let output = Command::new("redis-cli").args(["-p", &port, "INFO", "commandstats"]).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    let of_get = said.lines().find_map(|line| line.strip_prefix("cmdstat_get:calls="));
    of_get.map_or(0, |rest| rest.split(',').next().unwrap().parse().unwrap())
}

/// Lets the server hang for a second, its sockets open; returns how long it was.
fn freeze(server: &Server) -> Duration {
    let signal = |name: &str| {
        let status = Command::new("kill").args([name, &server.child.id().to_string()]).status().unwrap();
        assert!(status.success());
    };
    let began = Instant::now();
    signal("-STOP");
    std::thread::sleep(Duration::from_secs(1));
    signal("-CONT");
    began.elapsed()
}

/// Runs the definition over the server, which hangs once the window has gone on for about a second; with the time that it hung.
fn with_a_freeze(server: &Server) -> (Trial, Vec<Interval>, Duration) {
    let out = tempdir().unwrap();
    let definition = out.path().join("definition.toml");
    fs::write(&definition, OPEN).unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.args(["sweep", "--stack", "external", "--cache", "redis", "--redis-url", &server.url("redis", "")]);
    command.arg("--workload").arg(&definition).env("CACHEMARK_OUT", out.path());
    let mut run = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    // The scan, the warm-up, a second of its own load, and most of a second of the window.
    wait_until("the window has begun", || gets(server) > 3_800);
    let frozen = freeze(server);
    run.wait().unwrap();
    let run: Run = latest(out.path());
    let series = run.series(&run.trials[0]).unwrap();
    (run.trials[0].clone(), series.intervals, frozen)
}

/// Each read waits for the cache for its time, and has the store's answer then. What waits when the cache is back is answered by
/// it: connections are neither lost by the hundred, nor sought in vain.
#[test]
#[ignore = "needs redis-server"]
fn reads_go_on_without_a_cache_that_hangs_and_nothing_outlasts_it() {
    let (trial, intervals, frozen) = with_a_freeze(&Server::redis(&[]));
    let failed = trial.totals.error + trial.totals.shed + trial.totals.unknown;
    // None do, unless this machine stands still, too; a call that took all of the deadline would fail one in four.
    assert!(failed <= trial.totals.issued / 20, "{failed} of {}: {:?}", trial.totals.issued, trial.errors);
    assert!(trial.failed_cache_calls("get") > Some(300), "{:?}", trial.cache_failures);
    let without = intervals.iter().filter(|interval| interval.operations > 0 && interval.hits == 0).count() as u128;
    // The last to wait does so for 75 ms after the end, and the interval where it ends is one. It was 7 more.
    let most = frozen.as_millis() / 100 + 4;
    assert!(
        (5..=most).contains(&without),
        "{without} intervals of 100 ms without a hit, frozen for {frozen:?}: {intervals:?}"
    );
}
