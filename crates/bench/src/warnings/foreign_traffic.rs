//! Whether our counts are the servers' own.

use cachemark_results::warning;
use cachemark_results::{Trial, Warning};
use std::collections::BTreeMap;

/// What a server may have counted beside our operations: a probe's look, a lock's renewal.
const FEW: u64 = 10;
/// The share of our own count that the server's may be off by. Figures that are known to lack some are left out by the probe.
const SHARE: f64 = 0.001;

/// Operations that the servers counted and we didn't ask for, or that we counted and they did not. A call that failed may
/// have been carried out all the same, and one whose connection was found closed may have been asked twice, so the server
/// may have counted so many more.
pub(super) fn of(trial: &Trial) -> Option<Warning> {
    let found_closed = |counters: &BTreeMap<String, u64>| counters.get("lanes-found-closed").copied().unwrap_or(0);
    let asked_twice = found_closed(&trial.cache_counters) + found_closed(&trial.store_counters);
    let (cache, store) = (&trial.cache_whole, &trial.store_whole);
    let compared = [
        ("cache", "gets", trial.cache_counters.get("gets"), cache.gets, cache.errors),
        ("cache", "sets", trial.cache_counters.get("sets"), cache.sets, cache.errors),
        ("cache", "deletes", trial.cache_counters.get("deletes"), cache.deletes, cache.errors),
        ("store", "rows-written", trial.store_counters.get("rows-written"), store.writes + store.deletes, store.errors),
    ];
    let differences: Vec<String> = compared
        .into_iter()
        .filter_map(|(part, name, theirs, ours, failed)| {
            let theirs = *theirs?;
            let tolerance = FEW + (SHARE * ours as f64) as u64;
            let agree = theirs + tolerance >= ours && theirs <= ours + failed + asked_twice + tolerance;
            (!agree).then(|| format!("the {part}'s own count of {name} is {theirs}, ours is {ours}"))
        })
        .collect();
    (!differences.is_empty()).then(|| {
        let help = "somebody else used the servers meanwhile, or set their counts back: the figures hold that, too";
        Warning::new(warning::FOREIGN_TRAFFIC, format!("{}: {help}", differences.join("; ")))
    })
}
