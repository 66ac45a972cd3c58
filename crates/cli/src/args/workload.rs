//! The arguments of `cachemark workload`.

use clap::{Args, Subcommand};

#[derive(Debug, Args)]
pub(crate) struct WorkloadArgs {
    #[command(subcommand)]
    pub(crate) action: WorkloadAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum WorkloadAction {
    /// The presets, a line each.
    List,
    /// A preset or file with every default spelt out.
    Show {
        /// A preset's name or a definition file.
        workload: String,
    },
    /// Check a definition and say every mistake in it.
    Check {
        /// A preset's name or a definition file.
        workload: String,
    },
}
