//! Loads that stopped, gone on with.

use crate::service::Service;
use crate::support::{cachemark, latest};
use crate::{load, wait_until};
use std::fs;
use std::process::{Command, Stdio};
use tempfile::tempdir;

#[test]
fn an_interrupted_load_says_how_it_is_gone_on_with_and_that_finishes_it() {
    let out = tempdir().unwrap();
    let service = Service::start(&["--preload"]);
    let target = format!("http://{}", service.address);
    for (signal, driver) in [("-INT", "cachemark"), ("-HUP", "cachemark"), ("-INT", "goose"), ("-TERM", "goose")] {
        let own = out.path().join(format!("{signal}{driver}"));
        let mut command = Command::new(assert_cmd::cargo::cargo_bin("cachemark"));
        command.args(["load", "--target", &target, "--workload", "smoke", "--users", "2", "--read-ratio", "0.9"]);
        command.args(["--warm-up", "0s", "--duration", "300ms", "--blocks", "4", "--driver", driver]);
        let child = command.env("CACHEMARK_OUT", &own).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
        let first = || Some(cachemark_results::latest_in(&own)?.join("trials/0001/summary.json"));
        wait_until(|| first().is_some_and(|file| file.is_file()));
        assert!(Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap().success());
        let output = child.wait_with_output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(130), "{said}");
        let before = latest(&own);
        assert!((1..4).contains(&before.trials.len()), "{said}");
        let resume_hint = said.lines().last().unwrap().strip_prefix("to resume: cachemark ").unwrap();
        let output = cachemark(&own).args(resume_hint.split(' ')).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let run = latest(&own);
        assert_eq!((run.trials.len(), run.manifest.resumed.len()), (4, 1));
        assert_eq!(run.trials[..before.trials.len()], before.trials);
    }
}

#[test]
fn a_login_is_not_in_the_record_and_is_given_again() {
    let out = tempdir().unwrap();
    let service = Service::start(&["--preload"]);
    let target = format!("ours=http://ann:sesame@{}", service.address);
    let (code, told) = load(out.path(), &target, &["--read-ratio", "0.5,0.9"]);
    assert!(matches!(code, Some(0 | 3)), "{told}");
    let run = latest(out.path());
    fs::remove_dir_all(run.folder.join("trials/0002")).unwrap();
    let folder = run.folder.to_str().unwrap();
    let resume = |more: &[&str]| {
        let output = cachemark(out.path()).args(["load", "--resume", folder]).args(more).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let (code, told) = resume(&["--target", &target, "--target", "theirs=http://127.0.0.1:1"]);
    assert!(code == Some(2) && told.contains("no service of this load is called theirs"), "{told}");
    let (code, told) = resume(&["--target", "ours=http://ann:sesame@127.0.0.1:1"]);
    assert!(code == Some(2) && told.contains("ours: it was at http://127.0.0.1:"), "{told}");
    let without = format!("ours=http://{}", service.address);
    for more in [&[][..], &["--target", without.as_str()]] {
        let (code, told) = resume(more);
        assert!(code == Some(2) && told.contains("give it again: --target ours=URL"), "{told}");
    }
    let (code, told) = resume(&["--target", &target]);
    assert!(matches!(code, Some(0 | 3)), "{told}");
    assert_eq!(latest(out.path()).trials.len(), 2);
    let output = cachemark(out.path()).args(["sweep", "--resume", folder]).output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && told.contains("cachemark load --resume"), "{told}");
}
