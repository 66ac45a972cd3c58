//! Strategies as they are.

use cachemark_core::{Clock, Settings};
use cachemark_strategy::{AnyStrategy, build};
use cachemark_testkit::scripted::{ScriptedCache, ScriptedStore};
use std::sync::Arc;

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
