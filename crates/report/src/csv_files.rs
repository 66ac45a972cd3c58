//! The figures as CSV, for other tools.

use crate::ReportError;
use crate::analysis::{Analysis, Compared, Subject};
use cachemark_results::axis::AXES;
use cachemark_results::figure::{FIGURES, PREDICTIONS, Prediction};
use cachemark_results::{Audit, Cell, Run, StaleCause, Trial};

/// One row a trial.
pub(crate) fn figures(run: &Run) -> Result<String, ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(headers())?;
    for trial in &run.trials {
        let columns = of_cell().len() + PREDICTIONS.len();
        let mut fields = run.manifest.cell(&trial.cell).map_or_else(|| vec![String::new(); columns], cell_fields);
        fields.extend(trial_fields(trial, Subject::of(&run.manifest) == Subject::Service));
        fields.insert(0, guarded(&trial.cell));
        writer.write_record(fields)?;
    }
    finish(writer)
}

/// A column for each cause of stale reads.
fn causes() -> Vec<String> {
    StaleCause::ALL.iter().map(|cause| format!("stale_{}", cause.name())).collect()
}

/// What a cell is: what it is made of, where it stands on each axis, and what it is compared with.
fn of_cell() -> Vec<&'static str> {
    let axes = AXES.iter().map(|axis| axis.column).collect();
    [vec!["arm", "group", "arm_axes", "strategy", "cache", "store"], axes, vec!["control", "family", "reference"]]
        .concat()
}

/// What theory says of a cell before it is run, and of each trial as its operations overlapped.
fn of_theory() -> [Vec<String>; 2] {
    let columns: Vec<String> = PREDICTIONS.iter().map(Prediction::column).collect();
    let of_trial = columns.iter().map(|column| format!("{column}_overlapping")).collect();
    [columns, of_trial]
}

/// What a trial is, and how its operations ended.
const OF_TRIAL: [&str; 11] =
    ["trial", "block", "position", "started_utc", "measured_ns", "issued", "ok", "absent", "shed", "error", "unknown"];

/// What was counted beside the figures.
const COUNTS: [&str; 43] = [
    "read_count",
    "arrivals_offered",
    "arrivals_late",
    "arrivals_shed",
    "arrivals_unsent",
    "steady",
    "cold_start_to_95_percent_ns",
    "store_reads",
    "store_writes",
    "store_deletes",
    "cache_gets",
    "cache_hits",
    "store_failures",
    "cache_entries_most",
    "cache_lane_wait_share",
    "store_lane_wait_share",
    "client_cpu",
    "judged_reads",
    "not_judged_reads",
    "stale_by_key",
    "stale_ages_at_least",
    "stale_age_at_least_ns",
    "left_over_reads",
    "corrupt_reads",
    "stale_lag_mean",
    "own_writes_read",
    "own_reads_repeated",
    "written_keys",
    "oracle_bytes",
    "audited_keys",
    "lost_deletes",
    "entries_left",
    "entries_behind",
    "entries_resurrected",
    "entries_stale_negative",
    "entries_behind_without_end",
    "entries_ahead",
    "entries_orphan",
    "behind_remaining_max_ns",
    "phantoms_left",
    "corrupt_left",
    "bad_stamps",
    "invalid",
];

/// Every figure stands between what the trial is and what was counted beside.
fn headers() -> Vec<String> {
    let plain = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let figures = FIGURES.iter().map(|figure| figure.column()).collect();
    let cell = [plain(&["cell"]), plain(&of_cell())].concat();
    let [predicted, overlapping] = of_theory();
    [cell, predicted, plain(&OF_TRIAL), figures, overlapping, plain(&COUNTS), causes(), plain(&["warnings"])].concat()
}

fn cell_fields(cell: &Cell) -> Vec<String> {
    let value = |value: &serde_json::Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let own: Vec<String> = cell.arm_axes.iter().map(|(name, has)| format!("{name}={}", value(has))).collect();
    let own = own.join(" ");
    let made_of = [&cell.arm, &cell.group, &own, &cell.strategy, &cell.cache, &cell.store].map(|name| guarded(name));
    let axes = AXES.iter().map(|axis| or_empty((axis.of)(cell)));
    let compared =
        [cell.control.to_string(), guarded(&cell.family), guarded(cell.reference.as_deref().unwrap_or_default())];
    let predicted = PREDICTIONS.iter().map(|prediction| or_empty((prediction.of_cell)(cell)));
    made_of.into_iter().chain(axes).chain(compared).chain(predicted).collect()
}

fn trial_fields(trial: &Trial, over_http: bool) -> Vec<String> {
    let totals = trial.totals;
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
    ];
    fields.extend(FIGURES.iter().map(|figure| or_empty(figure.of(trial))));
    fields.extend(PREDICTIONS.iter().map(|prediction| or_empty((prediction.of_trial)(trial))));
    fields.extend(counts(trial, over_http));
    let told = trial.freshness.as_ref().and_then(|told| told.causes);
    fields.extend(StaleCause::ALL.iter().map(|cause| or_empty(told.map(|causes| causes.of(*cause)))));
    fields.push(guarded(&codes.join(" ")));
    fields
}

/// What [`COUNTS`] names.
fn counts(trial: &Trial, over_http: bool) -> [String; COUNTS.len()] {
    let open = trial.open_loop.as_ref();
    // Behind a service no call is seen, which is not that there was none.
    let cache = (!over_http || trial.cache.calls() > 0).then_some(trial.cache);
    let lanes = trial.lane_wait_shares();
    let fresh = trial.freshness.as_ref();
    let audit = trial.audit.as_ref();
    let left = audit.and_then(|audit| audit.cache.as_ref());
    [
        or_empty(trial.read_time.map(|time| time.count)),
        or_empty(open.map(|open| open.offered)),
        or_empty(open.map(|open| open.late)),
        or_empty(open.map(|open| open.shed)),
        or_empty(open.map(|open| open.unsent)),
        or_empty(trial.steady.as_ref().and_then(|state| state.steady)),
        or_empty(trial.cold_start.map(|cold| cold.to_95_percent_ns)),
        trial.store.reads.to_string(),
        trial.store.writes.to_string(),
        trial.store.deletes.to_string(),
        or_empty(cache.map(|cache| cache.gets)),
        or_empty(cache.map(|cache| cache.hits)),
        or_empty((!over_http).then_some(trial.store.errors)),
        or_empty(trial.cache_counters.get("entries-peak")),
        or_empty(lanes.map(|shares| shares.cache)),
        or_empty(lanes.map(|shares| shares.store)),
        or_empty(trial.client_cpu),
        or_empty(fresh.map(|told| told.judged)),
        or_empty(fresh.map(|told| told.without_version + told.not_ours)),
        or_empty(fresh.and_then(|told| told.stale_by_key)),
        or_empty(fresh.map(|told| told.ages_at_least + told.ages_untold)),
        or_empty(fresh.and_then(|told| told.age_at_least)),
        or_empty(fresh.map(|told| told.left_over)),
        or_empty(fresh.map(|told| told.corrupt)),
        or_empty(fresh.and_then(|told| told.lag_mean)),
        or_empty(fresh.map(|told| told.own_writes.reads)),
        or_empty(fresh.map(|told| told.own_reads.reads)),
        or_empty(fresh.map(|told| told.table.written_keys)),
        or_empty(fresh.map(|told| told.table.bytes)),
        or_empty(audit.map(|audit| audit.store.seen)),
        or_empty(audit.map(|audit| audit.store.lost_deletes)),
        or_empty(left.map(|cache| cache.held)),
        or_empty(left.map(|cache| cache.behind)),
        or_empty(left.map(|cache| cache.resurrected)),
        or_empty(left.map(|cache| cache.stale_negatives)),
        or_empty(left.map(|cache| cache.behind_without_end)),
        or_empty(left.map(|cache| cache.ahead)),
        or_empty(left.map(|cache| cache.orphans)),
        or_empty(left.and_then(|cache| cache.behind_remaining).map(|remaining| remaining.max_ns)),
        or_empty(audit.map(Audit::phantoms)),
        or_empty(audit.map(Audit::corrupt)),
        trial.bad_stamps.to_string(),
        trial.invalid_because().is_some().to_string(),
    ]
}

/// One row a comparison and figure.
pub(crate) fn comparisons(analysis: &Analysis<'_>) -> Result<String, ReportError> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record([
        "family",
        "cell",
        "against",
        "figure",
        "pairs",
        "dropped",
        "ratio",
        "low",
        "high",
        "confidence",
        "difference",
        "difference_low",
        "difference_high",
        "p",
        "adjusted_p",
        "stale_reads_against",
        "stale_reads_greatest",
        "stale_reads",
        "verdict",
    ])?;
    for family in analysis.families.iter().chain(analysis.recoveries_beside()) {
        for row in &family.rows {
            let (adjusted, verdict) =
                (row.judgement.as_ref().and_then(|judgement| judgement.adjusted_p), row.verdict());
            let judged = row.primary.iter().map(|compared| (compared, or_empty(adjusted), verdict.as_str()));
            let others = row.exploratory.iter().map(|compared| (compared, String::new(), "exploratory"));
            for (Compared { figure, comparison, .. }, adjusted, verdict) in judged.chain(others) {
                let (interval, of_difference) = (comparison.interval, comparison.difference_interval);
                writer.write_record([
                    guarded(&family.name),
                    guarded(&analysis.cells[row.cell].cell.id),
                    guarded(&analysis.cells[row.against].cell.id),
                    figure.name.to_owned(),
                    comparison.pairs.to_string(),
                    comparison.dropped.to_string(),
                    or_empty(comparison.ratio),
                    or_empty(interval.map(|interval| interval.low)),
                    or_empty(interval.map(|interval| interval.high)),
                    or_empty(interval.or(of_difference).map(|interval| interval.confidence)),
                    or_empty(comparison.difference),
                    or_empty(of_difference.map(|interval| interval.low)),
                    or_empty(of_difference.map(|interval| interval.high)),
                    or_empty(comparison.p),
                    adjusted,
                    or_empty(row.stale_against.map(|stale| stale.median)),
                    or_empty(row.stale.map(|stale| stale.greatest)),
                    or_empty(row.stale.map(|stale| stale.median)),
                    verdict.to_owned(),
                ])?;
            }
        }
    }
    finish(writer)
}

pub(crate) fn finish(writer: csv::Writer<Vec<u8>>) -> Result<String, ReportError> {
    let bytes = writer.into_inner().map_err(|error| csv::Error::from(error.into_error()))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// What has no figure is empty, as CSV has it.
fn or_empty(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

/// Text that a spreadsheet would take for a formula gets an apostrophe before it.
pub(crate) fn guarded(text: &str) -> String {
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
