//! The arguments of `cachemark recommend`.

use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(crate) struct RecommendArgs {
    /// The record's folder; the latest in the results folder if none is given.
    #[arg(value_name = "RUN")]
    pub(crate) folder: Option<PathBuf>,
    /// What an arm has to keep to, as 'response.p99 < 5ms, fresh_within.1s >= 99.9%'; may be given again.
    #[arg(long, value_name = "OBJECTIVES", required = true)]
    pub(crate) slo: Vec<String>,
    /// What a million operations asked of the cache and of the store cost, as cache=0.02,store=0.10.
    #[arg(long, value_name = "PRICES")]
    pub(crate) price: Option<String>,
    /// Where on the axes, as read-ratio=0.9,rate=500, and over which cache or store; without it every point is answered by itself.
    #[arg(long, value_name = "PLACES")]
    pub(crate) at: Option<String>,
    /// Where to look for the latest.
    #[arg(long, value_name = "DIR", default_value = "results", env = "CACHEMARK_OUT")]
    pub(crate) out: PathBuf,
    /// Print the answer as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
