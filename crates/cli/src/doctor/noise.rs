//! How far two runs of the same lie apart here: an A/A sweep of some seconds, by the real bench over an embedded stack.
//!
//! What it finds is the noise of this machine at its quietest, over short trials and without servers: a run of one's own is
//! seldom quieter. Beyond the margin of 5 % a run of as many blocks would call itself noisy, which is a warning.

use super::own_sweep::{OwnSweep, sweep};
use super::{Finding, Ground, Level};
use crate::exit::Failure;
use cachemark_report::analysis::analyse;

const STRATEGY: &str = "cache-aside";
/// One arm, its control, and two blocks more than an interval takes.
const DEFINITION: &str = r#"
name = "noise"
[workload]
keys = 1000
read-ratio = 0.9
value-bytes = 100
[sweep]
blocks = 8
[run]
clients = 8
warm-up-ms = 50
duration-ms = 150
"#;
/// The margin of verdicts, unless a definition says otherwise.
const WARN: f64 = 0.05;

/// The A/A sweep itself, for whoever asks what a run would find.
pub(crate) fn measured() -> Result<OwnSweep, Failure> {
    sweep("noise", DEFINITION, STRATEGY)
}

pub(super) fn check(_: &Ground) -> Vec<Finding> {
    const CHECK: &str = "noise";
    let found =
        measured().map(|swept| analyse(&swept.run).families.iter().filter_map(|family| family.noise).reduce(f64::max));
    vec![match found {
        Ok(Some(noise)) => judge(CHECK, noise),
        Ok(None) => Finding::unknown(CHECK, "two runs of the same could not be compared"),
        Err(failure) => Finding::unknown(CHECK, format!("it could not be run: {failure}")),
    }]
}

fn judge(check: &'static str, noise: f64) -> Finding {
    let seen = format!("two runs of the same lie apart by ± {:.1} % in throughput, over 8 blocks", 100.0 * noise);
    Finding::new(check, Level::at_most(noise, WARN, f64::INFINITY), seen)
        .advise("take more blocks or longer trials: cachemark worth --blocks 8,20,40 says what they would find")
        .with("half_width", noise)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bench_gives_a_noise() {
        // Any will do: it is the machine's affair.
        let [finding] = &check(&Ground::unknown())[..] else { panic!() };
        assert!(finding.seen.contains("lie apart by ±"), "{}", finding.seen);
    }

    #[test]
    fn beyond_the_margin_it_warns() {
        assert_eq!([0.01, 0.06].map(|noise| judge("noise", noise).level), [Level::Ok, Level::Warn]);
    }
}
