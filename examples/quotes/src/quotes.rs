//! The application itself.

use crate::mistake::{Mistake, Mistakes};
use cachemark_backend::EndpointError;
use cachemark_backend::redis::{Redis, RedisEndpoint, RedisOptions};
use cachemark_backend::sqlite::{Sqlite, SqliteOptions, Synchronous};
use cachemark_core::{
    Cache, CacheError, Entry, Key, KeyError, OpContext, OpError, SettingValue, Settings, Source, Store, StoreError,
    Strategy, SystemClock, Value, Version,
};
use cachemark_strategy::settings::{ON_CACHE_READ_ERROR, ON_CACHE_WRITE_ERROR, ON_WRITE, TTL_JITTER, TTL_MS};
use cachemark_strategy::{CacheAside, Parts, cache_aside};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// How long Redis keeps a quote.
const TTL_MILLIS: u64 = 60_000;
/// How long one operation may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What went wrong.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error("no such quote: {0}")]
    NoSuchQuote(u32),
    #[error("there is a quote {0} already: `quotes update` gives it another text")]
    AlreadyThere(u32),
    #[error("a quote needs a text")]
    NoText,
    #[error("there are no quotes in {}: `quotes init` puts some there, --dir names another folder", .0.display())]
    NoFolder(PathBuf),
    #[error("--redis-url: {0}")]
    RedisUrl(#[from] EndpointError),
    #[error("{1}; Redis was looked for at {0} (--redis-url or REDIS_URL says where it is)")]
    Redis(RedisEndpoint, CacheError),
    #[error("{0}")]
    Store(#[from] StoreError),
    #[error(
        "the new text is in the store, but the old one could not be taken out of Redis, where it lives {ttl_s} s at most: {0}",
        ttl_s = TTL_MILLIS / 1000
    )]
    NotInvalidated(CacheError),
    #[error("{0}")]
    Operation(OpError),
    #[error("quote {0} is not UTF-8 text")]
    NotText(u32),
    #[error("{0}")]
    Key(#[from] KeyError),
}

impl From<OpError> for Failure {
    fn from(error: OpError) -> Self {
        match error {
            OpError::AfterCommit(error) => Self::NotInvalidated(error),
            other => Self::Operation(other),
        }
    }
}

/// A quote, and where it came from.
#[derive(Debug)]
pub(crate) struct Found {
    pub(crate) text: String,
    pub(crate) source: Source,
}

/// The table of quotes, and the cache before it.
pub(crate) struct Quotes<C, S> {
    /// Only mistakes touch the cache past the strategy.
    cache: Arc<C>,
    store: Arc<S>,
    served: CacheAside<C, S>,
    mistakes: Mistakes,
}

impl Quotes<Redis, Sqlite> {
    /// Opens the store, which is made if it isn't there, and makes sure that Redis answers.
    pub(crate) async fn open(folder: &Path, redis_url: &str, mistakes: Mistakes) -> Result<Self, Failure> {
        let endpoint = RedisEndpoint::parse(redis_url)?;
        let cache = Redis::connect(RedisOptions::new(endpoint.clone())).await;
        let cache = Arc::new(cache.map_err(|error| Failure::Redis(endpoint, error))?);
        // Quotes are to be there after a power cut, too.
        let options = SqliteOptions { synchronous: Synchronous::Full, ..SqliteOptions::new(folder) };
        let store = Arc::new(Sqlite::open(options).await?);
        Ok(Self::over(cache, store, mistakes))
    }
}

impl<C: Cache, S: Store> Quotes<C, S> {
    /// The application over any cache and store.
    pub(crate) fn over(cache: Arc<C>, store: Arc<S>, mistakes: Mistakes) -> Self {
        let clock = Arc::new(SystemClock::new());
        let parts = Parts { cache: Arc::clone(&cache), store: Arc::clone(&store), clock };
        let served = CacheAside::new(&settings(&mistakes), parts);
        Self { cache, store, served, mistakes }
    }

    /// Writes the quotes from number 1 on, and returns how many. By way of the strategy, so that texts of before don't
    /// stay in the cache, which is left to those who read.
    pub(crate) async fn init(&self, quotes: &[&str]) -> Result<usize, Failure> {
        for (id, text) in (1..).zip(quotes) {
            self.served.write(&context(), &key(id)?, Value::new(text.as_bytes().to_vec())).await?;
        }
        Ok(quotes.len())
    }

    /// Puts the first `count` quotes into the cache before anybody asks, and returns how many there were: by reading them, so that
    /// they are under the keys that readers use, and live as long as what readers put there.
    pub(crate) async fn prewarm(&self, count: u32) -> Result<usize, Failure> {
        let mut warmed = 0;
        for id in 1..=count {
            let found = match self.mistakes.has(Mistake::OtherKey) {
                true => self.put_under_another_key(id).await,
                false => self.get(id).await.map(drop),
            };
            match found {
                Ok(()) => warmed += 1,
                Err(Failure::NoSuchQuote(_)) => {}
                Err(failure) => return Err(failure),
            }
        }
        Ok(warmed)
    }

    async fn put_under_another_key(&self, id: u32) -> Result<(), Failure> {
        let row = self.store.read(&context(), &key(id)?).await?;
        let value = row.value.ok_or(Failure::NoSuchQuote(id))?;
        self.put(&Key::new(id.to_string())?, row.version, value).await
    }

    /// Puts a text into the cache past the strategy, as an application does that has no strategy.
    async fn put(&self, key: &Key, version: Version, value: Value) -> Result<(), Failure> {
        let ttl = Some(Duration::from_millis(TTL_MILLIS));
        let put = self.cache.set(&context(), key, Entry::live(version, value), ttl).await;
        put.map_err(|error| Failure::Operation(error.into()))
    }

    /// The quote: from the cache, or from the store and then into the cache.
    pub(crate) async fn get(&self, id: u32) -> Result<Found, Failure> {
        let key = key(id)?;
        let outcome = match self.served.read(&context(), &key).await {
            Err(OpError::Store(_)) if self.mistakes.has(Mistake::SwallowedErrors) => {
                self.put(&key, Version::NONE, Value::default()).await?;
                return Ok(Found { text: String::new(), source: Source::MissLed });
            }
            read => read?,
        };
        let value = outcome.value.ok_or(Failure::NoSuchQuote(id))?;
        let text = String::from_utf8(value.as_bytes().to_vec()).map_err(|_| Failure::NotText(id))?;
        Ok(Found { text, source: outcome.source })
    }

    /// Puts a quote of a new number into the store.
    pub(crate) async fn add(&self, id: u32, text: &str) -> Result<(), Failure> {
        if text.trim().is_empty() {
            return Err(Failure::NoText);
        }
        let (key, value) = (key(id)?, Value::new(text.as_bytes().to_vec()));
        let there = self.store.read(&context(), &key).await?;
        match there.value {
            None => drop(self.served.write(&context(), &key, value).await?),
            Some(_) if self.mistakes.has(Mistake::RefusedValue) => self.put(&key, there.version, value).await?,
            Some(_) => return Err(Failure::AlreadyThere(id)),
        }
        Ok(())
    }

    /// Gives a quote that is there a new text: the store first, then out with the cached copy.
    pub(crate) async fn update(&self, id: u32, text: &str) -> Result<(), Failure> {
        if text.trim().is_empty() {
            return Err(Failure::NoText);
        }
        let key = key(id)?;
        // The store is asked, as the cache may not know. Quotes are never deleted, so what is there stays there.
        if self.store.read(&context(), &key).await?.value.is_none() {
            return Err(Failure::NoSuchQuote(id));
        }
        self.served.write(&context(), &key, Value::new(text.as_bytes().to_vec())).await?;
        Ok(())
    }
}

/// The one place where a key is made: whoever reads, writes or invalidates comes here.
fn key(id: u32) -> Result<Key, KeyError> {
    Key::new(format!("quote.{id}"))
}

fn context() -> OpContext {
    OpContext::new(0).until(Instant::now() + PATIENCE)
}

/// Cache-aside's defaults (invalidate on writes, don't cache absence), but 60 s exactly, and an invalidation that
/// failed is told.
fn settings(mistakes: &Mistakes) -> Settings {
    let mut settings = Settings::defaults(cache_aside::DESCRIPTOR.settings);
    if mistakes.has(Mistake::NoInvalidation) {
        settings.put(&ON_WRITE, SettingValue::Text("none".into()));
    }
    if mistakes.has(Mistake::UncaughtCacheErrors) {
        settings.put(&ON_CACHE_READ_ERROR, SettingValue::Text("closed".into()));
    }
    settings.put(&TTL_MS, SettingValue::Integer(TTL_MILLIS));
    settings.put(&TTL_JITTER, SettingValue::Ratio(0.0));
    settings.put(&ON_CACHE_WRITE_ERROR, SettingValue::Text("error".into()));
    settings
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    #[test]
    fn every_setting_is_one_that_cache_aside_takes() {
        for mistakes in [Mistakes::default(), Mistakes(Mistake::value_variants().to_vec())] {
            for (name, value) in settings(&mistakes).iter() {
                let setting = cache_aside::DESCRIPTOR.setting(name).unwrap();
                assert_eq!(setting.check(value.clone()), Ok(value.clone()));
            }
        }
    }
}
