//! Strategies as they are.

use cachemark_core::{Clock, Settings};
use cachemark_strategy::{AnyStrategy, build};
use cachemark_testkit::scripted::{ScriptedCache, ScriptedStore};
use std::sync::Arc;
use std::time::Duration;

/// How much longer than its lifetime a cache is told to keep an entry with a value.
pub(crate) const KEPT_LONGER: Duration = Duration::ZERO;

pub(crate) type Subject = AnyStrategy<ScriptedCache, ScriptedStore>;

pub(crate) fn make(
    name: &str,
    settings: &Settings,
    cache: Arc<ScriptedCache>,
    store: Arc<ScriptedStore>,
    clock: Arc<dyn Clock>,
) -> Subject {
    build(name, settings, cache, store, clock).expect("a strategy of that name")
}
