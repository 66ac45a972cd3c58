//! `cachemark stability`: the same by seed, saved, drawn again, and refused where something is not known.

mod support;

use cachemark_stability::{GOOD, LASTING, StateRule};
use std::path::Path;
use std::process::Output;
use support::cachemark;
use tempfile::tempdir;

/// Two points of one arm, run once each.
const SMALL: [&str; 10] =
    ["--arm", "cache-aside", "--loads", "1500,4000", "--lost", "1", "--horizon", "40", "--runs", "1"];

fn run(out: &Path, more: &[&str]) -> Output {
    cachemark(out).arg("stability").args(SMALL).args(more).output().unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn the_same_seed_gives_the_same_map_and_a_folder_is_drawn_again() {
    let out = tempdir().unwrap();
    let folder = out.path().join("map");
    let saved = folder.to_str().unwrap();
    let (one, other) = (run(out.path(), &["--json", "--save", saved]), run(out.path(), &["--json"]));
    assert!(one.status.success(), "{}", text(one.stderr));
    assert_eq!(text(one.stdout.clone()), text(other.stdout));
    let found: serde_json::Value = serde_json::from_slice(&one.stdout).unwrap();
    let states: Vec<_> = found["maps"][0]["points"].as_array().unwrap().iter().map(|point| &point["state"]).collect();
    assert_eq!(states, ["stable", "stuck"]);
    assert!(found["maps"][0]["recovers_at_per_s"].as_f64().unwrap() < 4_000.0);
    let chart = folder.join("charts/stability.svg");
    std::fs::remove_file(&chart).unwrap();
    let again = cachemark(out.path()).args(["report", saved]).output().unwrap();
    assert!(again.status.success() && chart.is_file(), "{}", text(again.stderr));
    let told = text(again.stdout);
    assert!(
        told.contains("cache-aside stays down from") && told.lines().all(|line| line.chars().count() <= 80),
        "{told}"
    );
}

#[test]
fn what_is_not_known_or_makes_no_sense_is_refused() {
    let out = tempdir().unwrap();
    for (more, said) in [
        (&["--workload", "default"][..], "give --store-read"),
        (&["--workload", "default", "--store-read", "2ms"], "give --capacity"),
        (&["--workload", "nosuch"], "neither a file nor a preset"),
        (&["--arm", "lease"], "needs lease"),
        (&["--from", "nosuch"], "cannot read"),
    ] {
        let refused = run(out.path(), more);
        let told = text(refused.stderr);
        assert!(refused.status.code() == Some(2) && told.contains(said), "{more:?}: {told}");
    }
    let descending = cachemark(out.path()).args(["stability", "--loads", "4000,1000"]).output().unwrap();
    assert!(text(descending.stderr).contains("--loads takes values that ascend"));
}

#[test]
fn policies_of_the_strategy_change_the_map() {
    let out = tempdir().unwrap();
    let throttle = ["--set", "cache-aside.throttle=recommended", "--set", "cache-aside.throttle-calls=1600", "--json"];
    let run = run(out.path(), &throttle);
    assert!(run.status.success(), "{}", text(run.stderr));
    let found: serde_json::Value = serde_json::from_slice(&run.stdout).unwrap();
    let map = &found["maps"][0];
    let states: Vec<_> = map["points"].as_array().unwrap().iter().map(|point| &point["state"]).collect();
    assert_eq!(states, ["stable", "overloaded"]);
    assert_eq!(map["boundary"][0]["fails_as"], "overloaded");
    assert!(map["way_down"].as_array().unwrap().is_empty(), "what was never up is not brought down");
}

#[test]
fn a_load_that_an_arm_does_not_bear_is_not_told_as_a_loss() {
    let out = tempdir().unwrap();
    let throttle = ["--set", "cache-aside.throttle=recommended", "--set", "cache-aside.throttle-calls=1600"];
    let told = text(run(out.path(), &throttle).stdout).split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(told.contains("even before a loss") && !told.contains("stays down"), "{told}");
}

/// `null` has no cache either, and asks no store.
#[test]
fn the_capacity_of_a_record_is_that_of_cells_that_ask_its_store() {
    let out = tempdir().unwrap();
    let sweep = ["sweep", "--workload", "smoke", "--blocks=1", "--read-ratio=1", "--duration=50ms"];
    let swept = cachemark(out.path()).args(sweep).args(["--strategy", "null,cache-aside"]).output().unwrap();
    assert!(swept.status.success(), "{}", text(swept.stderr));
    let record = support::latest(out.path()).folder;
    let from = run(out.path(), &["--from", record.to_str().unwrap(), "--store-read", "1ms"]);
    let told = text(from.stderr);
    assert!(from.status.code() == Some(2) && told.contains("give --capacity"), "{told}");
}

#[test]
fn maps_without_the_loss_of_all_are_not_confirmed() {
    let out = tempdir().unwrap();
    // Small all the same: refused before anything is simulated.
    let flags =
        ["stability", "--arm", "read-through", "--loads", "1000", "--horizon", "40", "--runs", "1", "--lost", "0.5"];
    let refused = cachemark(out.path()).args(flags).arg("--confirm").output().unwrap();
    let told = text(refused.stderr);
    assert!(refused.status.code() == Some(2) && told.contains("--lost with 1 among its shares"), "{told}");
}

#[test]
fn maps_are_told_and_saved_though_their_points_for_real_failed() {
    let out = tempdir().unwrap();
    let (no_folder, maps) = (out.path().join("file"), out.path().join("maps"));
    std::fs::write(&no_folder, "").unwrap();
    let flags = ["--confirm", "--json", "--out", no_folder.to_str().unwrap(), "--save", maps.to_str().unwrap()];
    let failed = run(out.path(), &flags);
    assert_eq!(failed.status.code(), Some(4), "{}", text(failed.stderr));
    let found: serde_json::Value = serde_json::from_slice(&failed.stdout).unwrap();
    assert_eq!(found["maps"][0]["arm"], "cache-aside");
    assert!(maps.join("stability.json").is_file() && maps.join("charts/stability.svg").is_file());
}

#[cfg(unix)]
#[test]
fn maps_are_told_though_their_points_for_real_were_interrupted() {
    let out = tempdir().unwrap();
    let told = out.path().join("told");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_cachemark"));
    command.arg("stability").args(SMALL).args(["--confirm", "--json", "--out", out.path().to_str().unwrap()]);
    let json = std::fs::File::create(out.path().join("json")).unwrap();
    let mut child = command.stdout(json).stderr(std::fs::File::create(&told).unwrap()).spawn().unwrap();
    // The trials take fourteen seconds each.
    while !std::fs::read_to_string(&told).unwrap().contains("3 trials into ") {
        assert!(child.try_wait().unwrap().is_none(), "{}", std::fs::read_to_string(&told).unwrap());
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    assert!(std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let found: serde_json::Value = serde_json::from_slice(&std::fs::read(out.path().join("json")).unwrap()).unwrap();
    assert_eq!(found["maps"][0]["points"].as_array().unwrap().len(), 2);
}

#[test]
fn the_page_says_by_which_rule_a_system_is_back() {
    let page = include_str!("../../../docs/stability.md").split_whitespace().collect::<Vec<_>>().join(" ");
    let StateRule { soon, horizon } = StateRule::USUAL;
    for said in [
        format!("at least {:.0} % of what was answered before is answered", 100.0 * GOOD),
        format!("a system is back when {LASTING} good windows follow each other"),
        format!("back within {soon} deadlines"),
        format!("not back within `--horizon` deadlines ({horizon})"),
        format!("in the last {LASTING} deadlines of the window at least {:.0} % of what", 100.0 * GOOD),
    ] {
        assert!(page.contains(&said), "{said}");
    }
}
