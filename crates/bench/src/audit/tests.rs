use super::*;
use crate::instrument::{Oracle, OraclePlan, Versions};
use cachemark_core::{
    Counters, Entry, PreloadRows, Probe, ProbeFuture, Row, Seeing, Stamp, StoreError, StoreProbe, Value, Version,
    WriteId,
};
use cachemark_results::AuditFinding as Found;
use cachemark_testkit::scripted::{ScriptedCache, ScriptedStore};
use cachemark_workload::PRELOAD_TRIAL;
use std::collections::BTreeMap;

const TRIAL: u32 = 3;
const KEYS: u64 = 20;

/// A store and a cache with every row loaded, and an oracle that has seen nothing else.
struct Scene {
    keys: Keyspace,
    store: ScriptedStore,
    caches: Vec<ScriptedCache>,
    oracle: Oracle,
    lag: Duration,
}

impl Probes for Scene {
    fn caches(&self) -> Vec<&dyn CacheProbe> {
        self.caches.iter().map(|cache| cache as &dyn CacheProbe).collect()
    }

    fn store(&self) -> &dyn StoreProbe {
        &self.store
    }

    fn rows_lag(&self) -> Duration {
        self.lag
    }
}

impl Scene {
    fn new() -> Self {
        Self::with(true)
    }

    /// `ours` says whether this client has loaded the rows.
    fn with(ours: bool) -> Self {
        let plan = OraclePlan {
            keys: KEYS,
            sessions: 4,
            trial: TRIAL,
            loaded: ours,
            our_rows: ours,
            by_stamp: false,
            caches: 1,
            fills_unseen: false,
            versions: Versions::OfStore,
            window: Duration::from_secs(1),
        };
        let keys = Keyspace::new("t:", KEYS).unwrap();
        let (caches, oracle) = (vec![ScriptedCache::new()], Oracle::new(plan));
        let scene = Self { keys, store: ScriptedStore::new(), caches, oracle, lag: Duration::ZERO };
        for key in scene.keys.keys() {
            scene.store.preload(&key, scene.value(&key, PRELOAD_TRIAL, 0));
        }
        scene
    }

    fn key(&self, index: u32) -> Key {
        self.keys.key(index.into())
    }

    fn value(&self, key: &Key, trial: u32, sequence: u64) -> Value {
        Stamp { trial, key: key.fingerprint(), write_id: WriteId { session: 1, sequence } }.seal(b"payload")
    }

    /// A write that the store has and the client was acknowledged; returns its value.
    fn write(&self, index: u32) -> (Version, Value) {
        let key = &self.key(index);
        let version = Version(self.store.row(key).version.0 + 1);
        let value = self.value(key, TRIAL, version.0);
        self.store.preload(key, value.clone());
        self.oracle.changed(index, Some((version.0, false)));
        (version, value)
    }

    fn cached(&self, index: u32, entry: Entry) {
        self.caches[0].put(&self.key(index), entry);
    }

    async fn audited(&self, most: u64) -> record::Audit {
        let (written, stop) = (Some(self.oracle.written()), StopFlag::default());
        let audit = Audit::of(&self.keys, most, Seed::new(1), written, true, &stop);
        audit.look(self).await
    }
}

fn found(audit: &record::Audit) -> Vec<(Found, &str)> {
    audit.examples.iter().map(|example| (example.finding, example.key.as_str())).collect()
}

#[tokio::test]
async fn a_store_and_a_cache_that_agree_show_nothing() {
    let scene = Scene::new();
    let (version, value) = scene.write(2);
    scene.cached(2, Entry::live(version, value));
    scene.cached(3, Entry::live(Version(1), scene.store.row(&scene.key(3)).value.unwrap()));
    let audit = scene.audited(KEYS).await;
    assert_eq!(found(&audit), []);
    assert_eq!((audit.lost_writes(), audit.divergence(), audit.incomplete.as_deref()), (Some(0), Some(0.0), None));
    let cache = audit.cache.unwrap();
    assert_eq!((audit.store.seen, audit.store.written, cache.seen, cache.held, cache.equal), (20, Some(1), 20, 2, 2));
}

#[tokio::test]
async fn each_fault_of_a_row_is_found_by_its_key() {
    let scene = Scene::new();
    // Acknowledged, and not in the store.
    scene.oracle.changed(2, Some((2, false)));
    scene.oracle.changed(3, Some((2, true)));
    // Attempted, with an unknown end: in the store or not, both are right.
    scene.oracle.changed(4, None);
    scene.oracle.changed(5, None);
    scene.store.preload(&scene.key(5), scene.value(&scene.key(5), TRIAL, 9));
    // In the store, and attempted by nobody.
    scene.store.preload(&scene.key(6), scene.value(&scene.key(6), TRIAL, 9));
    // Another key's value, and another trial's.
    scene.oracle.changed(7, Some((2, false)));
    scene.store.preload(&scene.key(7), scene.value(&scene.key(8), TRIAL, 9));
    scene.oracle.changed(9, Some((2, false)));
    scene.store.preload(&scene.key(9), scene.value(&scene.key(9), TRIAL + 1, 9));
    // What an earlier trial's client gave up, and the store carried out after the reset.
    scene.store.preload(&scene.key(10), scene.value(&scene.key(10), TRIAL - 1, 9));
    let audit = scene.audited(KEYS).await;
    assert_eq!(
        found(&audit),
        [
            (Found::LostWrite, "t:k02"),
            (Found::LostDelete, "t:k03"),
            (Found::PhantomRow, "t:k06"),
            (Found::PhantomRow, "t:k09"),
            (Found::CorruptRow, "t:k07")
        ]
    );
    let store = &audit.store;
    assert_eq!((store.lost, store.lost_deletes, store.phantoms, store.corrupt), (2, 1, 2, 1));
    let first = &audit.examples[0];
    assert_eq!((first.acknowledged, first.row, first.entry), (Some(2), 1, None));
}

/// A store that gives a version and keeps an older value has lost the write, whatever its version says.
#[tokio::test]
async fn the_row_of_the_right_version_with_an_older_value_has_lost_the_write() {
    let scene = Scene::new();
    let write = |sequence| Some(WriteId { session: 1, sequence });
    let kept = |index, trial, sequence| {
        scene.store.preload(&scene.key(index), scene.value(&scene.key(index), trial, sequence));
    };
    // The right value; an older one of this trial; what was loaded; what an earlier trial left.
    for (index, trial, sequence) in [(2, TRIAL, 7), (3, TRIAL, 6), (4, PRELOAD_TRIAL, 0), (5, TRIAL - 1, 7)] {
        scene.oracle.wrote(index, Some((2, false)), write(7));
        kept(index, trial, sequence);
    }
    // An unknown write came after, or the version was acknowledged to two: whose value it is nobody knows.
    scene.oracle.wrote(6, Some((2, false)), write(7));
    scene.oracle.wrote(6, None, write(8));
    kept(6, TRIAL, 7);
    kept(6, TRIAL, 8);
    scene.oracle.wrote(7, Some((2, false)), write(7));
    scene.oracle.wrote(7, Some((2, false)), write(8));
    kept(7, TRIAL, 7);
    let audit = scene.audited(KEYS).await;
    assert_eq!(found(&audit), [(Found::LostWrite, "t:k03"), (Found::LostWrite, "t:k04"), (Found::LostWrite, "t:k05")]);
    assert!(audit.examples.iter().all(|example| example.other_value && example.row == 2), "{:?}", audit.examples);
    assert_eq!((audit.store.lost, audit.store.phantoms), (3, 0));
}

#[tokio::test]
async fn a_row_that_is_gone_is_lost() {
    let scene = Scene::new();
    scene.store.truncate();
    let audit = scene.audited(KEYS).await;
    assert_eq!((audit.lost_writes(), audit.examples.len()), (Some(KEYS), 3));
}

#[tokio::test]
async fn each_fault_of_an_entry_is_found_by_its_key() {
    let scene = Scene::new();
    let loaded = |index| scene.store.row(&scene.key(index)).value.unwrap();
    for index in [1, 2, 3] {
        let old = loaded(index);
        scene.write(index);
        scene.cached(index, Entry::live(Version(1), old));
    }
    scene.write(4);
    scene.cached(4, Entry::absent(Version(1)));
    let old = loaded(5);
    scene.store.remove(&scene.key(5));
    scene.oracle.changed(5, Some((2, true)));
    scene.cached(5, Entry::live(Version(1), old));
    // Put into the cache, and refused by the store.
    scene.oracle.changed(6, None);
    scene.cached(6, Entry::live(Version(2), scene.value(&scene.key(6), TRIAL, 8)));
    scene.cached(7, Entry::live(Version(2), scene.value(&scene.key(7), TRIAL, 8)));
    scene.cached(8, Entry::live(Version(1), scene.value(&scene.key(9), PRELOAD_TRIAL, 0)));
    scene.cached(9, Entry::live(Version(1), loaded(9)));
    let audit = scene.audited(KEYS).await;
    let cache = audit.cache.clone().unwrap();
    assert_eq!((cache.held, cache.equal, cache.behind, cache.ahead), (9, 1, 5, 1));
    assert_eq!((cache.resurrected, cache.stale_negatives, cache.phantoms, cache.corrupt), (1, 1, 1, 1));
    assert_eq!((cache.behind_without_end, cache.behind_remaining), (5, None));
    assert_eq!(audit.divergence(), Some(6.0 / 9.0));
    assert_eq!(
        found(&audit),
        [
            (Found::PhantomEntry, "t:k07"),
            (Found::CorruptEntry, "t:k08"),
            (Found::Ahead, "t:k06"),
            (Found::Resurrected, "t:k05"),
            (Found::StaleNegative, "t:k04"),
            (Found::Behind, "t:k01"),
            (Found::Behind, "t:k02"),
            (Found::Behind, "t:k03"),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_is_behind_says_how_long_it_will_stay() {
    use cachemark_core::{Cache, OpContext};
    let scene = Scene::new();
    for (index, seconds) in [(1, 10), (2, 7_200)] {
        let old = scene.store.row(&scene.key(index)).value.unwrap();
        scene.write(index);
        let (entry, ttl) = (Entry::live(Version(1), old), Some(Duration::from_secs(seconds)));
        scene.caches[0].set(&OpContext::new(0), &scene.key(index), entry, ttl).await.unwrap();
    }
    let audit = scene.audited(KEYS).await;
    let remaining = audit.cache.unwrap().behind_remaining.unwrap();
    assert_eq!((remaining.count, remaining.max_ns), (2, 7_200_000_000_000));
    assert_eq!(audit.examples[0].remaining_ns, Some(10_000_000_000));
}

#[tokio::test]
async fn every_instance_s_cache_is_looked_into() {
    let mut scene = Scene::new();
    scene.caches.push(ScriptedCache::new());
    let old = scene.store.row(&scene.key(1)).value.unwrap();
    scene.write(1);
    scene.caches[1].put(&scene.key(1), Entry::live(Version(1), old));
    let audit = scene.audited(KEYS).await;
    let cache = audit.cache.unwrap();
    assert_eq!((cache.caches, cache.seen, cache.held, cache.behind), (2, 40, 1, 1));
    assert_eq!(audit.examples[0].cache, Some(1));
}

#[tokio::test]
async fn a_sample_has_the_written_keys_first_and_says_so() {
    let scene = Scene::new();
    for index in [4, 11, 17] {
        scene.oracle.changed(index, Some((2, false)));
    }
    let audit = scene.audited(5).await;
    assert_eq!((audit.keys, audit.chosen, audit.store.seen, audit.lost_writes()), (20, 5, 5, Some(3)));
    assert!(audit.is_sample());
    let audit = scene.audited(2).await;
    assert_eq!((audit.chosen, audit.lost_writes()), (2, Some(2)));
}

#[tokio::test]
async fn without_an_oracle_store_and_cache_are_held_against_each_other() {
    let scene = Scene::new();
    let old = scene.store.row(&scene.key(1)).value.unwrap();
    scene.write(1);
    scene.cached(1, Entry::live(Version(1), old));
    let stop = StopFlag::default();
    let audit = Audit::of(&scene.keys, KEYS, Seed::new(1), None, true, &stop);
    let audit = audit.look(&scene).await;
    assert_eq!((audit.lost_writes(), audit.store.written, audit.cache.unwrap().behind), (None, None, 1));
}

/// Whoever put it there wrote no stamps: that is no damage where nobody knows who writes.
#[tokio::test]
async fn a_value_without_a_stamp_is_damaged_only_to_who_knows_the_writers() {
    let scene = Scene::new();
    let unstamped = Value::new(&b"hello"[..]);
    scene.store.preload(&scene.key(1), unstamped.clone());
    scene.cached(1, Entry::live(scene.store.row(&scene.key(1)).version, unstamped.clone()));
    scene.cached(2, Entry::live(Version(0), unstamped));
    let stop = StopFlag::default();
    let audit = Audit::of(&scene.keys, KEYS, Seed::new(1), None, true, &stop).look(&scene).await;
    assert_eq!(found(&audit), [(Found::Behind, "t:k02")]);
    assert_eq!((audit.corrupt(), audit.cache.as_ref().unwrap().equal), (0, 1));
    assert!(scene.audited(KEYS).await.corrupt() > 0);
}

/// A service brings into its store what it has acknowledged when it likes.
#[tokio::test(start_paused = true)]
async fn what_a_service_has_acknowledged_is_waited_for_and_lost_if_it_does_not_come() {
    let scene = Scene { lag: Duration::from_secs(2), ..Scene::new() };
    scene.oracle.changed(2, Some((2, false)));
    scene.oracle.changed(3, Some((2, false)));
    let begun = tokio::time::Instant::now();
    let late = async {
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        scene.store.preload(&scene.key(2), scene.value(&scene.key(2), TRIAL, 2));
    };
    let (audit, ()) = tokio::join!(scene.audited(KEYS), late);
    assert_eq!(found(&audit), [(Found::LostWrite, "t:k03")]);
    assert!(begun.elapsed() < Duration::from_millis(2_500), "{:?}", begun.elapsed());
    scene.store.preload(&scene.key(3), scene.value(&scene.key(3), TRIAL, 2));
    let begun = tokio::time::Instant::now();
    assert_eq!((scene.audited(KEYS).await.lost_writes(), begun.elapsed()), (Some(0), Duration::ZERO));
}

/// What was there before the trial is none of its business, whatever its version and whoever wrote it.
#[tokio::test]
async fn of_rows_that_others_wrote_none_is_a_phantom_or_damaged() {
    let scene = Scene::with(false);
    scene.store.preload(&scene.key(4), scene.value(&scene.key(4), TRIAL + 1, 9));
    scene.store.preload(&scene.key(5), Value::new(&b"hello"[..]));
    scene.oracle.changed(6, Some((9, false)));
    let audit = scene.audited(KEYS).await;
    assert_eq!(found(&audit), [(Found::LostWrite, "t:k06")]);
    assert_eq!((audit.phantoms(), audit.corrupt(), audit.store.written), (0, 0, Some(1)));
}

#[tokio::test]
async fn a_strategy_at_work_is_not_audited() {
    let (scene, stop) = (Scene::new(), StopFlag::default());
    let written = Some(scene.oracle.written());
    let audit = Audit::of(&scene.keys, KEYS, Seed::new(1), written, false, &stop);
    let audit = audit.look(&scene).await;
    assert_eq!((audit.store.seen, audit.incomplete.as_deref()), (0, Some("the strategy was still at work")));
}

/// A store that shows a few rows and then fails, or never answers.
struct Failing<'a> {
    scene: &'a Scene,
    shown: usize,
    never: bool,
}

impl Probe<StoreError> for Failing<'_> {
    fn ping(&self) -> ProbeFuture<'_, Duration, StoreError> {
        self.scene.store.ping()
    }

    fn version(&self) -> ProbeFuture<'_, String, StoreError> {
        self.scene.store.version()
    }

    fn settings(&self) -> ProbeFuture<'_, BTreeMap<String, String>, StoreError> {
        self.scene.store.settings()
    }

    fn counters(&self) -> ProbeFuture<'_, Counters, StoreError> {
        self.scene.store.counters()
    }
}

impl StoreProbe for Failing<'_> {
    fn reset<'a>(&'a self, rows: &'a dyn PreloadRows) -> ProbeFuture<'a, (), StoreError> {
        self.scene.store.reset(rows)
    }

    fn inspect<'a>(&'a self, key: &'a Key) -> ProbeFuture<'a, Row, StoreError> {
        self.scene.store.inspect(key)
    }

    fn look<'a>(&'a self, keys: &'a [Key], see: &'a mut Seeing<'a, Row>) -> ProbeFuture<'a, (), StoreError> {
        Box::pin(async move {
            self.scene.store.look(&keys[..self.shown], see).await?;
            if self.never {
                std::future::pending::<()>().await;
            }
            Err(StoreError::Unavailable("it is gone".to_owned()))
        })
    }
}

impl Probes for Failing<'_> {
    fn caches(&self) -> Vec<&dyn CacheProbe> {
        self.scene.caches()
    }

    fn store(&self) -> &dyn StoreProbe {
        self
    }
}

async fn broken_off(never: bool, stopped: bool) -> record::Audit {
    let (scene, stop) = (Scene::new(), StopFlag::default());
    scene.oracle.changed(2, Some((2, false)));
    if stopped {
        stop.stop();
    }
    let written = Some(scene.oracle.written());
    let audit = Audit::of(&scene.keys, KEYS, Seed::new(1), written, true, &stop);
    audit.look(&Failing { scene: &scene, shown: 7, never }).await
}

#[tokio::test]
async fn an_audit_that_fails_keeps_what_it_saw() {
    let audit = broken_off(false, false).await;
    assert_eq!(audit.incomplete.as_deref(), Some("asking the store: the store cannot be reached: it is gone"));
    assert_eq!((audit.store.seen, audit.lost_writes(), audit.cache.is_none()), (7, Some(1), true));
}

#[tokio::test]
async fn an_audit_stops_with_the_run() {
    let audit = broken_off(true, true).await;
    assert_eq!(audit.incomplete.as_deref(), Some("asking the store: the run was stopped"));
    assert_eq!(audit.store.seen, 7);
}
