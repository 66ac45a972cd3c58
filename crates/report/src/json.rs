//! Figures and comparisons as data, for programs that read what a command prints.

mod recovery;

use crate::analysis::{Analysis, CellFigures, Compared, Concern, FamilyRow, Role, Trust, analyse};
use crate::answer::{Answer, Grade, Kind};
use crate::counted::counted;
use crate::tables::stale_causes_of;
use crate::worth::{worth, worth_as_json};
use cachemark_results::axis::AXES;
use cachemark_results::figure::{FIGURES, PREDICTIONS};
use cachemark_results::{Audit, Cell, FailedCalls, Freshness, Run, StaleCause, Trial};
use cachemark_stats::Summary;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// What a record's tables say as numbers. `answer` is what they come to: its `kind` (`use`, `reference`, `tie`, `depends`, `alone`,
/// `search`, `none`), the names of what is recommended (`use`), what is `not` to be used, and the sentences of the page. `cells` have the median, the least and the greatest of each figure over the valid
/// trials; what theory gives (`predicted_hit_ratio`, `predicted_store_load`); and, as `counted`, the median of every number that
/// trials hold, by its path in their summary.json. `comparisons` have ratio, interval and verdict of `cell` against another on each
/// `figure` that verdicts are given on, and without verdict (`exploratory`) on the others that tables show. Times are in ns, shares
/// from 0 to 1; null is what was not measured, or what no formula covers. `trusted` is whether nothing grave speaks against the
/// run; `reasons`, `doubts` and `labels` are what does, by gravity. `notes` are what somebody has to say of it. `power` is what its blocks find, as it was reckoned before it. Where something was broken on purpose, cells have `faults` and `recovery`, and `comparisons`
/// those of `recovery.time` and `recovery.goodput_kept`, by the sign test. `worth` is whether a cache is worth it ([`worth_as_json`]).
#[must_use]
pub fn as_json(run: &Run) -> Map<String, Value> {
    let analysis = analyse(run);
    let cells = analysis.cells.iter().map(cell).collect();
    let trust = Trust::of(run, &analysis);
    let told = [
        ("answer", answer(&Answer::of(run, &analysis, &trust))),
        ("notes", run.manifest.notes.as_str().into()),
        ("power", json!(run.manifest.power)),
        ("trusted", trust.is_trusted().into()),
        ("reasons", concerns(&trust.reasons)),
        ("doubts", concerns(&trust.doubts)),
        ("labels", concerns(&trust.labels)),
        ("cells", cells),
        ("comparisons", comparisons(&analysis).into()),
        ("worth", worth_as_json(&analysis, &worth(run, &analysis))),
    ];
    told.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn answer(answer: &Answer) -> Value {
    let named = match answer.kind {
        Kind::Use | Kind::Reference => answer.names.as_slice(),
        Kind::Tie | Kind::Depends | Kind::Alone | Kind::Search | Kind::None => &[],
    };
    json!({
        "title": answer.title,
        "kind": answer.kind.name(),
        "use": named,
        "what": answer.what,
        "price": answer.price,
        "grade": answer.grade.map(Grade::name),
        "sure": answer.sure,
        "not": answer.not_to_use,
        "changes": answer.changes,
        "doubts": answer.doubts,
    })
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

fn cell(figures: &CellFigures<'_>) -> Value {
    let Cell { id, arm, group, arm_axes, strategy, cache, store, control, .. } = figures.cell;
    let measured: Map<String, Value> =
        FIGURES.iter().map(|figure| (figure.column(), spread(figures.summary(figure)))).collect();
    let mut cell = json!({
        "cell": id,
        "arm": arm,
        "group": group,
        "arm_axes": arm_axes,
        "strategy": strategy,
        "cache": cache,
        "store": store,
        "control": control,
        "unsupported": figures.cell.unsupported,
        "trials": figures.trials.len(),
        "invalid_trials": figures.invalid.len(),
        "figures": measured,
        "counted": counted(figures).into_iter().map(|(name, found)| (name, number(found.median))).collect::<Map<_, Value>>(),
        "freshness": freshness(figures),
        "audit": audit(figures),
        "bypassed_reads": figures.finished().map(|trial| trial.lookups().failed).sum::<u64>(),
        "failed_operations": failed_operations(figures),
        "cache_failures": failed_calls(figures, |trial| &trial.cache_failures),
        "store_failures": failed_calls(figures, |trial| &trial.store_failures),
    });
    for prediction in &PREDICTIONS {
        cell[prediction.column()] = figures.predicted(prediction.figure).into();
    }
    recovery::add(&mut cell, figures);
    for axis in AXES {
        cell[axis.column] = (axis.of)(figures.cell).map_or(Value::Null, number);
    }
    cell
}

/// A whole number as one.
fn number(value: f64) -> Value {
    if value >= 0.0 && value.fract() == 0.0 { json!(value as u64) } else { json!(value) }
}

/// What the oracle saw, over all valid trials together; null where it was left out. Shares and ages by trial are figures.
fn freshness(figures: &CellFigures<'_>) -> Value {
    let told = || figures.trials.iter().filter_map(|trial| trial.freshness.as_ref());
    if told().next().is_none() {
        return Value::Null;
    }
    let sum = |of: fn(&Freshness) -> u64| told().map(of).sum::<u64>();
    let of_oracle = FIGURES.iter().filter(|figure| figure.needs.oracle());
    let measured: Map<String, Value> =
        of_oracle.map(|figure| (figure.column(), spread(figures.summary(figure)))).collect();
    json!({
        "figures": measured,
        "reads": sum(|told| told.reads),
        "judged": sum(|told| told.judged),
        "judged_hits": sum(|told| told.judged_hits),
        "stale": sum(|told| told.stale),
        "stale_hits": sum(|told| told.stale_hits),
        "ages_at_least": sum(|told| told.ages_at_least),
        "age_at_least_ns": told().filter_map(|told| told.age_at_least).max(),
        "ages_untold": sum(|told| told.ages_untold),
        "own_writes_read": sum(|told| told.own_writes.reads),
        "own_reads_repeated": sum(|told| told.own_reads.reads),
        "left_over": sum(|told| told.left_over),
        "corrupt": sum(|told| told.corrupt),
        "without_version": sum(|told| told.without_version),
        "not_ours": sum(|told| told.not_ours),
        "causes": causes(figures),
        "lag_mean": spread(figures.summary_of(|trial| trial.freshness.as_ref()?.lag_mean)),
        "written_keys_read": sum(|told| told.written_keys_read),
        "session_keys": told().map(|told| told.session_keys).max(),
        "oracle": {
            "written_keys": told().map(|told| told.table.written_keys).max(),
            "keys_with_ring": told().map(|told| told.table.keys_with_ring).max(),
            "bytes": told().map(|told| told.table.bytes).max(),
        },
        "stale_by_key": spread(figures.summary_of(|trial| trial.freshness.as_ref()?.stale_by_key)),
    })
}

/// The stale reads of all valid trials by cause; null where none are told.
fn causes(figures: &CellFigures<'_>) -> Value {
    let told = stale_causes_of(figures);
    told.map_or(Value::Null, |causes| StaleCause::ALL.iter().map(|cause| (cause.name(), causes.of(*cause))).collect())
}

/// What the audits found, over all trials that were finished; null where there was none. Everything that they counted is in `counted`.
fn audit(figures: &CellFigures<'_>) -> Value {
    let told = || figures.finished().filter_map(|trial| Some((trial.number, trial.audit.as_ref()?)));
    if told().next().is_none() {
        return Value::Null;
    }
    let sum = |of: fn(&Audit) -> Option<u64>| {
        told().filter_map(|(_, audit)| of(audit)).fold(None, |sum: Option<u64>, count| Some(sum.unwrap_or(0) + count))
    };
    let longest = told().filter_map(|(_, audit)| audit.cache.as_ref()?.behind_remaining).map(|left| left.max_ns).max();
    let examples = told().flat_map(|(number, audit)| {
        audit.examples.iter().map(move |example| json!({ "trial": number, "example": example }))
    });
    json!({
        "keys_looked_at": sum(|audit| Some(audit.store.seen)),
        "is_sample": told().any(|(_, audit)| audit.is_sample()),
        "written": sum(|audit| audit.store.written),
        "lost_writes": sum(Audit::lost_writes),
        "entries": sum(|audit| Some(audit.cache.as_ref()?.held)),
        "lost_deletes": sum(|audit| Some(audit.store.lost_deletes)),
        "behind": sum(|audit| Some(audit.cache.as_ref()?.behind)),
        "resurrected": sum(|audit| Some(audit.cache.as_ref()?.resurrected)),
        "stale_negatives": sum(|audit| Some(audit.cache.as_ref()?.stale_negatives)),
        "behind_without_end": sum(|audit| Some(audit.cache.as_ref()?.behind_without_end)),
        "ahead": sum(|audit| Some(audit.cache.as_ref()?.ahead)),
        "orphans": sum(|audit| Some(audit.cache.as_ref()?.orphans)),
        "behind_remaining_max_ns": longest,
        "phantoms": sum(|audit| Some(audit.phantoms())),
        "corrupt": sum(|audit| Some(audit.corrupt())),
        "recency_kept": told().all(|(_, audit)| audit.cache.as_ref().is_none_or(|cache| cache.recency_kept)),
        "incomplete": told().filter_map(|(_, audit)| audit.incomplete.as_deref()).collect::<Vec<_>>(),
        "examples": examples.collect::<Vec<_>>(),
    })
}

/// Over all trials that were finished, invalid ones too: by kind, with what the first said.
fn failed_operations(figures: &CellFigures<'_>) -> Vec<Value> {
    let mut sums: BTreeMap<&str, (u64, Option<&String>)> = BTreeMap::new();
    for trial in figures.finished() {
        for (kind, count) in &trial.errors {
            let sum = sums.entry(kind).or_default();
            sum.0 += count;
            sum.1 = sum.1.or(trial.error_reasons.get(kind));
        }
    }
    let told = sums.into_iter();
    told.map(|(kind, (count, first))| json!({ "kind": kind, "operations": count, "first": first })).collect()
}

/// The same of calls to cache or store.
fn failed_calls(figures: &CellFigures<'_>, of: fn(&Trial) -> &Vec<FailedCalls>) -> Vec<Value> {
    let mut sums: BTreeMap<(&str, &str), (u64, u64, &str)> = BTreeMap::new();
    for failed in figures.finished().flat_map(of) {
        let sum = sums.entry((&failed.call, &failed.kind)).or_insert((0, 0, &failed.first));
        sum.0 += failed.window;
        sum.1 += failed.whole;
    }
    let told = sums.into_iter().map(|((call, kind), (window, whole, first))| {
        json!({ "call": call, "kind": kind, "window": window, "whole": whole, "first": first })
    });
    told.collect()
}

fn comparisons(analysis: &Analysis<'_>) -> Vec<Value> {
    let families = analysis.families.iter().chain(analysis.recoveries_beside());
    let rows = families.flat_map(|family| family.rows.iter().map(move |row| (family, row)));
    rows.filter(|(_, row)| row.role != Role::Reference)
        .flat_map(|(family, row)| {
            let id = |cell: usize| analysis.cells[cell].cell.id.as_str();
            let cells = (family.name.as_str(), id(row.against), id(row.cell));
            let judged = comparison(row, cells, row.primary.as_ref(), true);
            let others = row.exploratory.iter().map(move |compared| comparison(row, cells, Some(compared), false));
            [judged].into_iter().chain(others)
        })
        .collect()
}

/// A comparison on a figure that verdicts are on (`judged`), or on another.
fn comparison(
    row: &FamilyRow,
    (family, against, cell): (&str, &str, &str),
    compared: Option<&Compared>,
    judged: bool,
) -> Value {
    let found = compared.map(|compared| &compared.comparison);
    let interval = found.and_then(|comparison| comparison.interval);
    let judgement = row.judgement.as_ref().filter(|_| judged);
    json!({
        "family": family,
        "against": against,
        "cell": cell,
        "control": row.role == Role::Control,
        "figure": compared.map(|compared| compared.figure.name),
        "pairs": found.map(|comparison| comparison.pairs),
        "dropped": found.map(|comparison| comparison.dropped),
        "ratio": found.and_then(|comparison| comparison.ratio),
        "interval": interval.map(|interval| [interval.low, interval.high]),
        "difference": found.and_then(|comparison| comparison.difference),
        "difference_interval": found
            .and_then(|comparison| comparison.difference_interval)
            .map(|interval| [interval.low, interval.high]),
        "p": found.and_then(|comparison| comparison.p),
        "adjusted_p": judgement.and_then(|judgement| judgement.adjusted_p),
        "verdict": if judged { row.verdict() } else { "exploratory".to_owned() },
        "stale_reads": row.stale.map(|stale| stale.median),
        "stale_reads_greatest": row.stale.map(|stale| stale.greatest),
        "stale_reads_against": row.stale_against.map(|stale| stale.median),
    })
}

fn spread(summary: Option<Summary>) -> Value {
    summary.map_or(Value::Null, |found| json!({ "median": found.median, "least": found.min, "greatest": found.max }))
}
