//! The arguments of `cachemark schema`.

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    /// What it describes.
    #[arg(value_enum, value_name = "NAME", default_value = "definition")]
    pub(crate) of: SchemaOf,
}

/// What has a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaOf {
    /// A definition: what `--workload` takes.
    Definition,
    /// A record's manifest.json.
    Manifest,
    /// A record's environment.json.
    Environment,
    /// A trial's summary.json.
    Summary,
    /// A trial's series.json.
    Series,
    /// A trial's histograms.json.
    Histograms,
    /// The stability.json that `cachemark stability --save` writes.
    Stability,
    /// What `sweep`, `load` and `report` print with --json.
    Report,
    /// What `compare` prints with --json.
    Compare,
    /// What `doctor` prints with --json.
    Doctor,
}
