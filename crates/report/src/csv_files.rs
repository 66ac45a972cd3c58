//! The figures as CSV, for other tools.

use crate::ReportError;
use crate::analysis::{Analysis, Compared, Subject};
use cachemark_results::{Cell, OpenLoop, Run, Trial};

/// One row a trial.
pub(crate) fn figures(run: &Run) -> Result<String, ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(HEADERS)?;
    for trial in &run.trials {
        let mut fields = run.manifest.cell(&trial.cell).map_or_else(|| vec![String::new(); CELL_FIELDS], cell_fields);
        fields.extend(trial_fields(trial, Subject::of(&run.manifest) == Subject::Service));
        fields.insert(0, guarded(&trial.cell));
        writer.write_record(fields)?;
    }
    finish(writer)
}

/// How many fields say what the cell is, after its id.
const CELL_FIELDS: usize = 12;

const HEADERS: [&str; 69] = [
    "cell",
    "arm",
    "strategy",
    "cache",
    "store",
    "read_ratio",
    "read_cost_us",
    "offered_per_s",
    "instances",
    "control",
    "family",
    "reference",
    "predicted_hit_ratio",
    "trial",
    "block",
    "position",
    "started_utc",
    "measured_ns",
    "issued",
    "ok",
    "absent",
    "shed",
    "error",
    "unknown",
    "throughput_ops_per_s",
    "read_count",
    "read_service_mean_ns",
    "read_service_p50_ns",
    "read_service_p90_ns",
    "read_service_p99_ns",
    "read_service_p999_ns",
    "read_service_max_ns",
    "write_service_p50_ns",
    "write_service_p99_ns",
    "arrivals_offered",
    "arrivals_late",
    "arrivals_shed",
    "arrivals_unsent",
    "response_p50_ns",
    "response_p90_ns",
    "response_p99_ns",
    "response_p999_ns",
    "response_max_ns",
    "schedule_lag_p50_ns",
    "schedule_lag_p99_ns",
    "schedule_lag_max_ns",
    "steady",
    "cold_start_to_95_percent_ns",
    "hit_ratio",
    "predicted_hit_ratio_overlapping",
    "store_load",
    "store_reads",
    "store_writes",
    "store_deletes",
    "cache_gets",
    "cache_hits",
    "bypassed_reads",
    "cache_failures",
    "failed_gets",
    "failed_sets",
    "failed_deletes",
    "store_failures",
    "cache_entries_most",
    "cache_lane_wait_share",
    "store_lane_wait_share",
    "client_cpu",
    "bad_stamps",
    "invalid",
    "warnings",
];

fn cell_fields(cell: &Cell) -> Vec<String> {
    vec![
        guarded(&cell.arm),
        guarded(&cell.strategy),
        guarded(&cell.cache),
        guarded(&cell.store),
        cell.read_ratio.to_string(),
        cell.read_cost_us.to_string(),
        or_empty(cell.offered_per_s),
        cell.instances.to_string(),
        cell.control.to_string(),
        guarded(&cell.family),
        guarded(cell.reference.as_deref().unwrap_or_default()),
        or_empty(cell.predicted_hit_ratio),
    ]
}

fn trial_fields(trial: &Trial, over_http: bool) -> Vec<String> {
    let (read, write, totals) = (trial.read_time, trial.write_time, trial.totals);
    // Behind a service no call is seen, which is not that there was none.
    let cache = (!over_http || trial.cache.calls() > 0).then_some(trial.cache);
    let store_failures = (!over_http).then_some(trial.store.errors);
    let failed = |call: &str| or_empty(cache.and_then(|_| trial.failed_cache_calls(call)));
    let codes: Vec<&str> = trial.warnings.iter().map(|warning| warning.code.as_str()).collect();
    let mut fields = vec![
        trial.number.to_string(),
        trial.block.to_string(),
        trial.position.to_string(),
        guarded(&trial.started_utc),
        trial.window.measured_ns.to_string(),
        totals.issued.to_string(),
        totals.ok.to_string(),
        totals.absent.to_string(),
        totals.shed.to_string(),
        totals.error.to_string(),
        totals.unknown.to_string(),
        trial.throughput_ops_per_s.to_string(),
        or_empty(read.map(|time| time.count)),
        or_empty(read.map(|time| time.mean_ns)),
        or_empty(read.and_then(|time| time.p50_ns)),
        or_empty(read.and_then(|time| time.p90_ns)),
        or_empty(read.and_then(|time| time.p99_ns)),
        or_empty(read.and_then(|time| time.p999_ns)),
        or_empty(read.map(|time| time.max_ns)),
        or_empty(write.and_then(|time| time.p50_ns)),
        or_empty(write.and_then(|time| time.p99_ns)),
    ];
    fields.extend(open_loop_fields(trial.open_loop.as_ref()));
    fields.extend([
        or_empty(trial.steady.as_ref().and_then(|state| state.steady)),
        or_empty(trial.cold_start.map(|cold| cold.to_95_percent_ns)),
        or_empty(trial.hit_ratio),
        or_empty(trial.predicted_hit_ratio),
        trial.store_load.to_string(),
        trial.store.reads.to_string(),
        trial.store.writes.to_string(),
        trial.store.deletes.to_string(),
        or_empty(cache.map(|cache| cache.gets)),
        or_empty(cache.map(|cache| cache.hits)),
        trial.lookups().failed.to_string(),
        or_empty(cache.map(|cache| cache.errors)),
        failed("get"),
        failed("set"),
        failed("delete"),
        or_empty(store_failures),
        or_empty(trial.cache_counters.get("entries-peak")),
        or_empty(trial.lane_wait_shares().map(|shares| shares.cache)),
        or_empty(trial.lane_wait_shares().map(|shares| shares.store)),
        or_empty(trial.client_cpu),
        trial.bad_stamps.to_string(),
        trial.invalid_because().is_some().to_string(),
        guarded(&codes.join(" ")),
    ]);
    fields
}

/// Arrivals, response time of all answered operations, schedule lag: empty in a closed loop.
fn open_loop_fields(open: Option<&OpenLoop>) -> [String; 12] {
    let (response, lag) = (open.and_then(|open| open.all_response), open.and_then(|open| open.schedule_lag));
    [
        or_empty(open.map(|open| open.offered)),
        or_empty(open.map(|open| open.late)),
        or_empty(open.map(|open| open.shed)),
        or_empty(open.map(|open| open.unsent)),
        or_empty(response.and_then(|time| time.p50_ns)),
        or_empty(response.and_then(|time| time.p90_ns)),
        or_empty(response.and_then(|time| time.p99_ns)),
        or_empty(response.and_then(|time| time.p999_ns)),
        or_empty(response.map(|time| time.max_ns)),
        or_empty(lag.and_then(|time| time.p50_ns)),
        or_empty(lag.and_then(|time| time.p99_ns)),
        or_empty(lag.map(|time| time.max_ns)),
    ]
}

/// One row a comparison and metric.
pub(crate) fn comparisons(analysis: &Analysis<'_>) -> Result<String, ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "family",
        "cell",
        "reference",
        "metric",
        "pairs",
        "dropped",
        "ratio",
        "low",
        "high",
        "confidence",
        "p",
        "adjusted_p",
        "verdict",
    ])?;
    for family in &analysis.families {
        let reference = &analysis.cells[family.reference].cell.id;
        for row in &family.rows {
            let (adjusted, verdict) =
                (row.judgement.as_ref().and_then(|judgement| judgement.adjusted_p), row.verdict());
            let judged = row.primary.iter().map(|compared| (compared, or_empty(adjusted), verdict.as_str()));
            let others = row.exploratory.iter().map(|compared| (compared, String::new(), "exploratory"));
            for (Compared { metric, comparison, .. }, adjusted, verdict) in judged.chain(others) {
                let interval = comparison.interval;
                writer.write_record([
                    guarded(&family.name),
                    guarded(&analysis.cells[row.cell].cell.id),
                    guarded(reference),
                    metric.name().to_owned(),
                    comparison.pairs.to_string(),
                    comparison.dropped.to_string(),
                    or_empty(comparison.ratio),
                    or_empty(interval.map(|interval| interval.low)),
                    or_empty(interval.map(|interval| interval.high)),
                    or_empty(interval.map(|interval| interval.confidence)),
                    or_empty(comparison.p),
                    adjusted,
                    verdict.to_owned(),
                ])?;
            }
        }
    }
    finish(writer)
}

fn finish(writer: csv::Writer<Vec<u8>>) -> Result<String, ReportError> {
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What has no figure is empty, as CSV has it.
fn or_empty(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Text that a spreadsheet would take for a formula gets an apostrophe before it.
fn guarded(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_disarmed() {
        assert_eq!(["=1+1", "@x", "-2", "plain", "a=b"].map(guarded), ["'=1+1", "'@x", "'-2", "plain", "a=b"]);
    }
}
