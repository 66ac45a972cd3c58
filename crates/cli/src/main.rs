//! The binary `cachemark`: arguments, assembly, one file a command.

mod addresses;
mod args;
mod asked_file;
mod assemble;
mod assertions;
mod browser;
mod catalogue;
mod command;
mod diagnose;
mod doctor;
mod exit;
mod metrics;
mod notes;
mod open_files;
mod output;
mod presets;
mod progress;
mod provenance;
mod secrets;
#[cfg(feature = "servers")]
mod servers;
#[cfg(not(feature = "servers"))]
#[path = "without_servers.rs"]
mod servers;
#[cfg(feature = "http")]
mod services;
mod signal;
mod stack;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => return exit::usage(&error),
    };
    output::start_log(args.quiet);
    let code = match command::run(&args) {
        Ok(exit) => exit.into(),
        Err(failure) => failure.report(),
    };
    exit::of_output(code)
}
