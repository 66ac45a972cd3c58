//! `cachemark serve` and `cachemark load` against each other.

#[path = "support/service.rs"]
mod service;
mod support;

use service::Service;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
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
    let output = cachemark(out.path()).args(arguments).args(["--duration", "500ms", "--blocks=1"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let run = latest(out.path());
    assert_eq!(run.trials.len(), 1);
    let trial = &run.trials[0];
    assert_eq!((trial.totals.error + trial.totals.unknown, trial.bad_stamps), (0, 0));
    assert!(trial.hit_ratio.unwrap() > 0.0);
    assert_eq!(service.metric("cachemark_operations_total"), trial.issued_whole);
    let reads = service.metric("cachemark_store_reads_total");
    let (code, summary) = service.stop();
    assert_eq!((code, summary["store"]["reads"].as_u64()), (Some(0), Some(reads)));
    assert!(run.folder.join("report.html").is_file() && run.folder.join("goose").is_dir());
}

#[test]
fn a_target_that_is_not_there_is_told_before_the_run() {
    let out = tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let target = format!("gone=http://user:sesame@127.0.0.1:{port}");
    let output = cachemark(out.path()).args(["load", "--target", &target]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{told}");
    assert!(told.contains(&format!("gone: http://127.0.0.1:{port}: ")) && !told.contains("sesame"), "{told}");
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0, "nothing was begun");
}

#[test]
fn a_target_that_never_answers_is_counted_not_hidden() {
    let out = tempdir().unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // Takes every connection, and hangs up. It ends with the test's process.
    std::thread::spawn(move || listener.incoming().for_each(drop));
    let target = format!("gone=http://user:sesame@127.0.0.1:{port}");
    let arguments = ["load", "--target", &target, "--workload", "smoke", "--users", "1", "--read-ratio", "1"];
    let output = cachemark(out.path()).args(arguments).args(["--duration", "100ms", "--blocks=1"]).output().unwrap();
    let shown = [output.stdout.clone(), output.stderr.clone()].concat();
    let shown = String::from_utf8_lossy(&shown);
    assert!(!shown.contains("sesame"));
    assert_eq!(output.status.code(), Some(3), "{shown}");
    assert!(shown.contains("not to be trusted: failures: in 1 of 1 trial"), "the reason is told: {shown}");
    let run = latest(out.path());
    let totals = run.trials[0].totals;
    // What was sent and hung up on may have been done.
    assert_eq!((totals.ok, totals.error + totals.unknown), (0, totals.issued));
    assert!(totals.issued > 0 && !run.manifest.command.contains("sesame"));
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
fn a_wrong_strategy_or_url_is_a_usage_error() {
    let out = tempdir().unwrap();
    let code = |arguments: &[&str]| cachemark(out.path()).args(arguments).output().unwrap().status.code();
    assert_eq!(code(&["serve", "--strategy", "cache-beside"]), Some(2));
    assert_eq!(code(&["load", "--target", "not a url"]), Some(2));
    assert_eq!(code(&["load"]), Some(2));
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
        ("response.p99 < 1s", "assert service.p99"),
        ("read-through.errors < 1", "no target is called read-through"),
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

fn terminate(child: &Child) {
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
}

fn wait_until(holds: impl Fn() -> bool) {
    let limit = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < limit, "waited for a minute");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// The folders of cachemark in the temporary folder `folder`.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().flatten().map(|entry| entry.path());
    entries.filter(|path| path.file_name().unwrap().to_string_lossy().starts_with("cachemark-")).collect()
}

#[test]
fn a_service_that_is_stopped_while_it_preloads_leaves_nothing_behind() {
    let folder = tempdir().unwrap();
    let definition = folder.path().join("many.toml");
    // More rows than are written in the time until the signal, by far.
    fs::write(&definition, "name = \"many\"\n[workload]\nkeys = 20000000\n").unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--preload", "--workload"]).arg(&definition);
    let mut child = command.env("TMPDIR", folder.path()).stdout(Stdio::null()).spawn().unwrap();
    wait_until(|| folders(folder.path()).iter().any(|own| own.join("templates/template-0.sqlite3").exists()));
    terminate(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(folders(folder.path()), Vec::<PathBuf>::new());
}

#[test]
#[ignore = "needs redis-server"]
fn a_service_that_is_stopped_while_its_servers_start_takes_them_with_it() {
    let folder = tempdir().unwrap();
    fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--stack", "native", "--cache", "redis", "--store", "sqlite"]);
    let mut child = command.env("TMPDIR", folder.path()).stdout(Stdio::null()).spawn().unwrap();
    // The marker is there before the server.
    wait_until(|| folders(folder.path()).iter().any(|own| own.join("cachemark-stack.json").exists()));
    terminate(&child);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(folders(folder.path()), Vec::<PathBuf>::new());
}
