//! What a reader should know of a trial before using its figures.

mod absent_rows;
mod cache_failures;
mod foreign_traffic;

use cachemark_results::{MANY, OpenLoop, Trial, Warning, host};

/// The share of CPU above which the client itself may have been the limit: Locust warns of its own at the same.
const BUSY_CLIENT: f64 = 0.9;
/// Fewer operations than this have no 99th percentile.
const FEW_OPERATIONS: u64 = 1000;
/// The schedule lag, at the 99th percentile, that an open loop may always have, in ns: a timer of the runtime is no finer.
const LAG_NS: u64 = 1_000_000;
/// The share of the response time, both at the 99th percentile, that the schedule lag may be: a tenth of what is told
/// would be the client's own.
const LAG_SHARE: f64 = 0.1;
/// The share of the operations sent that must have waited for one in flight for a late 99th percentile to be that wait.
const LATE_AT_P99: f64 = 0.01;

/// The share of operations' time, from 0 to 1, above which they mostly waited.
const MOSTLY: f64 = 0.5;

pub(crate) fn of(trial: &Trial, drained: bool) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code: &str, text: String| warnings.push(Warning::new(code, text));
    let totals = &trial.totals;
    let failed = totals.error + totals.shed + totals.unknown;
    if totals.issued < FEW_OPERATIONS {
        let text = format!("{} operations in the window are too few for a 99th percentile", totals.issued);
        warn("few-operations", format!("{text}: make --duration longer"));
    }
    if failed as f64 > MANY * totals.issued as f64 {
        let words = trial.failures_in_words();
        warn("failures", format!("{failed} of {} operations failed: {words}", totals.issued));
    }
    if totals.ok + totals.absent == 0 || trial.throughput_ops_per_s == 0.0 {
        let text = "no operation was answered within the window, so nothing was measured";
        warn("nothing-measured", format!("{text}: make --duration longer than an operation takes"));
    }
    if trial.bad_stamps > 0 {
        let text = format!("{} values came back torn, damaged or under another key", trial.bad_stamps);
        warn("bad-stamps", format!("{text}: trust none of this cell's figures"));
    }
    if !trial.scan_errors.is_empty() {
        let failed: u64 = trial.scan_errors.values().sum();
        let kinds: Vec<String> = trial.scan_errors.iter().map(|(kind, count)| format!("{kind} {count}")).collect();
        let text = format!("{failed} reads of the scan failed ({})", kinds.join(", "));
        warn("scan-failures", format!("{text}: the load began with keys that were in no cache"));
    }
    if let Some(trend) = trial.steady.as_ref().and_then(|state| state.trend.as_ref()) {
        let text = format!("measured before the run was steady: {trend}");
        warn("not-steady", format!("{text}; make --warm-up longer"));
    }
    if !drained {
        warn("not-drained", "loads of the strategy were still under way 30 s after the last operation".into());
    }
    warnings.extend(cache_failures::of(trial));
    warnings.extend(foreign_traffic::of(trial));
    warnings.extend(client(trial));
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
        Warning::new("lane-bound", format!("{text}: raise the {whose}'s lanes, or lower the load"))
    })
}

/// What is known of a trial whose rows were preloaded and which deletes none.
pub(crate) fn of_kept_rows(trial: &Trial) -> Option<Warning> {
    absent_rows::of(trial)
}

/// Whether the client was the bottleneck. A closed loop then gives a lower bound of the throughput, which is labelled; an
/// open loop gives times of the client instead of the stack's, which are no figures at all. Where the stack let as many
/// operations pile up as may be in flight, arrivals waited for it and not for the client: that is what is measured, if
/// enough of them did to explain the lag. Where client and servers share the machine's processors, a late start is as much
/// the servers' doing: that is labelled.
fn client(trial: &Trial) -> Option<Warning> {
    let busy = trial.client_cpu.filter(|&cpu| cpu > BUSY_CLIENT);
    let busy = busy.map(|cpu| format!("the driver threads were busy {:.0} % of the time", cpu * 100.0));
    let Some(open_loop) = &trial.open_loop else {
        let text = format!("{}: throughput is a lower bound, the client itself may be the limit", busy?);
        return Some(Warning::new("client-bound", text));
    };
    let waited = open_loop.late as f64 >= LATE_AT_P99 * open_loop.issued().max(1) as f64;
    let lag = if waited { None } else { lag(open_loop) };
    if let (None, Some(lag), false) = (&busy, &lag, trial.server_cpu.is_empty()) {
        let text = "client and servers share the processors, and the response times hold the wait for one";
        return Some(Warning::new("schedule-lag", format!("{lag}: {text}; give the client a machine of its own")));
    }
    let reasons: Vec<String> = busy.into_iter().chain(lag).collect();
    if reasons.is_empty() {
        return held_up(open_loop);
    }
    let text = format!("{}: the client was the limit, so this trial is invalid", reasons.join("; "));
    let help = "lower the offered load, or give more driver threads";
    Some(Warning::invalidating("client-bound-open", format!("{text}; {help}")))
}

/// Arrivals that started too late for their times to be the stack's.
fn lag(open_loop: &OpenLoop) -> Option<String> {
    let lag = open_loop.schedule_lag?.p99_ns?;
    let response = open_loop.all_response.and_then(|times| times.p99_ns).unwrap_or(0);
    let limit = LAG_NS.max((response as f64 * LAG_SHARE) as u64);
    let millis = |ns: u64| ns as f64 / 1e6;
    (lag > limit).then(|| {
        format!("one arrival in a hundred started {:.1} ms late, where {:.1} ms may be", millis(lag), millis(limit))
    })
}

/// Arrivals that found as many in flight as may be.
fn held_up(open_loop: &OpenLoop) -> Option<Warning> {
    let OpenLoop { offered, late, shed, unsent, max_in_flight, .. } = *open_loop;
    if open_loop.is_overloaded() {
        let text = format!("of {offered} arrivals {} were not sent, and {late} late", shed + unsent);
        let help = "more load was offered than the stack took, and the times are of the rest";
        return Some(Warning::new("overloaded", format!("{text}: {help}")));
    }
    open_loop.is_held_up().then(|| {
        let text = format!("of {offered} arrivals {late} waited for one of {max_in_flight} in flight to end");
        Warning::new("held-up", format!("{text}: response times hold that wait"))
    })
}

#[cfg(test)]
mod tests;
