//! The rows of a timeline: what is shown over time.

use super::super::Source;
use super::arm::Arm;
use crate::scene::Scale;
use crate::units;
use cachemark_results::Interval;

/// A figure of an interval that is so many seconds long.
type Of = fn(&Interval, f64) -> Option<f64>;

/// A row.
pub(super) struct Row {
    /// What it shows, within a sentence.
    pub(super) name: &'static str,
    /// The same with its unit, above its panels.
    pub(super) heading: &'static str,
    pub(super) of: Of,
    /// What is drawn beside it, dotted.
    pub(super) beside: Option<Of>,
    pub(super) scale: Scale,
    pub(super) format: fn(f64) -> String,
}

const FAILURES: &str = "failures";

pub(super) const NOTE: &str = "Goodput: operations that were answered. Times are of those as well: what failed has none. An operation counts \
     in the interval in which it ended, so what timed out is counted a timeout later.";

impl Row {
    pub(super) fn is_failures(&self) -> bool {
        self.name == FAILURES
    }
}

/// The rows that some arm has figures of; of errors, shed operations and stale reads those that there were.
pub(super) fn rows(source: Source<'_>, arms: &[Arm]) -> Vec<Row> {
    let all = |of: Of| -> Vec<f64> {
        let lines = arms.iter().flat_map(|arm| arm.lines(of));
        lines.flatten().filter_map(|(_, value)| value).collect()
    };
    let some = |of: Of| all(of).into_iter().any(|value| value > 0.0);
    let from_zero = |of: Of| Scale::from_zero(all(of), 1.08);
    let row = |name, heading, of: Of, scale| Row { name, heading, of, beside: None, scale, format: units::short };
    let mut rows = vec![row("goodput", "Goodput, answered operations per second", GOODPUT, from_zero(GOODPUT))];
    let (p50_alone, heading) = time(source, all(P99).is_empty());
    let time_of: Of = if p50_alone { P50 } else { P99 };
    if let Some(scale) = Scale::log_around(all(time_of), 1.3) {
        let name = if p50_alone { "p50" } else { "p99" };
        rows.push(Row { format: units::time_tick, ..row(name, heading, time_of, scale) });
    }
    if !all(HITS).is_empty() {
        let scale = Scale::Linear { from: 0.0, to: 1.05 };
        rows.push(row("hit ratio", "Hit ratio", HITS, scale));
    }
    if some(STORE) {
        rows.push(row("store operations", "Store operations per second", STORE, from_zero(STORE)));
    }
    if some(ERRORS) || some(SHED) {
        let greatest = [all(ERRORS), all(SHED)].concat();
        let beside = some(SHED).then_some(SHED);
        let heading =
            if beside.is_some() { "Errors and shed, operations per second" } else { "Errors, operations per second" };
        rows.push(Row { beside, ..row(FAILURES, heading, ERRORS, Scale::from_zero(greatest, 1.08)) });
    }
    if some(STALE) {
        rows.push(row("stale reads", "Stale reads per second", STALE, from_zero(STALE)));
    }
    rows
}

/// Whether there is a median alone, and how the row of times is headed.
fn time(source: Source<'_>, no_p99: bool) -> (bool, &'static str) {
    match (no_p99, source.analysis.open_loop) {
        (false, true) => (false, "Response time p99"),
        (false, false) => (false, "Service time p99"),
        (true, true) => (true, "Response time p50"),
        (true, false) => (true, "Service time p50"),
    }
}

const GOODPUT: Of = |interval, seconds| Some(interval.answered() as f64 / seconds);
const P99: Of = |interval, _| interval.p99_ns.map(|ns| ns as f64);
const P50: Of = |interval, _| interval.p50_ns.map(|ns| ns as f64);
const HITS: Of = |interval, _| interval.hit_ratio();
const STORE: Of = |interval, seconds| Some(interval.store_operations? as f64 / seconds);
const SHED: Of = |interval, seconds| Some(interval.shed? as f64 / seconds);
const STALE: Of = |interval, seconds| Some(interval.stale_reads? as f64 / seconds);
/// What failed without being shed.
const ERRORS: Of =
    |interval, seconds| Some(interval.failures.saturating_sub(interval.shed.unwrap_or(0)) as f64 / seconds);
