//! Parts that the benches share: an in-process cache and a SQLite store, as a sweep has them.

use cachemark_backend::in_process::{InProcess, InProcessOptions};
use cachemark_backend::sqlite::{Sqlite, SqliteOptions};
use cachemark_backend::{AnyCache, AnyStore};
use cachemark_core::{CacheMeter, Entry, Key, Metered, OpContext, Settings, StoreMeter, SystemClock, Value, Version};
use cachemark_strategy::AnyStrategy;
use std::sync::Arc;
use tempfile::TempDir;
use tokio::runtime::Runtime;

pub(crate) type Cache = Metered<AnyCache, CacheMeter>;
pub(crate) type Store = Metered<AnyStore, StoreMeter>;

/// A cache and a store, and what they stand on.
pub(crate) struct Stack {
    pub(crate) runtime: Runtime,
    pub(crate) cache: Arc<Cache>,
    pub(crate) store: Arc<Store>,
    _folder: TempDir,
}

pub(crate) fn key(index: u64) -> Key {
    Key::new(format!("cm:k{index:06}")).expect("short and printable")
}

pub(crate) fn entry() -> Entry {
    Entry::live(Version(1), Value::new(vec![7; 256]))
}

impl Stack {
    pub(crate) fn new() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = runtime.block_on(Sqlite::open(SqliteOptions::new(folder.path()))).expect("a database");
        let store: AnyStore = store.into();
        Self {
            cache: Arc::new(Metered::new(in_process().into(), Arc::default())),
            store: Arc::new(Metered::new(store, Arc::default())),
            runtime,
            _folder: folder,
        }
    }

    /// The strategy called `name` with its defaults.
    pub(crate) fn strategy(&self, name: &str) -> AnyStrategy<Cache, Store> {
        let descriptor = cachemark_strategy::strategies().iter().find(|part| part.name == name);
        let settings = Settings::defaults(descriptor.expect("a strategy of the list").settings);
        let (cache, store) = (Arc::clone(&self.cache), Arc::clone(&self.store));
        cachemark_strategy::build(name, &settings, cache, store, Arc::new(SystemClock::new())).expect("it exists")
    }
}

/// The cache as a sweep has it: bounded, least recently used.
pub(crate) fn in_process() -> InProcess {
    let mut settings = Settings::defaults(cachemark_backend::in_process::DESCRIPTOR.settings);
    let capacity = cachemark_backend::in_process::DESCRIPTOR.setting("capacity").expect("it has a capacity");
    settings.put(capacity, cachemark_core::SettingValue::Integer(10_000));
    InProcess::new(InProcessOptions::from_settings(&settings))
}

pub(crate) fn context() -> OpContext {
    OpContext::new(1)
}
