//! Records that are no comparison of strategies.

use crate::sample::Sample;
use crate::support::{answer, answer_of, small, told, write_through_wins, written};
use cachemark_report::answer::Kind;
use cachemark_results::{Capacity, CapacityProbe};

#[test]
fn one_arm_alone_is_no_choice() {
    let found = answer(&Sample { strategies: &["cache-aside"], ..small() });
    assert_eq!((found.kind, found.what.as_str()), (Kind::Alone, "Nothing to choose from: cache-aside ran alone."));
    assert!(found.price.as_ref().unwrap().starts_with("Medians: throughput "), "{}", told(&found));
    assert_eq!(found.sure, None);
}

#[test]
fn what_cannot_be_run_is_no_choice_either() {
    let unsupported =
        |cell: &cachemark_results::Cell| (cell.strategy != "no-cache").then(|| "it needs leases".to_owned());
    let found = answer(&Sample { unsupported, strategies: &["no-cache", "lease"], ..small() });
    assert_eq!(found.what, "Nothing to choose from: no-cache ran alone.");
}

#[test]
fn services_are_compared_like_strategies() {
    let found = answer(&Sample { kind: "load", tweak: write_through_wins, ..small() });
    assert_eq!((found.kind, found.names.as_slice()), (Kind::Use, &["write-through".to_owned()][..]));
    assert!(found.price.unwrap().ends_with("staleness not watched."));
}

#[test]
fn a_search_tells_what_each_bore_in_order_and_gives_no_verdict() {
    let (_folder, mut run) = written(&Sample { rates: &[1_000.0], ..small() });
    let capacity = |cell: &str, answer_per_s: Option<f64>| Capacity {
        cell: cell.into(),
        objective: "response.p99 < 2ms".into(),
        answer_per_s,
        at_least_per_s: None,
        note: None,
        unfound: None,
        probes: vec![CapacityProbe {
            trial: 1,
            offered_per_s: 1_000.0,
            purpose: "repeat".into(),
            passed: true,
            missed: None,
        }],
    };
    run.manifest.kind = "find-max".into();
    run.manifest.capacities = vec![capacity("a", Some(8_000.0)), capacity("b", None), capacity("c", Some(12_500.0))];
    insta::assert_snapshot!(told(&answer_of(&run)), @"
    search: 
    What to use: The greatest load that meets response.p99 < 2ms: c bore 12,500/s; a bore 8,000/s; 1 met it at no load.
    How sure: Each answer was met in every repeat; cells were searched one after the other, so the order is no verdict.
    ");
    run.manifest.capacities.truncate(2);
    run.manifest.capacities.remove(0);
    assert_eq!(answer_of(&run).what, "No load was found that meets response.p99 < 2ms.");
}
