//! Postgres over each of its clients: arms of one sweep, and the server's counts are ours over every one.

#![cfg(feature = "servers")]

mod support;

use std::fs;
use std::path::Path;
use std::process::Output;
use support::{cachemark, latest};
use tempfile::tempdir;

const THREE_ARMS: &str = r#"
name = "clients"
[workload]
keys = 200
read-ratio = [0.9]
[sweep]
caches = ["in-process"]
stores = ["postgres"]
blocks = 1
control = false
reference = "over-sqlx"
[[arm]]
name = "over-sqlx"
strategy = "no-cache"
[[arm]]
name = "over-tokio-postgres"
strategy = "no-cache"
store.client = "tokio-postgres"
[[arm]]
name = "direct"
strategy = "no-cache"
store.client = "direct"
[run]
clients = 1
duration-ms = 300
warm-up-ms = 100
"#;

/// What a sweep of `text` says.
fn sweep(out: &Path, text: &str, arguments: &[&str]) -> Output {
    let definition = out.join("clients.toml");
    fs::write(&definition, text).unwrap();
    let mut command = cachemark(&out.join("results"));
    command.args(["sweep", "--workload"]).arg(&definition).args(arguments).output().unwrap()
}

#[test]
fn clients_are_compared_as_arms() {
    let out = tempdir().unwrap();
    let plan = |text: &str, more: &[&str]| {
        let output = sweep(out.path(), text, &[&["--stack", "external", "--dry-run"], more].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let written = plan(THREE_ARMS, &[]);
    assert!(written.contains("\nover-sqlx ") || written.starts_with("over-sqlx "), "{written}");
    assert!(
        written.contains("over-tokio-postgres ")
            && written.contains("\ndirect ")
            && written.contains("3 cells x 1 blocks"),
        "{written}"
    );
    let short = "[sweep]\nstrategies = [\"no-cache\"]\ncaches = [\"in-process\"]\nstores = [\"postgres\"]\ncontrol = false\n\
        [workload]\nread-ratio = [0.9]\n";
    let set = plan(short, &["--set", "postgres.client=sqlx,tokio-postgres,direct"]);
    for client in ["sqlx", "tokio-postgres", "direct"] {
        assert!(set.contains(&format!("no-cache client={client} ")), "{set}");
    }
}

#[test]
fn an_unknown_client_is_answered_with_the_nearest() {
    let out = tempdir().unwrap();
    let text = THREE_ARMS.replace("store.client = \"tokio-postgres\"", "store.client = \"tokio-postgre\"");
    let output = sweep(out.path(), &text, &["--stack", "external", "--dry-run"]);
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.contains("client takes one of sqlx, tokio-postgres, direct"), "{message}");
    assert!(message.contains("did you mean `tokio-postgres`?"), "{message}");
}

/// A single client's rows are Postgres's own, whichever of its clients asks.
#[test]
#[ignore = "needs postgresql"]
fn over_each_client_our_counts_are_the_servers_own() {
    let out = tempdir().unwrap();
    let output = sweep(out.path(), THREE_ARMS, &["--stack", "native"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let run = latest(&out.path().join("results"));
    assert_eq!(run.trials.len(), 3);
    for trial in &run.trials {
        let ours = &trial.store_whole;
        assert!(ours.writes > 0 && ours.found > 0, "{}", trial.cell);
        assert_eq!(trial.store_counters["rows-read"], ours.found + ours.writes, "{}", trial.cell);
        assert_eq!(trial.store_counters["rows-written"], ours.writes, "{}", trial.cell);
        assert_eq!((trial.bad_stamps, trial.totals.error + trial.totals.unknown), (0, 0), "{}", trial.cell);
    }
    let definition = fs::read_to_string(run.folder.join("definition.toml")).unwrap();
    assert!(definition.contains("client = \"tokio-postgres\""), "{definition}");
}
