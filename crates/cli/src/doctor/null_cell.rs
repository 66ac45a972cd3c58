//! What the harness itself costs for each operation: a short trial, by the real bench, of a strategy that answers at
//! once and asks neither cache nor store. What is left is drawing the operation, the clock, counting and recording.
//!
//! The cost is the driver thread's CPU time, so that neighbours do not tell on it. An operation over loopback costs its
//! client 7 to 10 µs: a harness of more than 2 µs would be a good part of that, which is a warning, and one of more than
//! 10 µs would measure itself: that fails.

use super::own_sweep::sweep;
use super::{Finding, Ground, Level};
use crate::exit::Failure;
use cachemark_results::Trial;

/// The strategy that answers at once.
const NULL: &str = "null";
/// A driver thread, as every trial has, with as many clients as a sweep has by default.
const DEFINITION: &str = r#"
name = "null-cell"
[workload]
keys = 1000
read-ratio = 0.9
value-bytes = 100
[sweep]
blocks = 1
[run]
clients = 8
driver-threads = 1
warm-up-ms = 100
duration-ms = 400
"#;
const WARN_NS: f64 = 2_000.0;
const FAIL_NS: f64 = 10_000.0;

pub(super) fn check(_: &Ground) -> Vec<Finding> {
    const CHECK: &str = "null-cell";
    if !cachemark_strategy::strategies().iter().any(|part| part.name == NULL) {
        return vec![Finding::unknown(
            CHECK,
            format!("this build has no strategy `{NULL}` to measure the harness with"),
        )];
    }
    vec![match cost(NULL) {
        Ok(cost) => judge(CHECK, cost),
        Err(failure) => Finding::new(CHECK, Level::Fail, format!("it could not be run: {failure}"))
            .advise("without it no sweep will run either: what it says must be put right first"),
    }]
}

fn judge(check: &'static str, cost: Cost) -> Finding {
    let seen = format!("{:.0} ns an operation, at most {:.0} a second for each thread", cost.ns, cost.per_s);
    Finding::new(check, Level::at_most(cost.ns, WARN_NS, FAIL_NS), seen)
        .advise("see build and clock-cost; what is measured in-process is partly the harness")
        .with("ns_per_operation", cost.ns)
        .with("operations_per_s", cost.per_s)
}

/// What one driver thread does.
#[derive(Debug, Clone, Copy)]
struct Cost {
    /// CPU time for each operation, in nanoseconds.
    ns: f64,
    /// Operations answered per second: the ceiling.
    per_s: f64,
}

/// The cost of a strategy's operations over an embedded stack.
fn cost(strategy: &str) -> Result<Cost, Failure> {
    let trial = trial(strategy)?;
    let per_s = trial.throughput_ops_per_s;
    // One driver thread: its share of CPU is the CPU time in a second.
    Ok(Cost { ns: trial.client_cpu.unwrap_or(1.0) * 1e9 / per_s.max(1.0), per_s })
}

fn trial(strategy: &str) -> Result<Trial, Failure> {
    let mut swept = sweep("null cell", DEFINITION, strategy)?;
    let nothing = || Failure::System("run the null cell", std::io::Error::other("the record holds no trial"));
    swept.run.trials.pop().ok_or_else(nothing)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_trial_by_the_real_runner_gives_a_cost() {
        // Any strategy will do to see that the trial runs; the figure is the machine's affair.
        let cost = cost("no-cache").unwrap();
        assert!(cost.ns > 0.0 && cost.per_s > 0.0, "{cost:?}");
    }

    #[test]
    fn the_dearer_the_worse() {
        let level = |ns: f64| judge("null-cell", Cost { ns, per_s: 1e9 / ns }).level;
        assert_eq!([500.0, 3_000.0, 20_000.0].map(level), [Level::Ok, Level::Warn, Level::Fail]);
    }

    #[test]
    fn a_build_without_the_strategy_says_so() {
        let [finding] = &check(&Ground::unknown())[..] else { panic!() };
        let there = cachemark_strategy::strategies().iter().any(|part| part.name == NULL);
        assert_eq!(finding.level == Level::Unknown, !there, "{}", finding.seen);
        assert_eq!(finding.seen.contains("ns an operation"), there, "{}", finding.seen);
    }
}
