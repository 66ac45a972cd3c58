//! The answer as data, for programs.

use super::{Ask, Candidate, Estimate, Judged, Next, Point, Recommendation, objective_in_words};
use serde_json::{Map, Value, json};

/// The version of its form.
const FORM: u32 = 1;

/// All of a recommendation. Times are in ns, shares from 0 to 1, costs per million operations; null is what was not measured.
/// `answer` is `meets`, `fails` or `cannot-tell`; candidates are named in `cheapest`, `nearest` and so on by their `cell`.
#[must_use]
pub fn recommendation_json(ask: &Ask, told: &Recommendation) -> Map<String, Value> {
    let objectives: Vec<String> = ask.objectives.iter().map(objective_in_words).collect();
    let points: Vec<Value> = told.points.iter().map(|point| of_point(ask, point)).collect();
    let all = [
        ("form", json!(FORM)),
        ("answer", json!(told.met().code())),
        ("trusted", json!(told.untrusted.is_empty())),
        ("reasons", json!(told.untrusted)),
        ("watched", json!(told.watched)),
        ("slo", json!(objectives)),
        ("price", ask.price.map_or(Value::Null, |price| json!({ "cache": price.cache, "store": price.store }))),
        ("points", points.into()),
    ];
    all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn of_point(ask: &Ask, point: &Point) -> Value {
    let axes: Map<String, Value> =
        point.place.on_axes().map(|(axis, value)| (axis.column.to_owned(), json!(value))).collect();
    let cells = |which: &[usize]| which.iter().map(|index| point.candidates[*index].cell.as_str()).collect::<Vec<_>>();
    let frontier = point.candidates.iter().filter(|candidate| candidate.on_frontier);
    let meeting = point.that(super::Met::Meets);
    json!({
        "point": axes,
        "label": point.place.label(),
        "answer": point.met.code(),
        "meets": meeting.map(|candidate| candidate.cell.as_str()).collect::<Vec<_>>(),
        "cheapest": cells(&point.cheapest),
        "as_cheap": cells(&point.as_cheap),
        "frontier": frontier.map(|candidate| candidate.cell.as_str()).collect::<Vec<_>>(),
        "nearest": cells(&point.nearest),
        "candidates": point.candidates.iter().map(|candidate| of_candidate(ask, candidate)).collect::<Vec<_>>(),
    })
}

fn of_candidate(ask: &Ask, candidate: &Candidate) -> Value {
    let objectives = ask.objectives.iter().zip(&candidate.objectives);
    let objectives: Vec<Value> = objectives
        .map(|(asked, judged)| {
            let mut told = json!({
                "objective": objective_in_words(asked),
                "figure": asked.figure.name,
                "bound": asked.bound.value(),
            });
            merge(&mut told, of_judged(judged));
            told
        })
        .collect();
    json!({
        "cell": candidate.cell,
        "arm": candidate.arm,
        "cache": candidate.cache,
        "store": candidate.store,
        "answer": candidate.met.code(),
        "why": candidate.why,
        "notes": candidate.notes,
        "objectives": objectives,
        "cost_per_million": candidate.cost.as_ref().map(of_estimate),
        "on_frontier": candidate.on_frontier,
        "excess": candidate.excess,
    })
}

fn of_judged(judged: &Judged) -> Value {
    let blocks = match &judged.next {
        Some(Next::Blocks(blocks)) => *blocks,
        _ => None,
    };
    json!({
        "answer": judged.met.code(),
        "estimate": judged.estimate.as_ref().map(of_estimate),
        "why": judged.why,
        "next": judged.next.as_ref().map(Next::in_words),
        "blocks_needed": blocks,
    })
}

fn of_estimate(estimate: &Estimate) -> Value {
    let interval = estimate.interval;
    json!({
        "median": estimate.median,
        "low": interval.map(|interval| interval.low),
        "high": interval.map(|interval| interval.high),
        "confidence": interval.map(|interval| interval.confidence),
        "blocks": estimate.blocks,
        "longer_from": estimate.longer_from,
    })
}

fn merge(into: &mut Value, more: Value) {
    if let (Value::Object(into), Value::Object(more)) = (into, more) {
        into.extend(more);
    }
}
