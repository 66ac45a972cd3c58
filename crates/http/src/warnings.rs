//! What a reader should know of a trial before using its figures.

use crate::run::LoadOutcome;
use cachemark_results::warning::{self, WarningKind};
use cachemark_results::{MANY, Trial, Warning, host};

/// The share of CPU above which the client itself may have been the limit.
const BUSY_CLIENT: f64 = 0.9;
/// Fewer operations than this have no 99th percentile.
const FEW_OPERATIONS: u64 = 1000;

pub(crate) fn of(trial: &Trial, outcome: &LoadOutcome) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |kind: WarningKind, text: String| warnings.push(Warning::new(kind, text));
    let (totals, counted) = (&trial.totals, outcome.goose.total());
    let failed = totals.error + totals.shed + totals.unknown;
    if totals.issued < FEW_OPERATIONS {
        let text = format!("{} operations in the window are too few for a 99th percentile", totals.issued);
        warn(warning::FEW_OPERATIONS, format!("{text}: make --duration longer"));
    }
    if failed as f64 > MANY * totals.issued as f64 {
        let words = trial.failures_in_words();
        warn(warning::FAILURES, format!("{failed} of {} operations failed: {words}", totals.issued));
    }
    if totals.ok + totals.absent == 0 || trial.throughput_ops_per_s == 0.0 {
        let text = "no operation was answered within the window, so nothing was measured";
        warn(warning::NOTHING_MEASURED, format!("{text}: make --duration longer than an operation takes"));
    }
    if totals.absent == totals.issued && totals.issued > 0 {
        let text = "every operation found nothing".to_owned();
        warn(warning::ALL_ABSENT, format!("{text}: are the paths right, and were the keys written (--preload)?"));
    }
    if totals.absent > 0 && outcome.wrote_every_key() && outcome.plan.spec.mix().delete_ratio == 0.0 {
        let text = format!("{} reads found no row, where this load wrote every key and deletes none", totals.absent);
        warn(warning::ABSENT_ROWS, format!("{text}: the service lost them, or somebody else took them"));
    }
    if trial.bad_stamps > 0 {
        let text = format!("{} values came back torn, damaged or under another key", trial.bad_stamps);
        warn(warning::BAD_STAMPS, format!("{text}: trust none of this cell's figures"));
    }
    if outcome.recorded.unstamped > 0 && trial.totals.ok > 0 && !outcome.wrote_every_key() {
        let text =
            format!("{} values were not written by this client and could not be checked", outcome.recorded.unstamped);
        warn(warning::UNSTAMPED, text);
    }
    if outcome.preload_failures > 0 {
        let text = format!("{} keys could not be written before the run", outcome.preload_failures);
        warn(warning::PRELOAD_FAILURES, format!("{text}: reads of them find nothing"));
    }
    if let Some(cpu) = trial.client_cpu.filter(|cpu| *cpu > BUSY_CLIENT) {
        let text = format!("the client's threads were busy {:.0} % of the time", cpu * 100.0);
        warn(warning::CLIENT_BOUND, format!("{text}: throughput is a lower bound, the client itself may be the limit"));
    }
    if outcome.goose.requests != outcome.requests() {
        let text = format!("goose counted {counted} requests, this program {}", trial.issued_whole);
        warn(warning::GOOSE_DISAGREES, format!("{text}: one of the two is wrong, so trust neither"));
    }
    warnings.extend(cache_failures(trial));
    warnings.extend(host::warnings(trial));
    warnings
}

/// Reads that went past the service's cache because it had failed, as our own service says. What another says of its cache is
/// for the report: it may have been told to leave some reads alone.
fn cache_failures(trial: &Trial) -> Option<Warning> {
    let failed: u64 = trial.buckets.iter().filter(|bucket| bucket.source == "cache-failed").map(|b| b.count).sum();
    let asked = trial.lookups().asked();
    (failed as f64 > MANY * asked as f64).then(|| {
        let share = 100.0 * failed as f64 / asked as f64;
        let text = format!("{failed} of {asked} reads went past the service's cache, which had failed ({share:.1} %)");
        let help = "hit ratio, store load and times are of a cache that did not answer them";
        Warning::new(warning::CACHE_FAILURES, format!("{text}: {help}"))
    })
}
