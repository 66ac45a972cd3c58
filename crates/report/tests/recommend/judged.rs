//! One objective and one arm: meets, fails, can't tell, and why.

use crate::support::{
    ASKED, ask, candidate, keep_blocks, lose, met, only, priced, record, set_fresh, set_p99, told, trials,
};
use cachemark_report::recommend::{Met, Next, Unanswerable, recommend};
use cachemark_results::assertion::Selector;
use cachemark_results::{Run, Warning, warning};

/// The 99th percentiles of an arm's blocks in ms.
fn with_p99(arm: &str, ms: [f64; 12]) -> Run {
    let mut run = record();
    trials(&mut run, arm).zip(ms).for_each(|(trial, ms)| set_p99(trial, Some((ms * 1e6).round() as u64)));
    run
}

const WIDE: [f64; 12] = [3.0, 4.0, 4.1, 4.2, 4.3, 4.4, 4.5, 4.6, 4.7, 4.8, 5.5, 6.0];

#[test]
fn the_whole_interval_has_to_be_on_the_right_side() {
    // Twelve blocks: the interval is from the third value from below to the third from above, 4.1 to 4.8 ms.
    let run = with_p99("cache-aside", WIDE);
    let of = |slo: &str| candidate(&told(&run, slo), "cache-aside").met;
    assert_eq!(of("response.p99 < 4.9ms"), Met::Meets);
    assert_eq!(of("response.p99 <= 4.8ms"), Met::Meets);
    assert_eq!(of("response.p99 < 4.8ms"), Met::CannotTell);
    assert_eq!(of("response.p99 < 4.5ms"), Met::CannotTell);
    assert_eq!(of("response.p99 <= 4.1ms"), Met::CannotTell);
    assert_eq!(of("response.p99 < 4.1ms"), Met::Fails);
    assert_eq!(of("response.p99 > 4ms"), Met::Meets);
    assert_eq!(of("response.p99 >= 4.1ms"), Met::Meets);
    assert_eq!(of("response.p99 > 4.1ms"), Met::CannotTell);
    assert_eq!(of("response.p99 >= 4.9ms"), Met::Fails);
}

#[test]
fn an_interval_across_the_bound_says_how_many_blocks_would_tell() {
    let run = with_p99("cache-aside", WIDE);
    let of = |slo: &str| candidate(&told(&run, slo), "cache-aside").objectives[0].clone();
    let judged = of("response.p99 < 4.7ms");
    assert_eq!(judged.why.unwrap(), "4.45 ms (4.10 ms to 4.80 ms), across the bound");
    let Some(Next::Blocks(Some(blocks))) = judged.next else { panic!("{:?}", judged.next) };
    assert!((13..60).contains(&blocks), "{blocks}");
    assert_eq!(of("response.p99 < 4.451ms").next, Some(Next::Blocks(None)));
}

#[test]
fn five_blocks_tell_nothing_and_six_do() {
    let mut run = record();
    keep_blocks(&mut run, 6);
    assert_eq!(met(&told(&run, "response.p99 < 5ms")), [Met::Meets; 4]);
    keep_blocks(&mut run, 5);
    let few = told(&run, "response.p99 < 5ms");
    assert_eq!(met(&few), [Met::CannotTell; 4]);
    let judged = &candidate(&few, "cache-aside").objectives[0];
    assert_eq!(judged.why.as_deref(), Some("4.00 ms, and 5 blocks are too few for an interval"));
    // Its three comparisons take seven: more than the interval does.
    assert_eq!(judged.next, Some(Next::Blocks(Some(7))));
}

#[test]
fn a_figure_that_one_trial_lacks_is_not_measured() {
    let mut run = record();
    set_p99(trials(&mut run, "read-through").nth(3).unwrap(), None);
    set_fresh(trials(&mut run, "write-through").nth(3).unwrap(), None);
    let lacking = told(&run, "response.p99 < 5ms, fresh_within.1s >= 99.9%");
    let judged = &candidate(&lacking, "read-through").objectives[0];
    assert!(judged.why.as_ref().unwrap().starts_with("1 of 12 trials without the figure: "), "{judged:?}");
    assert!(judged.next.as_ref().unwrap().in_words().starts_with("make --duration longer"), "{judged:?}");
    let judged = &candidate(&lacking, "write-through").objectives[1];
    assert_eq!(judged.next.as_ref().unwrap().in_words(), "fresh_within.1s takes --oracle on");
    assert_eq!(met(&lacking), [Met::Meets, Met::Meets, Met::CannotTell, Met::CannotTell]);
    // What was not measured has no place among the others.
    let frontier: Vec<bool> = only(&lacking).candidates.iter().map(|candidate| candidate.on_frontier).collect();
    assert_eq!(frontier, [true, true, false, false]);
}

#[test]
fn who_asks_no_cache_has_no_hits_to_reach_a_bound_with() {
    let mut run = record();
    let cell = run.manifest.cells.iter_mut().find(|cell| cell.arm == "no-cache" && !cell.control).unwrap();
    cell.cache = "none".into();
    let above = told(&run, "hit_ratio >= 1%");
    let judged = &candidate(&above, "no-cache").objectives[0];
    assert_eq!((judged.met, judged.why.as_deref()), (Met::Fails, Some("it asks no cache, so it has no hit ratio")));
    assert_eq!(candidate(&told(&run, "hit_ratio < 1%"), "no-cache").met, Met::CannotTell);
}

#[test]
fn nothing_makes_up_for_a_lost_write_that_was_not_declared() {
    let mut run = record();
    lose(trials(&mut run, "cache-aside").nth(5).unwrap(), false);
    lose(trials(&mut run, "read-through").nth(5).unwrap(), true);
    trials(&mut run, "write-through").nth(5).unwrap().freshness.as_mut().unwrap().phantoms = 1;
    let safe = told(&run, "response.p99 < 5ms");
    assert_eq!(met(&safe), [Met::Meets, Met::Fails, Met::Meets, Met::Fails]);
    assert_eq!(candidate(&safe, "cache-aside").why.as_deref(), Some("it lost acknowledged writes"));
    assert!(candidate(&safe, "write-through").why.as_ref().unwrap().starts_with("it served phantom values"));
    assert!(candidate(&safe, "read-through").notes[0].contains("as its strategy declares"));
    assert!(!candidate(&safe, "cache-aside").on_frontier && candidate(&safe, "read-through").on_frontier);
    // An invalid trial's figures are none; what was lost in it is lost.
    let invalid = Warning::invalidating(warning::CLIENT_BOUND_OPEN, "the client was the limit");
    trials(&mut run, "cache-aside").nth(5).unwrap().warnings.push(invalid);
    assert_eq!(candidate(&told(&run, "response.p99 < 5ms"), "cache-aside").met, Met::Fails);
}

#[test]
fn who_leaves_many_unanswered_is_not_said_to_be_fast() {
    let mut run = record();
    for trial in trials(&mut run, "cache-aside") {
        (trial.totals.ok, trial.totals.error) = (ASKED - 50, 50);
    }
    let fast = told(&run, "response.p99 < 5ms");
    let left = candidate(&fast, "cache-aside");
    assert_eq!(left.met, Met::CannotTell);
    assert!(left.why.as_ref().unwrap().ends_with("has no answer: ask for error_ratio too"), "{left:?}");
    assert_eq!(candidate(&told(&run, "response.p99 < 5ms, error_ratio <= 2%"), "cache-aside").met, Met::Meets);
    assert_eq!(candidate(&told(&run, "response.p99 < 5ms, error_ratio <= 0.1%"), "cache-aside").met, Met::Fails);
    // Slow it is all the same.
    assert_eq!(candidate(&told(&run, "response.p99 < 1ms"), "cache-aside").met, Met::Fails);
}

#[test]
fn what_came_into_the_store_after_the_window_is_no_little_load() {
    let mut run = record();
    let late = Warning::new(warning::LATE_FLUSHES, "300 of 500 changes of rows came after the window");
    trials(&mut run, "write-through").next().unwrap().warnings.push(late);
    let asked = priced("store_load < 0.5", "cache=0.02,store=0.1");
    let told_late = recommend(&run, &asked).unwrap();
    let arm = candidate(&told_late, "write-through");
    assert_eq!((arm.met, arm.cost, arm.on_frontier), (Met::CannotTell, None, false));
    assert!(arm.objectives[0].why.as_ref().unwrap().starts_with("late-flushes: 300 of 500"));
    assert!(arm.notes[0].starts_with("has no cost: late-flushes: "), "{:?}", arm.notes);
    assert_eq!(only(&told_late).cheapest.len(), 3);
    let met = |slo: &str| candidate(&told(&run, slo), "write-through").met;
    // It is that much at least, and the bounds of other figures have nothing to do with it.
    assert_eq!([met("store_load < 0.05"), met("store_load > 0.05")], [Met::Fails, Met::Meets]);
    assert_eq!(met("response.p99 < 5ms"), Met::Meets);
}

#[test]
fn something_grave_in_a_trial_withholds_that_its_arm_meets_it() {
    let mut run = record();
    let stamps = Warning::new(warning::BAD_STAMPS, "3 values were damaged");
    trials(&mut run, "cache-aside").next().unwrap().warnings.push(stamps);
    let grave = told(&run, "response.p99 < 5ms");
    assert_eq!(candidate(&grave, "cache-aside").why.as_deref(), Some("bad-stamps: 3 values were damaged"));
    assert_eq!(met(&grave), [Met::Meets, Met::CannotTell, Met::Meets, Met::Meets]);
    assert!(grave.untrusted.is_empty(), "the other arms' figures stand");
    run.manifest.concerns.push(Warning::new(warning::CLAIM_LOST, "redis was taken"));
    assert_eq!(told(&run, "response.p99 < 5ms").untrusted, ["claim-lost: redis was taken"]);
}

#[test]
fn an_arm_most_of_whose_trials_are_invalid_or_missing_is_not_judged() {
    let mut run = record();
    let invalid = || Warning::invalidating(warning::CLIENT_BOUND_OPEN, "the client was the limit");
    trials(&mut run, "cache-aside").take(7).for_each(|trial| trial.warnings.push(invalid()));
    trials(&mut run, "read-through").take(6).for_each(|trial| trial.warnings.push(invalid()));
    let cell = candidate(&told(&run, "errors <= 0"), "write-through").cell.clone();
    run.trials.retain(|trial| trial.cell != cell);
    let judged = told(&run, "response.p99 < 5ms");
    assert_eq!(met(&judged), [Met::Meets, Met::CannotTell, Met::Meets, Met::CannotTell]);
    assert!(candidate(&judged, "cache-aside").why.as_ref().unwrap().starts_with("7 of 12 trials are invalid"));
    assert_eq!(candidate(&judged, "write-through").why.as_deref(), Some("no trial of it was finished"));
    let cell = run.manifest.cells.iter_mut().find(|cell| cell.arm == "write-through").unwrap();
    cell.unsupported = Some("it has no leases".into());
    assert_eq!(candidate(&told(&run, "errors <= 0"), "write-through").met, Met::Fails);
}

#[test]
fn what_can_not_be_asked_says_what_can() {
    let mut run = record();
    let at = |text: &str| cachemark_report::recommend::Ask {
        at: Selector::of_conditions(text).unwrap(),
        ..ask("errors <= 0")
    };
    assert_eq!(only(&recommend(&run, &at("read-ratio=0.9,rate=500")).unwrap()).candidates.len(), 4);
    let nowhere = recommend(&run, &at("read-ratio=0.8")).unwrap_err();
    assert_eq!(nowhere.to_string(), "no cell of the run stands there; there are: read ratio 0.9, 500/s offered");
    run.manifest.kind = "find-max".into();
    assert_eq!(recommend(&run, &ask("errors <= 0")), Err(Unanswerable::Search));
}
