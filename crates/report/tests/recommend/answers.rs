//! All arms together: who meets it, who costs least, who is nearest.

use crate::sample::Sample;
use crate::support::{candidate, met, names, only, priced, record, set_asks, set_fresh, set_p99, told, trials};
use cachemark_report::recommend::{Met, recommend, recommendation_json};
use cachemark_report::recommendation_sheets;
use cachemark_results::Run;

fn asks(run: &mut Run, arm: &str, cache: f64, store: f64) {
    trials(run, arm).for_each(|trial| set_asks(trial, cache, store));
}

const PRICE: &str = "cache=0.02,store=0.10";

#[test]
fn the_cheapest_is_one_that_meets_it() {
    let mut run = record();
    for (arm, cache, store) in
        [("no-cache", 0.0, 1.0), ("cache-aside", 1.0, 0.5), ("read-through", 1.5, 0.2), ("write-through", 1.0, 0.1)]
    {
        asks(&mut run, arm, cache, store);
    }
    trials(&mut run, "write-through").for_each(|trial| set_fresh(trial, Some(0.9)));
    let ask = priced("fresh_within.1s >= 99.9%", PRICE);
    let told = recommend(&run, &ask).unwrap();
    let point = only(&told);
    assert_eq!(met(&told), [Met::Meets, Met::Meets, Met::Meets, Met::Fails]);
    assert_eq!(names(point, &point.cheapest), ["read-through"]);
    assert!((candidate(&told, "read-through").cost.unwrap().median - (0.02 * 1.5 + 0.1 * 0.2)).abs() < 1e-9);
    assert!(point.as_cheap.is_empty() && point.nearest.is_empty());
    // write-through is cheaper and staler, read-through beats the others.
    let frontier: Vec<bool> = point.candidates.iter().map(|candidate| candidate.on_frontier).collect();
    assert_eq!(frontier, [false, false, true, true]);
}

#[test]
fn ties_in_price_are_all_named_and_close_costs_are_not_told_apart() {
    let mut run = record();
    asks(&mut run, "no-cache", 0.0, 1.0);
    asks(&mut run, "cache-aside", 1.0, 0.2);
    asks(&mut run, "read-through", 1.0, 0.2);
    for (block, trial) in trials(&mut run, "write-through").enumerate() {
        set_asks(trial, 1.0, 0.18 + 0.01 * (block % 6) as f64);
    }
    let told = recommend(&run, &priced("response.p99 < 5ms", PRICE)).unwrap();
    let point = only(&told);
    assert_eq!(names(point, &point.cheapest), ["cache-aside", "read-through"]);
    assert_eq!(names(point, &point.as_cheap), ["write-through"]);
    let on = |arm| candidate(&told, arm).on_frontier;
    assert!(on("cache-aside") && on("read-through"), "equal ones beat each other in nothing");
    assert!(!on("no-cache") && !on("write-through"));
}

#[test]
fn where_none_meets_it_the_least_excess_is_nearest() {
    let mut run = record();
    for (arm, ms, fresh) in
        [("no-cache", 9, 1.0), ("cache-aside", 6, 0.9975), ("read-through", 7, 0.999), ("write-through", 4, 0.98)]
    {
        trials(&mut run, arm).for_each(|trial| {
            set_p99(trial, Some(ms * 1_000_000));
            set_fresh(trial, Some(fresh));
        });
    }
    let none = told(&run, "response.p99 < 5ms, fresh_within.1s >= 99.9%");
    assert_eq!(none.met(), Met::Fails);
    // 80 %; 20 % in one and 150 % in the other; 40 %; 1,900 %.
    let point = only(&none);
    assert_eq!(names(point, &point.nearest), ["read-through"]);
    let excess: Vec<f64> = point.candidates.iter().map(|candidate| candidate.excess.unwrap()).collect();
    for (found, expected) in excess.iter().zip([0.8, 1.5, 0.4, 19.0]) {
        assert!((found - expected).abs() < 1e-9, "{excess:?}");
    }
    // Who is as far in one is nearer if it is within the others.
    trials(&mut run, "no-cache").for_each(|trial| {
        set_p99(trial, Some(7_000_000));
        set_fresh(trial, Some(0.9988));
    });
    let none = told(&run, "response.p99 < 5ms, fresh_within.1s >= 99.9%");
    assert_eq!(names(only(&none), &only(&none).nearest), ["read-through"]);
}

#[test]
fn a_bound_of_nothing_has_no_nearest() {
    let mut run = record();
    run.trials.iter_mut().for_each(|trial| trial.totals.error = 3);
    let none = told(&run, "errors <= 0");
    assert_eq!((none.met(), only(&none).nearest.len()), (Met::Fails, 0));
}

#[test]
fn what_is_asked_of_a_services_cache_is_not_seen() {
    let mut run = record();
    run.manifest.kind = "load".into();
    let of = |price: &str| recommend(&run, &priced("response.p99 < 5ms", price)).unwrap();
    let unseen = of(PRICE);
    assert!(only(&unseen).candidates.iter().all(|candidate| candidate.cost.is_none()));
    assert!(only(&unseen).cheapest.is_empty() && unseen.met() == Met::Meets);
    assert_eq!(only(&of("store=0.1")).cheapest.len(), 4);
}

/// Each point is answered by itself, and the whole fails where at one point none meets it.
#[test]
fn every_point_is_answered_by_itself() {
    let folder = tempfile::tempdir().unwrap();
    let sample =
        Sample { strategies: &["no-cache", "cache-aside"], read_ratios: &[0.99, 0.5], reads: 20, ..Sample::default() };
    let mut run = sample.write(folder.path());
    let low: Vec<String> =
        run.manifest.cells.iter().filter(|cell| cell.read_ratio < 0.9).map(|cell| cell.id.clone()).collect();
    for trial in &mut run.trials {
        trial.throughput_ops_per_s = if low.contains(&trial.cell) { 10.0 } else { 1_000.0 };
    }
    let split = told(&run, "throughput >= 100");
    let labels: Vec<String> = split.points.iter().map(|point| point.place.label()).collect();
    assert_eq!(labels, ["read ratio 0.5", "read ratio 0.99"]);
    assert_eq!(split.points.iter().map(|point| point.met).collect::<Vec<_>>(), [Met::Fails, Met::Meets]);
    assert_eq!(split.met(), Met::Fails);
    assert_eq!(told(&run, "throughput >= 1").met(), Met::Meets);
}

#[test]
fn names_are_text_whoever_chose_them() {
    let mut run = record();
    let long = "x".repeat(10_000);
    let hostile = ["<script>alert(1)</script>", "=cmd|' /C calc'!A0", "\u{1b}[2J\u{202e}|\n`*", &long];
    for (name, arm) in hostile.iter().zip(crate::support::ARMS) {
        run.manifest.cells.iter_mut().filter(|cell| cell.arm == arm).for_each(|cell| cell.arm = (*name).to_owned());
    }
    let ask = priced("response.p99 < 5ms, fresh_within.1s >= 100%", PRICE);
    let told = recommend(&run, &ask).unwrap();
    for sheet in recommendation_sheets(&run, &ask, &told) {
        for width in [58, 78, 118] {
            let shown = sheet.render(width, false);
            assert!(!shown.contains('\u{1b}') && !shown.contains('\u{202e}'), "nothing steers the terminal");
            assert!(shown.contains("<script>alert(1)</script>"));
        }
    }
    let data = serde_json::Value::Object(recommendation_json(&ask, &told)).to_string();
    let again: serde_json::Value = serde_json::from_str(&data).unwrap();
    assert_eq!(again["points"][0]["candidates"][2]["arm"], hostile[2]);
}

#[test]
fn json_has_all_of_it() {
    let mut run = record();
    trials(&mut run, "no-cache").for_each(|trial| set_p99(trial, Some(9_000_000)));
    set_p99(trials(&mut run, "write-through").next().unwrap(), None);
    let ask = priced("response.p99 < 5ms", PRICE);
    let data = recommendation_json(&ask, &recommend(&run, &ask).unwrap());
    assert_eq!((&data["form"], &data["answer"], &data["trusted"]), (&1.into(), &"meets".into(), &true.into()));
    assert_eq!(data["slo"][0], "response.p99 < 5ms");
    assert_eq!(data["price"]["store"], 0.1);
    let point = &data["points"][0];
    assert_eq!((&point["point"]["read_ratio"], &point["point"]["offered_per_s"]), (&0.9.into(), &500.0.into()));
    let answers: Vec<&str> =
        point["candidates"].as_array().unwrap().iter().map(|one| one["answer"].as_str().unwrap()).collect();
    assert_eq!(answers, ["fails", "meets", "meets", "cannot-tell"]);
    assert_eq!(point["meets"], point["cheapest"]);
    let objective = &point["candidates"][0]["objectives"][0];
    assert_eq!((&objective["bound"], &objective["estimate"]["low"]), (&5e6.into(), &9e6.into()));
    assert!(objective["estimate"]["confidence"].as_f64().unwrap() >= 0.95);
    assert!(point["candidates"][3]["objectives"][0]["estimate"].is_null());
}
