//! The application itself.

use cachemark_backend::EndpointError;
use cachemark_backend::redis::{Redis, RedisEndpoint, RedisOptions};
use cachemark_backend::sqlite::{Sqlite, SqliteOptions, Synchronous};
use cachemark_core::{
    CacheError, Key, KeyError, OpContext, OpError, SettingValue, Settings, Source, Store, StoreError, Strategy,
    SystemClock, Value,
};
use cachemark_strategy::settings::{ON_CACHE_WRITE_ERROR, TTL_JITTER, TTL_MS};
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
pub(crate) struct Quotes {
    store: Arc<Sqlite>,
    served: CacheAside<Redis, Sqlite>,
}

impl Quotes {
    /// Opens the store, which is made if it isn't there, and makes sure that Redis answers.
    pub(crate) async fn open(folder: &Path, redis_url: &str) -> Result<Self, Failure> {
        let endpoint = RedisEndpoint::parse(redis_url)?;
        let cache = Redis::connect(RedisOptions::new(endpoint.clone())).await;
        let cache = Arc::new(cache.map_err(|error| Failure::Redis(endpoint, error))?);
        // Quotes are to be there after a power cut, too.
        let options = SqliteOptions { synchronous: Synchronous::Full, ..SqliteOptions::new(folder) };
        let store = Arc::new(Sqlite::open(options).await?);
        let parts = Parts { cache, store: Arc::clone(&store), clock: Arc::new(SystemClock::new()) };
        Ok(Self { store, served: CacheAside::new(&settings(), parts) })
    }

    /// Writes the quotes from number 1 on, and returns how many. By way of the strategy, so that texts of before don't
    /// stay in the cache, which is left to those who read.
    pub(crate) async fn init(&self, quotes: &[&str]) -> Result<usize, Failure> {
        for (id, text) in (1..).zip(quotes) {
            self.served.write(&context(), &key(id)?, Value::new(text.as_bytes().to_vec())).await?;
        }
        Ok(quotes.len())
    }

    /// The quote: from the cache, or from the store and then into the cache.
    pub(crate) async fn get(&self, id: u32) -> Result<Found, Failure> {
        let outcome = self.served.read(&context(), &key(id)?).await?;
        let value = outcome.value.ok_or(Failure::NoSuchQuote(id))?;
        let text = String::from_utf8(value.as_bytes().to_vec()).map_err(|_| Failure::NotText(id))?;
        Ok(Found { text, source: outcome.source })
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
fn settings() -> Settings {
    let mut settings = Settings::defaults(cache_aside::DESCRIPTOR.settings);
    settings.put(&TTL_MS, SettingValue::Integer(TTL_MILLIS));
    settings.put(&TTL_JITTER, SettingValue::Ratio(0.0));
    settings.put(&ON_CACHE_WRITE_ERROR, SettingValue::Text("error".into()));
    settings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_setting_is_one_that_cache_aside_takes() {
        for (name, value) in settings().iter() {
            let setting = cache_aside::DESCRIPTOR.setting(name).unwrap();
            assert_eq!(setting.check(value.clone()), Ok(value.clone()));
        }
    }
}
