//! `cachemark load`.

use super::ratio::ratio;
use super::times::{whole_millis, window};
use clap::Args as ClapArgs;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, ClapArgs)]
pub(crate) struct LoadArgs {
    /// A service: its base URL, or NAME=URL; more than one are compared, the first being the reference.
    #[arg(long, value_name = "[NAME=]URL", required = true)]
    pub(crate) target: Vec<String>,
    /// A preset's name or a definition file; its `[http]` table says how a service that isn't ours is spoken to.
    #[arg(long, value_name = "NAME|FILE", default_value = "default")]
    pub(crate) workload: String,
    /// Closed-loop users.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) users: Option<u32>,
    /// Shares of reads from 0 to 1, separated by commas.
    #[arg(long, value_name = "RATIOS", value_delimiter = ',', value_parser = ratio)]
    pub(crate) read_ratio: Option<Vec<f64>>,
    /// The measured window of a trial.
    #[arg(long, value_name = "TIME", value_parser = window)]
    pub(crate) duration: Option<Duration>,
    /// Unmeasured running before the window.
    #[arg(long, value_name = "TIME", value_parser = whole_millis)]
    pub(crate) warm_up: Option<Duration>,
    /// How often every target is run.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) blocks: Option<u32>,
    /// Everything random comes from this number.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// Write every key once before anything else.
    #[arg(long)]
    pub(crate) preload: bool,
    /// What the run has to keep to, as 'service.p99 < 20ms'; may be given again. Exit code 1 if it did not.
    #[arg(long = "assert", value_name = "ASSERTION")]
    pub(crate) assertions: Vec<String>,
    /// Write how the assertions came out as JUnit XML.
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Where the record's folder is made.
    #[arg(long, value_name = "DIR", default_value = "results", env = "CACHEMARK_OUT")]
    pub(crate) out: PathBuf,
    /// Exit with 3 and say why if a trial is invalid, overloaded or not steady, or an A/A control is noisy or misses 1.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
