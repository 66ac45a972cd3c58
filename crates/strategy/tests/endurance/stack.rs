//! A cache and a store, and the connections that their servers see.

use crate::servers;
use cachemark_backend::in_process::{InProcess, InProcessOptions, Policy};
use cachemark_backend::memcached::{Memcached, MemcachedEndpoint, MemcachedOptions};
use cachemark_backend::postgres::{Postgres, PostgresEndpoint, PostgresOptions};
use cachemark_backend::redis::{Redis, RedisEndpoint, RedisMode, RedisOptions};
use cachemark_backend::sqlite::{Sqlite, SqliteOptions};
use cachemark_backend::{AnyCache, AnyStore, Timeouts};
use cachemark_stack::{Native, NativeOptions, ServerKind};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// Entries of a cache in the process: fewer than there are keys, so that some are evicted.
const CAPACITY: u64 = 80;

pub(crate) struct Stack {
    pub(crate) cache: &'static str,
    pub(crate) store: &'static str,
    native: Native,
    folder: TempDir,
    /// Connections of each server that are none of ours.
    before: BTreeMap<&'static str, usize>,
}

fn timeouts() -> Timeouts {
    Timeouts { connect: Duration::from_secs(30), operation: Duration::from_secs(30) }
}

impl Stack {
    pub(crate) fn up(cache: &'static str, store: &'static str) -> Self {
        let kinds = [cache, store].into_iter().filter_map(ServerKind::of);
        let native = Native::up(&NativeOptions::of(kinds)).expect("the servers come up");
        let mut stack =
            Self { cache, store, native, folder: tempfile::tempdir().unwrap(), before: BTreeMap::default() };
        stack.before = stack.connected();
        stack
    }

    fn url(&self, name: &str) -> String {
        self.native.addresses().of(name).expect("the server's address").url.clone()
    }

    /// The caches of so many instances: one for all of them, or, in the process, one for each.
    pub(crate) async fn caches(&self, instances: usize) -> Vec<Arc<AnyCache>> {
        if self.cache == "in-process" {
            let options = InProcessOptions { policy: Policy::Lru, capacity: Some(CAPACITY) };
            return (0..instances).map(|_| Arc::new(InProcess::new(options).into())).collect();
        }
        let cache: AnyCache = match self.cache {
            "redis" => {
                let options = RedisOptions::new(RedisEndpoint::parse(&self.url("redis")).unwrap());
                // Each of its modes with one of the stores.
                let mode = if self.store == "sqlite" { RedisMode::Shared } else { RedisMode::Dedicated };
                Redis::connect(RedisOptions { mode, lanes: 4, timeouts: timeouts(), ..options }).await.unwrap().into()
            }
            _ => {
                let options = MemcachedOptions::new(MemcachedEndpoint::parse(&self.url("memcached")).unwrap());
                let options = MemcachedOptions { lanes: 4, timeouts: timeouts(), ..options };
                Memcached::connect(options).await.unwrap().into()
            }
        };
        std::iter::repeat_n(Arc::new(cache), instances).collect()
    }

    pub(crate) async fn store(&self) -> Arc<AnyStore> {
        Arc::new(match self.store {
            "sqlite" => {
                let options = SqliteOptions { read_lanes: 2, ..SqliteOptions::new(self.folder.path()) };
                Sqlite::open(options).await.unwrap().into()
            }
            _ => {
                let options = PostgresOptions::new(PostgresEndpoint::parse(&self.url("postgres")).unwrap());
                let options = PostgresOptions { lanes: 4, timeouts: timeouts(), ..options };
                Postgres::connect(options).await.unwrap().into()
            }
        })
    }

    /// How many connections each server has by its own word, beside those that it had before anybody of ours connected.
    pub(crate) fn connections(&self) -> BTreeMap<&'static str, usize> {
        let mut connections = self.connected();
        for (name, count) in &mut connections {
            *count = count.saturating_sub(self.before.get(name).copied().unwrap_or_default());
        }
        connections
    }

    fn connected(&self) -> BTreeMap<&'static str, usize> {
        let asked = |name: &'static str| {
            let ask = match name {
                "redis" => servers::redis_clients,
                "memcached" => servers::memcached_connections,
                "postgres" => servers::postgres_sessions,
                _ => return None,
            };
            Some((name, ask(&self.url(name))))
        };
        [self.cache, self.store].into_iter().filter_map(asked).collect()
    }
}

/// How many files and sockets this process has open.
pub(crate) fn descriptors() -> usize {
    std::fs::read_dir("/proc/self/fd").unwrap().count()
}
