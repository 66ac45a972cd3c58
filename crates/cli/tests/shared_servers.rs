//! Servers that others use, too: another run is refused, and what others do there is told.

#![cfg(feature = "servers")]

#[path = "support/server.rs"]
mod server;
mod support;

use server::{Server, wait_until};
use std::fs;
use std::io::{Read, Seek, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use support::{cachemark, latest};
use tempfile::tempdir;

const SWEEP: [&str; 9] = [
    "sweep",
    "--workload",
    "smoke",
    "--stack",
    "external",
    "--blocks=1",
    "--read-ratio=1",
    "--strategy",
    "cache-aside",
];

/// Whether a record was begun under `out`.
fn has_begun(out: &Path) -> bool {
    cachemark_results::latest_in(out).is_some()
}

/// A sweep that goes on for as long as a test waits, with its record under `out`.
fn long(out: &Path, arguments: &[&str]) -> Child {
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.args(SWEEP).args(["--duration", "60s"]).args(arguments).env("CACHEMARK_OUT", out);
    let said = tempfile::tempfile().unwrap();
    let mut child = command.stdout(Stdio::null()).stderr(said.try_clone().unwrap()).spawn().unwrap();
    wait_until("the first run measures", || {
        if let Some(status) = child.try_wait().unwrap() {
            panic!("the first run ended with {status}: {}", read_again(&said));
        }
        has_begun(out)
    });
    child
}

/// What was written to a file, from its beginning.
fn read_again(mut file: &fs::File) -> String {
    let mut text = String::new();
    file.rewind().unwrap();
    file.read_to_string(&mut text).unwrap();
    text
}

fn short(out: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = cachemark(out).args(SWEEP).args(["--duration", "200ms"]).args(arguments).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn interrupt(mut child: Child) {
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
}

#[test]
#[ignore = "needs redis-server and memcached"]
fn a_second_run_over_one_cache_is_refused_and_told_who_has_it() {
    let (redis, memcached) = (Server::redis(&[]), Server::memcached(&[]));
    let (redis_url, memcached_url) = (redis.url("redis", ""), memcached.url("memcached", ""));
    for (cache, flag, url) in [("redis", "--redis-url", redis_url), ("memcached", "--memcached-url", memcached_url)] {
        let out = tempdir().unwrap();
        let arguments = ["--store", "sqlite", "--cache", cache, flag, &url];
        let first = long(&out.path().join("first"), &arguments);
        let (code, said) = short(&out.path().join("second"), &arguments);
        assert_eq!(code, Some(4), "{cache}: {said}");
        assert!(said.contains(&format!("claiming {cache}: another run of cachemark uses it")), "{said}");
        assert!(said.contains(&format!("process {} on ", first.id())), "{said}");
        let serve = ["serve", "--listen", "127.0.0.1:0", "--workload", "smoke", "--stack", "external", "--preload"];
        let served = cachemark(out.path()).args(serve).args(arguments).output().unwrap();
        assert_eq!(served.status.code(), Some(4), "{}", String::from_utf8_lossy(&served.stderr));
        assert!(!has_begun(&out.path().join("second")), "nothing was begun");
        interrupt(first);
        let (code, said) = short(&out.path().join("third"), &arguments);
        assert_eq!(code, Some(0), "{cache}, once it is free: {said}");
    }
}

/// What one says whose claim has the same process number and host, as runs in containers may.
#[test]
#[ignore = "needs redis-server"]
fn a_claim_in_the_same_words_is_still_anothers() {
    let (server, out) = (Server::redis(&[]), tempdir().unwrap());
    let arguments = ["--store", "sqlite", "--cache", "redis", "--redis-url", &server.url("redis", "")];
    let first = long(&out.path().join("first"), &arguments);
    let held = ask(server.port, "GET cm:lock");
    let (words, mark) = held.split_once(", claim ").expect("a mark of its own");
    assert!(words.contains(&format!("cachemark, process {} on ", first.id())), "{held}");
    assert!(mark.len() >= 16, "{held}");
    interrupt(first);
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn a_run_holds_its_schema_until_it_ends_however_it_ends() {
    let folder = tempdir().unwrap();
    let stack = Stack::up(folder.path());
    let arguments = ["--store", "postgres", "--cache", "in-process", "--database-url", &stack.database];
    let mut first = long(&folder.path().join("first"), &arguments);
    let (code, said) = short(&folder.path().join("second"), &arguments);
    assert_eq!(code, Some(4), "{said}");
    assert!(said.contains("claiming postgres: another run of cachemark uses it"), "{said}");
    assert!(said.contains(&format!("process {} on ", first.id())), "{said}");
    first.kill().unwrap();
    first.wait().unwrap();
    // The server notices in its own time.
    wait_until("the killed run's claim has ended", || short(&folder.path().join("third"), &arguments).0 == Some(0));
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn rows_that_somebody_else_takes_in_the_middle_are_told() {
    let folder = tempdir().unwrap();
    let stack = Stack::up(folder.path());
    let out = folder.path().join("out");
    let arguments = ["--store", "postgres", "--cache", "in-process", "--database-url", &stack.database];
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    // No cache: an entry would hide the missing row. The truncation waits for nothing but the record's beginning, so it is
    // made again and again: each trial loads its rows anew.
    command.args(SWEEP).args(["--duration", "2s", "--strategy", "no-cache"]).args(arguments);
    let mut run = command.env("CACHEMARK_OUT", &out).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("the run ends", || {
        let truncate = "TRUNCATE cachemark.cachemark_rows";
        let mut psql = Command::new("psql");
        psql.args([&stack.database, "-qc", truncate]).stdout(Stdio::null()).stderr(Stdio::null());
        if has_begun(&out) {
            psql.status().unwrap();
            // Now and then is enough, and leaves the server time for whoever connects.
            std::thread::sleep(Duration::from_millis(250));
        }
        run.try_wait().unwrap().is_some()
    });
    let output = run.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("not to be trusted: absent-rows: "), "{said}");
    assert!(latest(&out).trials.iter().any(|trial| trial.totals.absent > 0));
}

/// Each write is acknowledged, and somebody sets its row back: when the trial is over the store has less than was acknowledged.
#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn acknowledged_writes_that_the_store_does_not_have_in_the_end_are_told_with_their_keys() {
    let folder = tempdir().unwrap();
    let stack = Stack::up(folder.path());
    let out = folder.path().join("out");
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.args(SWEEP).args(["--duration", "2s", "--read-ratio", "0.5", "--strategy", "no-cache"]);
    command.args(["--store", "postgres", "--cache", "in-process", "--database-url", &stack.database]);
    let mut run = command.env("CACHEMARK_OUT", &out).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("the run ends", || {
        let set_back = "UPDATE cachemark.cachemark_rows SET version = 1 WHERE version > 1";
        let mut psql = Command::new("psql");
        psql.args([&stack.database, "-qc", set_back]).stdout(Stdio::null()).stderr(Stdio::null());
        if has_begun(&out) {
            psql.status().unwrap();
            std::thread::sleep(Duration::from_millis(100));
        }
        run.try_wait().unwrap().is_some()
    });
    let output = run.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("not to be trusted: lost-writes: "), "{said}");
    let record = latest(&out);
    let audit =
        record.trials.iter().find_map(|trial| trial.audit.as_ref().filter(|audit| audit.store.lost > 0)).unwrap();
    let lost = &audit.examples[0];
    assert!(lost.acknowledged > Some(lost.row) && said.contains(&lost.key), "{lost:?} {said}");
}

#[test]
#[ignore = "needs redis-server, memcached and postgresql"]
fn a_server_with_too_little_room_for_the_lanes_is_refused_before_anything_is_measured() {
    let folder = tempdir().unwrap();
    let stack = Stack::up(folder.path());
    let (redis, memcached) = (Server::redis(&["--maxclients", "20"]), Server::memcached(&["-c", "64"]));
    let (redis_url, memcached_url) = (redis.url("redis", ""), memcached.url("memcached", ""));
    let out = folder.path().join("out");
    let refused = |place: &[&str], words: &[&str]| {
        let arguments = [place, &["--clients", "400"]].concat();
        let (code, said) = short(&out, &arguments);
        assert_eq!(code, Some(4), "{said}");
        assert!(words.iter().all(|word| said.contains(word)), "{said}");
        assert!(!has_begun(&out), "nothing was begun");
    };
    // 200 connections are let in, and 400 lanes want in.
    let postgres = ["--store", "postgres", "--cache", "in-process", "--database-url", &stack.database];
    refused(&postgres, &["counting the connections of postgres: ", "lets in 200", "[store.postgres]", "--clients"]);
    let redis = ["--store", "sqlite", "--cache", "redis", "--redis-url", &redis_url];
    refused(&redis, &["counting the connections of redis: ", "lets in 20", "[cache.redis]", "maxclients"]);
    let memcached = ["--store", "sqlite", "--cache", "memcached", "--memcached-url", &memcached_url];
    refused(&memcached, &["counting the connections of memcached: ", "lets in 64", "[cache.memcached]"]);
    for place in [postgres, redis, memcached] {
        let (code, said) = short(&out, &[&place[..], &["--clients", "8"]].concat());
        assert_eq!(code, Some(0), "{said}");
    }
}

#[test]
#[ignore = "needs redis-server"]
fn the_gets_of_others_are_told_and_strict_minds_them() {
    let (server, out) = (Server::redis(&[]), tempdir().unwrap());
    let (port, over) = (server.port, AtomicBool::new(false));
    let arguments = ["--store", "sqlite", "--cache", "redis", "--redis-url", &server.url("redis", "")];
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
            let mut answer = [0; 64];
            while !over.load(Ordering::Relaxed) {
                stream.write_all(b"GET somebody:elses\r\n").unwrap();
                assert!(stream.read(&mut answer).unwrap() > 0);
            }
        });
        let ended = short(&out.path().join("plain"), &arguments);
        let strict = short(&out.path().join("strict"), &[arguments.as_slice(), &["--strict"]].concat());
        over.store(true, Ordering::Relaxed);
        assert_eq!(ended.0, Some(0), "{}", ended.1);
        assert_eq!(strict.0, Some(3), "{}", strict.1);
        assert!(strict.1.contains("foreign-traffic: ") && strict.1.contains("own count of gets is"), "{}", strict.1);
    });
    let alone = short(&out.path().join("alone"), &arguments);
    let warned = latest(&out.path().join("alone")).trials.into_iter().flat_map(|trial| trial.warnings);
    assert!(!warned.into_iter().any(|warning| warning.code == "foreign-traffic"), "{}", alone.1);
}

/// Private servers that `cachemark stack up` left running, taken down with the test.
struct Stack<'a> {
    folder: &'a Path,
    database: String,
}

impl<'a> Stack<'a> {
    fn up(folder: &'a Path) -> Self {
        // Postgres runs as another user.
        fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let output = cachemark(folder).env("TMPDIR", folder).args(["stack", "up"]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let variables = String::from_utf8(output.stdout).unwrap();
        let url = variables.lines().find_map(|line| line.strip_prefix("export DATABASE_URL=")).unwrap();
        Self { folder, database: url.trim_matches('\'').to_owned() }
    }
}

impl Drop for Stack<'_> {
    fn drop(&mut self) {
        drop(cachemark(self.folder).env("TMPDIR", self.folder).args(["stack", "down"]).output());
    }
}

/// What Redis answers to a command.
fn ask(port: u16, command: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    write!(stream, "{command}\r\nQUIT\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
#[ignore = "needs redis-server"]
fn a_service_whose_claim_was_taken_is_not_trusted() {
    let (server, out) = (Server::redis(&[]), tempdir().unwrap());
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    command.args(["serve", "--listen", "127.0.0.1:0", "--workload", "smoke", "--stack", "external", "--preload"]);
    command.args(["--cache", "redis", "--store", "sqlite", "--redis-url", &server.url("redis", "")]);
    let child = command.env("CACHEMARK_OUT", out.path()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.unwrap();
    // It says so when it serves.
    child.stdout.as_mut().unwrap().read_exact(&mut [0; 8]).unwrap();
    assert!(ask(server.port, "SET cm:lock somebody-else").starts_with("+OK"));
    // Each renewal looks whose the claim is; nothing else asks so.
    let looks = || {
        let told = ask(server.port, "INFO commandstats");
        told.split("cmdstat_getrange:calls=").nth(1).unwrap().split(',').next().unwrap().parse::<u64>().unwrap()
    };
    let before = looks();
    wait_until("the claim is looked at", || looks() > before);
    assert!(Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap().success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("not to be trusted: another run took redis meanwhile: somebody-else"), "{said}");
}
