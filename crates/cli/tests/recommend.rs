//! `cachemark recommend`: its exit codes, its forms, and what it refuses.

mod support;

use serde_json::Value;
use std::path::Path;
use support::{cachemark, latest};
use tempfile::tempdir;

/// Six blocks of two arms, in a closed loop.
fn sweep(out: &Path) {
    let arguments = ["sweep", "--workload", "smoke", "--strategy", "no-cache,cache-aside", "--read-ratio", "0.9"];
    let output = cachemark(out).args(arguments).args(["--blocks", "6"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Exit code, stdout, stderr.
fn recommend(out: &Path, more: &[&str]) -> (i32, String, String) {
    let output = cachemark(out).arg("recommend").args(more).output().unwrap();
    let [stdout, stderr] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code().unwrap(), stdout, stderr)
}

#[test]
fn the_exit_code_says_whether_an_arm_meets_it() {
    let out = tempdir().unwrap();
    sweep(out.path());
    let price = ["--price", "cache=0.02,store=0.1"];
    let slo = "throughput >= 1, errors <= 0, store_load <= 200%";
    let (code, stdout, stderr) = recommend(out.path(), &[&["--slo", slo][..], &price].concat());
    assert_eq!(code, 0, "{stdout}{stderr}");
    assert!(stdout.contains("Meets it: no-cache and cache-aside.") && stdout.contains("Cheapest: "), "{stdout}");

    let (code, stdout, stderr) = recommend(out.path(), &["--slo", "throughput >= 1_000_000_000"]);
    assert_eq!(code, 1, "{stdout}{stderr}");
    assert!(stdout.contains("None meets it.") && stdout.contains("Nearest by the medians: "), "{stdout}");

    // A closed loop has no response times.
    let folder = latest(out.path()).folder;
    let asked = [folder.to_str().unwrap(), "--slo", "response.p99 < 60s", "--at", "read-ratio=0.9", "--json"];
    let (code, stdout, stderr) = recommend(out.path(), &asked);
    assert_eq!(code, 3, "{stdout}{stderr}");
    let told: Value = serde_json::from_str(&stdout).unwrap();
    assert_eq!((&told["answer"], &told["folder"]), (&"cannot-tell".into(), &folder.to_str().unwrap().into()));
    let objective = &told["points"][0]["candidates"][0]["objectives"][0];
    let next = objective["next"].as_str().unwrap();
    assert_eq!(next, "response.p99 takes an open loop: give --rate, or ask for service.p99");
}

#[test]
fn what_is_refused_says_what_is_allowed() {
    let out = tempdir().unwrap();
    for (arguments, told) in [
        (&["--slo", "p99 < 5ms"][..], "did you mean one of read.p99"),
        (&["--slo", "errors <= 0,"], "--slo: `errors <= 0,` has an objective missing"),
        (&["--slo", "cache-aside.errors <= 0"], "names cells: an objective is of every arm; --at chooses"),
        (&["--slo", "errors <= 0", "--price", "redis=1"], "give cache=X, store=Y or both"),
        (&["--slo", "errors <= 0", "--at", "0.9"], "--at: `0.9` has to be one of cache, store, read_ratio"),
        (&["--slo", "errors <= 0", "--at", "read-ratio=2"], "from 0 to 1"),
        (&["--slo", "errors <= 0"], "there is no record in"),
        (&[], "--slo"),
    ] {
        let (code, _, stderr) = recommend(out.path(), arguments);
        assert!(code == 2 && stderr.contains(told), "{arguments:?}: {code} {stderr}");
    }
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("../results/tests/version-1");
    let asked = [here.to_str().unwrap(), "--slo", "errors <= 0", "--at", "read-ratio=0.123"];
    let (code, _, stderr) = recommend(out.path(), &asked);
    assert!(
        code == 2 && stderr.contains("--at read-ratio=0.123: no cell of the run stands there; there are: "),
        "{stderr}"
    );
}
