//! The command line.

mod address;
#[cfg(feature = "servers")]
mod audit;
mod compare;
mod completions;
mod confirm;
mod explain;
mod init;
#[cfg(feature = "http")]
mod load;
mod man;
mod metrics;
mod ratio;
mod recommend;
mod report;
mod schema;
mod serve;
mod servers;
mod stability;
mod times;
pub(crate) mod tips;
mod workload;
mod worth;

#[cfg(feature = "servers")]
pub(crate) use audit::AuditArgs;
pub(crate) use compare::CompareArgs;
pub(crate) use completions::CompletionsArgs;
pub(crate) use confirm::ConfirmArgs;
pub(crate) use explain::ExplainArgs;
pub(crate) use init::{InitArgs, Over};
#[cfg(feature = "http")]
pub(crate) use load::LoadArgs;
pub(crate) use man::ManArgs;
pub(crate) use metrics::MetricsArgs;
pub(crate) use recommend::RecommendArgs;
pub(crate) use report::{ExportFormat, ReportArgs};
pub(crate) use schema::{SchemaArgs, SchemaOf};
pub(crate) use serve::ServeArgs;
pub(crate) use servers::AddressArgs;
pub(crate) use stability::StabilityArgs;
pub(crate) use workload::{WorkloadAction, WorkloadArgs};
pub(crate) use worth::WorthArgs;

use crate::stack::StackKind;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, Parser, Subcommand};
use ratio::{ratio, share};
use std::path::PathBuf;
use std::time::Duration;
use times::{cost, some_millis, whole_millis, window};

/// `on` or `off`.
fn on_or_off() -> impl TypedValueParser<Value = bool> {
    PossibleValuesParser::new(["on", "off"]).map(|word| word == "on")
}

/// Measures caching strategies: which one to use, with evidence.
#[derive(Debug, Parser)]
#[command(name = "cachemark", version, propagate_version = true, arg_required_else_help = true)]
pub(crate) struct Args {
    /// Say nothing on stderr but errors.
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run every cell of a definition in interleaved blocks, and report.
    Sweep(Box<SweepArgs>),
    /// Make the pages of a record again, from its folder alone.
    Report(ReportArgs),
    /// Is a cache worth it? What hits, misses and writes cost, the hit ratio from which on it pays, and what a run would find.
    Worth(WorthArgs),
    /// At which load, and after which loss of entries, does a system break down for good? By simulation of the real strategies.
    Stability(Box<StabilityArgs>),
    /// Compare records with a baseline: what is better, what is worse, and what only drifted. Exit code 1 on a regression.
    Compare(CompareArgs),
    /// Run a published record's definition again here, and say of each of its rows whether the same comes out. Exit code 1 if one differs.
    Confirm(ConfirmArgs),
    /// Say which arms of a record keep to objectives, which of them costs least, and what to measure next where that can't be told.
    Recommend(RecommendArgs),
    /// Put the trials of a finished record into one file, which every command reads as before.
    Pack(PackArgs),
    /// List the strategies, caches and stores, or say all of some: what they need, promise, cost, and what can be set.
    Strategies(StrategiesArgs),
    /// Write a definition to begin with, each line with what it is; asks three questions on a terminal.
    Init(InitArgs),
    /// Say what a figure, a warning or an anomaly is, and what to do with it.
    Explain(ExplainArgs),
    /// List, show or check workload definitions.
    Workload(WorkloadArgs),
    /// Serve one strategy over HTTP, until it is told to stop.
    Serve(ServeArgs),
    /// Put HTTP services under load, ours or anyone's, and report.
    #[cfg(feature = "http")]
    Load(Box<LoadArgs>),
    /// Left out of this build, which says so whatever it is asked for.
    #[cfg(not(feature = "http"))]
    #[command(hide = true, disable_help_flag = true)]
    Load {
        /// What it is asked for.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        rest: Vec<std::ffi::OsString>,
    },
    /// Look at this machine: what would limit or spoil a measurement, and what to do about it.
    Doctor(DoctorArgs),
    /// Hold what a cache has against its store, of a stack that stands and is at rest; it changes nothing there.
    #[cfg(feature = "servers")]
    Audit(AuditArgs),
    /// Print the JSON Schema of definitions, of a file of a record, or of what a command prints with --json.
    Schema(SchemaArgs),
    /// Print completions for a shell: commands, flags, and the names of strategies, caches, stores, figures and presets.
    Completions(CompletionsArgs),
    /// Write the man pages into a folder, one for each command.
    Man(ManArgs),
    /// How cells are asked for by another build: see `sweep --ab`.
    #[command(hide = true)]
    CellProtocol,
    /// Bring private servers up to stay, look at them, take them down.
    Stack(StackArgs),
}

#[derive(Debug, ClapArgs)]
pub(crate) struct SweepArgs {
    /// A preset's name (`cachemark workload list`) or a definition file.
    #[arg(long, value_name = "NAME|FILE", default_value = "default")]
    pub(crate) workload: String,
    /// Strategies, separated by commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) strategy: Option<Vec<String>>,
    /// An arm to compare, as 'update: cache-aside on-write=update ttl-ms=1000,10000'; may be given again. A list of values
    /// makes as many arms.
    #[arg(long = "arm", value_name = "ARM")]
    pub(crate) arms: Vec<String>,
    /// A setting of an arm, a strategy, a cache, a store or the servers, as cache-aside.ttl-ms=1000,10000; may be given again.
    #[arg(long = "set", value_name = "NAME.SETTING=VALUE")]
    pub(crate) sets: Vec<String>,
    /// The arm that the others are compared with; no-cache if it takes part and nothing is said.
    #[arg(long, value_name = "ARM")]
    pub(crate) reference: Option<String>,
    /// Caches, separated by commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) cache: Option<Vec<String>>,
    /// Stores, separated by commas.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub(crate) store: Option<Vec<String>>,
    /// Shares of reads from 0 to 1, separated by commas.
    #[arg(long, value_name = "RATIOS", value_delimiter = ',', value_parser = ratio)]
    pub(crate) read_ratio: Option<Vec<f64>>,
    /// Costs added to each read at the store, separated by commas (none,1ms).
    #[arg(long, value_name = "COSTS", value_delimiter = ',', value_parser = cost)]
    pub(crate) read_cost: Option<Vec<Duration>>,
    /// Independent copies of a strategy's in-process state, separated by commas.
    #[arg(long, value_name = "NUMBERS", value_delimiter = ',')]
    pub(crate) instances: Option<Vec<u64>>,
    /// How many keys there are.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) keys: Option<u64>,
    /// The length of a value in bytes, its stamp of 40 included.
    #[arg(long, value_name = "BYTES")]
    pub(crate) value_bytes: Option<u64>,
    /// Closed-loop clients. In an open loop they only read every key once before it, where the definition asks for that.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) clients: Option<u64>,
    /// Offered loads in arrivals per second, separated by commas: an open loop in the place of clients.
    #[arg(long, value_name = "RATES", value_delimiter = ',')]
    pub(crate) rate: Option<Vec<f64>>,
    /// How arrivals are spread: poisson or constant.
    #[arg(long, value_name = "LAW")]
    pub(crate) arrivals: Option<String>,
    /// The most operations in flight of an open loop.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) max_in_flight: Option<u64>,
    /// What becomes of an arrival that finds as many in flight: wait or shed.
    #[arg(long, value_name = "POLICY")]
    pub(crate) when_full: Option<String>,
    /// Search each cell for the greatest offered load at which --slo holds, from --rate (1000 if not given) on.
    #[arg(long, requires = "slo")]
    pub(crate) find_max: bool,
    /// What --find-max searches for, as 'response.p99 < 2ms'.
    #[arg(long, value_name = "OBJECTIVE", requires = "find_max")]
    pub(crate) slo: Option<String>,
    /// Two builds of this program to compare, in the place of arms: each cell is run by the one and by the other in interleaved blocks. Exit
    /// code 1 if the second is worse somewhere.
    #[arg(long, num_args = 2, value_names = ["BINARY_A", "BINARY_B"], conflicts_with_all = ["find_max", "pairs", "assertions", "metrics_listen"])]
    pub(crate) ab: Option<Vec<PathBuf>>,
    /// The difference that --ab is to find in four runs of five, above all a slow-down: without --blocks it runs as many as that takes, as far as
    /// 60 do. The margin of the verdicts if not given.
    #[arg(long, value_name = "SHARE", requires = "ab", value_parser = share)]
    pub(crate) find: Option<f64>,
    /// The record that tells --ab how much blocks stray on this machine; without it, and without --blocks, a pilot of A/A blocks does.
    #[arg(long, value_name = "DIR", requires = "ab")]
    pub(crate) like: Option<PathBuf>,
    /// What is measured: steady (after a warm-up) or cold (from the first operation on an empty cache).
    #[arg(long, value_name = "PHASE")]
    pub(crate) phase: Option<String>,
    /// The measured window of a trial (500ms, 10s, 1m).
    #[arg(long, value_name = "TIME", value_parser = window)]
    pub(crate) duration: Option<Duration>,
    /// Unmeasured running before the window.
    #[arg(long, value_name = "TIME", value_parser = whole_millis)]
    pub(crate) warm_up: Option<Duration>,
    /// The longest that a call to a cache server may take; a quarter of the operation's deadline if not given.
    #[arg(long, value_name = "TIME", value_parser = some_millis)]
    pub(crate) cache_timeout: Option<Duration>,
    /// Time the hops of each operation: waiting for a lane, cache, store. Costs some clock reads an operation.
    #[arg(long)]
    pub(crate) hop_times: bool,
    /// Whether answers are watched for stale ones; on if not given.
    #[arg(long, value_name = "on|off", value_parser = on_or_off())]
    pub(crate) oracle: Option<bool>,
    /// The most keys whose row and entries are looked at once a trial is over; 0 for none.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) audit_keys: Option<u64>,
    /// Figures that verdicts are given on (docs/figures.md), separated by commas: throughput, or response.p99 in an open loop, if not given.
    #[arg(long, value_name = "FIGURES", value_delimiter = ',', conflicts_with = "find_max")]
    pub(crate) verdict_on: Option<Vec<String>>,
    /// Compare every two arms, not only each with the reference: this takes more blocks.
    #[arg(long, conflicts_with = "find_max")]
    pub(crate) pairs: bool,
    /// How often every cell is run.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) blocks: Option<u64>,
    /// Everything random comes from this number.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) seed: Option<u64>,
    /// What the run has to keep to, as 'cache-aside.hit_ratio > 0.8'; may be given again. Exit code 1 if it did not.
    #[arg(long = "assert", value_name = "ASSERTION", conflicts_with = "find_max")]
    pub(crate) assertions: Vec<String>,
    /// Write how the assertions came out as JUnit XML.
    #[arg(long, value_name = "FILE")]
    pub(crate) junit: Option<PathBuf>,
    /// The heading of the pages; the definition's description if not given.
    #[arg(long, value_name = "TEXT")]
    pub(crate) title: Option<String>,
    /// A text that stands on the pages as it is, after the answer, and is kept in the record: 16 KiB at most.
    #[arg(long, value_name = "FILE")]
    pub(crate) notes: Option<PathBuf>,
    /// Where caches and stores run.
    #[arg(long, value_enum, default_value = "embedded")]
    pub(crate) stack: StackKind,
    #[command(flatten)]
    pub(crate) addresses: AddressArgs,
    /// Where the record's folder is made.
    #[arg(long, value_name = "DIR", default_value = "results", env = "CACHEMARK_OUT")]
    pub(crate) out: PathBuf,
    /// Resume the record in this folder: run only the trials that are missing, and only if nothing has changed.
    #[arg(long, value_name = "DIR", conflicts_with_all = FIXED_BY_A_RECORD)]
    pub(crate) resume: Option<PathBuf>,
    /// Go on although definition, program, machine or servers have changed; the page then says so.
    #[arg(long, requires = "resume")]
    pub(crate) force: bool,
    /// Print the cells and the time they will take, and run nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Exit with 3 and say why if a trial is invalid, overloaded or not steady, or an A/A control is noisy or misses 1.
    #[arg(long)]
    pub(crate) strict: bool,
    /// Print the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) metrics: MetricsArgs,
    /// Make the record and no pages: how another build asks for a cell.
    #[arg(long, hide = true, conflicts_with_all = ["json", "junit"])]
    pub(crate) record_only: bool,
}

/// What a record that is resumed has settled already: these flags have no say beside `--resume`.
const FIXED_BY_A_RECORD: [&str; 38] = [
    "workload",
    "strategy",
    "arms",
    "sets",
    "reference",
    "cache",
    "store",
    "read_ratio",
    "read_cost",
    "instances",
    "keys",
    "value_bytes",
    "clients",
    "rate",
    "arrivals",
    "max_in_flight",
    "when_full",
    "find_max",
    "slo",
    "ab",
    "find",
    "like",
    "phase",
    "duration",
    "warm_up",
    "cache_timeout",
    "hop_times",
    "oracle",
    "audit_keys",
    "verdict_on",
    "pairs",
    "blocks",
    "seed",
    "assertions",
    "title",
    "notes",
    "stack",
    "dry_run",
];

#[derive(Debug, ClapArgs)]
pub(crate) struct StackArgs {
    #[command(subcommand)]
    pub(crate) action: StackAction,
}

#[derive(Debug, Clone, Copy, Subcommand)]
pub(crate) enum StackAction {
    /// Start Redis, Memcached and Postgres and leave them up; prints the variables that --stack external reads.
    Up,
    /// The stacks of this machine: in use, brought up to stay, or left behind by a run that was killed.
    Status,
    /// Take down every stack that no living run holds, and only those.
    Down,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct PackArgs {
    /// The record's folder.
    pub(crate) folder: PathBuf,
    /// For a copy that has to be small: without interval logs and histograms of hops, the other histograms to two digits.
    #[arg(long)]
    pub(crate) slim: bool,
    /// Print what was made as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct DoctorArgs {
    /// Where records would be made: its disk is looked at.
    #[arg(long, value_name = "DIR", default_value = "results", env = "CACHEMARK_OUT")]
    pub(crate) out: PathBuf,
    /// Print the findings as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[derive(Debug, ClapArgs)]
pub(crate) struct StrategiesArgs {
    /// Strategies, caches and stores of which all is said; `servers` for the settings of servers. Without any: all in short.
    #[arg(value_name = "NAME")]
    pub(crate) names: Vec<String>,
    /// Print all of them, or those that are named, as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Args::command().debug_assert();
    }

    #[test]
    fn a_flag_of_sweep_either_has_no_say_beside_resume_or_changes_no_figure() {
        let command = Args::command();
        let sweep = command.find_subcommand("sweep").unwrap();
        // Where the record is, how it is shown, and how servers are reached; every other flag changes what is measured.
        let harmless: Vec<&str> = [
            "resume",
            "force",
            "out",
            "junit",
            "strict",
            "json",
            "record_only",
            "metrics_listen",
            "metrics_public",
            "help",
        ]
        .into_iter()
        .chain(cachemark_stack::SERVERS.iter().map(|kind| kind.flag))
        .collect();
        let settled: Vec<_> = sweep.get_arguments().map(|argument| argument.get_id().as_str()).collect();
        let settled: Vec<_> = settled.into_iter().filter(|name| !harmless.contains(name)).collect();
        assert_eq!(settled, FIXED_BY_A_RECORD, "a new flag of sweep belongs in one of the two lists");
    }
}
