//! What policies cost an operation where nothing fails.
//!
//! An operation of cache-aside over a cache and a store in memory, whose entries live for an hour, is repeated: without anything around it,
//! with the layers of the policies but no policy in them, or with every policy as recommended, with limits that nothing meets.

use cachemark_backend::in_process::{InProcess, InProcessOptions};
use cachemark_core::{
    Applied, Cache, Clock, Key, OpContext, Row, SettingValue, Settings, Store, StoreChange, StoreError, Strategy,
    SystemClock, Value, Version,
};
use cachemark_strategy::resilience::{Policies, cache_settings, store_settings, strategy_settings};
use cachemark_strategy::settings::TTL_MS;
use cachemark_strategy::{build, cache_aside};
use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// A store of one row, without its value: it costs next to nothing.
struct OneRow(AtomicU64);

impl Store for OneRow {
    async fn read(&self, _ctx: &OpContext, _key: &Key) -> Result<Row, StoreError> {
        let version = Version(self.0.load(Ordering::Relaxed));
        Ok(Row { version, value: Some(Value::new(&b"v"[..])) })
    }

    async fn write(&self, _ctx: &OpContext, _key: &Key, _value: Value) -> Result<Version, StoreError> {
        Ok(Version(self.0.fetch_add(1, Ordering::Relaxed) + 1))
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<Version, StoreError> {
        self.write(ctx, key, Value::new(&b""[..])).await
    }

    async fn apply(&self, _ctx: &OpContext, _changes: &[StoreChange]) -> Result<Vec<Applied>, StoreError> {
        Err(StoreError::Unsupported("batches"))
    }
}

/// Every policy as recommended where `all`, else none.
fn policies(all: bool, clock: &Arc<dyn Clock>) -> Policies {
    let (strategy, cache, store) = (strategy_settings(), cache_settings(), store_settings());
    let settings = |known: &[cachemark_core::Setting], numbers: &[(&str, u64)]| {
        let mut settings = Settings::defaults(known);
        for setting in known.iter().filter(|_| all) {
            let number = numbers.iter().find(|(name, _)| *name == setting.name);
            if let Ok(value) = setting.check(SettingValue::Text("recommended".into())) {
                settings.put(setting, value);
            } else if let Some((_, number)) = number {
                settings.put(setting, SettingValue::Integer(*number));
            }
        }
        settings
    };
    let of_strategy = settings(&strategy, &[("throttle-calls", 1_000_000_000), ("throttle-burst", 1_000_000_000)]);
    let of_store = settings(&store, &[("call-timeout-ms", 1_000)]);
    Policies::from_settings(&of_strategy, Some(&settings(&cache, &[])), &of_store, clock).unwrap_or_default()
}

/// What is repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// A read that the cache answers.
    Hit,
    /// A read before which the entry is taken out of the cache, past the policies.
    Miss,
    /// A write, which asks both.
    Write,
}

impl Operation {
    /// The operation of that name, in lower case.
    pub fn called(name: &str) -> Option<Self> {
        match name {
            "hit" => Some(Self::Hit),
            "miss" => Some(Self::Miss),
            "write" => Some(Self::Write),
            _ => None,
        }
    }
}

async fn ask(strategy: &impl Strategy, cache: &impl Cache, operation: Operation, count: u64) {
    let (ctx, key) = (OpContext::new(0), Key::new("cm:0").expect("it is short"));
    let ctx = ctx.until(tokio::time::Instant::now() + Duration::from_secs(3_600));
    strategy.read(&ctx, &key).await.expect("nothing fails");
    for _ in 0..count {
        if operation == Operation::Miss {
            cache.delete(&ctx, &key).await.expect("nothing fails");
        }
        let ended_well = if operation == Operation::Write {
            strategy.write(black_box(&ctx), black_box(&key), Value::new(&b"v"[..])).await.is_ok()
        } else {
            strategy.read(black_box(&ctx), black_box(&key)).await.is_ok()
        };
        assert!(black_box(ended_well), "nothing fails and nothing is shed");
    }
}

/// What stands around the strategy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// Nothing: the strategy by itself.
    Plain,
    /// The layers, with no policy in them.
    None,
    /// Every policy as recommended, with limits that nothing meets.
    All,
}

impl How {
    /// That of this name, in lower case.
    pub fn called(name: &str) -> Option<Self> {
        match name {
            "plain" => Some(Self::Plain),
            "none" => Some(Self::None),
            "all" => Some(Self::All),
            _ => None,
        }
    }
}

/// Repeats an operation so many times; how long that took.
pub fn repeat(operation: Operation, how: How, count: u64) -> Duration {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime can be made");
    runtime.block_on(async {
        let cache = Arc::new(InProcess::new(InProcessOptions::from_settings(&Settings::default())));
        let store = Arc::new(OneRow(AtomicU64::new(1)));
        let clock: Arc<dyn Clock> = Arc::new(SystemClock::new());
        let mut settings = Settings::defaults(cache_aside::DESCRIPTOR.settings);
        settings.put(&TTL_MS, SettingValue::Integer(3_600_000));
        let (name, below) = (cache_aside::DESCRIPTOR.name, Arc::clone(&cache));
        let began = Instant::now();
        if how == How::Plain {
            let strategy = build(name, &settings, cache, store, clock).expect("it is there");
            ask(&strategy, &*below, operation, count).await;
        } else {
            let policies = policies(how == How::All, &clock);
            let strategy = policies.build(name, &settings, cache, store, clock).expect("it is there");
            ask(&strategy, &*below, operation, count).await;
        }
        began.elapsed()
    })
}
