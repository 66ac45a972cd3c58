//! `cachemark completions`: a script that completes the command line in a shell.

mod hints;
mod lists;

use crate::args::{Args, CompletionsArgs};
use crate::exit::{Exit, Failure};
use crate::output::say;
use clap::{Command, CommandFactory};
use clap_complete::{Shell, generate};
use hints::Hints;

/// The program's name, which the script completes.
const NAME: &str = "cachemark";

pub(crate) fn run(args: &CompletionsArgs) -> Result<Exit, Failure> {
    say(script(args.shell).trim_end());
    Ok(Exit::Pass)
}

fn script(shell: Shell) -> String {
    let hints = Hints::all();
    let mut command = shown(&Args::command(), &hints);
    let mut script = Vec::new();
    generate(shell, &mut command, NAME, &mut script);
    let script = String::from_utf8_lossy(&script);
    match shell {
        Shell::Bash => lists::bash(&script, &command),
        Shell::Zsh => lists::zsh(&script, &command, &hints),
        _ => script.into_owned(),
    }
}

/// The command without what is hidden, which the scripts would offer, and with what its flags take.
fn shown(command: &Command, hints: &Hints) -> Command {
    let arguments = command.get_arguments().filter(|argument| !argument.is_hide_set()).cloned();
    let commands = command.get_subcommands().filter(|inner| !inner.is_hide_set());
    let name = command.get_name().to_owned();
    let about = command.get_about().cloned().unwrap_or_default();
    Command::new(name)
        .about(about)
        .version(command.get_version().unwrap_or_default().to_owned())
        .args(arguments.map(|argument| hints.on(command.get_name(), argument)))
        .subcommands(commands.map(|inner| shown(inner, hints)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    #[test]
    fn no_shell_is_offered_what_is_hidden() {
        for shell in Shell::value_variants() {
            let script = script(*shell);
            assert!(script.contains("sweep") && script.contains("read-ratio"), "{shell}");
            for hidden in ["cell-protocol", "record-only"] {
                assert!(!script.contains(hidden), "{shell} is offered {hidden}");
            }
        }
    }

    #[test]
    fn no_list_goes_on_in_a_shell_that_cannot_take_it() {
        let takes = |shell| script(shell).matches("_sequence compadd - no-cache").count();
        assert!(takes(Shell::Zsh) > 0 && takes(Shell::Fish) == 0);
    }
}
