//! What was done to a cell's servers, and what became of it, as data.

use super::spread;
use crate::analysis::{CellFigures, Recovered, ToRecover, recovery_name};
use cachemark_results::{FaultSeen, Trial};
use serde_json::{Map, Value, json};

/// Adds `faults` (each of every trial, as it went, invalid ones too) and `recovery` to a cell's data; nothing to that of a cell without
/// faults. Times are in ns from the window's start, or as long as they say. `recovery` is of the valid trials: `verdicts` counts them,
/// `to_recover_ns` takes the time from the fault's declared end to the window's for what was not seen (`never` of them), shares are of the goodput before.
pub(super) fn add(cell: &mut Value, figures: &CellFigures<'_>) {
    let faults: Vec<Value> =
        figures.finished().flat_map(|trial| trial.faults.iter().map(move |seen| fault(trial, seen))).collect();
    if faults.is_empty() {
        return;
    }
    cell["faults"] = faults.into();
    cell["recovery"] = figures.recovered().as_ref().map_or(Value::Null, recovery);
}

fn fault(trial: &Trial, seen: &FaultSeen) -> Value {
    let mut told = json!(seen);
    told["trial"] = trial.number.into();
    told
}

fn recovery(found: &Recovered) -> Value {
    let verdicts: Map<String, Value> =
        found.verdicts.iter().map(|(verdict, count)| (recovery_name(*verdict).to_owned(), (*count).into())).collect();
    let time = |time: ToRecover| json!({ "ns": time.ns, "seen": time.seen });
    json!({
        "trials": found.trials,
        "verdicts": verdicts,
        "never": found.never,
        "detected_after_ns": spread(found.detected),
        "to_recover_ns": {
            "least": time(found.to_recover.least),
            "median": time(found.to_recover.median),
            "greatest": time(found.to_recover.greatest),
        },
        "goodput_before_ops_per_s": spread(found.before),
        "goodput_during": spread(found.during),
        "p99_before_ns": spread(found.p99_before),
        "p99_during_ns": spread(found.p99_during),
        "goodput_after": spread(found.after),
        "goodput_worst_window": spread(found.worst),
        "store_peak": spread(found.store_peak),
        "store_peak_ops_per_s": spread(found.store_peak_ops_per_s),
        "errors": found.errors,
        "shed": found.shed,
        "stale_reads_during": found.stale_during,
        "stale_reads_after": found.stale_after,
        "lost_writes": found.lost_writes,
    })
}
