//! Policies around strategies, caches and stores: what is done where something breaks.
//!
//! All are off unless the settings of a strategy, its cache or its store ask for them, and each can be had without the others. What they are, what can be
//! set and what each can do wrong is in `docs/policies.md`. They take time from tokio's clock and draw by key and operation, so that a run in
//! virtual time is the same each time.

mod breaker;
mod cache;
mod guard;
mod limit;
mod outbox;
mod retry;
pub mod settings;
mod stale;
mod store;
mod strategy;
mod throttle;

pub use cache::{CachePolicies, ResilientCache, cache_settings};
pub use store::{ResilientStore, StorePolicies, store_settings};
pub use strategy::{Policies, Resilient, strategies_with_policies, strategy_settings};

use crate::policy::Retry;
use cachemark_core::{Descriptor, Setting};
use guard::Guard;
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;

/// The same parts with `settings` besides their own. Those live as long as the program: made once.
#[must_use]
pub fn with_settings(parts: &[Descriptor], settings: &[Setting]) -> Vec<Descriptor> {
    let with = |part: &Descriptor| Descriptor { settings: Vec::leak([part.settings, settings].concat()), ..*part };
    parts.iter().map(with).collect()
}

fn tell_retry(retry: Option<&Retry>, told: &mut BTreeMap<&'static str, u64>) {
    let Some(counts) = retry.map(Retry::counts) else { return };
    for (name, count) in [
        ("retries", &counts.made),
        ("retries-denied", &counts.denied),
        ("retries-without-room", &counts.no_room),
        ("retries-exhausted", &counts.exhausted),
    ] {
        *told.entry(name).or_default() += count.load(Ordering::Relaxed);
    }
}

fn tell_breaker(guard: Option<&Guard>, told: &mut BTreeMap<&'static str, u64>) {
    let Some(counts) = guard.map(Guard::counts) else { return };
    for (name, count) in [
        ("breaker-opened", counts.opened),
        ("breaker-closed", counts.closed),
        ("breaker-open-ns", counts.open_ns),
        ("breaker-refused", counts.refused),
        ("breaker-slow", counts.slow),
    ] {
        *told.entry(name).or_default() += count;
    }
}
