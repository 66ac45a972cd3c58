//! A strategy that is held to it.

use cachemark_core::{
    Cache, Descriptor, Key, OpContext, OpError, ReadOutcome, SettingValue, Settings, Strategy, SystemClock, Value,
};
use cachemark_strategy::{AnyStrategy, build, strategies};
use cachemark_testkit::scripted::ScriptedStore;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Once};
use std::time::Duration;
use tokio::time::Instant;

static PANICS: AtomicUsize = AtomicUsize::new(0);

/// Counts every panic from now on, of any thread and task.
pub(crate) fn count_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            PANICS.fetch_add(1, Ordering::SeqCst);
            usual(info);
        }));
    });
}

pub(crate) fn assert_no_panic(what: &str) {
    assert_eq!(PANICS.load(Ordering::SeqCst), 0, "something panicked before or in {what}");
}

/// Every strategy that asks a cache, with each answer to a cache that fails.
pub(crate) fn arms() -> impl Iterator<Item = (&'static Descriptor, Settings)> {
    let asking = strategies().iter().filter(|strategy| strategy.asks_cache());
    asking.flat_map(|strategy| ["open", "closed"].map(|on_error| (strategy, settings(strategy, on_error))))
}

fn settings(strategy: &Descriptor, on_error: &str) -> Settings {
    let mut settings = Settings::defaults(strategy.settings);
    let mut put = |name, value| {
        if let Some(setting) = strategy.setting(name) {
            settings.put(setting, setting.check(value).expect("a value that the setting takes"));
        }
    };
    put("on-cache-read-error", SettingValue::Text(on_error.to_owned()));
    // A lease that nobody holds and that never ends holds every reader up for as long as this.
    put("longest-wait-ms", SettingValue::Integer(20));
    // A second delete and a write behind are waited for by every drain.
    put("delay-ms", SettingValue::Integer(5));
    settings
}

pub(crate) struct Subject<C> {
    pub(crate) what: String,
    pub(crate) key: Key,
    strategy: AnyStrategy<C, ScriptedStore>,
}

/// No operation may hang.
fn ctx() -> OpContext {
    OpContext::new(1).until(Instant::now() + Duration::from_secs(20))
}

impl<C: Cache> Subject<C> {
    /// An instance over a row that holds "a".
    pub(crate) fn new(arm: &(&Descriptor, Settings), cache: &Arc<C>, key: Key, what: &str) -> Self {
        let store = Arc::new(ScriptedStore::new());
        store.preload(&key, Value::new("a"));
        let (strategy, settings) = arm;
        let built = build(strategy.name, settings, Arc::clone(cache), store, Arc::new(SystemClock::new()));
        let policy = settings.text("on-cache-read-error");
        Self { what: format!("{} ({policy}) over {what}", strategy.name), key, strategy: built.expect("of the list") }
    }

    /// Reads, and holds the answer to those that somebody wrote.
    pub(crate) async fn read(&self, written: &[Option<&Value>]) -> Result<ReadOutcome, OpError> {
        let answer = self.strategy.read(&ctx(), &self.key).await;
        match &answer {
            Ok(outcome) => {
                let known = written.contains(&outcome.value.as_ref());
                let bytes = outcome.value.as_ref().map(Value::len);
                assert!(known, "{}: a value of {bytes:?} bytes that nobody wrote", self.what);
            }
            Err(error) => assert!(matches!(error, OpError::Cache(_)), "{}: {error}", self.what),
        }
        answer
    }

    pub(crate) async fn write(&self, value: &Value) {
        let written = self.strategy.write(&ctx(), &self.key, value.clone()).await;
        assert!(written.is_ok(), "{}: {written:?}", self.what);
    }

    pub(crate) async fn delete(&self) {
        let deleted = self.strategy.delete(&ctx(), &self.key).await;
        assert!(deleted.is_ok(), "{}: {deleted:?}", self.what);
    }

    pub(crate) async fn drain(&self) {
        assert_eq!(self.strategy.drain(&ctx()).await, Ok(()), "{}", self.what);
        assert_no_panic(&self.what);
    }
}
