//! The golden record: one seed, scripted parts and a scripted clock, kept as bytes. What a change does to a record shows here,
//! and is either wanted or a fault. `scripts/bless record` writes it anew.

use super::{Fixture, Place, TrialFiles, TrialRun};
use crate::composition::Composition;
use crate::definition::{Catalogue, Definition, Draft};
use crate::drive::{Asked, Scripted};
use crate::plan::Plan;
use crate::record::{Labels, manifest};
use crate::target::{Probes, Target};
use crate::{StopFlag, SweepError};
use cachemark_core::{
    CacheError, CacheMeter, CacheProbe, Capabilities, Metered, NoControl, StoreError, StoreMeter, StoreProbe,
};
use cachemark_results::{HostNoise, RunWriter, Status, Trial};
use cachemark_strategy::AnyStrategy;
use cachemark_testkit::scripted::{self, ManualClock, Op, ScriptedCache, ScriptedStore, When};
use cachemark_workload::{Keyspace, Mix, Preload, Seed, ValueSize, WorkloadSpec};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

const DEFINITION: &str = r#"
name = "golden"
[workload]
keys = 50
read-ratio = [0.8]
delete-ratio = 0.05
value-bytes = 64
[sweep]
strategies = ["no-cache", "cache-aside", "read-through", "write-through"]
blocks = 1
seed = 7
[run]
clients = 4
driver-threads = 1
duration-ms = 1000
interval-ms = 250
[strategy.cache-aside]
ttl-ms = 60_000
"#;

const CAPABILITIES: Capabilities = Capabilities { ttl: true, versioned_set: true, shared: true, ..Capabilities::NONE };

fn definition() -> Definition {
    let catalogue = Catalogue {
        strategies: cachemark_strategy::strategies(),
        caches: &[scripted::CACHE],
        stores: &[scripted::STORE],
        default_caches: &["scripted"],
        default_stores: &["scripted"],
        ..Catalogue::NONE
    };
    Definition::resolve(Draft::read("golden", DEFINITION.as_bytes()).unwrap(), &catalogue).unwrap()
}

pub(super) type MeteredCache = Metered<ScriptedCache, CacheMeter>;
type MeteredStore = Metered<ScriptedStore, StoreMeter>;

struct Parts(Option<Arc<MeteredCache>>, Arc<MeteredStore>);

impl Probes for Parts {
    fn caches(&self) -> Vec<&dyn CacheProbe> {
        self.0.iter().map(|cache| cache.inner() as &dyn CacheProbe).collect()
    }

    fn store(&self) -> &dyn StoreProbe {
        self.1.inner()
    }
}

/// A cache that takes 1 ms, a store that takes 2 ms to read and 5 ms to write; each fails now and then.
fn target(composition: &Composition) -> Target<AnyStrategy<MeteredCache, MeteredStore>> {
    let (cache, store) = (ScriptedCache::new(), ScriptedStore::new());
    cache.delay_when(When::always(), Duration::from_millis(1));
    cache.fail_when(When::next(Op::Get).nth(400), CacheError::Unavailable("scripted".into()));
    cache.fail_when(When::next(Op::Set).nth(70), CacheError::Rejected("scripted".into()));
    for (op, ms) in [(Op::Read, 2), (Op::Write, 5), (Op::Delete, 5)] {
        store.delay_when(When::every(op), Duration::from_millis(ms));
    }
    store.fail_when(When::next(Op::Read).nth(150), StoreError::Rejected("scripted".into()));
    store.fail_when(When::next(Op::Write).nth(60).after_effect(), StoreError::ConnectionLost("scripted".into()));
    let (cache_meter, store_meter) = (Arc::<CacheMeter>::default(), Arc::<StoreMeter>::default());
    let cache = Arc::new(Metered::new(cache, Arc::clone(&cache_meter)));
    let store = Arc::new(Metered::new(store, Arc::clone(&store_meter)));
    let (of_strategy, settings) = ((Arc::clone(&cache), Arc::clone(&store)), &composition.strategy.settings);
    let (name, clock) = (composition.strategy.descriptor.name, Arc::new(ManualClock::new()));
    let strategy = cachemark_strategy::build(name, settings, of_strategy.0, of_strategy.1, clock).unwrap();
    let cache = composition.cache.as_ref().map(|_| cache);
    Target { instances: vec![Arc::new(strategy)], cache_meter, store_meter, probes: Box::new(Parts(cache, store)) }
}

/// Makes the record under `out`, of targets that `target` makes, and returns its folder. What a machine and a moment put into it
/// is struck out.
pub(super) fn record<T: Asked>(
    out: &Path,
    target: impl Fn(&Composition) -> Target<T>,
) -> Result<(PathBuf, Vec<Trial>), SweepError> {
    let definition = definition();
    let mut trials = Vec::new();
    let plan = Plan::lay_out(&definition, |_| CAPABILITIES);
    let labels = Labels { command: "cachemark sweep --workload golden.toml".into(), ..Labels::default() };
    let mut manifest = manifest(&definition, &plan, &labels, "2026-11-26T00:00:00Z".into());
    let writer = RunWriter::create(out, &manifest, &definition.to_toml())?;
    let keyspace = Keyspace::new("t:", definition.keys)?;
    let value_size = ValueSize::Fixed { bytes: definition.value_bytes };
    let background = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (stop, seed) = (StopFlag::default(), Seed::new(definition.seed));
    let fixture = Fixture {
        definition: &definition,
        keys: keyspace.clone(),
        preload: Arc::new(Preload::new(keyspace, value_size, seed)),
        background: background.handle(),
        servers: &NoControl,
        stop: &stop,
    };
    for (position, &index) in plan.blocks[0].iter().enumerate() {
        let cell = &plan.cells[index];
        let mix = Mix { read_ratio: cell.read_ratio, delete_ratio: definition.delete_ratio };
        let spec = WorkloadSpec::new(definition.keys, definition.distribution, mix, value_size)?;
        let place = Place { number: position as u32 + 1, block: 0, position: position as u32 };
        let lines = writer.log_lines(place.number)?;
        let target = target(&cell.composition);
        let begun = Instant::now();
        let run = TrialRun { fixture: &fixture, cell, spec: &spec, place, target: &target, begun, live: None };
        let TrialFiles { mut trial, series, histograms, log_head, log_lines } = run.run(&Scripted, lines)?;
        trial.started_utc = "2026-11-26T00:00:01Z".into();
        trial.window.reset_ns = 0;
        trial.host = Some(HostNoise::default());
        if let Some(audit) = &mut trial.audit {
            audit.time_ns = 0;
            // The audit's clock is the machine's, and the entries' lifetimes are of the scripted one.
            audit.examples.iter_mut().for_each(|example| example.remaining_ns = None);
            audit.cache.iter_mut().for_each(|cache| cache.behind_remaining = None);
        }
        trial.warnings.retain(|warning| !matches!(warning.code.as_str(), "neighbours" | "steal"));
        writer.trial_with_log(&trial, &series, &histograms, &log_head, log_lines)?;
        trials.push(trial);
    }
    (manifest.status, manifest.ended_utc) = (Status::Complete, Some("2026-11-26T00:00:09Z".into()));
    writer.manifest(&manifest)?;
    Ok((writer.folder().to_owned(), trials))
}

/// Every file under `folder` by its path in it, but for the lock.
fn files_of(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    let mut left = vec![folder.to_owned()];
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(&next).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if path.is_dir() {
                left.push(path);
            } else if entry.file_name() != ".lock" {
                files.insert(path.strip_prefix(folder).unwrap().to_owned(), fs::read(&path).unwrap());
            }
        }
    }
    files
}

#[test]
fn the_golden_record_is_as_it_was() {
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/record");
    let out = tempfile::tempdir().unwrap();
    let made = files_of(&record(out.path(), target).unwrap().0);
    let again = tempfile::tempdir().unwrap();
    assert!(made == files_of(&record(again.path(), target).unwrap().0), "two runs differ: something is not scripted");
    if std::env::var_os("CACHEMARK_BLESS").is_some() {
        let _ = fs::remove_dir_all(&golden);
        for (path, bytes) in &made {
            let path = golden.join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
    }
    let kept = files_of(&golden);
    assert_eq!(made.keys().collect::<Vec<_>>(), kept.keys().collect::<Vec<_>>());
    for (path, bytes) in &made {
        let (made, kept) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&kept[path]));
        let line = made.lines().zip(kept.lines()).position(|(made, kept)| made != kept);
        assert!(
            made == kept,
            "{} differs, first in line {:?}; scripts/bless record writes it anew",
            path.display(),
            line
        );
    }
}
