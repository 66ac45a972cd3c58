//! `cachemark load`.

use super::metrics::MetricsArgs;
use super::ratio::ratio;
use super::times::{whole_millis, window};
use clap::Args as ClapArgs;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, ClapArgs)]
pub(crate) struct LoadArgs {
    /// A service: its base URL, or NAME=URL; more than one are compared, the first being the reference. Without it, the services
    /// that the definition's arms name.
    #[arg(long, value_name = "[NAME=]URL")]
    pub(crate) target: Vec<String>,
    /// A preset's name or a definition file; its `[http]` table says how a service that isn't ours is spoken to.
    #[arg(long, value_name = "NAME|FILE", default_value = "default")]
    pub(crate) workload: String,
    /// Closed-loop users.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) users: Option<u64>,
    /// Shares of reads from 0 to 1, separated by commas.
    #[arg(long, value_name = "RATIOS", value_delimiter = ',', value_parser = ratio)]
    pub(crate) read_ratio: Option<Vec<f64>>,
    /// Offered loads in arrivals per second, separated by commas: an open loop in the place of users.
    #[arg(long, value_name = "RATES", value_delimiter = ',')]
    pub(crate) rate: Option<Vec<f64>>,
    /// How arrivals are spread: poisson or constant.
    #[arg(long, value_name = "LAW")]
    pub(crate) arrivals: Option<String>,
    /// The most requests in flight of an open loop.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) max_in_flight: Option<u64>,
    /// What becomes of an arrival that finds as many in flight: wait or shed.
    #[arg(long, value_name = "POLICY")]
    pub(crate) when_full: Option<String>,
    /// Search each service for the greatest offered load at which --slo holds, from --rate (1000 if not given) on.
    #[arg(long, requires = "slo")]
    pub(crate) find_max: bool,
    /// What --find-max searches for, as 'response.p99 < 20ms'.
    #[arg(long, value_name = "OBJECTIVE", requires = "find_max")]
    pub(crate) slo: Option<String>,
    /// What asks: cachemark, or goose, for a closed loop.
    #[arg(long, value_name = "NAME")]
    pub(crate) driver: Option<String>,
    /// The measured window of a trial.
    #[arg(long, value_name = "TIME", value_parser = window)]
    pub(crate) duration: Option<Duration>,
    /// Unmeasured running before the window.
    #[arg(long, value_name = "TIME", value_parser = whole_millis)]
    pub(crate) warm_up: Option<Duration>,
    /// Figures that verdicts are given on (docs/figures.md), separated by commas: throughput, or response.p99 in an open loop, if not given.
    #[arg(long, value_name = "FIGURES", value_delimiter = ',', conflicts_with = "find_max")]
    pub(crate) verdict_on: Option<Vec<String>>,
    /// Compare every two services, not only each with the reference: this takes more blocks.
    #[arg(long, conflicts_with = "find_max")]
    pub(crate) pairs: bool,
    /// How often every service is run.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) blocks: Option<u64>,
    /// Everything random comes from this number.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// Write every key once before each trial.
    #[arg(long)]
    pub(crate) preload: bool,
    /// What the run has to keep to, as 'service.p99 < 20ms'; may be given again. Exit code 1 if it did not.
    #[arg(long = "assert", value_name = "ASSERTION", conflicts_with = "find_max")]
    pub(crate) assertions: Vec<String>,
    /// The heading of the pages; the definition's description if not given.
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// A text that stands on the pages as it is, after the answer, and is kept in the record: 16 KiB at most.
    #[arg(long, value_name = "FILE")]
    pub(crate) notes: Option<PathBuf>,
    /// Write how the assertions came out as JUnit XML.
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// Where the record's folder is made.
    #[arg(long, value_name = "DIR", default_value = "results", env = "CACHEMARK_OUT")]
    pub(crate) out: PathBuf,
    /// Resume the record in this folder: run only the trials that are missing, and only if nothing has changed. A service
    /// whose URL holds a password is given again with --target.
    #[arg(long, value_name = "DIR", conflicts_with_all = FIXED_BY_A_RECORD)]
    pub(crate) resume: Option<PathBuf>,
    /// Go on although definition, program, machine or addresses have changed; the page then says so.
    #[arg(long, requires = "resume")]
    pub(crate) force: bool,
    /// Exit with 3 and say why if a trial is invalid, overloaded or not steady, or an A/A control is noisy or misses 1.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) metrics: MetricsArgs,
}

/// What a record that is resumed has settled already: these flags have no say beside `--resume`.
const FIXED_BY_A_RECORD: [&str; 20] = [
    "workload",
    "users",
    "read_ratio",
    "rate",
    "arrivals",
    "max_in_flight",
    "when_full",
    "find_max",
    "slo",
    "driver",
    "duration",
    "warm_up",
    "verdict_on",
    "pairs",
    "blocks",
    "seed",
    "preload",
    "assertions",
    "title",
    "notes",
];

#[cfg(test)]
mod tests {
    use super::*;
    use clap::Args;

    #[test]
    fn a_flag_of_load_either_has_no_say_beside_resume_or_changes_no_figure() {
        let command = LoadArgs::augment_args(clap::Command::new("load"));
        let harmless =
            ["target", "resume", "force", "out", "junit", "strict", "json", "metrics_listen", "metrics_public"];
        let settled: Vec<_> = command.get_arguments().map(|argument| argument.get_id().as_str()).collect();
        let settled: Vec<_> = settled.into_iter().filter(|name| !harmless.contains(name)).collect();
        assert_eq!(settled, FIXED_BY_A_RECORD, "a new flag of load belongs in one of the two lists");
    }
}
