//! The arguments of `cachemark init`.

use super::ratio::ratio;
use clap::{Args as ClapArgs, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, ClapArgs)]
pub(crate) struct InitArgs {
    /// The file to write. One that is there already stays as it is, and is told.
    #[arg(default_value = "cachemark.toml")]
    pub(crate) file: PathBuf,
    /// What to compare strategies over; asked for on a terminal if not given, else embedded.
    #[arg(long, value_enum, value_name = "STACK")]
    pub(crate) over: Option<Over>,
    /// The share of reads among operations; asked for on a terminal if not given, else 0.9.
    #[arg(long, value_name = "RATIO", value_parser = ratio)]
    pub(crate) read_ratio: Option<f64>,
    /// The offered load in arrivals per second: an open loop. Asked for on a terminal if neither this nor --clients is given.
    #[arg(long, value_name = "RATE", conflicts_with = "clients")]
    pub(crate) rate: Option<f64>,
    /// Clients that each wait for their answer before they ask again: a closed loop, of 8 if nothing is said.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) clients: Option<u64>,
    /// Ask nothing.
    #[arg(long)]
    pub(crate) yes: bool,
}

/// A cache with a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Over {
    /// A cache in the process and SQLite: nothing to install.
    Embedded,
    /// Redis and Postgres.
    Redis,
    /// Memcached and Postgres.
    Memcached,
}
