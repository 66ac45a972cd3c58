//! What a reader should know of a trial before using its figures.

mod absent_rows;
mod all_absent;
mod audit;
mod cache_failures;
mod faults;
mod foreign_traffic;
mod late_flushes;

use cachemark_core::OpError;
use cachemark_results::warning::{self, WarningKind};
use cachemark_results::{MANY, OpenLoop, Trial, Warning, host};

/// The share of CPU above which the client itself may have been the limit: Locust warns of its own at the same.
const BUSY_CLIENT: f64 = 0.9;
/// Fewer operations than this have no 99th percentile.
const FEW_OPERATIONS: u64 = 1000;
/// The client's own lag, at the 99th percentile, above which it is told, in ns: the response times hold it.
const LAG_NS: u64 = 1_000_000;
/// The client's own lag, at the 99th percentile, above which a trial is invalid where nothing explains it but the client, in
/// ns. It is one number for every cell: measured by its own response times a slow cell could be as late as it likes.
const MOST_LAG_NS: u64 = 10_000_000;

/// The share of operations' time, from 0 to 1, above which they mostly waited.
const MOSTLY: f64 = 0.5;

/// `drained` says how the strategies came to rest; `unseen_servers` whether the stack has servers whose processor time nobody sees: they
/// may run elsewhere.
pub(crate) fn of(trial: &Trial, drained: &Result<(), OpError>, unseen_servers: bool) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |kind: WarningKind, text: String| warnings.push(Warning::new(kind, text));
    let totals = &trial.totals;
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
    if trial.bad_stamps > 0 {
        let text = format!("{} values came back torn, damaged or under another key", trial.bad_stamps);
        warn(warning::BAD_STAMPS, format!("{text}: trust none of this cell's figures"));
    }
    let phantoms = trial.freshness.as_ref().map_or(0, |told| told.phantoms);
    if phantoms > 0 {
        let text = format!("{phantoms} reads found what nobody can have written in this trial");
        warn(warning::PHANTOMS, format!("{text}: does another use this cache or store, was it not emptied?"));
    }
    let left_over = trial.freshness.as_ref().map_or(0, |told| told.left_over);
    if left_over > 0 {
        let text = format!("{left_over} reads found values of an earlier trial of this run");
        warn(
            warning::LEFT_OVER,
            format!("{text}: late operations of it were carried out after the reset; they are not judged"),
        );
    }
    let (out_of_reach, reads) = trial.freshness.as_ref().map_or((0, 0), |told| (told.out_of_reach, told.reads));
    if out_of_reach > 0 {
        let text = format!("{out_of_reach} of {reads} reads were answered with versions too far apart to be kept");
        let help = "whether they were stale is not known; make --duration shorter";
        warn(warning::OUT_OF_REACH, format!("{text}: {help}"));
    }
    if trial.unstamped > 0 && totals.ok > 0 {
        let text = format!("{} values were not written by this client and could not be checked", trial.unstamped);
        warn(warning::UNSTAMPED, text);
    }
    if !trial.scan_errors.is_empty() {
        let failed: u64 = trial.scan_errors.values().sum();
        let kinds: Vec<String> = trial.scan_errors.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        let text = format!("{failed} reads of the scan failed ({})", kinds.join(", "));
        warn(warning::SCAN_FAILURES, format!("{text}: the load began with keys that were in no cache"));
    }
    if let Some(trend) =
        trial.steady.as_ref().filter(|state| state.steady == Some(false)).and_then(|state| state.trend.as_ref())
    {
        let text = format!("measured before the run was steady: {trend}");
        warn(warning::NOT_STEADY, format!("{text}; make --warm-up longer"));
    }
    if let Err(OpError::Lost(lost)) = drained {
        warn(warning::UNFLUSHED, format!("the strategy ended without them: {lost}"));
    }
    if !OpError::is_at_rest(drained) {
        let text = "loads or writes of the strategy were still under way 30 s after the last operation";
        warn(warning::NOT_DRAINED, text.into());
    }
    warnings.extend(cache_failures::of(trial));
    warnings.extend(foreign_traffic::of(trial));
    warnings.extend(client(trial, unseen_servers));
    warnings.extend(lanes(trial));
    warnings.extend(host::warnings(trial));
    warnings
}

/// Whether operations mostly waited for connections of ours: the times are then of the pool, whatever the stack could do.
fn lanes(trial: &Trial) -> Option<Warning> {
    let shares = trial.lane_wait_shares()?;
    let whose = if shares.cache > shares.store { "cache" } else { "store" };
    let share = shares.cache + shares.store;
    (share > MOSTLY).then(|| {
        let text = format!(
            "operations waited for a connection for {:.0} % of their time, mostly to the {whose}",
            share * 100.0
        );
        Warning::new(warning::LANE_BOUND, format!("{text}: raise the {whose}'s lanes, or lower the load"))
    })
}

/// What is known of a trial on a service: of what it asks of its store nothing is seen.
pub(crate) fn of_service(trial: &Trial) -> Option<Warning> {
    all_absent::of(trial)
}

/// What is known of a trial whose rows were preloaded and which deletes none.
pub(crate) fn of_kept_rows(trial: &Trial, sees_calls: bool) -> Option<Warning> {
    absent_rows::of(trial, sees_calls)
}

/// Whether the client was the bottleneck. A closed loop then gives a lower bound of the throughput, which is labelled; an
/// open loop gives times of the client instead of the stack's, which are no figures at all.
///
/// What is looked at is the client's own: how busy it was, whether it sent what was due, and how late it was with arrivals
/// that waited for nothing in flight. No time of an answer has a say. Where cache and store share the client's processors
/// (in its own process, or as servers that it sees), a late start is as much their doing: that is labelled.
fn client(trial: &Trial, unseen_servers: bool) -> Option<Warning> {
    let busy = trial.client_cpu.filter(|&cpu| cpu > BUSY_CLIENT);
    let busy = busy.map(|cpu| format!("the driver threads were busy {:.0} % of the time", cpu * 100.0));
    let Some(open_loop) = &trial.open_loop else {
        let text = format!("{}: throughput is a lower bound, the client itself may be the limit", busy?);
        return Some(Warning::new(warning::CLIENT_BOUND, text));
    };
    let late = lag(open_loop, MOST_LAG_NS).filter(|_| unseen_servers);
    let reasons: Vec<String> = busy.into_iter().chain(behind(open_loop)).chain(late).collect();
    if !reasons.is_empty() {
        let text = format!("{}: the client was the limit, so this trial is invalid", reasons.join("; "));
        let help = "lower the offered load, or give more driver threads";
        return Some(Warning::invalidating(warning::CLIENT_BOUND_OPEN, format!("{text}; {help}")));
    }
    held_up(open_loop).or_else(|| {
        let lag = lag(open_loop, LAG_NS)?;
        let text = if unseen_servers {
            "the response times hold the client's own wait for a processor"
        } else {
            "client, cache and store share the processors, and the response times hold the wait for one"
        };
        Some(Warning::new(warning::SCHEDULE_LAG, format!("{lag}: {text}; give the client a machine of its own")))
    })
}

/// Arrivals that were never sent though none waited for one in flight to end: the client did not keep up.
fn behind(open_loop: &OpenLoop) -> Option<String> {
    let OpenLoop { offered, late, shed, unsent, .. } = *open_loop;
    let alone = late == 0 && shed == 0;
    (alone && open_loop.is_overloaded()).then(|| format!("{unsent} of {offered} arrivals were due and never sent"))
}

/// The client's own lag, if it is above `limit_ns`.
fn lag(open_loop: &OpenLoop, limit_ns: u64) -> Option<String> {
    let lag = open_loop.client_lag?.p99_ns?;
    let millis = |ns: u64| ns as f64 / 1e6;
    (lag > limit_ns).then(|| {
        format!("one arrival in a hundred started {:.1} ms late, where {:.1} ms may be", millis(lag), millis(limit_ns))
    })
}

/// Arrivals that found as many in flight as may be.
fn held_up(open_loop: &OpenLoop) -> Option<Warning> {
    let OpenLoop { offered, late, shed, unsent, max_in_flight, .. } = *open_loop;
    if open_loop.is_overloaded() {
        let text = format!("of {offered} arrivals {} were not sent, and {late} late", shed + unsent);
        let help = "more load was offered than the stack took, and the times are of the rest";
        return Some(Warning::new(warning::OVERLOADED, format!("{text}: {help}")));
    }
    open_loop.is_held_up().then(|| {
        let text = format!("of {offered} arrivals {late} waited for one of {max_in_flight} in flight to end");
        Warning::new(warning::HELD_UP, format!("{text}: response times hold that wait"))
    })
}

mod warm_up;

pub(crate) use audit::of as of_audit;
pub(crate) use faults::mind as mind_faults;
pub(crate) use late_flushes::of as of_late_flushes;
pub(crate) use warm_up::of_warm_up;

#[cfg(test)]
mod tests;
