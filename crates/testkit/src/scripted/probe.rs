//! The probes of the scripted parts. They pass by scripts and logs.

use super::{ScriptedCache, ScriptedStore};
use cachemark_core::{
    CacheError, CacheProbe, Counters, Entry, Held, Key, PreloadRows, Probe, ProbeFuture, Recency, Row, Seeing,
    StoreError, StoreProbe,
};
use std::collections::BTreeMap;
use std::future::ready;
use std::time::Duration;

fn answer<'a, T: Send + 'a, E: Send + 'a>(value: T) -> ProbeFuture<'a, T, E> {
    Box::pin(ready(Ok(value)))
}

impl Probe<CacheError> for ScriptedCache {
    fn ping(&self) -> ProbeFuture<'_, Duration, CacheError> {
        answer(Duration::ZERO)
    }

    fn version(&self) -> ProbeFuture<'_, String, CacheError> {
        answer("scripted-cache 1".to_owned())
    }

    fn settings(&self) -> ProbeFuture<'_, BTreeMap<String, String>, CacheError> {
        answer(BTreeMap::from([("memory".to_owned(), "a map in this process".to_owned())]))
    }

    fn counters(&self) -> ProbeFuture<'_, Counters, CacheError> {
        let entries = self.len() as u64;
        let content = self.content();
        answer(Counters(BTreeMap::from([
            ("gets", content.gets),
            ("hits", content.hits),
            ("sets", content.sets),
            ("deletes", content.deletes),
            ("entries", entries),
        ])))
    }
}

impl CacheProbe for ScriptedCache {
    fn clear(&self) -> ProbeFuture<'_, (), CacheError> {
        ScriptedCache::clear(self);
        answer(())
    }

    fn inspect<'a>(&'a self, key: &'a Key) -> ProbeFuture<'a, Option<Entry>, CacheError> {
        answer(self.entry(key))
    }

    fn keys(&self) -> ProbeFuture<'_, Vec<Key>, CacheError> {
        answer(self.entries())
    }

    fn expire<'a>(&'a self, keys: Option<&'a [Key]>) -> ProbeFuture<'a, (), CacheError> {
        let all = keys.is_none().then(|| self.entries());
        keys.or(all.as_deref()).into_iter().flatten().for_each(|key| self.evict(key));
        answer(())
    }

    fn look<'a>(
        &'a self,
        keys: &'a [Key],
        see: &'a mut Seeing<'a, Option<Held>>,
    ) -> ProbeFuture<'a, Recency, CacheError> {
        keys.iter().enumerate().for_each(|(at, key)| see(at, self.held(key)));
        answer(Recency::Kept)
    }
}

impl Probe<StoreError> for ScriptedStore {
    fn ping(&self) -> ProbeFuture<'_, Duration, StoreError> {
        answer(Duration::ZERO)
    }

    fn version(&self) -> ProbeFuture<'_, String, StoreError> {
        answer("scripted-store 1".to_owned())
    }

    fn settings(&self) -> ProbeFuture<'_, BTreeMap<String, String>, StoreError> {
        answer(BTreeMap::from([("memory".to_owned(), "a map in this process".to_owned())]))
    }

    fn counters(&self) -> ProbeFuture<'_, Counters, StoreError> {
        let table = self.table();
        answer(Counters(BTreeMap::from([
            ("rows-read", table.reads),
            ("rows-written", table.writes),
            ("entries", table.rows.len() as u64),
        ])))
    }
}

impl StoreProbe for ScriptedStore {
    fn reset<'a>(&'a self, rows: &'a dyn PreloadRows) -> ProbeFuture<'a, (), StoreError> {
        let mut table = self.table();
        table.rows.clear();
        for index in 0..rows.count() {
            let (key, value) = rows.row(index);
            table.change(&key, Some(value));
        }
        answer(())
    }

    fn inspect<'a>(&'a self, key: &'a Key) -> ProbeFuture<'a, Row, StoreError> {
        answer(self.row(key))
    }

    fn keys(&self, most: u64) -> ProbeFuture<'_, Vec<Key>, StoreError> {
        let mut keys: Vec<Key> = self.table().rows.keys().cloned().collect();
        keys.sort_by(|a, b| a.as_bytes().cmp(b.as_bytes()));
        keys.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        answer(keys)
    }

    fn look<'a>(&'a self, keys: &'a [Key], see: &'a mut Seeing<'a, Row>) -> ProbeFuture<'a, (), StoreError> {
        keys.iter().enumerate().for_each(|(at, key)| see(at, self.row(key)));
        answer(())
    }
}
