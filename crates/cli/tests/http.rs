//! `cachemark serve` and `cachemark load` against each other.

#![cfg(all(feature = "servers", feature = "http", feature = "goose"))]

#[path = "http/freshness.rs"]
mod freshness;
#[path = "http/in_vain.rs"]
mod in_vain;
#[path = "http/resumed.rs"]
mod resumed;
#[path = "support/service.rs"]
mod service;
#[path = "http/stopped.rs"]
mod stopped;
mod support;

use service::Service;
use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use support::{cachemark, latest};
use tempfile::tempdir;

#[test]
fn a_load_on_our_own_service_agrees_with_what_it_served() {
    let out = tempdir().unwrap();
    let service = Service::start(&["--strategy", "read-through", "--preload"]);
    assert!(service.ask("GET /ready HTTP/1.1").starts_with("HTTP/1.1 200"));
    let target = format!("read-through=http://{}", service.address);
    let arguments = ["load", "--target", &target, "--workload", "smoke", "--users", "2", "--read-ratio", "0.9"];
    let mut asked = 0;
    for driver in ["cachemark", "goose"] {
        let mut command = cachemark(out.path());
        let more = ["--duration", "500ms", "--blocks=1", "--driver", driver];
        let output = command.args(arguments).args(more).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let run = latest(out.path());
        assert_eq!((run.trials.len(), run.manifest.kind.as_str()), (1, "load"));
        let trial = &run.trials[0];
        assert_eq!((trial.totals.error + trial.totals.unknown, trial.bad_stamps), (0, 0));
        assert!(trial.hit_ratio.unwrap() > 0.0);
        asked += trial.issued_whole;
        assert_eq!(service.metric("cachemark_operations_total"), asked);
        assert!(!trial.warnings.iter().any(|warning| warning.code == "goose-disagrees"));
        assert!(run.folder.join("report.html").is_file());
        assert_eq!(run.folder.join("goose/0001.html").is_file(), driver == "goose");
        // A record made before could have it under its name alone.
        std::thread::sleep(Duration::from_secs(1));
    }
    let reads = service.metric("cachemark_store_reads_total");
    let (code, summary) = service.stop();
    assert_eq!((code, summary["store"]["reads"].as_u64()), (Some(0), Some(reads)));
}

/// Runs a short load with the arguments; its exit code, and what it says.
fn load(out: &Path, target: &str, more: &[&str]) -> (Option<i32>, String) {
    let arguments = ["load", "--target", target, "--workload", "smoke", "--users", "2", "--warm-up", "50ms"];
    let mut command = cachemark(out);
    let output = command.args(arguments).args(["--duration", "200ms", "--blocks=1"]).args(more).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn each_service_is_asked_by_the_driver_of_its_arm() {
    let out = tempdir().unwrap();
    let service = Service::start(&["--preload"]);
    let arm = |name: &str, driver: &str| {
        format!("[[arm]]\nname = \"{name}\"\nstrategy = \"http\"\nurl = \"http://{}\"\n{driver}", service.address)
    };
    let arms = [arm("ours", ""), arm("theirs", "driver = \"goose\"\n")].concat();
    let path = out.path().join("drivers.toml");
    fs::write(&path, format!("[workload]\nkeys = 100\nread-ratio = 0.9\n{arms}")).unwrap();
    let arguments = ["--users", "2", "--warm-up", "50ms", "--duration", "200ms", "--blocks", "2"];
    let output = cachemark(out.path()).args(["load", "--workload"]).arg(&path).args(arguments).output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&output.stderr));
    let run = latest(out.path());
    let by_goose = |number: u32| run.folder.join(format!("goose/{number:04}.json")).is_file();
    for trial in &run.trials {
        assert_eq!(by_goose(trial.number), run.manifest.cell(&trial.cell).unwrap().arm == "theirs", "{}", trial.cell);
    }
    assert_eq!(run.manifest.parameters["driver"], "ours: cachemark, theirs: goose");
}

#[test]
fn an_offered_load_is_an_open_loop_over_http() {
    let out = tempdir().unwrap();
    let service = Service::start(&["--preload"]);
    let target = format!("http://{}", service.address);
    let rates = ["--read-ratio", "0.9", "--rate", "200,400", "--assert", "service.response.p50 < 10s"];
    let (code, told) = load(out.path(), &target, &rates);
    assert_eq!(code, Some(0), "{told}");
    let run = latest(out.path());
    let offered: Vec<_> = run.manifest.cells.iter().map(|cell| cell.offered_per_s).collect();
    assert_eq!((offered, run.manifest.verdict_on), (vec![Some(200.0), Some(400.0)], vec!["response.p99".to_owned()]));
    assert!(run.trials.iter().all(|trial| trial.open_loop.as_ref().is_some_and(|open| open.offered > 0)));
}

#[test]
fn a_load_is_searched_for_what_it_takes() {
    let out = tempdir().unwrap();
    let service = Service::start(&["--preload"]);
    let target = format!("http://{}", service.address);
    // Nothing keeps to it, so the search goes down until it has no rate left to try.
    let search = ["--read-ratio", "0.9", "--rate", "200", "--find-max", "--slo", "response.p50 < 1ns"];
    let (code, told) = load(out.path(), &target, &search);
    assert_eq!(code, Some(3), "{told}");
    let run = latest(out.path());
    assert!(run.manifest.is_of_services() && run.manifest.kind == "find-max");
    let [capacity] = &run.manifest.capacities[..] else { panic!("{told}") };
    assert!(capacity.answer_per_s.is_none() && !capacity.probes.is_empty());
}

#[test]
fn the_same_file_means_the_same_numbers_to_sweep_and_load() {
    let out = tempdir().unwrap();
    let file = out.path().join("same.toml");
    let text = "name = \"same\"\n[workload]\nkeys = 50\nread-ratio = 0.5\n[sweep]\nstrategies = [\"no-cache\"]\n\
                control = false\nblocks = 2\nseed = 9\n[run]\nclients = 3\nduration-ms = 100\nwarm-up-ms = 0\n";
    fs::write(&file, text).unwrap();
    let service = Service::start(&["--preload"]);
    let target = format!("http://{}", service.address);
    let [swept, loaded] = [vec!["sweep"], vec!["load", "--target", &target]].map(|arguments| {
        let own = out.path().join(arguments[0]);
        let output = cachemark(&own).args(arguments).arg("--workload").arg(&file).output().unwrap();
        // Where the machine is busy, a tenth of a second may measure nothing.
        assert!(matches!(output.status.code(), Some(0 | 3)), "{}", String::from_utf8_lossy(&output.stderr));
        latest(&own)
    });
    let numbers = |run: &cachemark_results::Run| {
        let trial = &run.trials[0];
        let parameters = &run.manifest.parameters;
        let named = ["keys", "value bytes", "delete ratio", "clients", "driver threads", "window", "operation timeout"];
        let named = named.map(|name| parameters[name].clone());
        (run.trials.len(), run.manifest.seed, trial.window.measured_ns, named)
    };
    assert_eq!(numbers(&swept), numbers(&loaded));
}

#[test]
fn a_load_whose_listener_has_left_goes_on() {
    let out = tempdir().unwrap();
    let service = Service::start(&["--preload"]);
    let target = format!("http://{}", service.address);
    let script = r#""$0" load --target "$1" --workload smoke --users 1 --read-ratio 1 --blocks 2 --duration 100ms 2>&1 | head -n 1"#;
    let mut command = Command::new("bash");
    command.args(["-o", "pipefail", "-c", script]).arg(assert_cmd::cargo::cargo_bin("cachemark")).arg(&target);
    let output = command.env("CACHEMARK_OUT", out.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(latest(out.path()).trials.len(), 2);
}

#[test]
fn a_load_keeps_to_its_assertions_or_ends_with_1() {
    let out = tempdir().unwrap();
    let service = Service::start(&["--strategy", "cache-aside", "--preload"]);
    let target = format!("cache-aside=http://{}", service.address);
    let junit = out.path().join("junit.xml");
    let load = |asserted: &[&str]| {
        let arguments = ["load", "--target", &target, "--workload", "smoke", "--users", "2", "--read-ratio", "0.9"];
        let mut command = cachemark(out.path());
        command.args(arguments).args(["--duration", "300ms", "--blocks=1", "--junit"]).arg(&junit);
        command.args(asserted.iter().flat_map(|text| ["--assert", text]));
        let output = command.output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told) = load(&["errors <= 0", "cache-aside.service.p50 < 10s"]);
    assert_eq!(code, Some(0), "{told}");
    assert_eq!(fs::read_to_string(&junit).unwrap().matches("<testcase").count(), 2);
    let (code, told) = load(&["errors <= 0", "throughput < 0.001"]);
    assert_eq!(code, Some(1), "{told}");
    assert!(told.contains("1 of 2 assertions did not hold"), "{told}");
    assert_eq!(latest(out.path()).manifest.assertions.len(), 2, "they are in the record");

    let count = || fs::read_dir(out.path()).unwrap().count();
    let made = count();
    for (text, part) in [
        ("response.p99 < 1s", "take service.p99"),
        ("read-through.errors < 1", "unknown arm `read-through`"),
        ("errors", "is no assertion"),
    ] {
        let (code, told) = load(&[text]);
        assert!(code == Some(2) && told.contains(part), "{told}");
    }
    assert_eq!(count(), made, "nothing was begun");
}

#[test]
#[ignore = "needs redis-server, postgresql, curl and jq"]
fn the_smoke_script_finds_all_counts_in_agreement() {
    let out = tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/load-smoke");
    let output = Command::new(script)
        .arg("1")
        .env("CACHEMARK", assert_cmd::cargo::cargo_bin("cachemark"))
        .env("OUT", out.path())
        .output()
        .unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{text}");
    assert!(text.contains("store reads: the service"), "{text}");
}

fn wait_until(holds: impl Fn() -> bool) {
    let limit = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < limit, "waited for a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
}
