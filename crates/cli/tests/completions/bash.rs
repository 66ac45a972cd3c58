//! In bash: the script is sourced, and the function that it registers is called as bash calls it.

use crate::{is_installed, script};
use std::fs;
use std::process::Command;

/// Sources `$1`, completes the words after it, and prints what is offered.
const ASK: &str = r#"
source "$1" || exit 3
shift
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
[[ $(complete -p cachemark) =~ -F\ ([^ ]+) ]] || exit 4
# Outside of a completion there are no options of one.
compopt() { :; }
"${BASH_REMATCH[1]}" cachemark "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
printf '%s\n' "${COMPREPLY[@]}"
"#;

/// What bash offers for the last of the words.
fn offered(words: &[&str]) -> Vec<String> {
    let (folder, script) = script("bash", "cachemark.bash");
    fs::create_dir(folder.path().join("somewhere")).unwrap();
    let mut bash = Command::new("bash");
    bash.current_dir(folder.path()).args(["--norc", "-c", ASK, "bash"]).arg(script).arg("cachemark").args(words);
    let output = bash.output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().lines().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_flags_and_names() {
    if !is_installed("bash") {
        return;
    }
    assert_eq!(offered(&["sw"]), ["sweep"]);
    assert_eq!(offered(&["workload", "ch"]), ["check"]);
    assert_eq!(offered(&["sweep", "--read-r"]), ["--read-ratio"]);
    assert_eq!(offered(&["sweep", "--strategy", "cache-"]), ["cache-aside", "cache-first"]);
    assert_eq!(offered(&["sweep", "--cache", "mem"]), ["memcached"]);
    assert_eq!(offered(&["sweep", "--store", "sq"]), ["sqlite"]);
    assert_eq!(offered(&["sweep", "--workload", "hits-"]), ["hits-95-percent", "hits-95-percent-steep"]);
    assert_eq!(offered(&["sweep", "--stack", "n"]), ["native"]);
    assert_eq!(offered(&["compare", "--figure", "hit_r"]), ["hit_ratio"]);
    assert_eq!(offered(&["workload", "show", "slow"]), ["slow-store"]);
    assert_eq!(offered(&["strategies", "strategy-"]), ["strategy-policies"]);
    assert_eq!(offered(&["explain", "stampe"]), ["stampede"]);
    assert_eq!(offered(&["audit", "--cache", "r"]), ["redis"]);
    assert_eq!(offered(&["completions", "z"]), ["zsh"]);
}

#[test]
fn bash_goes_on_with_a_list_after_its_comma() {
    if !is_installed("bash") {
        return;
    }
    let both = ["no-cache,cache-aside", "no-cache,cache-first"];
    assert_eq!(offered(&["sweep", "--strategy", "no-cache,cache-"]), both);
    assert_eq!(offered(&["sweep", "--verdict-on", "throughput,hit_r"]), ["throughput,hit_ratio"]);
    assert_eq!(offered(&["sweep", "--cache", "redis,nosuch"]), [""; 0]);
}

#[test]
fn bash_offers_nothing_that_is_hidden_and_no_file_for_a_number() {
    if !is_installed("bash") {
        return;
    }
    assert_eq!(offered(&["cell"]), [""; 0]);
    assert_eq!(offered(&["sweep", "--record"]), [""; 0]);
    assert_eq!(offered(&["sweep", "--keys", "some"]), ["some"]);
    assert_eq!(offered(&["sweep", "--notes", "some"]), ["somewhere"]);
}
