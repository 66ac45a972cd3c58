//! The arguments of `cachemark man`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct ManArgs {
    /// The folder, which is made if it is not there. Pages that it has already are replaced.
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}
