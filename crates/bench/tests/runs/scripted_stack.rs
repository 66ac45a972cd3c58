//! The four strategies over scripted parts, as an assembler.

use cachemark_bench::definition::{Catalogue, Chosen, Definition, Draft};
use cachemark_bench::{
    Assembler, Composition, DriverThreads, Labels, Observer, Plan, Probes, StopFlag, Sweep, SweepEnd, SweepError,
    Target, TargetError,
};
use cachemark_core::{
    CacheMeter, CacheProbe, Capabilities, Metered, NoControl, StackControl, StoreMeter, StoreProbe, SystemClock,
};
use cachemark_results::{Environment, Tool};
use cachemark_strategy::AnyStrategy;
use cachemark_testkit::scripted::{self, ScriptedCache, ScriptedStore};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

pub(crate) const CAPABILITIES: Capabilities =
    Capabilities { ttl: true, versioned_set: true, shared: true, ..Capabilities::NONE };

/// No-cache alone, of which every operation is a read of the store: what a definition begins with whose `[sweep]` goes on.
pub(crate) const READS: &str = r#"
name = "reads"
[workload]
keys = 50
read-ratio = 1.0
value-bytes = 64
[sweep]
strategies = "no-cache"
blocks = 1
"#;

/// Builds targets over fresh scripted parts.
#[derive(Default)]
pub(crate) struct Stack {
    script: Option<fn(&ScriptedStore)>,
    hook: Option<Box<Hook>>,
    /// The trial, from 1, whose store cannot be reached.
    fails_at: Option<usize>,
    control: Option<Arc<dyn StackControl>>,
    assembled: AtomicUsize,
}

impl Stack {
    pub(crate) fn with(script: fn(&ScriptedStore)) -> Self {
        Self { script: Some(script), ..Self::default() }
    }

    /// Both parts are shown to `hook` before they are used.
    pub(crate) fn hooked(hook: impl Fn(&Arc<MeteredCache>, &Arc<MeteredStore>) + Send + Sync + 'static) -> Self {
        Self { hook: Some(Box::new(hook)), ..Self::default() }
    }

    pub(crate) fn controlled_by(self, control: Arc<dyn StackControl>) -> Self {
        Self { control: Some(control), ..self }
    }

    pub(crate) fn failing_at(trial: usize) -> Self {
        Self { fails_at: Some(trial), ..Self::default() }
    }
}

pub(crate) type MeteredCache = Metered<ScriptedCache, CacheMeter>;
pub(crate) type MeteredStore = Metered<ScriptedStore, StoreMeter>;

type Hook = dyn Fn(&Arc<MeteredCache>, &Arc<MeteredStore>) + Send + Sync;

struct Parts(Option<Arc<MeteredCache>>, Arc<MeteredStore>);

impl Probes for Parts {
    fn caches(&self) -> Vec<&dyn CacheProbe> {
        self.0.iter().map(|cache| cache.inner() as &dyn CacheProbe).collect()
    }

    fn store(&self) -> &dyn StoreProbe {
        self.1.inner()
    }
}

impl Assembler for Stack {
    type Asked = AnyStrategy<MeteredCache, MeteredStore>;

    async fn assemble(&self, composition: &Composition) -> Result<Target<Self::Asked>, TargetError> {
        if Some(self.assembled.fetch_add(1, Ordering::Relaxed) + 1) == self.fails_at {
            return Err(TargetError::new("store", "opening", "scripted"));
        }
        let (cache_meter, store_meter) = (Arc::<CacheMeter>::default(), Arc::<StoreMeter>::default());
        let store = ScriptedStore::new();
        if let Some(script) = self.script {
            script(&store);
        }
        let store = Arc::new(Metered::new(store, Arc::clone(&store_meter)));
        let cache = Arc::new(Metered::new(ScriptedCache::new(), Arc::clone(&cache_meter)));
        if let Some(hook) = &self.hook {
            hook(&cache, &store);
        }
        let clock = Arc::new(SystemClock::new());
        let (strategy_cache, strategy_store) = (Arc::clone(&cache), Arc::clone(&store));
        let Chosen { descriptor, settings } = &composition.strategy;
        let strategy = cachemark_strategy::build(descriptor.name, settings, strategy_cache, strategy_store, clock);
        let instances = vec![Arc::new(strategy.expect("the catalogue's strategies exist"))];
        let cache = composition.cache.as_ref().map(|_| cache);
        Ok(Target { instances, cache_meter, store_meter, probes: Box::new(Parts(cache, store)) })
    }
}

pub(crate) fn definition(text: &str) -> Definition {
    let catalogue = Catalogue {
        strategies: cachemark_strategy::strategies(),
        caches: &[scripted::CACHE],
        stores: &[scripted::STORE],
        default_caches: &["scripted"],
        default_stores: &["scripted"],
        ..Catalogue::NONE
    };
    Definition::resolve(Draft::read("test", text.as_bytes()).unwrap(), &catalogue).unwrap()
}

pub(crate) fn tool() -> Tool {
    Tool { version: "0".into(), revision: None, rustc: None, profile: "debug".into(), executable: None }
}

pub(crate) fn sweep(
    definition: &Definition,
    stack: &Stack,
    out: &Path,
    stop: &StopFlag,
    observer: &mut dyn Observer,
) -> Result<SweepEnd, SweepError> {
    let plan = Plan::lay_out(definition, |_| CAPABILITIES);
    with_sweep(definition, &plan, stack, out, stop, |sweep| sweep.run(observer))
}

pub(crate) fn with_sweep<T>(
    definition: &Definition,
    plan: &Plan,
    stack: &Stack,
    out: &Path,
    stop: &StopFlag,
    go: impl FnOnce(&Sweep<'_, Stack>) -> T,
) -> T {
    let background = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    go(&Sweep {
        definition,
        plan,
        assembler: stack,
        driver: &DriverThreads,
        out,
        environment: &Environment::capture(tool(), Vec::new(), "here".into()),
        labels: &Labels::default(),
        key_prefix: "t:",
        background: background.handle(),
        servers: stack.control.as_deref().unwrap_or(&NoControl),
        stop,
    })
}
