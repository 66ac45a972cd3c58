//! Numbers that were worked out on paper.

use crate::made::{WITH, WITHOUT, answer, give, near, plain, told};
use crate::sample::Sample;
use serde_json::Value;

/// Reads alone: (120 - 70) / (120 - 20) = 0.5. With a tenth writes, which take 27 µs more: (50 + (0.1 / 0.9) x 27) / 100 = 0.53.
/// Each block is slower by the same share in all that it times, so all blocks say the same.
#[test]
fn the_break_even_hit_ratio() {
    let answer = answer(&plain());
    assert!(near(&answer["break_even_hit_ratio_of_reads"]["estimate"], 0.5), "{answer:#}");
    assert!(near(&answer["break_even_hit_ratio"]["estimate"], 0.53), "{answer:#}");
    let ends = &answer["break_even_hit_ratio"]["interval"];
    assert!(near(&ends[0], 0.53) && near(&ends[1], 0.53), "{answer:#}");
    assert!(near(&answer["hit_ratio"]["estimate"], 800.0 / 900.0), "{answer:#}");
    assert_eq!(answer["missing"].as_array().map(Vec::len), Some(0));
}

/// With the cache: 0.9 (800 x 20 + 100 x 120) / 900 + 0.1 x 157 = 28 + 15.7 = 43.7 µs. Without: 0.9 x 70 + 0.1 x 130 = 76 µs. So
/// 32.3 µs less, times 1.00 to 1.07 in the eight blocks. Of those the median of all pairs' means is 1.035. The interval of eight values
/// at 95 % goes from the fourth least of the pairs' means (1.00, 1.005, 1.01, 1.01) to the fourth greatest (1.07, 1.065, 1.06, 1.06).
#[test]
fn the_time_that_an_operation_takes_less() {
    let answer = answer(&plain());
    let saved = &answer["saved_ns"];
    assert!(near(&saved["estimate"], 1.035 * 32_300.0), "{answer:#}");
    assert!(near(&saved["interval"][0], 1.01 * 32_300.0) && near(&saved["interval"][1], 1.06 * 32_300.0), "{answer:#}");
    assert_eq!((&answer["answer"], &answer["why"], &saved["blocks"]), (&"worth-it".into(), &Value::Null, &8.into()));
}

/// Medians over the blocks, which are 0 to 7 % slower: 3.5 % above the plain times. Writes take 15.7 of 43.7 ms of a thousand
/// operations with the cache, 13 of 76 without.
#[test]
fn costs_and_the_writes_share_of_the_time() {
    let answer = answer(&plain());
    let costs = [("hit", 20.0), ("miss", 120.0), ("store", 70.0), ("write_with", 157.0), ("write_without", 130.0)];
    for (cost, us) in costs {
        assert!(near(&answer["costs"][format!("{cost}_ns")]["median"], us * 1.035e3), "{cost}: {answer:#}");
    }
    assert!(near(&answer["writes_share_of_time"]["median"], 15.7 / 43.7), "{answer:#}");
    assert!(near(&answer["writes_share_of_time_without_cache"]["median"], 13.0 / 76.0), "{answer:#}");
}

/// Half writes of 300 µs with the cache and 130 without: (120 - 70 + 170) / 100 = 2.2. No hit ratio makes up for that; with the
/// cache an operation takes (28 / 0.9 + 300) / 2 = 165.6 µs, without (70 + 130) / 2 = 100.
#[test]
fn a_cache_that_never_pays() {
    let answer = answer(&Sample {
        read_ratios: &[0.5],
        tweak: |cell, trial| {
            let dear = [WITH[0], WITH[1], ("write", "none", 900, 300.0)];
            if cell.strategy == "no-cache" { give(trial, &WITHOUT) } else { give(trial, &dear) }
        },
        ..plain()
    });
    assert!(near(&answer["break_even_hit_ratio"]["estimate"], 2.2), "{answer:#}");
    assert!(near(&answer["saved_ns"]["estimate"], -1.035 * (28.0 / 0.9 + 100.0) * 500.0), "{answer:#}");
    assert_eq!(answer["answer"], "not-worth-it");
}

/// A store whose reads take longer than misses do: (120 - 150) / 100 = -0.3, with writes -0.27. It pays without a hit.
#[test]
fn a_cache_that_always_pays() {
    let answer = answer(&Sample {
        tweak: |cell, trial| match cell.strategy.as_str() {
            "no-cache" => give(trial, &[("read", "bypass", 900, 150.0), WITHOUT[1]]),
            _ => give(trial, &WITH),
        },
        ..plain()
    });
    assert!(near(&answer["break_even_hit_ratio"]["estimate"], -0.27), "{answer:#}");
    assert_eq!(answer["answer"], "worth-it");
}

/// A machine on which all takes a hundred times as long has the same break-even and the same answer.
#[test]
fn the_speed_of_the_machine_does_not_matter() {
    let slow = Sample {
        tweak: |cell, trial| {
            crate::made::usual(cell, trial);
            for bucket in &mut trial.buckets {
                bucket.service_time.as_mut().unwrap().mean_ns *= 100.0;
            }
        },
        ..plain()
    };
    let [slow, plain] = [answer(&slow), answer(&plain())];
    for same in ["break_even_hit_ratio", "break_even_hit_ratio_of_reads"] {
        assert!(near(&slow[same]["estimate"], plain[same]["estimate"].as_f64().unwrap()), "{slow:#}");
    }
    assert_eq!([&slow["answer"], &slow["hit_ratio"]], [&plain["answer"], &plain["hit_ratio"]]);
    assert!(near(&slow["saved_ns"]["estimate"], 100.0 * plain["saved_ns"]["estimate"].as_f64().unwrap()), "{slow:#}");
}

/// 1,000 operations of which 100 miss and 100 write: 0.2 store operations each. Where two of three misses share a load, 34 loads
/// stand for 100 misses, and where writes are joined, 40 for 100.
#[test]
fn the_work_of_the_store() {
    let sample = Sample {
        strategies: &["no-cache", "cache-aside", "read-through"],
        tweak: |cell, trial| {
            crate::made::usual(cell, trial);
            if cell.strategy == "read-through" {
                (trial.store.reads, trial.store.writes, trial.store_load) = (34, 40, 0.074);
            }
        },
        ..plain()
    };
    let told = told(&sample);
    let of = |name: &str| {
        let all = told["store"].as_array().unwrap().iter();
        all.clone().find(|work| work["cell"].as_str().unwrap().starts_with(name)).unwrap()
    };
    for (name, load, reads_a_miss, writes_a_write) in
        [("no-cache", 1.0, 1.0, 1.0), ("cache-aside", 0.2, 1.0, 1.0), ("read-through", 0.074, 0.34, 0.4)]
    {
        let work = of(name);
        assert!(near(&work["store_load"]["median"], load), "{work:#}");
        assert!(near(&work["reads_a_miss"]["median"], reads_a_miss), "{work:#}");
        assert!(near(&work["writes_a_write"]["median"], writes_a_write), "{work:#}");
        assert_eq!(work["same_work"], name != "read-through", "{work:#}");
    }
}
