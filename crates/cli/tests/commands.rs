//! The smaller commands.

#![cfg(all(feature = "servers", feature = "http"))]

mod support;

use std::path::Path;
use support::{cachemark, latest};
use tempfile::tempdir;

fn stdout(arguments: &[&str]) -> String {
    let out = tempdir().unwrap();
    let output = cachemark(out.path()).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn every_preset_is_listed_and_good() {
    // A line that begins with a space goes on with the one before.
    for line in stdout(&["workload", "list"]).lines().filter(|line| !line.starts_with(' ')) {
        let name = line.split(' ').next().unwrap();
        assert!(stdout(&["workload", "check", name]).contains("good"), "{name}");
    }
}

#[test]
fn a_shown_definition_can_be_given_back() {
    let folder = tempdir().unwrap();
    let path = folder.path().join("shown.toml");
    let shown = stdout(&["workload", "show", "default"]);
    std::fs::write(&path, &shown).unwrap();
    assert_eq!(stdout(&["workload", "show", path.to_str().unwrap()]), shown);
    cachemark_http::spoken("shown.toml", shown.as_bytes(), &[], Default::default(), &["cachemark"]).unwrap();
}

/// What `workload check` says of the foreign service's definition with `from` replaced.
fn checked(from: &str, to: &str) -> (Option<i32>, String) {
    let out = tempdir().unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/foreign-service/load.toml");
    let text = std::fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{from}");
    let changed = out.path().join("load.toml");
    std::fs::write(&changed, text.replace(from, to)).unwrap();
    let output = cachemark(out.path()).args(["workload", "check"]).arg(&changed).output().unwrap();
    let told = [output.stdout, output.stderr].concat();
    (output.status.code(), String::from_utf8(told).unwrap())
}

#[test]
fn a_definition_for_both_load_and_sweep_is_checked_as_both() {
    for (from, to, mistakes) in [
        ("method = \"PUT\"", "methd = \"PUT\"", &["unknown field of [http.write] `methd`", "1 mistake in"][..]),
        ("[sweep]", "[sweep]\ncaches = [\"rediss\"]", &["unknown cache `rediss`", "1 mistake in"]),
        ("seed = 1", "sede = 1", &["unknown field of [sweep] `sede`", "1 mistake in"]),
        ("[run]", "caches = [\"rediss\"]\nhttp = 5\n[run]", &["unknown cache", "unknown field", "2 mistakes in"]),
        // What a load refuses, however it is written.
        ("[http.hit]\nrule = \"header\"", "[ http.hit ]\nrule = \"nosuch\"", &["unknown rule `nosuch`"]),
        ("application/json\"", "application/json\\nx: y\"", &["characters that no header may have", "1 mistake in"]),
    ] {
        let (code, told) = checked(from, to);
        assert_eq!(code, Some(2), "{to}: {told}");
        assert!(mistakes.iter().all(|mistake| told.contains(mistake)), "{to}: {told}");
    }
}

#[test]
fn a_dotted_key_of_http_is_looked_into() {
    let out = tempdir().unwrap();
    let path = out.path().join("dotted.toml");
    std::fs::write(&path, "http.hit.rule = \"nosuch\"\n").unwrap();
    for command in [&["workload", "check"][..], &["load", "--target", "http://127.0.0.1:1", "--workload"]] {
        let output = cachemark(out.path()).args(command).arg(&path).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && told.contains("unknown rule `nosuch`"), "{told}");
    }
}

#[test]
fn services_that_are_arms_are_for_a_load_alone() {
    let out = tempdir().unwrap();
    let path = out.path().join("arms.toml");
    std::fs::write(&path, "[[arm]]\nname = \"ours\"\nstrategy = \"http\"\nurl = \"http://127.0.0.1:1\"\n").unwrap();
    let shown = stdout(&["workload", "check", path.to_str().unwrap()]);
    assert!(shown.ends_with("good, for cachemark load\n"), "{shown}");
    assert!(stdout(&["workload", "show", path.to_str().unwrap()]).contains("url = \"http://127.0.0.1:1\""));
}

#[test]
fn what_a_load_would_refuse_of_its_driver_and_its_services_is_found_by_a_check() {
    for (text, said) in [
        ("[run]\ndriver = \"nosuch\"\n", "unknown driver `nosuch`"),
        ("[run]\nhatch-per-s = 5\n", "give --driver goose"),
        ("[run]\ndriver = \"goose\"\n[sweep]\nrate = [100]\n", "a closed loop"),
        ("[[arm]]\nstrategy = \"http\"\nurl = \"ftp://h/\"\n", "neither http nor https"),
        ("[[arm]]\nstrategy = \"http\"\nurl = \"http://ann:sesame@h/\"\n", "holds a user or a password"),
    ] {
        let out = tempdir().unwrap();
        let path = out.path().join("load.toml");
        std::fs::write(&path, text).unwrap();
        let output = cachemark(out.path()).args(["workload", "check"]).arg(&path).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && told.contains(said), "{text}: {told}");
        assert!(!told.contains("sesame"), "{told}");
    }
}

#[test]
fn serve_takes_one_arm_of_a_workload_by_name_and_none_in_silence() {
    let out = tempdir().unwrap();
    let path = out.path().join("arms.toml");
    let text = "[[arm]]\nname = \"update\"\nstrategy = \"cache-aside\"\non-write = \"update\"\n[[arm]]\nstrategy = \"no-cache\"\n";
    std::fs::write(&path, text).unwrap();
    let refused = |more: &[&str]| {
        let output = cachemark(out.path()).arg("serve").arg("--workload").arg(&path).args(more).output().unwrap();
        assert_eq!(output.status.code(), Some(2));
        String::from_utf8(output.stderr).unwrap()
    };
    let told = refused(&[]);
    assert!(told.contains("name it with --arm (update, no-cache)"), "{told}");
    assert!(refused(&["--arm", "updat"]).contains("did you mean `update`"));
}

#[test]
fn assertions_on_a_service_are_for_a_load_alone() {
    let (code, told) = checked("[workload]", "assert = [\"foreign.service.p99 < 20ms\"]\n[workload]");
    assert!(code == Some(0) && told.contains("good, for cachemark load; its assertions fit no sweep"), "{told}");
}

#[test]
fn a_definition_for_a_service_that_is_not_ours_is_checked_and_shown() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/foreign-service/load.toml");
    let path = path.to_str().unwrap();
    assert!(stdout(&["workload", "check", path]).contains("good, for cachemark load and sweep"));
    assert!(stdout(&["workload", "show", path]).contains("[http.read]"));
}

#[test]
fn strategies_are_listed_with_their_settings() {
    let list: serde_json::Value = serde_json::from_str(&stdout(&["strategies", "--json"])).unwrap();
    let names: Vec<_> = list.as_array().unwrap().iter().map(|part| part["name"].as_str().unwrap()).collect();
    let parts = [cachemark_strategy::strategies(), cachemark_backend::caches(), cachemark_backend::stores()].concat();
    for part in parts {
        assert!(names.contains(&part.name), "{}", part.name);
    }
    // A sweep that names none has these four, and no more where there are more strategies.
    let unasked =
        list.as_array().unwrap().iter().filter(|part| part["on_request"] == false && part["kind"] == "strategy");
    let unasked: Vec<_> = unasked.map(|part| &part["name"]).collect();
    assert_eq!(unasked, ["no-cache", "cache-aside", "read-through", "write-through"]);
    assert!(stdout(&["strategies", "null"]).contains("    It takes part only where it is named.\n"));
    assert!(stdout(&["strategies", "servers"]).contains("    cache-memory-mib = "));
}

#[test]
fn a_strategy_says_what_it_needs_promises_and_costs() {
    let all = stdout(&["strategies", "write-through"]).split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "needs of a cache: get, set and delete; versioned-set freshness",
        "- one process: a read is never older than what was acknowledged before it - several",
        "durability: an acknowledged write is in the store calls",
        "- hit: cache get - miss",
        "- write: lock the key, store write, cache set-if-newer, supersede the load, unlock the key - delete",
        "source: Oracle Coherence",
    ] {
        assert!(all.contains(part), "{part}{all}");
    }
    let json: serde_json::Value = serde_json::from_str(&stdout(&["strategies", "cache-aside", "--json"])).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 1);
    let miss = serde_json::json!({ "store_calls": 1, "cache_calls": 2, "steps": "cache get, store read, cache set" });
    assert_eq!((&json[0]["operations"]["miss"], &json[0]["needs"]), (&miss, &"get, set and delete".into()));
    assert!(json[0]["freshness"][0].as_str().unwrap().contains("stale-set"), "{json}");
}

#[test]
fn strategies_in_short_are_a_line_each_and_a_table() {
    let short = stdout(&["strategies"]);
    for strategy in cachemark_strategy::strategies() {
        let lines = short.lines().filter(|line| line.split_whitespace().next() == Some(strategy.name));
        assert_eq!(lines.count(), 2, "{}: {short}", strategy.name);
    }
    let row = |name: &str| {
        let row = short.lines().rev().find(|line| line.trim_start().starts_with(name)).unwrap();
        row.split_whitespace().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(row("no-cache"), ["no-cache", "–", "1+0", "1+0", "1+0", "nowhere", "at", "once"]);
    assert_eq!(row("cache-aside"), ["cache-aside", "0+1", "1+2", "1+1", "1+1", "one", "process", "at", "once"]);
    assert!(row("read-through").ends_with(&["one".into(), "cache".into(), "at".into(), "once".into()]));
    assert_eq!(["write-behind", "null"].map(|name| row(name).pop().unwrap()), ["later", "never"]);
}

#[test]
fn a_part_that_there_is_not_is_refused_with_the_nearest_that_there_is() {
    let out = tempdir().unwrap();
    let output = cachemark(out.path()).args(["strategies", "cashe-aside", "no-cache"]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && told.contains("`cache-aside`"), "{told}");
}

#[test]
fn strategies_tell_their_anomalies_and_caches_have_none_to_tell() {
    let list: serde_json::Value = serde_json::from_str(&stdout(&["strategies", "--json"])).unwrap();
    let of = |name: &str| {
        let part = list.as_array().unwrap().iter().find(|part| part["name"] == name).unwrap();
        part["anomalies"].as_array().cloned()
    };
    assert_eq!(of("no-cache"), Some(Vec::new()));
    assert_eq!(of("in-process"), None);
    let first = &of("cache-aside").unwrap()[0];
    let when = serde_json::json!(["on-write = invalidate", "fill-guard = none"]);
    assert_eq!(
        (&first["name"], &first["when"], &first["deployment"]),
        (&"stale-set".into(), &when, &"one process".into())
    );
    let text = stdout(&["strategies", "no-cache", "cache-aside"]);
    assert!(
        text.contains("    anomalies: none\n")
            && text.contains("        stale-set: on-write = invalidate, fill-guard = none; or"),
        "{text}"
    );
}

#[test]
fn a_pipe_is_as_wide_as_a_page() {
    for command in [&["strategies"][..], &["strategies", "cache-aside", "redis"], &["workload", "list"]] {
        let shown = stdout(command);
        let widest = shown.lines().max_by_key(|line| line.chars().count()).unwrap();
        assert!(widest.chars().count() <= 78, "{widest}");
    }
    let out = tempdir().unwrap();
    let arguments = ["sweep", "--workload", "smoke", "--blocks", "2", "--rate", "500,700", "--warm-up", "10ms"];
    let assertions = ["--assert", "cache-aside.hit_ratio >= 0", "--assert", "*.store_load < 0.0001"];
    let output = cachemark(out.path()).args(arguments).args(assertions).output().unwrap();
    let shown = String::from_utf8(output.stdout).unwrap();
    assert!(shown.contains("cache-aside") && shown.contains("not judged"), "{shown}");
    for line in shown.lines().filter(|line| !line.ends_with("report.html")) {
        assert!(line.chars().count() <= 78, "{line}");
    }
}

#[test]
fn a_dry_run_says_what_it_would_do_and_does_nothing() {
    let out = tempdir().unwrap();
    let output = cachemark(out.path()).args(["sweep", "--dry-run"]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("cache-aside in-process sqlite r0.9\n"), "{text}");
    assert!(text.contains("15 cells x 8 blocks = 120 trials"), "{text}");
    assert_eq!(std::fs::read_dir(out.path()).unwrap().count(), 0);
}

#[test]
fn a_dry_run_refuses_what_the_run_would() {
    let out = tempdir().unwrap();
    for (arguments, part) in [
        (&["--cache", "redis"][..], "redis needs a server: give --stack native"),
        (&["--cache", "redis", "--store", "postgres"], "redis, postgres need servers"),
        (&["--workload", "servers"], "redis, memcached, postgres need servers"),
        (&["--stack", "native", "--store", "postgres", "--read-cost", "1500us"], "give a multiple of 1ms"),
    ] {
        let output = cachemark(out.path()).args(["sweep", "--dry-run"]).args(arguments).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(2) && told.contains(part), "{told}");
    }
}

#[test]
fn a_store_has_a_connection_for_each_of_its_workers() {
    let out = tempdir().unwrap();
    let path = out.path().join("bounded.toml");
    let dry_run = |lanes: u64| {
        let text = format!("[sweep]\nstore-workers = 5\n[store.sqlite]\nread-lanes = {lanes}\n");
        std::fs::write(&path, text).unwrap();
        cachemark(out.path()).args(["sweep", "--dry-run", "--workload"]).arg(&path).output().unwrap()
    };
    assert!(dry_run(5).status.success());
    let refused = dry_run(4);
    let told = String::from_utf8(refused.stderr).unwrap();
    assert!(refused.status.code() == Some(2) && told.contains("give [store.sqlite] read-lanes = 5"), "{told}");
}

#[test]
fn a_sweep_can_speak_json_and_hold_its_tongue() {
    let out = tempdir().unwrap();
    let arguments = ["--quiet", "sweep", "--workload", "smoke", "--blocks", "1", "--read-ratio", "0.5", "--json"];
    let output = cachemark(out.path()).args(arguments).output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    let result: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(result["status"], "complete");
    let [cells, comparisons] = ["cells", "comparisons"].map(|name| result[name].as_array().unwrap());
    let judged: Vec<_> = comparisons.iter().filter(|row| row["verdict"] != "exploratory").collect();
    assert_eq!((cells.len(), judged.len()), (5, 4));
    let run = latest(out.path());
    for cell in cells {
        let trial = run.trials.iter().find(|trial| trial.cell == cell["cell"].as_str().unwrap()).unwrap();
        let throughput = &cell["figures"]["throughput_ops_per_s"];
        assert_eq!(throughput["median"].as_f64(), Some(trial.throughput_ops_per_s), "one block: {throughput}");
        assert_eq!(cell["figures"]["hit_ratio"]["median"].as_f64(), trial.hit_ratio);
    }
    assert!(judged.iter().all(|row| row["ratio"].as_f64().is_some() && row["figure"] == "throughput"));
}

#[test]
fn instances_have_caches_of_their_own() {
    let out = tempdir().unwrap();
    let arguments = ["sweep", "--workload", "smoke", "--strategy", "cache-aside", "--instances", "1,3"];
    assert!(cachemark(out.path()).args(arguments).output().unwrap().status.success());
    let run = latest(out.path());
    let instances: Vec<_> = run.manifest.cells.iter().map(|cell| cell.instances).collect();
    assert!(instances.contains(&1) && instances.contains(&3));
    assert!(run.trials.iter().all(|trial| trial.bad_stamps == 0));
}

/// It reads nothing, so that no row is found says nothing against it.
#[test]
fn the_harness_alone_is_measured_and_trusted() {
    let out = tempdir().unwrap();
    let arguments = ["sweep", "--workload", "null", "--warm-up", "10ms", "--duration", "200ms"];
    let output = cachemark(out.path()).args(arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert!(latest(out.path()).trials.iter().all(|trial| trial.totals.issued > 0));
}
