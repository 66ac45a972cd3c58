//! What the cache has when a run begins: every key, as old as it would be by chance, and dated by strategies that date entries.

use cachemark_core::SettingValue;
use cachemark_stability::{Arm, Course, Load, Run, Scenario, simulate};
use cachemark_workload::Seed;
use std::ops::Range;

/// 110 deadlines of 600 reads/s, which are 11 s, without a trigger.
fn calm(arm: &Arm) -> Course {
    let scenario = Scenario::SCALED;
    simulate(&Run {
        arm,
        scenario: &scenario,
        load: Load::steady(600.0),
        trigger: None,
        end: scenario.timeout * 110,
        ends_recovered: false,
        seed: Seed::new(3),
    })
    .unwrap()
}

fn reads(course: &Course, windows: Range<usize>) -> u64 {
    course.windows[windows].iter().map(|window| window.reads).sum()
}

fn lived(strategy: &str, ttl_ms: u64) -> Arm {
    Arm::plain(strategy).unwrap().with("ttl-ms", SettingValue::Integer(ttl_ms))
}

/// In the first second one in a hundred expires. Were those the most popular 30, which are asked for 45 % of the time, nearly all of them would be
/// read from the store then; by chance it is two of them.
#[test]
fn popular_entries_do_not_expire_before_others() {
    for strategy in ["cache-aside", "read-through"] {
        let course = calm(&lived(strategy, 100_000));
        let (first, all) = (reads(&course, 0..10), reads(&course, 0..110));
        assert!(first < 10 && all > 10, "{strategy}: {first} of {all}");
    }
}

/// Entries that do not say when they were filled would be taken for fresh as long as they live, and would all end in a miss.
#[test]
fn strategies_that_date_entries_find_them_dated() {
    let revalidated = Arm::plain("stale-while-revalidate").unwrap();
    let revalidated = revalidated.with("fresh-ms", SettingValue::Integer(5_000));
    let revalidated = calm(&revalidated.with("stale-ms", SettingValue::Integer(5_000)));
    assert!(reads(&revalidated, 0..50) > 100, "{}", reads(&revalidated, 0..50));
    let aside = reads(&calm(&lived("cache-aside", 2_000)), 0..2);
    // Loaded at each hit, and where a hundred times the load of 10 ms is more than what is left of 2 s.
    for (strategy, early, value) in [
        ("refresh-ahead", "refresh-factor", SettingValue::Ratio(1.0)),
        ("xfetch", "beta-percent", SettingValue::Integer(10_000)),
    ] {
        let early = reads(&calm(&lived(strategy, 2_000).with(early, value)), 0..2);
        assert!(early > 3 * aside, "{strategy}: {early} against {aside}");
    }
}

#[test]
fn an_entry_that_has_expired_stands_in_where_the_store_fails() {
    // No call to the store has the time that it takes: what is answered is answered by entries.
    let arm = lived("cache-aside", 10_000).with("call-timeout-ms", SettingValue::Integer(1));
    let stale = arm.clone().with("stale-if-error", SettingValue::Text("recommended".into()));
    let end = |arm: &Arm| calm(arm).between(Scenario::SCALED.timeout * 90, Scenario::SCALED.timeout * 100).goodput();
    let (without, with) = (end(&arm), end(&stale));
    assert!(without < 0.4 && with > 0.99, "{without} {with}");
}
