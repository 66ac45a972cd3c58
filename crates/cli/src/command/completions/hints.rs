//! What flags and arguments take, for completions alone: our own reader says more of a wrong name than clap would, so clap is not
//! asked to refuse any.

use crate::command::{explain, strategies};
use crate::presets::built_in::PRESETS;
use cachemark_bench::definition::{Phase, WhenFull};
use cachemark_core::Descriptor;
use cachemark_results::figure::FIGURES;
use cachemark_workload::ArrivalProcess;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ValueHint};

/// Names that an argument takes.
pub(super) struct Hint {
    /// The command that it is of; none for every command that has such an argument.
    command: Option<&'static str>,
    /// The argument's name in the program.
    argument: &'static str,
    pub(super) names: Vec<&'static str>,
    /// Whether it takes a file as well.
    pub(super) or_file: bool,
}

/// All of them; the first that fits an argument is the one.
pub(super) struct Hints(Vec<Hint>);

impl Hints {
    pub(super) fn all() -> Self {
        let of = |argument, names| Hint { command: None, argument, names, or_file: false };
        let of_command = |command, argument, names| Hint { command: Some(command), ..of(argument, names) };
        let parts = |parts: &[Descriptor]| parts.iter().map(|part| part.name).collect::<Vec<_>>();
        let figures: Vec<_> = FIGURES.iter().map(|figure| figure.name).collect();
        let strategies_alone = parts(cachemark_strategy::strategies());
        let presets: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
        // No `vec!`: of an array some elements may be left out of a build.
        Self(Vec::from([
            Hint { or_file: true, ..of("workload", presets) },
            of("strategy", strategies_alone.clone()),
            // An arm that is a strategy alone has its name.
            of("reference", strategies_alone),
            #[cfg(feature = "servers")]
            of_command("audit", "cache", caches_on_servers()),
            of("cache", parts(cachemark_backend::caches())),
            of("store", parts(cachemark_backend::stores())),
            of("verdict_on", figures.clone()),
            of("figure", figures),
            of("arrivals", ArrivalProcess::ALL.map(|(name, _)| name).to_vec()),
            of("when_full", WhenFull::ALL.map(|(name, _)| name).to_vec()),
            of("phase", Phase::ALL.map(|(name, _)| name).to_vec()),
            #[cfg(feature = "http")]
            of("driver", crate::services::DRIVERS.to_vec()),
            of_command("strategies", "names", strategies::names()),
            of_command("explain", "names", explain::names()),
        ]))
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Hint> {
        self.0.iter()
    }

    /// The argument of that command, with what it takes.
    pub(super) fn on(&self, command: &str, argument: Arg) -> Arg {
        let fits = |hint: &&Hint| {
            hint.argument == argument.get_id().as_str() && hint.command.is_none_or(|meant| meant == command)
        };
        if let Some(hint) = self.0.iter().find(fits) {
            return argument.value_parser(PossibleValuesParser::new(hint.names.clone()));
        }
        match of_value(&argument) {
            Some(hint) => argument.value_hint(hint),
            None => argument,
        }
    }
}

/// What the value's name says of an argument that takes no known names: a shell would offer files for all of them.
fn of_value(argument: &Arg) -> Option<ValueHint> {
    let takes_value = argument.get_action().takes_values();
    if !takes_value || !argument.get_possible_values().is_empty() {
        return None;
    }
    match argument.get_value_names().and_then(|names| names.first()).map(|name| name.as_str()) {
        Some("DIR" | "RUN") => Some(ValueHint::DirPath),
        Some("URL" | "[NAME=]URL") => Some(ValueHint::Url),
        _ if argument.get_id() == "folder" => Some(ValueHint::DirPath),
        _ if argument.get_value_hint() == ValueHint::Unknown => Some(ValueHint::Other),
        _ => None,
    }
}

/// Those that `audit` can look into.
#[cfg(feature = "servers")]
fn caches_on_servers() -> Vec<&'static str> {
    let is_cache = |name: &&str| cachemark_backend::caches().iter().any(|part| part.name == *name);
    cachemark_stack::SERVERS.iter().map(|kind| kind.name).filter(is_cache).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Args;
    use clap::{Command, CommandFactory};

    /// Every command with its arguments.
    fn arguments(command: &Command, found: &mut Vec<(String, Arg)>) {
        found.extend(command.get_arguments().map(|argument| (command.get_name().to_owned(), argument.clone())));
        command.get_subcommands().for_each(|inner| arguments(inner, found));
    }

    fn all_arguments() -> Vec<(String, Arg)> {
        let mut found = Vec::new();
        arguments(&Args::command(), &mut found);
        found
    }

    #[test]
    fn a_hint_is_of_an_argument_that_is_there() {
        let there = all_arguments();
        for hint in Hints::all().iter() {
            let is_of = |(command, argument): &&(String, Arg)| {
                argument.get_id() == hint.argument && hint.command.is_none_or(|meant| meant == command)
            };
            assert!(there.iter().any(|one| is_of(&one)), "no command takes {}", hint.argument);
        }
    }

    #[test]
    fn whatever_takes_names_has_a_hint() {
        // Of an arm, which a definition names; of charts, of which each record has its own.
        let free = [("serve", "arm"), ("report", "png")];
        let hints = Hints::all();
        let mut seen = 0;
        for (command, argument) in all_arguments() {
            let name = argument.get_value_names().and_then(|names| names.first()).map(|name| name.as_str().to_owned());
            let takes_names = ["NAME", "NAMES", "FIGURES", "NAME|FILE", "FIGURE|WARNING|ANOMALY"];
            let is_meant = name.is_some_and(|name| takes_names.contains(&name.as_str()));
            let is_free = free.contains(&(command.as_str(), argument.get_id().as_str()));
            if is_meant && !is_free {
                seen += 1;
                let id = argument.get_id().to_string();
                assert!(!hints.on(&command, argument).get_possible_values().is_empty(), "{command} {id}");
            }
        }
        assert!(seen > 10, "{seen}");
    }

    #[test]
    fn a_name_needs_no_quotes_in_any_shell() {
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        for hint in Hints::all().iter() {
            let odd: Vec<_> = hint.names.iter().filter(|name| !name.chars().all(plain)).collect();
            assert!(odd.is_empty() && !hint.names.is_empty(), "{}: {odd:?}", hint.argument);
        }
    }
}
