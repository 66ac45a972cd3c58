//! The same for programs: times in ns, shares from 0 to 1; null is what is not there.

use super::{Answer, BreakEven, Cost, Estimate, Foreseen, LeastDifference, StoreWork, Worth, WorthRow};
use crate::analysis::Analysis;
use cachemark_results::axis::AXES;
use cachemark_stats::{Interval, Summary};
use serde_json::{Map, Value, json};

/// `answers` have one entry a cell with a cache, `store` one a cell, `least_differences` one a family of comparisons.
#[must_use]
pub fn worth_as_json(analysis: &Analysis<'_>, worth: &Worth) -> Value {
    json!({
        "answers": worth.rows.iter().map(|row| answer(analysis, row)).collect::<Vec<_>>(),
        "store": worth.store.iter().map(|work| store(analysis, work)).collect::<Vec<_>>(),
        "least_differences": worth.least.iter().map(least).collect::<Vec<_>>(),
        "nothing": worth.nothing,
    })
}

/// What runs to come would find, by the number of their blocks.
#[must_use]
pub fn foreseen_as_json(foreseen: &[Foreseen], blocks: &[usize]) -> Value {
    let one = |found: &Foreseen| {
        let at = blocks.iter().zip(&found.every).map(|(blocks, every)| {
            json!({
                "blocks": blocks,
                "least_difference": every,
                "enough_for_verdicts": *blocks as u64 >= u64::from(found.blocks_needed),
            })
        });
        json!({
            "family": found.family,
            "figure": found.figure.name,
            "blocks_needed": found.blocks_needed,
            "at": at.collect::<Vec<_>>(),
        })
    };
    foreseen.iter().map(one).collect()
}

fn answer(analysis: &Analysis<'_>, row: &WorthRow) -> Value {
    let id = |cell: usize| analysis.cells[cell].cell.id.as_str();
    let cell = analysis.cells[row.cell].cell;
    let costs: Map<String, Value> =
        Cost::ALL.iter().zip(&row.costs).map(|(cost, found)| (format!("{}_ns", cost.name()), spread(*found))).collect();
    let missing = row.missing.iter().map(|missing| json!({ "cost": missing.cost.name(), "why": missing.why }));
    let mut told = json!({
        "cell": id(row.cell),
        "without_cache": row.baseline.map(id),
        "costs": costs,
        "missing": missing.collect::<Vec<_>>(),
        "break_even_hit_ratio_of_reads": break_even(&row.break_even_of_reads),
        "break_even_hit_ratio": break_even(&row.break_even),
        "hit_ratio": row.hit_ratio.as_ref().map_or(Value::Null, estimate),
        "saved_ns": row.saved.as_ref().map_or(Value::Null, estimate),
        "writes_share_of_time": spread(row.writes_share),
        "writes_share_of_time_without_cache": spread(row.writes_share_without),
        "answer": match &row.answer {
            Answer::WorthIt => "worth-it",
            Answer::NotWorthIt => "not-worth-it",
            Answer::CannotTell(_) => "cannot-tell",
        },
        "why": row.answer.why(),
    });
    for axis in AXES {
        told[axis.column] = json!((axis.of)(cell));
    }
    told
}

fn store(analysis: &Analysis<'_>, work: &StoreWork) -> Value {
    let part = |place: usize| work.parts.map(|parts| parts[place]);
    json!({
        "cell": analysis.cells[work.cell].cell.id,
        "store_load": spread(work.load),
        "reads": part(0),
        "writes": part(1),
        "failed": part(2),
        "reads_a_miss": spread(work.reads_a_miss),
        "writes_a_write": spread(work.writes_a_write),
        "same_work": work.other_reads().is_none() && work.other_writes().is_none(),
    })
}

fn least(found: &LeastDifference) -> Value {
    json!({
        "family": found.family,
        "figure": found.figure.name,
        "blocks": found.blocks,
        "every_comparison": found.every,
        "quietest_comparison": found.quietest,
        "control": found.control,
    })
}

fn break_even(found: &BreakEven) -> Value {
    match found {
        BreakEven::At(found) => estimate(found),
        BreakEven::Undefined { blocks, of } => json!({ "undefined_in_blocks": blocks, "of": of }),
        BreakEven::Missing => Value::Null,
    }
}

fn estimate(found: &Estimate) -> Value {
    let ends = |interval: Interval| [interval.low, interval.high];
    json!({ "estimate": found.middle, "interval": found.interval.map(ends), "blocks": found.blocks })
}

fn spread(summary: Option<Summary>) -> Value {
    summary.map_or(Value::Null, |found| json!({ "median": found.median, "least": found.min, "greatest": found.max }))
}
