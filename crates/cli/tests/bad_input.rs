//! Wrong usage, wrong definitions, wrong disks: a clear message and the right exit code, and nothing half done.

mod support;

use std::fs;
use support::{cachemark, latest};
use tempfile::tempdir;

/// Runs `cachemark sweep` with the arguments; returns exit code and stderr.
fn sweep(arguments: &[&str]) -> (i32, String) {
    let out = tempdir().unwrap();
    let output = cachemark(out.path()).arg("sweep").args(arguments).output().unwrap();
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 0, "nothing is begun on bad input");
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn definition(text: &[u8]) -> (i32, String) {
    let folder = tempdir().unwrap();
    let path = folder.path().join("w.toml");
    fs::write(&path, text).unwrap();
    sweep(&["--workload", path.to_str().unwrap()])
}

#[test]
fn an_unknown_strategy_is_answered_with_the_nearest() {
    let (code, message) = sweep(&["--strategy", "no-cache,cache-asid"]);
    assert_eq!(code, 2);
    assert!(message.contains("unknown strategy `cache-asid`"), "{message}");
    assert!(message.contains("did you mean `cache-aside`?"), "{message}");
}

#[test]
fn a_misspelt_field_is_shown_in_its_line() {
    let (code, message) = definition(b"[workload]\nread-rato = 0.5\n");
    assert_eq!(code, 2);
    assert!(message.contains("read-rato = 0.5"), "the line is shown: {message}");
    assert!(message.contains("did you mean `read-ratio`?"), "{message}");
}

#[test]
fn numbers_out_of_range_are_refused_all_at_once() {
    let (code, message) = sweep(&["--read-ratio", "1.5", "--clients", "0"]);
    assert_eq!(code, 2);
    assert!(message.contains("1.5 is not between 0 and 1"), "{message}");
    assert!(message.contains("clients takes a whole number from 1"), "{message}");
    assert!(message.contains("2 mistakes"), "{message}");
}

#[test]
fn a_definition_of_two_megabytes_is_refused_by_its_size() {
    let (code, message) = definition(&vec![b'#'; 2 << 20]);
    assert_eq!(code, 2);
    assert!(message.contains("more than 1048576"), "{message}");
}

#[test]
fn a_definition_that_is_not_utf_8_is_refused_by_its_place() {
    let (code, message) = definition(b"name = \"caf\xe9\"\n");
    assert_eq!(code, 2);
    assert!(message.contains("not UTF-8 from byte 11 on"), "{message}");
}

#[test]
fn a_workload_that_is_nowhere_is_answered_with_the_nearest_preset() {
    let (code, message) = sweep(&["--workload", "defalt"]);
    assert_eq!(code, 2);
    assert!(message.contains("neither a file nor a preset: did you mean `default`?"), "{message}");
}

#[test]
fn a_flag_that_does_not_exist_is_a_usage_error() {
    let (code, message) = sweep(&["--blok", "3"]);
    assert_eq!(code, 2);
    assert!(message.contains("--blocks"), "{message}");
}

#[test]
fn force_without_a_record_to_go_on_with_is_refused() {
    for arguments in
        [&["--force"][..], &["--force", "--workload", "smoke"], &["--workload", "smoke", "--blocks", "1", "--force"]]
    {
        let (code, message) = sweep(arguments);
        assert!(code == 2 && message.contains("--resume"), "{arguments:?}: {message}");
    }
}

#[test]
fn a_results_folder_that_cannot_be_made_is_a_failure_of_the_machine() {
    let folder = tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    let output = cachemark(&file.join("out")).args(["sweep", "--workload", "smoke"]).output().unwrap();
    assert_eq!(output.status.code(), Some(4));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("cannot make") && message.contains("file/out"), "{message}");
    let output = cachemark(&file).args(["sweep", "--workload", "smoke"]).output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(4) && message.contains("there is a file of that name"), "{message}");
}

#[test]
fn a_folder_without_a_record_is_a_usage_error() {
    let folder = tempdir().unwrap();
    let output = cachemark(folder.path()).arg("report").arg(folder.path()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("manifest.json"));

    let arguments = ["sweep", "--workload", "smoke", "--strategy", "no-cache", "--read-ratio", "0.9", "--blocks", "1"];
    assert!(cachemark(folder.path()).args(arguments).output().unwrap().status.success());
    let record = cachemark_results::latest_in(folder.path()).unwrap();
    for command in [&["report"][..], &["sweep", "--resume"]] {
        let output = cachemark(folder.path()).args(command).arg(folder.path()).output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{told}");
        assert!(told.contains(record.to_str().unwrap()), "the record in the folder is named: {told}");
    }
}

/// Needs a file system that can be filled: a small tmpfs, which takes root to mount.
#[test]
#[ignore = "needs root, to mount a small file system"]
fn a_full_disk_keeps_what_was_finished_and_says_so() {
    let folder = tempdir().unwrap();
    let mount = |arguments: &[&str]| {
        let status = std::process::Command::new(arguments[0]).args(&arguments[1..]).status();
        status.is_ok_and(|status| status.success())
    };
    let path = folder.path().to_str().unwrap();
    assert!(mount(&["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", path]), "cannot mount a tmpfs");
    let output = cachemark(folder.path()).args(["sweep", "--workload", "smoke"]).output().unwrap();
    let message = String::from_utf8(output.stderr.clone()).unwrap();
    let run = latest(folder.path());
    let report = cachemark_report::terminal_sheet(&run);
    assert!(mount(&["umount", path]));
    assert_eq!(output.status.code(), Some(4), "{message}");
    assert!(message.contains("No space left") && message.contains("free some space"), "{message}");
    assert!(!run.trials.is_empty() && run.trials.len() < run.manifest.planned_trials());
    assert!(!report.groups.is_empty(), "what was finished can be shown");
}

/// The log of a trial that would go on for an hour: it ends when the disk is full, and not an hour later.
#[test]
#[ignore = "needs root, to mount a small file system"]
fn a_disk_that_fills_up_within_a_trial_ends_it_and_says_so() {
    let (folder, definition) = (tempdir().unwrap(), tempdir().unwrap());
    let mount = |arguments: &[&str]| {
        let status = std::process::Command::new(arguments[0]).args(&arguments[1..]).status();
        status.is_ok_and(|status| status.success())
    };
    let file = definition.path().join("long.toml");
    let text = "name = \"long\"\n[workload]\nkeys = 100\n[sweep]\nstrategies = \"no-cache\"\nblocks = 1\n\
                [run]\nclients = 1\nwarm-up-ms = 0\nduration-ms = 3600000\ninterval-ms = 10\n";
    std::fs::write(&file, text).unwrap();
    let path = folder.path().to_str().unwrap();
    assert!(mount(&["mount", "-t", "tmpfs", "-o", "size=160k", "tmpfs", path]), "cannot mount a tmpfs");
    let output = cachemark(folder.path()).arg("sweep").arg("--workload").arg(&file).output().unwrap();
    let run = latest(folder.path());
    let left = std::fs::read_dir(run.folder.join("trials")).unwrap().count();
    assert!(mount(&["umount", path]));
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(4), "{message}");
    let told = ["intervals.hlog", "No space left", "free some space"];
    assert!(told.iter().all(|part| message.contains(part)) && !message.contains("panicked"), "{message}");
    assert_eq!((run.manifest.status, run.trials.len(), left), (cachemark_results::Status::Failed, 0, 0));
}

/// Over a stack that is never asked: no server is started for a definition with a mistake.
#[test]
#[cfg(feature = "servers")]
fn a_lifetime_that_a_cache_cannot_keep_is_refused_where_it_stands() {
    let text = |field: &str| {
        format!(
            "[sweep]\nstrategies = [\"cache-aside\"]\ncaches = [\"redis\", \"memcached\"]\nstores = [\"postgres\"]\n\
             [strategy.cache-aside]\n{field}\n"
        )
    };
    let folder = tempdir().unwrap();
    let path = folder.path().join("w.toml");
    let planned = |field: &str, more: &[&str]| {
        fs::write(&path, text(field)).unwrap();
        sweep(&[&["--stack", "external", "--dry-run", "--workload", path.to_str().unwrap()], more].concat())
    };
    for field in ["ttl-ms = 100", "negative-ttl-ms = 1", "ttl-ms = 1_000"] {
        let (code, message) = planned(field, &[]);
        assert_eq!(code, 2, "{message}");
        assert!(message.contains("memcached, which counts lifetimes in 1s"), "{message}");
        assert!(message.contains(field), "the line is shown: {message}");
        assert_eq!(planned(field, &["--cache", "redis"]).0, 0, "Redis keeps it");
    }
    // With the jitter of a tenth, the shortest is a second.
    assert_eq!(planned("ttl-ms = 1_112", &[]).0, 0);
    assert_eq!(planned("ttl-ms = 1_000\nttl-jitter = 0.0", &[]).0, 0);
}

/// A lifetime that two settings make is not told under the name of one.
#[test]
#[cfg(feature = "servers")]
fn a_lifetime_that_is_a_sum_is_told_by_its_parts() {
    let arm = "s: stale-while-revalidate fresh-ms=600 stale-ms=400";
    let (code, message) =
        sweep(&["--stack", "external", "--dry-run", "--cache", "memcached", "--store", "postgres", "--arm", arm]);
    let message = message.split_whitespace().filter(|word| *word != "│").collect::<Vec<_>>().join(" ");
    assert!(code == 2 && message.contains("fresh-ms = 600 and stale-ms = 400 make a lifetime"), "{message}");
    assert!(message.contains("take fresh-ms = 667 or more") && !message.contains("fresh-ms = 1000"), "{message}");
}

#[test]
fn a_cache_timeout_beyond_the_operations_is_refused() {
    let (code, message) = sweep(&["--cache-timeout", "2s"]);
    assert_eq!(code, 2);
    assert!(message.contains("a cache timeout of 2000 ms is longer than an operation's 1000 ms"), "{message}");
}

#[test]
fn a_time_that_its_unit_cannot_hold_is_refused_and_not_cut() {
    let serve = |arguments: &[&str]| {
        let output = cachemark(tempdir().unwrap().path()).arg("serve").args(arguments).output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
    };
    let (micro, milli, none) = ("finer than a microsecond", "finer than a millisecond", "leaves no time");
    for ((code, message), told) in [
        (sweep(&["--read-cost", "none,1.5us"]), micro),
        (sweep(&["--cache-timeout", "500us"]), milli),
        (sweep(&["--cache-timeout", "0s"]), none),
        (serve(&["--read-cost", "500ns"]), micro),
        (serve(&["--deadline", "900us"]), milli),
        (serve(&["--cache-timeout", "1.5ms"]), milli),
        (serve(&["--head-read", "0s"]), none),
        (serve(&["--body-read", "0s"]), none),
    ] {
        assert!(code == 2 && message.contains(told), "{told}: {message}");
    }
}

#[test]
fn a_run_in_which_nothing_was_measured_is_not_trusted() {
    let out = tempdir().unwrap();
    let definition = out.path().join("slow.toml");
    // Each read takes longer than the window.
    let text = "[workload]\nkeys = 10\nread-ratio = [1.0]\n[sweep]\nstrategies = [\"no-cache\"]\nstores = [\"sqlite\"]\n\
                read-cost-us = [900000]\nblocks = 1\ncontrol = false\n[run]\nclients = 1\nwarm-up-ms = 0\n\
                warm-up-cap-ms = 0\nduration-ms = 100\n";
    std::fs::write(&definition, text).unwrap();
    let output = cachemark(out.path()).args(["sweep", "--workload"]).arg(&definition).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("not to be trusted: nothing-measured: "), "{said}");
}
