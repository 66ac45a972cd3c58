//! The arguments of `cachemark stability`.

use super::AddressArgs;
use super::times::{some_time, time};
use crate::stack::StackKind;
use cachemark_stability::StateRule;
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Args)]
pub(crate) struct StabilityArgs {
    /// The workload and the arms: a preset's name (`cachemark workload list`) or a definition file. Its deadline, keys, read ratio, store
    /// workers and read cost are what is simulated.
    #[arg(long, value_name = "NAME|FILE", default_value = "metastable")]
    pub(crate) workload: String,
    /// An arm in place of the workload's, as 'limited: single-flight'; may be given again.
    #[arg(long = "arm", value_name = "ARM")]
    pub(crate) arms: Vec<String>,
    /// A setting of an arm or a strategy, as cache-aside.ttl-ms=1000; may be given again.
    #[arg(long = "set", value_name = "NAME.SETTING=VALUE")]
    pub(crate) sets: Vec<String>,
    /// Take the workload from the record in this folder, what hits, misses and the store's reads take, and the store's capacity as far as
    /// the run has seen it. The arms stay those of --workload.
    #[arg(long, value_name = "RUN")]
    pub(crate) from: Option<PathBuf>,
    /// How many reads a second the store does at most.
    #[arg(long, value_name = "PER_S", value_parser = load)]
    pub(crate) capacity: Option<f64>,
    /// What one read takes the store that comes alone.
    #[arg(long, value_name = "TIME", value_parser = some_time)]
    pub(crate) store_read: Option<Duration>,
    /// What a hit takes.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) hit: Option<Duration>,
    /// What a miss takes, the store's read included.
    #[arg(long, value_name = "TIME", value_parser = time)]
    pub(crate) miss: Option<Duration>,
    /// Whether reads at the store take times that are distributed exponentially, and not all the same.
    #[arg(long)]
    pub(crate) exponential: bool,
    /// Offered loads in arrivals per second, ascending, separated by commas; nine from the store's capacity to ten times that if not given.
    #[arg(long, value_name = "LOADS", value_delimiter = ',', value_parser = load)]
    pub(crate) loads: Vec<f64>,
    /// Shares of the cache that are lost, ascending, separated by commas.
    #[arg(long, value_name = "SHARES", value_delimiter = ',', value_parser = lost, default_value = "0.1,0.25,0.5,0.75,1")]
    pub(crate) lost: Vec<f64>,
    /// After how many deadlines a system that is not back is stuck.
    #[arg(long, value_name = "NUMBER", default_value_t = StateRule::USUAL.horizon, value_parser = clap::value_parser!(u32).range(40..=100_000))]
    pub(crate) horizon: u32,
    /// How often each point is run: what most of them come to, it is.
    #[arg(long, value_name = "NUMBER", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=99))]
    pub(crate) runs: u32,
    /// Everything random comes from it; the workload's if not given.
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Write stability.json and its chart into this folder, which is made if it is not there. In a record's folder, `cachemark report` puts
    /// it on the page.
    #[arg(long, value_name = "DIR")]
    pub(crate) save: Option<PathBuf>,
    /// Run up to three points of each map for real, the cache flushed amid the window, and say whether they agree with it.
    #[arg(long, conflicts_with_all = ["from", "capacity", "store_read", "hit", "miss", "exponential"])]
    pub(crate) confirm: bool,
    /// The kind of stack that the workload is read for, and that --confirm runs on.
    #[arg(long, value_enum, default_value = "embedded")]
    pub(crate) stack: StackKind,
    #[command(flatten)]
    pub(crate) addresses: AddressArgs,
    /// Where the records of --confirm are made.
    #[arg(long, value_name = "DIR", default_value = "results", env = "CACHEMARK_OUT")]
    pub(crate) out: PathBuf,
    /// Print the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A load that can be simulated.
fn load(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(load) if (1.0..=1e6).contains(&load) => Ok(load),
        _ => Err(format!("`{text}` is no load that can be simulated; give arrivals per second, from 1 to 1000000")),
    }
}

/// A share that can be lost.
fn lost(text: &str) -> Result<f64, String> {
    match text.trim().parse::<f64>() {
        Ok(share) if share > 0.0 && share <= 1.0 => Ok(share),
        _ => Err(format!("`{text}` is no share of a cache; give a number above 0 and up to 1, as in 0.5")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_simulated_is_refused() {
        assert_eq!((load("2500"), lost("1")), (Ok(2_500.0), Ok(1.0)));
        for text in ["0", "-1", "NaN", "inf", "1e9", "many"] {
            assert!(load(text).unwrap_err().contains("from 1 to 1000000"), "{text}");
        }
        for text in ["0", "1.1", "NaN", "half"] {
            assert!(lost(text).unwrap_err().contains("as in 0.5"), "{text}");
        }
    }
}
