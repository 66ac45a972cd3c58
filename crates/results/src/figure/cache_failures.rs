//! Calls to the cache that failed, whatever became of the operations that made them: how many, and which share of all calls.

use super::{Figure, Measure, Needs, Shown};
use crate::schema::trial::Trial;
use cachemark_stats::Direction;

/// All of them.
pub const ALL: &Figure = &count("cache_failures", "failed cache calls", "Calls to the cache that failed", all);
/// Their share.
pub const ALL_RATIO: &Figure = &ratio(
    ALL,
    ("cache_failure_ratio", "failed cache calls, share"),
    "The share of the calls to the cache that failed",
    |trial| share(trial, all(trial)?),
);
/// The gets among them.
pub const GETS: &Figure = &count("failed_gets", "failed gets", "Lookups in the cache that failed", gets);
/// Their share.
pub const GET_RATIO: &Figure = &ratio(
    GETS,
    ("failed_get_ratio", "failed gets, share"),
    "Failed lookups in the cache among all calls to it",
    |trial| share(trial, gets(trial)?),
);
/// The sets among them, refills and updates.
pub const SETS: &Figure = &count("failed_sets", "failed sets", "Refills and updates of the cache that failed", sets);
/// Their share.
pub const SET_RATIO: &Figure = &ratio(
    SETS,
    ("failed_set_ratio", "failed sets, share"),
    "Failed refills and updates among all calls to the cache",
    |trial| share(trial, sets(trial)?),
);
/// The deletes among them: invalidations that did not happen.
pub const DELETES: &Figure =
    &count("failed_deletes", "failed deletes", "Invalidations of the cache that failed", deletes);
/// Their share.
pub const DELETE_RATIO: &Figure = &ratio(
    DELETES,
    ("failed_delete_ratio", "failed deletes, share"),
    "Failed invalidations among all calls to the cache",
    |trial| share(trial, deletes(trial)?),
);

const fn count(
    name: &'static str,
    title: &'static str,
    meaning: &'static str,
    read: fn(&Trial) -> Option<f64>,
) -> Figure {
    Figure {
        name,
        title,
        meaning,
        unit: Measure::Count,
        better: Direction::LowerIsBetter,
        needs: Needs::CacheCalls,
        read,
        over_time: None,
        share_of: None,
        shown: Shown::OnRequest,
    }
}

const fn ratio(
    of: &'static Figure,
    (name, title): (&'static str, &'static str),
    meaning: &'static str,
    read: fn(&Trial) -> Option<f64>,
) -> Figure {
    Figure { share_of: Some(of), unit: Measure::SmallShare, ..count(name, title, meaning, read) }
}

fn all(trial: &Trial) -> Option<f64> {
    (trial.cache.calls() > 0).then_some(trial.cache.errors as f64)
}

fn gets(trial: &Trial) -> Option<f64> {
    of_call(trial, "get")
}

fn sets(trial: &Trial) -> Option<f64> {
    of_call(trial, "set")
}

fn deletes(trial: &Trial) -> Option<f64> {
    of_call(trial, "delete")
}

fn of_call(trial: &Trial, call: &str) -> Option<f64> {
    let failed = trial.failed_cache_calls(call)?;
    (trial.cache.calls() > 0).then_some(failed as f64)
}

/// Among all calls: there are some where any could fail.
fn share(trial: &Trial, failed: f64) -> Option<f64> {
    Some(failed / trial.cache.calls() as f64)
}
