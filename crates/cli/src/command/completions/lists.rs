//! What the generated scripts lack: names after a comma, and files beside the names of presets.

use super::NAME;
use super::hints::Hints;
use clap::{Arg, Command};

/// A script for bash in which a list of names goes on after a comma.
pub(super) fn bash(script: &str, command: &Command) -> String {
    let mut flags: Vec<_> = listed(command).iter().filter_map(|argument| argument.get_long()).map(flag).collect();
    flags.sort_unstable();
    flags.dedup();
    let flags = flags.join("|");
    let script = script.replace(&format!("complete -F _{NAME} "), &format!("complete -F _{NAME}_lists "));
    format!(
        "{script}
# Of a list, what stands before the last comma stays as it is.
_{NAME}_lists() {{
    local before=\"\"
    case \"$3\" in
        {flags})
            [[ \"$2\" == *,* ]] && before=\"${{2%,*}},\"
            ;;
    esac
    _{NAME} \"$1\" \"${{2#\"$before\"}}\" \"$3\"
    COMPREPLY=(\"${{COMPREPLY[@]/#/$before}}\")
}}
"
    )
}

fn flag(long: &str) -> String {
    format!("--{long}")
}

/// A script for zsh in which lists of names go on after a comma, and files are offered beside the names of presets.
pub(super) fn zsh(script: &str, command: &Command, hints: &Hints) -> String {
    let mut script = script.to_owned();
    for argument in listed(command) {
        let names = joined(argument.get_possible_values().iter().map(|value| value.get_name()));
        for value in argument.get_value_names().unwrap_or_default() {
            let one = format!(":{value}:({names})'");
            script = script.replace(&one, &format!(":{value}:_sequence compadd - {names}'"));
        }
    }
    for hint in hints.iter().filter(|hint| hint.or_file) {
        let names = joined(hint.names.iter().copied());
        // A colon would end the action.
        let both = format!(":_alternative \"presets\\:preset\\:({names})\" \"files\\:file\\:_files\"'");
        script = script.replace(&format!(":({names})'"), &both);
    }
    script
}

fn joined<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(" ")
}

/// The flags, of every command, that take a list of names.
fn listed(command: &Command) -> Vec<&Arg> {
    let own = command
        .get_opts()
        .filter(|argument| argument.get_value_delimiter() == Some(',') && !argument.get_possible_values().is_empty());
    own.chain(command.get_subcommands().flat_map(listed)).collect()
}
