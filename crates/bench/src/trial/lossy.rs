//! A store that acknowledges a write and does not keep it: the audit of the trial finds that write, and no other.

use super::golden::{MeteredCache, record};
use crate::composition::Composition;
use crate::target::{Probes, Target};
use cachemark_core::{
    Applied, CacheMeter, CacheProbe, Key, Metered, OpContext, Row, Store, StoreChange, StoreError, StoreMeter,
    StoreProbe, Value, Version,
};
use cachemark_results::{AuditFinding, Trial};
use cachemark_strategy::AnyStrategy;
use cachemark_testkit::scripted::{ManualClock, Op, ScriptedCache, ScriptedStore, When};
use std::sync::Arc;
use std::time::Duration;

/// The key whose writes are lost.
const LOST: &str = "t:k07";

/// Forgets the writes of one key.
struct Forgetful(ScriptedStore);

impl Store for Forgetful {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
        self.0.read(ctx, key).await
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<Version, StoreError> {
        if key.as_str() == LOST {
            // It takes its time, as one that keeps what it is given.
            let row = self.0.read(ctx, key).await?;
            return Ok(Version(row.version.0 + 1));
        }
        self.0.write(ctx, key, value).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<Version, StoreError> {
        self.0.delete(ctx, key).await
    }

    async fn apply(&self, ctx: &OpContext, changes: &[StoreChange]) -> Result<Vec<Applied>, StoreError> {
        self.0.apply(ctx, changes).await
    }
}

struct Parts(Option<Arc<MeteredCache>>, Arc<Metered<Forgetful, StoreMeter>>);

impl Probes for Parts {
    fn caches(&self) -> Vec<&dyn CacheProbe> {
        self.0.iter().map(|cache| cache.inner() as &dyn CacheProbe).collect()
    }

    fn store(&self) -> &dyn StoreProbe {
        &self.1.inner().0
    }
}

fn target(composition: &Composition) -> Target<AnyStrategy<MeteredCache, Metered<Forgetful, StoreMeter>>> {
    let (cache, store) = (ScriptedCache::new(), ScriptedStore::new());
    cache.delay_when(When::always(), Duration::from_millis(1));
    for op in [Op::Read, Op::Write, Op::Delete] {
        store.delay_when(When::every(op), Duration::from_millis(2));
    }
    let (cache_meter, store_meter) = (Arc::<CacheMeter>::default(), Arc::<StoreMeter>::default());
    let cache = Arc::new(Metered::new(cache, Arc::clone(&cache_meter)));
    let store = Arc::new(Metered::new(Forgetful(store), Arc::clone(&store_meter)));
    let (name, settings) = (composition.strategy.descriptor.name, &composition.strategy.settings);
    let parts = (Arc::clone(&cache), Arc::clone(&store), Arc::new(ManualClock::new()));
    let strategy = cachemark_strategy::build(name, settings, parts.0, parts.1, parts.2).unwrap();
    let cache = composition.cache.as_ref().map(|_| cache);
    Target { instances: vec![Arc::new(strategy)], cache_meter, store_meter, probes: Box::new(Parts(cache, store)) }
}

#[test]
fn an_acknowledged_write_that_the_store_lacks_is_found_by_its_key() {
    let out = tempfile::tempdir().unwrap();
    let (_, trials): (_, Vec<Trial>) = record(out.path(), target).unwrap();
    assert_eq!(trials.len(), 5);
    for trial in &trials {
        let audit = trial.audit.as_ref().unwrap();
        assert_eq!((audit.lost_writes(), audit.incomplete.as_deref()), (Some(1), None), "{}", trial.cell);
        let lost = audit.examples.iter().find(|example| example.finding == AuditFinding::LostWrite).unwrap();
        assert_eq!((lost.key.as_str(), lost.acknowledged), (LOST, Some(lost.row + 1)), "{}", trial.cell);
        let warning = trial.warnings.iter().find(|warning| warning.code == "lost-writes").unwrap();
        assert!(warning.text.contains(LOST), "{}", warning.text);
    }
}
