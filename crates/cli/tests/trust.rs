//! What speaks against a run is told by the page, the terminal, JSON and the exit code alike.

#![cfg(feature = "servers")]

#[path = "support/server.rs"]
mod server;
mod support;

use server::{Server, wait_until};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use support::{cachemark, latest};
use tempfile::{TempDir, tempdir};

/// A record of one short block.
fn record() -> (TempDir, PathBuf) {
    let out = tempdir().unwrap();
    let sweep = ["--quiet", "sweep", "--workload", "smoke", "--blocks=1", "--read-ratio=1", "--duration=100ms"];
    assert_eq!(cachemark(out.path()).args(sweep).output().unwrap().status.code(), Some(0));
    let folder = latest(out.path()).folder;
    (out, folder)
}

/// The exit code of a report, its data and its talk.
fn report(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = cachemark(folder).arg("report").arg(folder).args(arguments).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

fn change(path: &Path, change: impl Fn(&mut serde_json::Value)) {
    let mut value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
    change(&mut value);
    fs::write(path, value.to_string()).unwrap();
}

#[test]
fn a_debug_build_is_a_doubt_in_every_form() {
    let (_out, folder) = record();
    change(&folder.join("environment.json"), |environment| environment["tool"]["profile"] = "debug".into());
    let (code, shown, talk) = report(&folder, &[]);
    assert_eq!((code, talk.as_str()), (Some(0), ""));
    // Where its lines break depends on what else there is to tell.
    let words = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("debug-build: the program was built without optimisation"), "{shown}");
    let (code, json, talk) = report(&folder, &["--json", "--strict"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(json["doubts"].as_array().unwrap().iter().any(|doubt| doubt["code"] == "debug-build"), "{json}");
    assert_eq!(code, Some(3));
    assert!(talk.contains("not to be trusted: debug-build: "), "{talk}");
    assert!(fs::read_to_string(folder.join("report.html")).unwrap().contains("debug-build: the program was built"));
}

/// A server, or whoever sent the record, may write anything into it.
#[test]
fn what_a_record_says_steers_no_terminal() {
    let (_out, folder) = record();
    change(&folder.join("manifest.json"), |manifest| {
        manifest["assertions"] = serde_json::json!(["*.throughput > 1000000000000"]);
        manifest["cells"][0]["id"] = "\u{1b}[31mred".into();
        manifest["blocks"][0] = serde_json::json!(["\u{1b}[31mred"]);
    });
    let cells = || fs::read_dir(folder.join("trials")).unwrap().map(|entry| entry.unwrap().path());
    for trial in cells().skip(1) {
        fs::remove_dir_all(trial).unwrap();
    }
    let summary = cells().next().unwrap().join("summary.json");
    change(&summary, |trial| {
        trial["cell"] = "\u{1b}[31mred".into();
        trial["warnings"] = serde_json::json!([{ "code": "failures", "text": "ERR \u{1b}]0;mine\u{7}\u{9b}31m" }]);
    });
    let (code, shown, talk) = report(&folder, &[]);
    assert_eq!(code, Some(1), "{talk:?}");
    for (text, told) in [(&talk, "ERR"), (&talk, "[31mred: "), (&shown, "[31mred")] {
        assert!(text.contains(told), "{told} in {text:?}");
        assert!(!text.chars().any(|c| c.is_control() && c != '\n'), "{text:?}");
    }
}

const EXTERNAL: [&str; 8] = [
    "--quiet",
    "sweep",
    "--workload",
    "smoke",
    "--stack=external",
    "--store=sqlite",
    "--read-ratio=1",
    "--strategy=cache-aside",
];

/// One inline command to a Redis, and the first line of its answer.
fn ask(server: &Server, command: &str) -> String {
    let mut stream = TcpStream::connect(("127.0.0.1", server.port)).unwrap();
    stream.write_all(format!("{command}\r\n").as_bytes()).unwrap();
    let mut line = String::new();
    BufReader::new(stream).read_line(&mut line).unwrap();
    line.trim_end().to_owned()
}

/// The claim is renewed every four seconds, and so it is seen once that somebody else has it, whatever happens meanwhile.
#[test]
#[ignore = "needs redis-server"]
fn a_server_that_another_run_took_is_told_by_the_record_for_ever() {
    let (server, out) = (Server::redis(&[]), tempdir().unwrap());
    let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
    let url = server.url("redis", "");
    command.args(EXTERNAL).args(["--cache=redis", "--blocks=1", "--duration=10s", "--redis-url", &url]);
    let run = command.env("CACHEMARK_OUT", out.path()).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    wait_until("the run measures", || cachemark_results::latest_in(out.path()).is_some());
    assert_eq!(ask(&server, "SET cm:lock somebody"), "+OK");
    let output = run.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    let lost = "claim-lost: another run took redis meanwhile: somebody";
    assert_eq!(said.matches(&format!("not to be trusted: {lost}")).count(), 1, "{said}");
    assert_eq!(ask(&server, "EXISTS cm:lock"), ":1", "the other's claim is left alone");
    let folder = latest(out.path()).folder;
    let [page, summary] = ["report.html", "SUMMARY.md"].map(|name| fs::read_to_string(folder.join(name)).unwrap());
    assert!(page.contains(lost) && summary.replace('\\', "").contains(lost), "{summary}");
    let (code, json, _) = report(&folder, &["--json", "--strict"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!((code, &json["trusted"], &json["reasons"][0]["code"]), (Some(3), &false.into(), &"claim-lost".into()));
}

#[test]
#[ignore = "needs redis-server and memcached"]
fn a_refused_resume_keeps_nobody_out() {
    let (redis, memcached) = (Server::redis(&[]), Server::memcached(&[]));
    let (redis_url, memcached_url) = (redis.url("redis", ""), memcached.url("memcached", ""));
    for (cache, flag, url) in [("redis", "--redis-url", redis_url), ("memcached", "--memcached-url", memcached_url)] {
        let out = tempdir().unwrap();
        let sweep = || {
            let arguments = ["--cache", cache, "--blocks=1", "--duration=100ms", flag, &url];
            let output = cachemark(out.path()).args(EXTERNAL).args(arguments).output().unwrap();
            (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
        };
        assert_eq!(sweep(), (Some(0), String::new()));
        let folder = latest(out.path()).folder;
        fs::remove_dir_all(folder.join("trials/0001")).unwrap();
        change(&folder.join("environment.json"), |environment| {
            for server in environment["servers"].as_array_mut().unwrap() {
                server["version"] = "of another time".into();
            }
        });
        let output = cachemark(out.path()).args(["sweep", flag, &url, "--resume"]).arg(&folder).output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains("of another time"), "{said}");
        assert_eq!(sweep(), (Some(0), String::new()), "{cache} is free at once");
    }
}
