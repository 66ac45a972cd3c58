//! Faults of definitions: every mistake at once, and what is printed reads back.

#[path = "support/schema.rs"]
mod schema;

use cachemark_bench::definition::{Catalogue, Definition, Draft, Mistakes, Overrides};
use cachemark_bench::fault::KINDS;
use cachemark_core::{Fault, FaultError};
use cachemark_testkit::scripted;
use proptest::prelude::*;
use serde_json::json;

fn catalogue() -> Catalogue<'static> {
    Catalogue {
        strategies: cachemark_strategy::strategies(),
        caches: &[scripted::CACHE],
        stores: &[scripted::STORE],
        default_caches: &["scripted"],
        default_stores: &["scripted"],
        ..Catalogue::NONE
    }
}

fn resolved(text: &str, catalogue: &Catalogue<'_>) -> Result<Definition, Mistakes> {
    let resolved = Definition::resolve(Draft::read("f.toml", text.as_bytes()).unwrap(), catalogue);
    // The schema sees what is wrong in the file, or is known not to.
    match &resolved {
        Ok(_) => schema::accept(catalogue, json!({ "type": "object" }), text),
        Err(mistakes) => schema::hold(catalogue, json!({ "type": "object" }), mistakes),
    }
    resolved
}

fn mistakes(text: &str) -> String {
    resolved(text, &catalogue()).unwrap_err().to_string()
}

const RUN: &str = "[sweep]\nstrategies = [\"no-cache\", \"cache-aside\"]\n[run]\nduration-ms = 5000\n";

#[test]
fn every_mistake_is_told_at_once_with_its_place() {
    let text = format!(
        "{RUN}[[fault]]\nat-s = 1\nfor-s = 1\ntarget = \"store\"\nkind = \"freez\"\n\
         [[fault]]\nat-s = 1\nfor-s = 1\ntarget = \"store\"\nkind = \"evict\"\n\
         [[fault]]\nat-s = 1\nfor-s = 1\ntarget = \"cache\"\nkind = \"flush\"\n\
         [[fault]]\nat-s = 1\ntarget = \"cache\"\nkind = \"slow\"\nlatency = 5\n\
         [[fault]]\nat-s = \"soon\"\nfor-s = 1\ntarget = \"cash\"\nkind = \"kill\"\n\
         [[fault]]\nat-s = 1\nfor-s = 1\nkind = \"flash-crowd\"\n\
         [[fault]]\nat-s = 1\ntarget = \"store\"\nkind = \"restart\"\n"
    );
    insta::assert_snapshot!(mistakes(&text), @"
    f.toml:9: unknown kind of fault `freez` (did you mean `freeze`? There are: kill, restart, freeze, disk-full, slow, drop, black-hole, throttle, connection-limit, flush, evict, mass-expiry, hot-key-expiry, flash-crowd)
    f.toml:13: evict cannot be done to the store (its target is cache)
    f.toml:17: for-s has no meaning for flush, which is over once it is done (leave it out)
    f.toml:20: a fault without for-s (it says how long it lasts, in seconds)
    f.toml:24: unknown setting of slow `latency` (did you mean `latency-ms`? There are: at-s, for-s, target, kind, latency-ms, jitter-ms)
    f.toml:26: fault.at-s takes seconds from the window's start, as in 2.5
    f.toml:28: unknown target `cash` (did you mean `cache`? There are: cache, store)
    f.toml:30: flash-crowd has no meaning in a closed loop, which has no arrivals (give an offered load with rate (arrivals per second))
    f.toml:34: restart of the store makes no sense as it is set (a store that comes back empty has no rows to read; write empty = false)
    ");
}

#[test]
fn faults_fit_the_window_and_each_other() {
    let of = |at: f64, lasting: f64, target: &str| {
        format!("[[fault]]\nat-s = {at}\nfor-s = {lasting}\ntarget = \"{target}\"\nkind = \"slow\"\n")
    };
    let good = format!("{RUN}{}{}{}", of(1.0, 1.0, "cache"), of(2.0, 1.0, "cache"), of(1.5, 1.0, "store"));
    assert!(resolved(&good, &catalogue()).is_ok());
    let text = format!("{RUN}{}{}{}", of(0.2, 2.0, "cache"), of(1.0, 1.0, "cache"), of(3.0, 1.9, "store"));
    insta::assert_snapshot!(mistakes(&text), @"
    f.toml:5: a fault at 0.2 s leaves too little to see what is usual before it (at-s is at least 5 intervals (interval-ms), here 0.5)
    f.toml:10: slow of the cache at 1 s begins while slow is in place (begin it after 2.2 s, or end the other sooner)
    f.toml:15: a fault until 4.9 s leaves too little to see what comes after it in 5 s (make the window longer: duration-ms (--duration) at least 5200 ms, 3 intervals more)
    ");
    // A flag that makes the window shorter is found out too.
    let draft = Draft::read("f.toml", good.as_bytes()).unwrap();
    let shorter = draft.with(Overrides { duration_ms: Some(2_500), ..Overrides::default() });
    let told = Definition::resolve(shorter, &catalogue()).unwrap_err().to_string();
    assert!(told.contains("a fault until 3 s leaves too little"), "{told}");
}

#[test]
fn what_nobody_can_do_to_a_part_is_said_before_anything_runs() {
    let can = |fault: Fault, part: &str| match fault {
        Fault::Freeze => Err(FaultError::Impossible {
            what: "freeze".into(),
            server: part.into(),
            why: "it is no server; give --stack native".into(),
        }),
        _ => Ok(()),
    };
    let catalogue = Catalogue { can, ..catalogue() };
    let text = format!("{RUN}[[fault]]\nat-s = 1\nfor-s = 1\ntarget = \"cache\"\nkind = \"freeze\"\n");
    let told = resolved(&text, &catalogue).unwrap_err().to_string();
    assert_eq!(told, "f.toml:5: freeze cannot be done to scripted (it is no server; give --stack native)");
    let no_cache = text.replace(", \"cache-aside\"", "").replace("freeze", "flush").replace("for-s = 1\n", "");
    let told = resolved(&no_cache, &catalogue).unwrap_err().to_string();
    assert_eq!(told, "f.toml:5: no arm asks a cache: flush is done to none (leave it out, or take an arm that does)");
}

#[test]
fn figures_of_faults_need_one() {
    let assert = format!("assert = [\"cache-aside.recovery.time < 2s\"]\n{RUN}");
    let told = mistakes(&assert);
    assert!(told.contains("a figure of faults, and the definition has none"), "{told}");
    let with = format!("{assert}[[fault]]\nat-s = 1\nkind = \"flush\"\n");
    assert!(resolved(&with, &catalogue()).is_ok());
}

#[test]
fn a_definition_without_faults_prints_and_hashes_as_ever_and_one_with_them_reads_back() {
    let plain = resolved(RUN, &catalogue()).unwrap();
    assert!(!plain.to_toml().contains("fault"));
    let mut text = RUN.replace("[run]", "rate = 100\n[run]\ninterval-ms = 10");
    for (index, kind) in KINDS.iter().enumerate() {
        let at = 0.1 + 0.2 * index as f64;
        let lasting = if kind.lasts { "for-s = 0.125\n" } else { "" };
        let empty = if kind.name == "restart" { "empty = false\n" } else { "" };
        let target = kind.targets.last().unwrap().name();
        text += &format!("[[fault]]\nat-s = {at}\n{lasting}target = \"{target}\"\nkind = \"{}\"\n{empty}", kind.name);
    }
    let definition = resolved(&text, &catalogue()).unwrap();
    assert_eq!(definition.faults.len(), KINDS.len());
    assert_ne!(definition.hash(), plain.hash());
    let again = resolved(&definition.to_toml(), &catalogue()).unwrap();
    assert_eq!((again.hash(), &again.faults), (definition.hash(), &definition.faults));
    insta::assert_snapshot!(definition.faults.iter().map(|fault| fault.told() + "\n").collect::<String>(), @"
    at 0.1 s for 0.125 s: store killed
    at 0.3 s: store restarted with what it held
    at 0.5 s for 0.125 s: store frozen
    at 0.7 s for 0.125 s: store without room on its disk
    at 0.9 s for 0.125 s: store slow by 50 ms
    at 1.1 s for 0.125 s: store cut off, its connections reset
    at 1.3 s for 0.125 s: store a black hole
    at 1.5 s for 0.125 s: store throttled to 100000 B/s
    at 1.7 s for 0.125 s: store limited to 2 connections
    at 1.9 s: cache flushed
    at 2.1 s for 0.125 s: cache cut to 50 % of its room
    at 2.3 s: cache made to let all entries expire
    at 2.5 s: cache made to let its hottest key expire
    at 2.7 s for 0.125 s: load 10 times as high
    ");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is written in it, a fault gives a definition or mistakes, and no panic; what is accepted reads back the same.
    #[test]
    fn any_fault_is_accepted_and_read_back_or_refused(
        at in prop_oneof![Just("-1".to_owned()), Just("1e300".to_owned()), Just("true".to_owned()), (0u64..6_000).prop_map(|ms| (ms as f64 / 1000.0).to_string())],
        lasting in prop_oneof![Just(String::new()), (0u64..6_000).prop_map(|ms| format!("for-s = {}\n", ms as f64 / 1000.0))],
        target in prop_oneof![Just("cache"), Just("store"), Just("load"), Just("")],
        kind in 0..KINDS.len(),
        setting in prop_oneof![Just(""), Just("empty = false"), Just("latency-ms = 7"), Just("factor = 2.5"), Just("share = [0.1, 0.2]"), Just("keys = 3")],
    ) {
        let text = format!(
            "{}[[fault]]\nat-s = {at}\n{lasting}target = \"{target}\"\nkind = \"{}\"\n{setting}\n",
            RUN.replace("[run]", "rate = 100\n[run]"), KINDS[kind].name
        );
        if let Ok(definition) = resolved(&text, &catalogue()) {
            let again = resolved(&definition.to_toml(), &catalogue()).unwrap();
            prop_assert_eq!(again.faults, definition.faults);
        }
    }
}
