//! In zsh: an interactive one is typed into.

use crate::{is_installed, script};
use std::fs;
use std::process::Command;

/// Types `$2` and a tab into a zsh that completes by the scripts of the folder `$1`, and writes its line into the file `$3`.
const TYPE: &str = r#"
zmodload zsh/zpty || exit 3
zpty -b inner env TERM=dumb HOME=$1 zsh -f -i
type_line() { zpty -w inner "$1" }
type_line "fpath=(${(q)1} \$fpath); autoload -Uz compinit; compinit -u -D; PS1=; unsetopt beep"
type_line "zstyle ':completion:*' use-cache no; setopt menu_complete"
type_line "tell() { print -r -- \"\$BUFFER\" >${(q)3}.part && mv ${(q)3}.part ${(q)3}; BUFFER= }"
type_line "zle -N tell; bindkey '^I' menu-complete '^X' tell"
zpty -n -w inner "$2"$'\t\C-x'
# Until the line is told, what zsh prints has to be read away, or it waits.
repeat 3000; do
    [[ -e $3 ]] && break
    zpty -r -t inner seen 2>/dev/null || sleep 0.01
    all+=$seen
done
zpty -d inner
[[ -e $3 ]] || { print -ru2 -- "no line was told: $all"; exit 4 }
"#;

/// The line that a tab makes of what was typed, without what zsh takes away again if nothing follows.
fn completed(line: &str) -> String {
    let (folder, _) = script("zsh", "_cachemark");
    let told = folder.path().join("told");
    let mut zsh = Command::new("zsh");
    zsh.current_dir(folder.path()).args(["-f", "-c", TYPE, "zsh"]).arg(folder.path()).arg(line).arg(&told);
    let output = zsh.output().unwrap();
    assert!(output.status.success(), "{line}: {output:?}");
    fs::read_to_string(told).unwrap().trim_end().trim_end_matches([',', '=']).to_owned()
}

#[test]
fn zsh_completes_commands_flags_and_names() {
    if !is_installed("zsh") {
        return;
    }
    for (typed, line) in [
        ("cachemark sw", "cachemark sweep"),
        ("cachemark workload ch", "cachemark workload check"),
        ("cachemark sweep --read-r", "cachemark sweep --read-ratio"),
        ("cachemark sweep --find-m", "cachemark sweep --find-max"),
        ("cachemark sweep --strategy cache-", "cachemark sweep --strategy cache-aside"),
        ("cachemark sweep --strategy cache-f", "cachemark sweep --strategy cache-first"),
        ("cachemark sweep --strategy no-cache,cache-f", "cachemark sweep --strategy no-cache,cache-first"),
        ("cachemark sweep --cache mem", "cachemark sweep --cache memcached"),
        ("cachemark sweep --workload slow", "cachemark sweep --workload slow-store"),
        ("cachemark workload show slow", "cachemark workload show slow-store"),
        ("cachemark compare --figure hit_r", "cachemark compare --figure hit_ratio"),
        ("cachemark strategies strategy-", "cachemark strategies strategy-policies"),
        ("cachemark completions z", "cachemark completions zsh"),
        ("cachemark cell", "cachemark cell"),
    ] {
        assert_eq!(completed(typed), line, "{typed}");
    }
}
