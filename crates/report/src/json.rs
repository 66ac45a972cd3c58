//! Figures and comparisons as data, for programs that read what a command prints.

use crate::analysis::{Analysis, CellFigures, Concern, FamilyRow, Metric, Role, Trust, analyse};
use cachemark_results::{Cell, Run};
use cachemark_stats::Summary;
use serde_json::{Map, Value, json};

/// What a record's tables say as numbers: `cells`, with the median, the least and the greatest of each figure over the valid
/// trials, and `comparisons`, with ratio, interval and verdict on the primary metric. Times are in ns, shares from 0 to 1;
/// null is what was not measured. `trusted` is whether nothing grave speaks against the run; `reasons`, `doubts` and `labels` are
/// what does, by gravity.
#[must_use]
pub fn as_json(run: &Run) -> Map<String, Value> {
    let analysis = analyse(run);
    let cells = analysis.cells.iter().map(|figures| cell(&analysis, figures)).collect();
    let trust = Trust::of(run, &analysis);
    let told = [
        ("trusted", trust.is_trusted().into()),
        ("reasons", concerns(&trust.reasons)),
        ("doubts", concerns(&trust.doubts)),
        ("labels", concerns(&trust.labels)),
        ("cells", cells),
        ("comparisons", comparisons(&analysis).into()),
    ];
    told.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn concerns(concerns: &[Concern]) -> Value {
    let one = |concern: &Concern| {
        json!({
            "code": concern.code,
            "trials": concern.trials,
            "of": concern.of,
            "invalidates": concern.invalidates,
            "text": concern.line(),
        })
    };
    concerns.iter().map(one).collect()
}

fn cell(analysis: &Analysis<'_>, figures: &CellFigures<'_>) -> Value {
    let Cell { id, strategy, cache, store, read_ratio, read_cost_us, offered_per_s, instances, control, .. } =
        figures.cell;
    let measured: Map<String, Value> =
        analysis.metrics.iter().map(|metric| (name(*metric), spread(figures.summary(*metric)))).collect();
    json!({
        "cell": id,
        "strategy": strategy,
        "cache": cache,
        "store": store,
        "read_ratio": read_ratio,
        "read_cost_us": read_cost_us,
        "offered_per_s": offered_per_s,
        "instances": instances,
        "control": control,
        "unsupported": figures.cell.unsupported,
        "trials": figures.trials.len(),
        "invalid_trials": figures.invalid.len(),
        "figures": measured,
    })
}

fn comparisons(analysis: &Analysis<'_>) -> Vec<Value> {
    let families = analysis.families.iter();
    let rows = families.flat_map(|family| family.rows.iter().map(move |row| (family, row)));
    rows.filter(|(_, row)| row.role != Role::Reference)
        .map(|(family, row)| {
            let id = |cell: usize| analysis.cells[cell].cell.id.as_str();
            comparison(row, (&family.name, id(family.reference), id(row.cell)))
        })
        .collect()
}

fn comparison(row: &FamilyRow, (family, reference, cell): (&str, &str, &str)) -> Value {
    let compared = row.primary.as_ref();
    let found = compared.map(|compared| &compared.comparison);
    let interval = found.and_then(|comparison| comparison.interval);
    json!({
        "family": family,
        "reference": reference,
        "cell": cell,
        "control": row.role == Role::Control,
        "metric": compared.map(|compared| name(compared.metric)),
        "pairs": found.map(|comparison| comparison.pairs),
        "ratio": found.and_then(|comparison| comparison.ratio),
        "interval": interval.map(|interval| [interval.low, interval.high]),
        "adjusted_p": row.judgement.as_ref().and_then(|judgement| judgement.adjusted_p),
        "verdict": row.verdict(),
    })
}

/// The metric's name with its unit.
fn name(metric: Metric) -> String {
    let plain = metric.name().replace('-', "_");
    match metric {
        Metric::Throughput => plain + "_ops_per_s",
        _ if metric.is_time() => plain + "_ns",
        _ => plain,
    }
}

fn spread(summary: Option<Summary>) -> Value {
    summary.map_or(Value::Null, |found| json!({ "median": found.median, "least": found.min, "greatest": found.max }))
}
