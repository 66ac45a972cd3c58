//! Records that lack something: what can't be told is named, with the reason.

use crate::made::{WITH, WITHOUT, answer, give, near, plain, told, usual};
use crate::sample::Sample;
use cachemark_results::{Cell, Trial, Warning, warning};
use serde_json::{Value, json};

fn missing(answer: &Value, cost: &str) -> String {
    let all = answer["missing"].as_array().unwrap();
    let found = all.iter().find(|missing| missing["cost"] == cost);
    found.map(|missing| missing["why"].as_str().unwrap().to_owned()).unwrap_or_default()
}

#[test]
fn without_writes_reads_decide() {
    let answer = answer(&Sample {
        read_ratios: &[1.0],
        tweak: |cell, trial| {
            if cell.strategy == "no-cache" { give(trial, &WITHOUT[..1]) } else { give(trial, &WITH[..2]) }
        },
        ..plain()
    });
    // (120 - 70) / (120 - 20), and 70 - 28 / 0.9 µs less.
    assert!(near(&answer["break_even_hit_ratio"]["estimate"], 0.5), "{answer:#}");
    assert!(near(&answer["saved_ns"]["estimate"], 1.035 * (70.0 - 28.0 / 0.9) * 1e3), "{answer:#}");
    assert_eq!((&answer["answer"], &answer["missing"]), (&json!("worth-it"), &json!([])));
}

#[test]
fn without_reads_writes_decide_and_there_is_no_break_even() {
    let answer = answer(&Sample {
        read_ratios: &[0.0],
        tweak: |cell, trial| {
            if cell.strategy == "no-cache" { give(trial, &WITHOUT[1..]) } else { give(trial, &WITH[2..]) }
        },
        ..plain()
    });
    assert!(answer["break_even_hit_ratio"].is_null() && answer["hit_ratio"].is_null(), "{answer:#}");
    // 157 - 130 = 27 µs more.
    assert!(near(&answer["saved_ns"]["estimate"], -1.035 * 27e3), "{answer:#}");
    assert_eq!((&answer["answer"], &answer["missing"]), (&json!("not-worth-it"), &json!([])));
}

#[test]
fn a_mix_with_writes_of_which_none_came_cannot_tell() {
    let answer = answer(&Sample {
        tweak: |cell, trial| {
            if cell.strategy == "no-cache" { give(trial, &WITHOUT) } else { give(trial, &WITH[..2]) }
        },
        ..plain()
    });
    assert_eq!(missing(&answer, "write_with"), "nothing was written");
    assert!(near(&answer["break_even_hit_ratio_of_reads"]["estimate"], 0.5), "{answer:#}");
    assert!(answer["break_even_hit_ratio"].is_null(), "{answer:#}");
    assert_eq!(
        (&answer["answer"], &answer["why"]),
        (&json!("cannot-tell"), &json!("there is no Wc: nothing was written"))
    );
}

#[test]
fn without_a_miss_the_time_decides() {
    let answer = answer(&Sample {
        tweak: |cell, trial| {
            if cell.strategy == "no-cache" { give(trial, &WITHOUT) } else { give(trial, &[WITH[0], WITH[2]]) }
        },
        ..plain()
    });
    assert_eq!(missing(&answer, "miss"), "the cache answered every read");
    assert!(answer["break_even_hit_ratio"].is_null(), "{answer:#}");
    assert_eq!((&answer["answer"], &answer["hit_ratio"]["estimate"]), (&json!("worth-it"), &json!(1.0)));
}

#[test]
fn without_a_hit_the_time_decides_too() {
    let answer = answer(&Sample {
        tweak: |cell, trial| {
            if cell.strategy == "no-cache" { give(trial, &WITHOUT) } else { give(trial, &[WITH[1], WITH[2]]) }
        },
        ..plain()
    });
    assert_eq!(missing(&answer, "hit"), "the cache answered no read");
    assert_eq!((&answer["answer"], &answer["hit_ratio"]["estimate"]), (&json!("not-worth-it"), &json!(0.0)));
}

#[test]
fn where_a_miss_takes_no_longer_than_a_hit_the_break_even_is_undefined() {
    let answer = answer(&Sample {
        tweak: |cell, trial| {
            let dear_hits = [("read", "hit", 800, if trial.block < 2 { 120.0 } else { 20.0 }), WITH[1], WITH[2]];
            if cell.strategy == "no-cache" { give(trial, &WITHOUT) } else { give(trial, &dear_hits) }
        },
        ..plain()
    });
    assert_eq!(answer["break_even_hit_ratio"], json!({ "undefined_in_blocks": 2, "of": 8 }));
    // Two of eight blocks say the contrary: of eight the interval leaves out no more than the three outermost means of pairs.
    assert_eq!(answer["answer"], "cannot-tell");
}

#[test]
fn without_an_arm_without_a_cache_only_costs_are_told() {
    let told = told(&Sample { strategies: &["cache-aside", "read-through"], ..plain() });
    for answer in told["answers"].as_array().unwrap() {
        assert!(answer["without_cache"].is_null() && answer["break_even_hit_ratio"].is_null(), "{answer:#}");
        assert!(near(&answer["costs"]["hit_ns"]["median"], 20.7e3), "{answer:#}");
        let why = "no arm without a cache (no-cache) was run at that load over that store";
        assert_eq!((missing(answer, "store"), missing(answer, "write_without")), (why.to_owned(), why.to_owned()));
        assert_eq!(
            (&answer["answer"], &answer["why"]),
            (&json!("cannot-tell"), &json!(format!("there is no O: {why}")))
        );
    }
}

#[test]
fn another_load_is_no_baseline() {
    // No-cache was run at 20,000/s alone.
    let sample = Sample {
        rates: &[20_000.0, 200_000.0],
        unsupported: |cell| {
            let elsewhere = cell.strategy == "no-cache" && cell.offered_per_s == Some(200_000.0);
            elsewhere.then(|| "left out".to_owned())
        },
        ..plain()
    };
    let told = told(&sample);
    let answers = told["answers"].as_array().unwrap();
    let of = |rate: f64| answers.iter().find(|answer| answer["offered_per_s"] == json!(rate)).unwrap_or(&Value::Null);
    assert_eq!(
        (&of(20_000.0)["answer"], of(20_000.0)["without_cache"].is_null()),
        (&json!("worth-it"), false),
        "{told:#}"
    );
    assert_eq!(of(200_000.0)["answer"], "cannot-tell", "{told:#}");
    let why = "no arm without a cache (no-cache) was run at that load over that store";
    assert_eq!(missing(of(200_000.0), "store"), why, "{told:#}");
}

#[test]
fn invalid_trials_are_missing_pairs() {
    let of = |tweak: fn(&Cell, &mut Trial)| answer(&Sample { tweak, ..plain() });
    let six = of(|cell, trial| spoil(cell, trial, 6));
    // Of six the interval is from the least to the greatest: 1.00 to 1.05.
    assert!(
        near(&six["saved_ns"]["interval"][0], 32_300.0) && near(&six["saved_ns"]["interval"][1], 33_915.0),
        "{six:#}"
    );
    assert_eq!((&six["answer"], &six["saved_ns"]["blocks"]), (&json!("worth-it"), &json!(6)));
    let five = of(|cell, trial| spoil(cell, trial, 5));
    let why = "an interval takes 6 blocks with both figures, and there are 5";
    assert_eq!((&five["answer"], &five["why"]), (&json!("cannot-tell"), &json!(why)));
    let none = of(|cell, trial| spoil(cell, trial, 0));
    assert_eq!((missing(&none, "store"), &none["answer"]), ("every trial is invalid".into(), &json!("cannot-tell")));
    assert!(none["saved_ns"].is_null() && none["break_even_hit_ratio"].is_null(), "{none:#}");
}

/// Makes the trials of no-cache from that block on invalid, with times that would turn the answer.
fn spoil(cell: &Cell, trial: &mut Trial, from: u32) {
    usual(cell, trial);
    if cell.strategy == "no-cache" && trial.block >= from {
        give(trial, &[("read", "bypass", 900, 1.0), ("write", "none", 100, 1.0)]);
        trial.warnings.push(Warning::invalidating(warning::CLIENT_BOUND_OPEN, "the client was the limit"));
    }
}

#[test]
fn times_that_were_not_kept_are_missing() {
    let answer = answer(&Sample {
        tweak: |cell, trial| {
            usual(cell, trial);
            if cell.strategy != "no-cache" {
                trial.buckets.iter_mut().for_each(|bucket| bucket.service_time = None);
            }
        },
        ..plain()
    });
    assert_eq!(missing(&answer, "hit"), "their times were not recorded");
    assert_eq!(answer["why"], "there is no H: their times were not recorded");
}

#[test]
fn a_service_that_does_not_tell_its_hits_has_no_hits_and_misses() {
    let sample = |strategies| Sample {
        kind: "load",
        strategies,
        tweak: |cell, trial| {
            let slow = if cell.strategy == "no-cache" { 70.0 } else { 30.0 };
            give(trial, &[("read", "bypass", 900, slow), ("write", "none", 100, 130.0)]);
            trial.store = Default::default();
        },
        ..plain()
    };
    let beside = answer(&sample(&["no-cache", "cache-aside"]));
    let why = "the service does not tell which answers are its cache's";
    assert_eq!([missing(&beside, "hit"), missing(&beside, "miss")], [why, why]);
    // 0.9 x (70 - 30) µs less: that is seen from outside.
    assert!(near(&beside["saved_ns"]["estimate"], 1.035 * 36e3), "{beside:#}");
    assert_eq!(beside["answer"], "worth-it");
    let alone = answer(&sample(&["cache-aside"]));
    let why = "no service called no-cache was measured at that load, and from outside the store alone is not seen";
    assert_eq!((missing(&alone, "store"), &alone["answer"]), (why.to_owned(), &json!("cannot-tell")));
}

#[test]
fn nothing_at_all_is_nothing_to_answer() {
    let told = told(&Sample { finished: |_, _| false, ..plain() });
    assert_eq!(told["answers"][0]["why"], "there is no H: no trial was finished");
    assert_eq!(told["store"], json!([]));
}
