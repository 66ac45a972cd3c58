//! `cachemark serve` and `cachemark load` against each other.

mod support;

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use support::{cachemark, latest};
use tempfile::tempdir;

/// A service of ours, ended with the test.
struct Service {
    child: Child,
    address: String,
    rest: BufReader<std::process::ChildStdout>,
}

impl Service {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
        command.args(["serve", "--listen", "127.0.0.1:0", "--workload", "smoke"]).args(arguments);
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut rest = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        rest.read_line(&mut line).unwrap();
        let address = line.trim().rsplit("http://").next().unwrap().to_owned();
        Self { child, address, rest }
    }

    /// Sends a request and returns the answer, head and body.
    fn ask(&self, request: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "{request}\r\nhost: test\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Asks it to stop; returns its exit code and its last line.
    fn stop(mut self) -> (Option<i32>, serde_json::Value) {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let mut rest = String::new();
        self.rest.read_to_string(&mut rest).unwrap();
        let code = self.child.wait().unwrap().code();
        (code, serde_json::from_str(rest.lines().last().unwrap()).unwrap())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It has ended already where the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

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
    let page = service.ask("GET /metrics HTTP/1.1");
    let served: u64 = page
        .lines()
        .filter(|line| line.starts_with("cachemark_operations_total{"))
        .map(|line| line.rsplit(' ').next().unwrap().parse::<u64>().unwrap())
        .sum();
    assert_eq!(served, trial.issued_whole);
    let (code, summary) = service.stop();
    assert_eq!(code, Some(0));
    let metric = |name: &str| -> u64 {
        let line = page.lines().find(|line| line.starts_with(&format!("{name} "))).unwrap();
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    assert_eq!(summary["store"]["reads"], metric("cachemark_store_reads_total"));
    assert!(run.folder.join("report.html").is_file() && run.folder.join("goose").is_dir());
}

#[test]
fn a_target_that_is_not_there_is_counted_not_hidden() {
    let out = tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let target = format!("gone=http://user:sesame@127.0.0.1:{port}");
    let arguments = ["load", "--target", &target, "--workload", "smoke", "--users", "1", "--read-ratio", "1"];
    let output = cachemark(out.path()).args(arguments).args(["--duration", "100ms", "--blocks=1"]).output().unwrap();
    let shown = [output.stdout.clone(), output.stderr.clone()].concat();
    assert!(!String::from_utf8_lossy(&shown).contains("sesame"));
    let run = latest(out.path());
    let totals = run.trials[0].totals;
    assert_eq!((totals.ok, totals.error), (0, totals.issued));
    assert!(!run.manifest.command.contains("sesame"));
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
