//! Sweeps over real servers: our counts are theirs, nothing is left behind, and what is wrong is said in time.

#![cfg(feature = "servers")]

mod support;

use std::fs;
use std::io::Read;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use support::{cachemark, latest};
use tempfile::{TempDir, tempdir};

const NATIVE: [&str; 6] = ["sweep", "--workload", "smoke", "--stack", "native", "--blocks=1"];

/// Everything that a run wrote, in one text.
fn everything_under(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            text.push_str(&everything_under(&path));
        } else {
            text.push_str(&String::from_utf8_lossy(&fs::read(path).unwrap()));
        }
    }
    text
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn our_counts_are_the_servers_own() {
    let out = tempdir().unwrap();
    let output = cachemark(out.path()).args(NATIVE).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let run = latest(out.path());
    assert_eq!(run.trials.len(), 16, "two caches, one store, two read ratios");
    for trial in &run.trials {
        let (ours, theirs) = (&trial.cache_whole, &trial.cache_counters);
        if !trial.cell.starts_with("no-cache") {
            let seen = (theirs["gets"], theirs["hits"], theirs["sets"], theirs["deletes"]);
            assert_eq!(seen, (ours.gets, ours.hits, ours.sets, ours.deletes), "{}", trial.cell);
        }
        let written = trial.store_whole.writes + trial.store_whole.deletes;
        // A write that timed out on a busy machine may have been carried out all the same; without one, the counts are equal.
        let (rows, failed) = (trial.store_counters["rows-written"], trial.store_whole.errors);
        assert!(
            (written..=written + failed).contains(&rows),
            "{}: {rows} rows, {written} writes, {failed} failed",
            trial.cell
        );
        assert_eq!((trial.bad_stamps, trial.totals.error + trial.totals.unknown), (0, 0), "{}", trial.cell);
        assert!(trial.server_cpu.contains_key("postgres"), "{}", trial.cell);
    }
}

/// Leases, touches and tombstones are counted by the servers in ways of their own.
#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn our_counts_of_leases_touches_and_versions_are_the_servers_own() {
    let out = tempdir().unwrap();
    let strategies = ["--strategy", "lease,versioned,sliding-ttl", "--clients", "16", "--read-ratio", "0.5"];
    let output = cachemark(out.path()).args(NATIVE).args(strategies).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let run = latest(out.path());
    assert!(run.trials.len() >= 6, "three strategies, two caches");
    for trial in &run.trials {
        let (ours, theirs) = (&trial.cache_whole, &trial.cache_counters);
        let seen = [theirs["gets"], theirs["hits"], theirs["sets"], theirs["deletes"]];
        let counted = [ours.gets, ours.hits, ours.sets, ours.deletes];
        // A call that timed out on a busy machine may have been carried out all the same; without one, the counts are equal.
        let late = ours.errors;
        assert!(trial.cache_failures.iter().all(|failure| failure.kind.ends_with("timeout")), "{}", trial.cell);
        let fits = |(seen, ours): (&u64, &u64)| (*ours..=ours + late).contains(seen);
        assert!(seen.iter().zip(&counted).all(fits), "{}: {seen:?} and {counted:?}, {late} late", trial.cell);
        assert_eq!((trial.bad_stamps, trial.totals.error), (0, 0), "{}", trial.cell);
        // What the servers count among their entries and is none.
        assert_eq!(theirs["leases-made"] > 0, trial.cell.starts_with("lease"), "{}", trial.cell);
        assert!(!trial.warnings.iter().any(|warning| warning.code == "foreign-traffic"), "{:?}", trial.warnings);
    }
}

/// A write finds its row first, which Postgres counts as a read too; two writers of one row may look for it again, so
/// only a single client's reads are known to the row.
#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn a_single_clients_rows_are_postgres_own() {
    let out = tempdir().unwrap();
    let output = cachemark(out.path()).args(NATIVE).args(["--clients", "1", "--cache", "redis"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for trial in latest(out.path()).trials {
        let ours = trial.store_whole;
        assert_eq!(trial.store_counters["rows-read"], ours.found + ours.writes, "{}", trial.cell);
        assert_eq!(trial.store_counters["rows-written"], ours.writes, "{}", trial.cell);
    }
}

/// The stacks of this machine whose marker stands in `folder`.
fn stack(folder: &Path, action: &str) -> String {
    let output = cachemark(folder).env("TMPDIR", folder).args(["stack", action]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let limit = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < limit, "waited a minute until {what}");
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// A long run in a temporary folder that others may enter: Postgres runs as another user.
fn long_run() -> (TempDir, Child) {
    let folder = tempdir().unwrap();
    #[cfg(unix)]
    fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.args(NATIVE).args(["--duration", "5s"]).env("TMPDIR", folder.path());
    command.env("CACHEMARK_OUT", folder.path().join("out")).stdout(Stdio::null()).stderr(Stdio::null());
    let child = command.spawn().unwrap();
    (folder, child)
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn orphans_of_a_killed_run_are_named_and_cleared_and_nothing_else_is() {
    let (folder, mut run) = long_run();
    wait_until("the run measures", || cachemark_results::latest_in(&folder.path().join("out")).is_some());
    let status = stack(folder.path(), "status");
    assert!(status.contains(&format!("in use by the run with process id {}", run.id())), "{status}");
    assert_eq!(stack(folder.path(), "down").trim(), "nothing to take down", "a living run's servers are left alone");
    run.kill().unwrap();
    run.wait().unwrap();
    let status = stack(folder.path(), "status");
    assert!(status.contains("orphaned"), "{status}");
    assert_eq!(status.matches("running").count(), 3, "{status}");
    let mut bystander = Command::new("sleep").arg("60").spawn().unwrap();
    let down = stack(folder.path(), "down");
    assert_eq!(down.matches("taken down").count(), 3, "{down}");
    assert_eq!(stack(folder.path(), "status").trim(), "no stacks");
    assert!(bystander.try_wait().unwrap().is_none());
    bystander.kill().unwrap();
    bystander.wait().unwrap();
}

#[test]
fn the_folder_of_a_killed_embedded_run_is_named_and_cleared() {
    let folder = tempdir().unwrap();
    let (temporary, out) = (folder.path().join("temporary"), folder.path().join("out"));
    fs::create_dir(&temporary).unwrap();
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.args(["sweep", "--workload", "smoke", "--duration", "30s"]).env("TMPDIR", &temporary);
    command.env("CACHEMARK_OUT", &out).stdout(Stdio::null()).stderr(Stdio::null());
    let mut run = command.spawn().unwrap();
    wait_until("the run measures", || cachemark_results::latest_in(&out).is_some());
    let status = stack(&temporary, "status");
    assert!(status.contains(&format!("in use by the run with process id {}", run.id())), "{status}");
    assert_eq!(stack(&temporary, "down").trim(), "nothing to take down", "a living run's folder is left alone");
    run.kill().unwrap();
    run.wait().unwrap();
    assert!(stack(&temporary, "status").contains("orphaned"));
    let down = stack(&temporary, "down");
    assert!(down.contains("cachemark-store-"), "{down}");
    assert_eq!(stack(&temporary, "status").trim(), "no stacks");
    assert_eq!(fs::read_dir(&temporary).unwrap().count(), 0, "nothing stays behind");
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn an_interrupted_run_takes_its_servers_with_it() {
    let (folder, mut run) = long_run();
    wait_until("the run measures", || cachemark_results::latest_in(&folder.path().join("out")).is_some());
    assert!(Command::new("kill").args(["-INT", &run.id().to_string()]).status().unwrap().success());
    assert_eq!(run.wait().unwrap().code(), Some(130));
    assert_eq!(stack(folder.path(), "status").trim(), "no stacks");
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn a_stack_that_was_brought_up_is_reached_by_the_variables_it_prints() {
    let folder = tempdir().unwrap();
    fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let variables = stack(folder.path(), "up");
    let mut command = cachemark(&folder.path().join("out"));
    for line in variables.lines() {
        let (name, value) = line.strip_prefix("export ").unwrap().split_once('=').unwrap();
        command.env(name, value);
    }
    let arguments = ["sweep", "--workload", "smoke", "--stack", "external", "--blocks", "1", "--read-ratio", "0.5"];
    let output = command.args(arguments).output().unwrap();
    let down = stack(folder.path(), "down");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told = [&output.stdout[..], &output.stderr[..]].map(String::from_utf8_lossy).concat();
    let written = everything_under(folder.path()) + &told;
    for url in variables.lines() {
        let password = url.split("://").nth(1).unwrap().split('@').next().unwrap().split(':').nth(1).unwrap();
        assert!(!written.contains(password), "a password was written");
    }
    assert_eq!(down.matches("taken down").count(), 3, "{down}");
    assert_eq!(latest(&folder.path().join("out")).trials.len(), 8);
}

/// Runs a sweep over an external stack with one address; returns exit code, stderr and how long it took.
fn external(folder: &Path, cache: &str, flag: &str, url: &str) -> (i32, String, Duration) {
    let begun = Instant::now();
    let arguments = ["sweep", "--workload", "smoke", "--stack", "external", "--store", "sqlite", "--cache", cache];
    let output = cachemark(&folder.join("out")).env("RUST_LOG", "debug").args(arguments).args([flag, url]).output();
    let output = output.unwrap();
    fs::write(folder.join("stdout"), &output.stdout).unwrap();
    fs::write(folder.join("stderr"), &output.stderr).unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap(), begun.elapsed())
}

#[test]
fn a_refused_port_is_said_at_once() {
    let folder = tempdir().unwrap();
    let port = cachemark_testkit::free_port();
    for (cache, flag, scheme) in [("redis", "--redis-url", "redis"), ("memcached", "--memcached-url", "memcached")] {
        let (code, message, took) = external(folder.path(), cache, flag, &format!("{scheme}://127.0.0.1:{port}"));
        assert_eq!(code, 4, "{message}");
        assert!(message.contains(&format!("reaching {cache}")), "{message}");
        assert!(took < Duration::from_secs(20), "{took:?}");
    }
}

#[test]
fn a_server_that_accepts_and_never_answers_is_given_up() {
    let folder = tempdir().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    // Takes every connection and reads what comes, for as long as the test runs.
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut stream = stream;
                let _ = std::io::copy(&mut stream.by_ref(), &mut std::io::sink());
            });
        }
    });
    let servers = [
        ("redis", "--redis-url", format!("redis://127.0.0.1:{port}")),
        ("memcached", "--memcached-url", format!("memcached://127.0.0.1:{port}")),
    ];
    for (cache, flag, url) in servers {
        let (code, message, took) = external(folder.path(), cache, flag, &url);
        assert_eq!(code, 4, "{message}");
        assert!(took < Duration::from_secs(60), "{took:?}");
    }
}

#[test]
#[ignore = "needs redis-server"]
fn a_wrong_password_is_refused_and_shown_nowhere() {
    let folder = tempdir().unwrap();
    let port = cachemark_testkit::free_port();
    let mut server = Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--requirepass", "right"])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("Redis listens", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    let url = format!("redis://:sesame-open@127.0.0.1:{port}/");
    let (code, message, _) = external(folder.path(), "redis", "--redis-url", &url);
    let right = format!("redis://:right@127.0.0.1:{port}/");
    let (right_code, right_message, _) = external(folder.path(), "redis", "--redis-url", &right);
    server.kill().unwrap();
    server.wait().unwrap();
    assert_eq!(code, 4, "{message}");
    assert_eq!(right_code, 0, "{right_message}");
    let written = everything_under(folder.path());
    assert!(!written.contains("sesame-open") && !written.contains(":right@"), "a password was written");
    assert!(written.contains("redis://***@127.0.0.1"), "the command is recorded without it");
}

#[test]
#[ignore = "needs redis-server"]
fn connections_that_the_server_closes_while_idle_cost_nothing() {
    let folder = tempdir().unwrap();
    let port = cachemark_testkit::free_port();
    let mut server = Command::new("redis-server")
        .args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--timeout", "1"])
        .current_dir(folder.path())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("Redis listens", || std::net::TcpStream::connect(("127.0.0.1", port)).is_ok());
    let arguments = [
        "sweep",
        "--workload",
        "smoke",
        "--stack",
        "external",
        "--store",
        "sqlite",
        "--cache",
        "redis",
        "--strategy",
        "cache-aside",
        "--read-ratio",
        "0.5",
        "--rate",
        "0.5",
        "--arrivals",
        "constant",
        "--duration",
        "6s",
        "--blocks",
        "1",
        "--redis-url",
    ];
    let mut command = cachemark(&folder.path().join("out"));
    let output = command.args(arguments).arg(format!("redis://127.0.0.1:{port}")).output().unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    let message = String::from_utf8_lossy(&output.stderr);
    assert!(!message.contains("broken pipe"), "{message}");
    let run = latest(&folder.path().join("out"));
    assert!(!run.trials.is_empty(), "no trial is lost: {message}");
    for trial in &run.trials {
        assert_eq!((trial.totals.error, trial.totals.unknown), (0, 0), "{}", trial.cell);
        assert_eq!(trial.cache_whole.errors, 0, "{}", trial.cell);
    }
    let replaced = run.trials.iter().map(|trial| trial.cache_counters["lanes-found-closed"]).max();
    assert!(replaced > Some(0), "a lane was closed and replaced");
}

#[test]
fn servers_without_a_stack_for_them_are_a_usage_error() {
    let out = tempdir().unwrap();
    let output = cachemark(out.path()).args(["sweep", "--cache", "redis"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("--stack native"));
}

#[test]
fn missing_programs_are_named_with_what_to_install() {
    let out = tempdir().unwrap();
    let output =
        cachemark(out.path()).env("PATH", out.path()).args(NATIVE).args(["--store", "sqlite"]).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("not installed: redis-server, memcached"), "{message}");
}
