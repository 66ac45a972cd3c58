//! action.yml, run as the runner of a pipeline would: its inputs in the environment, its one step by bash.

#![cfg(all(feature = "servers", feature = "http"))]

#[expect(dead_code, reason = "shared with tests that use the rest")]
#[path = "support/markdown.rs"]
mod markdown;

use assert_cmd::cargo::cargo_bin;
use cachemark_results::Run;
use markdown::root;
use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use tempfile::tempdir;

/// What a runner reads off the file.
#[derive(Debug)]
struct Action {
    /// Inputs by name, with their defaults.
    inputs: BTreeMap<String, Option<String>>,
    /// Variables of the step, with what each is set to.
    env: Vec<(String, String)>,
    run: String,
}

/// The lines below a line, as long as they are further in.
fn below<'a>(text: &'a str, head: &str) -> Vec<&'a str> {
    let indent = head.len() - head.trim_start().len();
    let inner = text.lines().skip_while(|line| *line != head).skip(1);
    inner.take_while(|line| line.trim().is_empty() || line.len() - line.trim_start().len() > indent).collect()
}

fn action() -> Action {
    let text = fs::read_to_string(root().join("action.yml")).unwrap();
    let mut inputs = BTreeMap::new();
    let mut name = String::new();
    for line in below(&text, "inputs:") {
        match line.strip_prefix("  ").filter(|rest| !rest.starts_with(' ')) {
            Some(head) => {
                name = head.trim_end_matches(':').to_owned();
                inputs.insert(name.clone(), None);
            }
            None => {
                let default = line.trim().strip_prefix("default: ").map(|value| value.trim_matches('\'').to_owned());
                inputs.entry(name.clone()).and_modify(|known| *known = known.take().or(default));
            }
        }
    }
    let env = below(&text, "      env:").into_iter().filter_map(|line| line.trim().split_once(": "));
    let env = env.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let run = text.lines().find_map(|line| line.strip_prefix("      run: ")).unwrap().trim_matches('\'');
    Action { inputs, env, run: run.to_owned() }
}

#[test]
fn every_input_reaches_the_script_by_the_environment_and_by_nothing_else() {
    let Action { inputs, env, run } = action();
    assert!(inputs.len() >= 6 && inputs["base"].is_none(), "{inputs:?}");
    let expected = inputs.keys().map(|name| {
        let variable = format!("CACHEMARK_AB_{}", name.to_uppercase().replace('-', "_"));
        (variable, format!("${{{{ inputs.{name} }}}}"))
    });
    let (mut expected, mut env): (Vec<_>, Vec<_>) = (expected.collect(), env);
    expected.sort();
    env.sort();
    assert_eq!(env, expected);
    assert!(!run.contains("${{"), "what an input holds would be shell text: {run}");
    let script = run.trim_matches('"').strip_prefix("$GITHUB_ACTION_PATH/").unwrap();
    let script = root().join(script);
    assert!(script.metadata().unwrap().permissions().mode() & 0o111 != 0);
    let told = fs::read_to_string(script).unwrap();
    for (name, _) in env {
        assert!(told.contains(&format!("#   {name} ")), "its --help does not say what {name} is");
    }
}

/// How a step ended.
struct Ended {
    code: Option<i32>,
    told: String,
    summary: String,
    outputs: BTreeMap<String, String>,
}

/// Plays the runner in `folder`.
fn step(folder: &Path, given: &[(&str, &str)]) -> Ended {
    let Action { inputs, env, run } = action();
    let (summary, outputs) = (folder.join("summary.md"), folder.join("outputs"));
    for file in [&summary, &outputs] {
        fs::write(file, "").unwrap();
    }
    let value = |name: &str| given.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    let variables = env.iter().map(|(variable, expression)| {
        let name = expression.trim_start_matches("${{ inputs.").trim_end_matches(" }}");
        (variable, value(name).or_else(|| inputs[name].clone()).unwrap_or_default())
    });
    let mut command = Command::new("bash");
    command.args(["--noprofile", "--norc", "-eo", "pipefail", "-c"]).arg(run).current_dir(folder).envs(variables);
    command.env("GITHUB_ACTION_PATH", root()).env("GITHUB_STEP_SUMMARY", &summary).env("GITHUB_OUTPUT", &outputs);
    let output = command.output().unwrap();
    let outputs = fs::read_to_string(outputs).unwrap();
    Ended {
        code: output.status.code(),
        told: String::from_utf8([output.stdout, output.stderr].concat()).unwrap(),
        summary: fs::read_to_string(summary).unwrap(),
        outputs: outputs.lines().filter_map(|line| line.split_once('=')).map(|(n, v)| (n.into(), v.into())).collect(),
    }
}

/// A program that runs this one, every trial with other flags.
fn wrapper(folder: &Path, name: &str, more: &str) -> PathBuf {
    let (path, this) = (folder.join(name), cargo_bin("cachemark"));
    let this = this.display();
    let body =
        format!("#!/bin/sh\ncase \"$*\" in *--record-only*) exec {this} \"$@\" {more} ;; esac\nexec {this} \"$@\"\n");
    fs::write(&path, body).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path
}

const SMALL: &str = "--strategy cache-aside --read-ratio 0.9 --keys 200 --duration 250ms --warm-up 20ms";

#[test]
fn a_head_that_is_slower_fails_the_job_and_the_summary_says_by_how_much() {
    let folder = tempdir().unwrap();
    // Packed as scripts/package packs a program.
    fs::create_dir(folder.path().join("cachemark-0-linux")).unwrap();
    wrapper(&folder.path().join("cachemark-0-linux"), "cachemark", "");
    let packed = Command::new("tar").args(["-czf", "base.tar.gz", "cachemark-0-linux"]).current_dir(&folder).status();
    assert!(packed.unwrap().success());
    // One client, and a read of the store takes a millisecond longer.
    let slow = wrapper(folder.path(), "slow", "--read-cost 1ms --clients 1");
    let flags = format!("{SMALL} --blocks 6");
    let given = [
        ("base", "base.tar.gz"),
        ("head", slow.to_str().unwrap()),
        ("threshold", "none"),
        ("workload", "smoke"),
        ("flags", &flags),
    ];
    let Ended { code, told, summary, outputs } = step(folder.path(), &given);
    assert_eq!(code, Some(1), "{told}");
    assert!(summary.starts_with("## cachemark: head is slower (exit code 1)\n"), "{summary}");
    let row = summary.lines().find(|line| line.contains("| b: cache-aside |")).unwrap_or_else(|| panic!("{summary}"));
    assert!(row.contains(" to 0.") && row.contains("| worse"), "no interval or no verdict: {row}");
    assert_eq!((outputs["verdict"].as_str(), outputs["exit-code"].as_str()), ("slower", "1"));
    let record = Run::open(&folder.path().join(&outputs["record"])).unwrap();
    assert_eq!((record.manifest.kind.as_str(), record.trials.len()), ("ab", 18));
}

#[test]
fn a_head_that_is_not_found_slower_passes() {
    let (folder, this) = (tempdir().unwrap(), cargo_bin("cachemark"));
    let this = this.to_str().unwrap();
    // One block has no verdict, so none can be false.
    let flags = format!("{SMALL} --blocks 1");
    let given = [("base", this), ("head", this), ("threshold", "none"), ("workload", "smoke"), ("flags", &flags)];
    let Ended { code, told, summary, outputs } = step(folder.path(), &given);
    assert_eq!(code, Some(0), "{told}");
    assert!(summary.contains("head is not found slower") && summary.contains("| b: cache-aside |"), "{summary}");
    assert_eq!(outputs["verdict"], "not found slower");
    assert!(outputs["record"].starts_with("cachemark-ab/"), "{outputs:?}");
}

#[test]
fn what_cannot_be_compared_fails_the_job_too_and_nothing_in_an_input_is_run() {
    let (folder, this) = (tempdir().unwrap(), cargo_bin("cachemark"));
    let (this, evil) = (this.to_str().unwrap(), "$(touch ran); touch ran #");
    fs::write(folder.path().join("none.tar.gz"), "no archive").unwrap();
    let threshold = ("threshold", "none");
    for (given, code, what) in [
        (&[("base", "")][..], 2, "CACHEMARK_AB_BASE says nothing"),
        (&[("base", "./none.tar.gz")], 4, "cannot be unpacked"),
        (&[("base", this), ("head", this), threshold, ("workload", evil)], 2, "touch ran"),
        (&[("base", this), ("head", this), threshold, ("flags", "--no-such-flag $(touch ran)")], 2, "--no-such-flag"),
        (&[("base", this), ("head", this), ("threshold", "2%")], 2, "below the margin"),
    ] {
        let ended = step(folder.path(), given);
        assert_eq!(ended.code, Some(code), "{given:?}: {}", ended.told);
        assert!(ended.told.contains(what), "{given:?}: {}", ended.told);
        assert!(!ended.outputs.contains_key("record") || ended.outputs["verdict"] == "not measured", "{given:?}");
        assert!(!folder.path().join("ran").exists(), "{given:?}");
    }
}
