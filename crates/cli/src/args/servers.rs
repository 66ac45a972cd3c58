//! Where servers are.

use cachemark_stack::{Address, AddressSource, Addresses, SERVERS, ServerKind};
use clap::{Arg, ArgMatches, Args as ClapArgs, Command, Error, FromArgMatches};

/// Where external servers are: a flag for each kind of server. URLs may hold passwords: none of these is printed or recorded.
#[derive(Clone, Debug, Default)]
pub(crate) struct AddressArgs(Addresses);

impl AddressArgs {
    /// The flags that were given.
    pub(crate) fn flags(&self) -> Vec<&'static str> {
        self.0.iter().map(|(kind, _)| kind.flag).collect()
    }

    pub(crate) fn given(&self) -> Addresses {
        self.0.clone()
    }
}

fn argument(kind: &'static ServerKind) -> Arg {
    let help = format!("{} of an external stack; {} if not given", kind.title, kind.variable);
    Arg::new(kind.flag).long(kind.flag.trim_start_matches('-')).value_name("URL").help(help)
}

impl ClapArgs for AddressArgs {
    fn augment_args(command: Command) -> Command {
        SERVERS.iter().fold(command, |command, kind| command.arg(argument(kind)))
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for AddressArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        let mut given = Self::default();
        given.update_from_arg_matches(matches)?;
        Ok(given)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        for kind in SERVERS {
            if let Some(url) = matches.get_one::<String>(kind.flag) {
                self.0.put(kind.name, Address { url: url.clone(), source: AddressSource::Flag(kind.flag) });
            }
        }
        Ok(())
    }
}
