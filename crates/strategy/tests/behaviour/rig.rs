//! A strategy over a scripted cache and store.
//!
//! Two test targets share it, with strategies as they are (`behaviour`) and with policies around them (`behaviour_with_policies`): what those are
//! is `crate::subject`.

pub(crate) use crate::subject::Subject;

use crate::subject::make;
use cachemark_core::{
    CacheEffect, Clock, Descriptor, Key, OpContext, OpError, ReadOutcome, Setting, SettingKind, SettingValue, Settings,
    Source, Strategy, Value, Version, WriteOutcome,
};
use cachemark_strategy::strategies;
use cachemark_testkit::scripted::{CallLog, ManualClock, Op, ScriptedCache, ScriptedStore};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

/// The tier's two placements; every test of the tier runs over both.
pub(crate) const PLACEMENTS: [&str; 2] = ["placement=in-process", "placement=task"];

/// The strategies of which one instance alone may serve stale reads: races.rs asserts that they do. Every other one
/// with a cache is held to laws.rs and to all races.
pub(crate) const RACING: [&str; 9] = [
    "cache-aside",
    "write-around",
    "ttl-only",
    "double-delete",
    "xfetch",
    "cache-first",
    "memoised",
    "sliding-ttl",
    "versioned",
];

/// Those that tell the cache of a write before the store.
pub(crate) const CACHE_BEFORE_STORE: [&str; 2] = ["double-delete", "cache-first"];

/// Every strategy of the catalogue that asks a cache.
pub(crate) fn caching() -> impl Iterator<Item = &'static Descriptor> {
    strategies().iter().filter(|strategy| strategy.asks_cache())
}

/// Every strategy with a cache, at every placement that it has. A new one is among them by being in the catalogue; a
/// test of something that does not hold for it leaves it out by name and says why.
pub(crate) fn arms() -> impl Iterator<Item = (&'static str, &'static str)> {
    caching().flat_map(|strategy| {
        let placements: &'static [&'static str] =
            if strategy.setting("placement").is_some() { &PLACEMENTS } else { &[""] };
        placements.iter().map(move |placement| (strategy.name, *placement))
    })
}

/// How a strategy asks its cache for an entry.
pub(crate) fn get_of(name: &str) -> Op {
    match name {
        "lease" => Op::GetOrLease,
        "sliding-ttl" => Op::GetAndTouch,
        _ => Op::Get,
    }
}

/// How a reader fills the cache.
pub(crate) fn set_of(name: &str) -> Op {
    match name {
        "lease" => Op::SetLeased,
        "versioned" => Op::SetIfNewer,
        _ => Op::Set,
    }
}

/// Calls as text without how long anything is to last, and whatever kind of get or set they are: of which kind is in sequences.rs.
pub(crate) fn kinds(lines: &[String]) -> Vec<String> {
    let kind = |line: &String| {
        let line = line.split(" for ").next().unwrap_or_default();
        let (call, rest) = line.split_once(' ').expect("a call and its key");
        let call = match call {
            "C.get-or-lease" | "C.get-and-touch" => "C.get",
            "C.set-leased" | "C.set-if-newer" => "C.set",
            call => call,
        };
        format!("{call} {rest}")
    };
    lines.iter().map(kind).collect()
}

/// Whether the strategy has a setting of that name.
pub(crate) fn takes(name: &str, setting: &str) -> bool {
    described(name).setting(setting).is_some()
}

/// Those of which a write is in the store once it is acknowledged. What write-behind does instead is in write_behind.rs.
pub(crate) fn committing_arms() -> impl Iterator<Item = (&'static str, &'static str)> {
    arms().filter(|(name, _)| *name != "write-behind")
}

/// Those of which writes may be told to do `on_write` to the cache once they are committed.
pub(crate) fn arms_that(on_write: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    arms().filter(move |(name, _)| {
        let setting = described(name).setting("on-write");
        let takes = setting.is_some_and(|setting| setting.check(value(setting, on_write)).is_ok());
        takes && !CACHE_BEFORE_STORE.contains(name)
    })
}

/// Those that have `setting`.
pub(crate) fn arms_with(setting: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    arms().filter(move |(name, _)| described(name).setting(setting).is_some())
}

/// Those whose writes tell the cache: they have a say in what becomes of it where it fails.
pub(crate) fn telling_arms() -> impl Iterator<Item = (&'static str, &'static str)> {
    arms_with("on-cache-write-error")
}

/// The settings and, where the strategy has one, the placement.
pub(crate) fn placed(name: &str, settings: &str, placement: &str) -> String {
    let has_one = described(name).setting("placement").is_some();
    format!("{settings} {}", if has_one { placement } else { "" })
}

/// Fails unless `named` are the strategies that are held to what the racing ones are not.
pub(crate) fn assert_all_but_racing<'a>(named: impl IntoIterator<Item = &'a str>) {
    let named: BTreeSet<&str> = named.into_iter().collect();
    let wanted: BTreeSet<&str> =
        caching().map(|strategy| strategy.name).filter(|name| !RACING.contains(name)).collect();
    assert_eq!(
        named, wanted,
        "a strategy with a cache is held to this, or races.rs asserts that it races (rig::RACING)"
    );
}

/// The runtime's clock: where time is paused, entries are as old to a strategy as they are to its cache.
#[derive(Debug)]
struct TestClock(Instant);

impl Clock for TestClock {
    fn now_ns(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_nanos()).unwrap()
    }

    fn calendar_us(&self) -> u64 {
        let clock = ManualClock::new();
        clock.advance(self.0.elapsed());
        clock.calendar_us()
    }
}

pub(crate) struct Rig {
    pub(crate) log: CallLog,
    pub(crate) cache: Arc<ScriptedCache>,
    pub(crate) store: Arc<ScriptedStore>,
    pub(crate) strategy: Arc<Subject>,
}

impl Rig {
    /// The strategy `name` with settings like `on-write=update ttl-ms=500`.
    pub(crate) fn new(name: &str, settings: &str) -> Self {
        let log = CallLog::new();
        let (cache, store) = (ScriptedCache::logging_to(&log), ScriptedStore::logging_to(&log));
        let (cache, store) = (Arc::new(cache), Arc::new(store));
        let strategy = instance(name, settings, &cache, &store);
        Self { log, cache, store, strategy }
    }

    /// The calls since the last question.
    pub(crate) fn asked(&self) -> Vec<String> {
        let lines = self.log.lines();
        self.log.clear();
        lines
    }

    pub(crate) async fn read(&self) -> Result<ReadOutcome, OpError> {
        self.strategy.read(&ctx(), &key()).await
    }

    pub(crate) async fn write(&self, text: &'static str) -> Result<WriteOutcome, OpError> {
        self.strategy.write(&ctx(), &key(), Value::new(text)).await
    }

    pub(crate) async fn delete(&self) -> Result<WriteOutcome, OpError> {
        self.strategy.delete(&ctx(), &key()).await
    }

    pub(crate) fn start_read(&self, ctx: OpContext) -> JoinHandle<Result<ReadOutcome, OpError>> {
        let strategy = Arc::clone(&self.strategy);
        tokio::spawn(async move { strategy.read(&ctx, &key()).await })
    }

    pub(crate) fn start_write(&self, text: &'static str) -> JoinHandle<Result<WriteOutcome, OpError>> {
        let strategy = Arc::clone(&self.strategy);
        tokio::spawn(async move { strategy.write(&ctx(), &key(), Value::new(text)).await })
    }

    pub(crate) fn start_delete(&self) -> JoinHandle<Result<WriteOutcome, OpError>> {
        let strategy = Arc::clone(&self.strategy);
        tokio::spawn(async move { strategy.delete(&ctx(), &key()).await })
    }

    /// The version in the cache.
    pub(crate) fn cached(&self) -> Option<Version> {
        self.cache.entry(&key()).map(|entry| entry.version)
    }
}

pub(crate) fn instance(
    name: &str,
    settings: &str,
    cache: &Arc<ScriptedCache>,
    store: &Arc<ScriptedStore>,
) -> Arc<Subject> {
    let clock = Arc::new(TestClock(Instant::now()));
    let settings = parse(name, settings);
    Arc::new(make(name, &settings, Arc::clone(cache), Arc::clone(store), clock))
}

fn described(name: &str) -> &'static Descriptor {
    strategies().iter().find(|strategy| strategy.name == name).expect("a strategy of that name")
}

/// The settings of the strategy `name` with those `given`, as `on-write=update ttl-ms=500`.
pub(crate) fn parse(name: &str, given: &str) -> Settings {
    let descriptor = described(name);
    let mut settings = Settings::defaults(descriptor.settings);
    for (name, word) in given.split_whitespace().map(|pair| pair.split_once('=').expect("name=value")) {
        let setting = descriptor.setting(name).expect("a setting of the strategy");
        settings.put(setting, setting.check(value(setting, word)).expect("a value that the setting takes"));
    }
    settings
}

fn value(setting: &Setting, word: &str) -> SettingValue {
    match setting.kind {
        SettingKind::Choice(_) | SettingKind::Text(_) => SettingValue::Text(word.to_owned()),
        SettingKind::Integer { .. } => SettingValue::Integer(word.parse().expect("a whole number")),
        SettingKind::Ratio | SettingKind::Number { .. } => SettingValue::Ratio(word.parse().expect("a ratio")),
        SettingKind::Flag => SettingValue::Flag(word.parse().expect("a flag")),
    }
}

pub(crate) fn key() -> Key {
    Key::new("k").unwrap()
}

pub(crate) fn ctx() -> OpContext {
    OpContext::new(1)
}

/// A context that ends `millis` from now.
pub(crate) fn hurried(millis: u64) -> OpContext {
    ctx().until(Instant::now() + Duration::from_millis(millis))
}

/// Lets everything run until it waits for something that only the test can give. Time is paused: it moves on only
/// when nothing else can.
pub(crate) async fn settle() {
    sleep(Duration::from_millis(1)).await;
}

pub(crate) fn found(text: &'static str, version: u64, source: Source) -> Result<ReadOutcome, OpError> {
    Ok(ReadOutcome { value: Some(Value::new(text)), version: Some(Version(version)), source })
}

pub(crate) fn absent(version: u64, source: Source) -> Result<ReadOutcome, OpError> {
    Ok(ReadOutcome { value: None, version: Some(Version(version)), source })
}

pub(crate) fn acked(version: u64, cache: CacheEffect) -> Result<WriteOutcome, OpError> {
    Ok(WriteOutcome::committed(Version(version), cache))
}
