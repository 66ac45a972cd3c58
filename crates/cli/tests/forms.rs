//! What was nearly right is answered with what is right.

#![cfg(all(feature = "servers", feature = "http"))]

use std::process::Command;
use tempfile::tempdir;

/// Exit code and stderr; nothing may have been begun.
fn run(arguments: &[&str]) -> (Option<i32>, String) {
    let out = tempdir().unwrap();
    let output = Command::new(assert_cmd::cargo::cargo_bin("cachemark"))
        .env("CACHEMARK_OUT", out.path())
        .args(arguments)
        .output()
        .unwrap();
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0, "{arguments:?} begins nothing");
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn the_nearest_right_form_is_named() {
    for (arguments, told) in [
        (&["sweep", "--duration", "10,000ms"][..], "write 10000ms without it"),
        (&["sweep", "--duration", "100us"], "give whole ones, as in 10ms"),
        (&["sweep", "--duration", "0s"], "give one from 10ms to 24h"),
        (&["sweep", "--warm-up", "100us"], "give whole ones, as in 10ms"),
        (&["sweep", "--read-ratio", "90%"], "write 0.9 for 90%"),
        (&["sweep", "my.toml"], "--workload my.toml"),
        (&["sweep", "read-only"], "--workload read-only"),
        (&["sweep", "--find-max", "--slo", "p99 < 2"], "response.p99 < 2ms"),
        (&["serve", "--listen", "localhost:8080"], "127.0.0.1:8080"),
        (&["serve", "--deadline", "0s"], "leaves no time"),
        (&["load", "--target", "127.0.0.1:80"], "it begins with no scheme; write it as in http://"),
        (&["load", "--target", "http://127.0.0.1:1", "--duration", "0s"], "give one from 10ms to 24h"),
        (&["load", "--target", "http://127.0.0.1:1", "--read-ratio", "50%"], "write 0.5 for 50%"),
    ] {
        let (code, talk) = run(arguments);
        assert!(code == Some(2) && talk.contains(told), "{arguments:?}: {code:?} {talk}");
    }
}

#[test]
fn a_wrong_flag_is_no_mistake_of_the_preset() {
    let (_, talk) = run(&["sweep", "--clients", "0"]);
    assert!(talk.contains("error: 1 mistake in --clients\n"), "{talk}");
    let (_, talk) = run(&["sweep", "--clients", "0", "--read-ratio", "1.5"]);
    assert!(talk.contains("error: 2 mistakes in --") && !talk.contains("preset default"), "{talk}");
}

#[test]
fn what_could_not_hold_is_told_before_the_run() {
    let (code, talk) = run(&["sweep", "--strategy", "no-cache", "--assert", "cache-aside.throughput > 5"]);
    assert!(code == Some(2) && talk.contains("fits no cell of this run: unknown arm `cache-aside`"), "{talk}");
    let near = ["sweep", "--arm", "cache-aside-1s: cache-aside ttl-ms=1000", "--assert", "cache-aside.throughput > 5"];
    let (code, talk) = run(&near);
    assert!(code == Some(2) && talk.contains("did you mean `cache-aside-1s`?"), "{talk}");
    let (code, talk) = run(&["sweep", "--read-ratio", "0.9", "--assert", "*[read_ratio=0.8].errors <= 0"]);
    assert!(code == Some(2) && talk.contains("fits no cell"), "{talk}");
    let folder = tempdir().unwrap();
    let (code, talk) = run(&["sweep", "--assert", "*.errors <= 0", "--junit", folder.path().to_str().unwrap()]);
    assert!(code == Some(2) && talk.contains("it is a folder"), "{talk}");
}

#[test]
fn too_few_open_files_are_told_before_a_load() {
    let out = tempdir().unwrap();
    let binary = assert_cmd::cargo::cargo_bin("cachemark");
    let command = format!("ulimit -n 256; exec {} load --target http://127.0.0.1:1 --users 500", binary.display());
    let output = Command::new("sh").args(["-c", &command]).env("CACHEMARK_OUT", out.path()).output().unwrap();
    let talk = String::from_utf8_lossy(&output.stderr);
    assert!(talk.contains("the limit of this shell is 256") && talk.contains("ulimit -n 564"), "{talk}");
    assert_eq!(output.status.code(), Some(4));
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
}

#[test]
fn a_header_whose_variable_is_missing_begins_no_record() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("w.toml");
    std::fs::write(&file, "[http.read]\nheaders = { authorization = \"{env:CACHEMARK_TEST_NOT_THERE}\" }\n").unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let target = format!("http://{}", listener.local_addr().unwrap());
    let (code, talk) = run(&["load", "--target", &target, "--workload", file.to_str().unwrap()]);
    assert!(code == Some(2) && talk.contains("CACHEMARK_TEST_NOT_THERE"), "{code:?} {talk}");
}
