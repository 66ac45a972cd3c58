//! What a reader should know of a trial before using its figures.

use cachemark_results::{Trial, Warning};

/// The share of failed operations above which a trial's times speak of errors rather than of the strategy.
const MANY_FAILURES: f64 = 0.001;
/// The share of CPU above which the client itself may have been the limit.
const BUSY_CLIENT: f64 = 0.9;
/// Fewer operations than this have no 99th percentile.
const FEW_OPERATIONS: u64 = 1000;

pub(crate) fn of(trial: &Trial, drained: bool) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |code: &str, text: String| warnings.push(Warning { code: code.to_owned(), text });
    let totals = &trial.totals;
    let failed = totals.error + totals.shed + totals.unknown;
    if totals.issued < FEW_OPERATIONS {
        let text = format!("{} operations in the window are too few for a 99th percentile", totals.issued);
        warn("few-operations", format!("{text}: make --duration longer"));
    }
    if failed as f64 > MANY_FAILURES * totals.issued as f64 {
        let text = format!("{failed} of {} operations failed; errors by kind are in the record", totals.issued);
        warn("failures", text);
    }
    if trial.bad_stamps > 0 {
        let text = format!("{} values came back torn, damaged or under another key", trial.bad_stamps);
        warn("bad-stamps", format!("{text}: trust none of this cell's figures"));
    }
    if let Some(cpu) = trial.client_cpu.filter(|&cpu| cpu > BUSY_CLIENT) {
        let text = format!("the driver threads were busy {:.0} % of the time", cpu * 100.0);
        warn("client-bound", format!("{text}: throughput is a lower bound, the client itself may be the limit"));
    }
    if let Some(trend) = trial.steady.as_ref().and_then(|state| state.trend.as_ref()) {
        let text = format!("measured before the run was steady: {trend}");
        warn("not-steady", format!("{text}; make --warm-up longer"));
    }
    if !drained {
        warn("not-drained", "loads of the strategy were still under way 30 s after the last operation".into());
    }
    warnings
}
