//! The mistakes, each looked for by an audit of what cache and store hold afterwards.

use crate::collection::QUOTES;
use crate::mistake::{Mistake, Mistakes};
use crate::quotes::{Failure, Quotes};
use cachemark_bench::{Probes, StopFlag, audit_stack};
use cachemark_core::{CacheError, CacheProbe, StoreError, StoreProbe};
use cachemark_results::AuditFinding;
use cachemark_testkit::scripted::{Op, ScriptedCache, ScriptedStore, When};
use clap::ValueEnum;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What is found, by the key.
type Findings = Vec<(AuditFinding, String)>;

/// The application over parts in memory.
struct Scene {
    cache: Arc<ScriptedCache>,
    store: Arc<ScriptedStore>,
    quotes: Quotes<ScriptedCache, ScriptedStore>,
}

impl Probes for Scene {
    fn caches(&self) -> Vec<&dyn CacheProbe> {
        vec![&*self.cache]
    }

    fn store(&self) -> &dyn StoreProbe {
        &*self.store
    }
}

impl Scene {
    /// With the ten quotes in the store.
    async fn with(mistakes: &[Mistake]) -> Self {
        let (cache, store) = (Arc::new(ScriptedCache::new()), Arc::new(ScriptedStore::new()));
        let quotes = Quotes::over(Arc::clone(&cache), Arc::clone(&store), Mistakes(mistakes.to_vec()));
        quotes.init(&QUOTES).await.unwrap();
        Self { cache, store, quotes }
    }

    /// What `cachemark audit` does: the keys of both are listed, and held against each other.
    async fn audited(&self) -> Findings {
        let store: &dyn StoreProbe = &*self.store;
        let cache: &dyn CacheProbe = &*self.cache;
        let (rows, entries) = (store.keys(u64::MAX).await.unwrap(), cache.keys().await.unwrap());
        let known: BTreeSet<Vec<u8>> = rows.iter().map(|key| key.as_bytes().to_vec()).collect();
        let others = entries.into_iter().filter(|key| !known.contains(key.as_bytes()));
        let keys = rows.iter().cloned().chain(others).collect();
        let audit = audit_stack(keys, self, &StopFlag::default()).await;
        assert_eq!(audit.incomplete, None);
        audit.examples.into_iter().map(|example| (example.finding, example.key)).collect()
    }
}

/// Everything that an application is asked in its life, and how each ended.
async fn live(scene: &Scene) -> Vec<Result<String, Failure>> {
    let Scene { quotes, cache, store, .. } = scene;
    let mut ended = vec![quotes.prewarm(2).await.map(|count| count.to_string())];
    ended.push(quotes.add(3, "Another text for a number that is taken.").await.map(|()| "added".into()));
    ended.push(quotes.get(4).await.map(|found| found.text));
    ended.push(quotes.update(4, "Brief.").await.map(|()| "updated".into()));
    store.fail_when(When::next(Op::Read), StoreError::Rejected("scripted".into()));
    ended.push(quotes.get(5).await.map(|found| found.text));
    cache.fail_when(When::next(Op::Get), CacheError::Unavailable("scripted".into()));
    ended.push(quotes.get(6).await.map(|found| found.text));
    ended
}

#[tokio::test]
async fn an_application_without_mistakes_leaves_nothing_to_be_found() {
    let scene = Scene::with(&[]).await;
    let ended = live(&scene).await;
    assert_eq!(scene.audited().await, []);
    assert!(matches!(ended[1], Err(Failure::AlreadyThere(3))), "{:?}", ended[1]);
    assert!(matches!(ended[4], Err(Failure::Operation(_))), "a failing store is told: {:?}", ended[4]);
    assert_eq!(ended[5].as_deref().ok(), Some(QUOTES[5]), "the store answers for a cache that fails");
    assert_eq!(scene.quotes.get(4).await.unwrap().text, "Brief.");
}

#[tokio::test]
async fn each_mistake_is_found_or_cannot_be_seen_in_what_is_held() {
    let orphans = vec![(AuditFinding::Orphan, "1".to_owned()), (AuditFinding::Orphan, "2".to_owned())];
    let one = |finding, key: &str| vec![(finding, key.to_owned())];
    for mistake in Mistake::value_variants() {
        let scene = Scene::with(&[*mistake]).await;
        live(&scene).await;
        let expected = match mistake {
            Mistake::OtherKey => orphans.clone(),
            Mistake::RefusedValue => one(AuditFinding::CorruptEntry, "quote.3"),
            Mistake::NoInvalidation => one(AuditFinding::Behind, "quote.4"),
            Mistake::SwallowedErrors => one(AuditFinding::Behind, "quote.5"),
            // It leaves nothing behind: that readers are turned away is counted by a sweep (error_ratio), and by nobody else.
            Mistake::UncaughtCacheErrors => Vec::new(),
        };
        assert_eq!(scene.audited().await, expected, "{mistake:?}");
    }
}

#[tokio::test]
async fn an_uncaught_cache_error_is_the_reader_s() {
    let scene = Scene::with(&[Mistake::UncaughtCacheErrors]).await;
    let ended = live(&scene).await;
    assert!(matches!(ended[5], Err(Failure::Operation(_))), "{:?}", ended[5]);
}
