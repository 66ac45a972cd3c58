//! The arguments of `cachemark worth`.

use clap::Args;
use std::path::PathBuf;

/// The most blocks that are reckoned with: a run of more takes days, and the reckoning minutes.
const MOST_BLOCKS: i64 = 200;

#[derive(Debug, Args)]
pub(crate) struct WorthArgs {
    /// The record's folder; the latest in the results folder if none is given.
    pub(crate) folder: Option<PathBuf>,
    /// Before a run: which difference would it find, if it is as noisy as the run recorded in this folder? Without it, an A/A sweep of
    /// some seconds tells the noise of this machine.
    #[arg(long, value_name = "DIR", conflicts_with = "folder")]
    pub(crate) like: Option<PathBuf>,
    /// Before a run: the blocks that it may have, separated by commas; 6,8,12,20,40 if not given.
    #[arg(
        long,
        value_name = "NUMBERS",
        value_delimiter = ',',
        conflicts_with = "folder",
        value_parser = clap::value_parser!(u16).range(2..=MOST_BLOCKS)
    )]
    pub(crate) blocks: Vec<u16>,
    /// Where to look for the latest.
    #[arg(long, value_name = "DIR", default_value = "results", env = "CACHEMARK_OUT")]
    pub(crate) out: PathBuf,
    /// Print the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
