//! Runs the load of one trial.

use crate::attack::{GooseFigures, attack};
use crate::course::Course;
use crate::cpu::Threads;
use crate::host::Noise;
use crate::plan::{LoadPlan, Stop};
use crate::recorder::{Recorder, RequestCounts};
use crate::session::Shared;
use crate::stdout::Diversion;
use crate::{LoadError, nanos};
use cachemark_core::Clock;
use cachemark_results::{HostNoise, Interval};
use cachemark_workload::{Keyspace, OperationKind, Preload};
use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::task::JoinHandle;

/// The step of watching: how soon a stop is heard.
const STEP: Duration = Duration::from_millis(20);

/// What a load gave. [`LoadOutcome::files`] makes a trial of it.
#[derive(Debug)]
pub struct LoadOutcome {
    /// Whether it was stopped before its end: it is then no trial.
    pub interrupted: bool,
    /// What goose counted, and where its own reports are.
    pub goose: GooseFigures,
    pub(crate) plan: LoadPlan,
    pub(crate) recorded: Recorder,
    pub(crate) series: Vec<Interval>,
    /// From the start to the last user's coming: connecting and preloading.
    pub(crate) reset: Duration,
    pub(crate) drain: Duration,
    pub(crate) client_cpu: Option<f64>,
    pub(crate) host: HostNoise,
    pub(crate) preload_failures: u64,
}

impl LoadOutcome {
    /// Whether this client wrote every key before the run.
    pub(crate) fn wrote_every_key(&self) -> bool {
        self.plan.preload && self.preload_failures == 0
    }

    /// Requests of the whole run as we counted them, by goose's names: the two must be the same.
    #[must_use]
    pub fn requests(&self) -> BTreeMap<String, RequestCounts> {
        let named = |kind: &OperationKind| {
            let counts = self.recorded.whole.get(kind.name())?;
            Some((format!("{} {}", self.plan.http.of(*kind).method, kind.name()), *counts))
        };
        OperationKind::ALL.iter().filter_map(named).collect()
    }
}

/// Runs a load to its end, or until `stop` says so. It has a runtime of its own, so it must not be called from within one.
///
/// Goose takes over Ctrl-C for the rest of the process: the first ends the load (the outcome says `interrupted`), a second
/// ends the process.
///
/// # Errors
/// [`LoadError`] if the plan cannot be carried out or goose gave up. Operations that fail are no error: they are recorded.
pub fn run_load(plan: &LoadPlan, stop: &Stop) -> Result<LoadOutcome, LoadError> {
    plan.check()?;
    let plan = LoadPlan { http: plan.http.clone().with_environment()?, ..plan.clone() };
    let keyspace = Keyspace::new(plan.key_prefix.as_str(), plan.spec.keys())?;
    let keys = keyspace.table();
    let preload = Preload::new(keyspace, plan.spec.value_size(), plan.seed);
    let threads = Arc::new(Threads::default());
    let noted = Arc::clone(&threads);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(plan.threads)
        .thread_name("cachemark-load")
        .on_thread_start(move || noted.note())
        .enable_all()
        .build()
        .map_err(|error| LoadError::client("starting the client's threads", error))?;
    let shared = Arc::new(Shared::new(plan, preload, keys));
    let noise = Noise::begin();
    let diversion = Diversion::begin();
    let (goose, watched) = runtime.block_on(async {
        // Spawned, so that goose's own loop runs on the threads whose CPU time is told.
        let attack = tokio::spawn(attack(Arc::clone(&shared)));
        let watched = watch(&shared, &threads, noise, stop, &attack).await;
        (attack.await, watched)
    });
    drop(runtime);
    drop(diversion);
    let goose = goose.map_err(|error| LoadError::client("running goose", error))??;
    if let Some(fault) = shared.fault.get() {
        return Err(LoadError::client("setting up the client", fault));
    }
    Ok(outcome(&shared, goose, watched))
}

/// What was seen while the load ran.
struct Watched {
    course: Course,
    cpu: [Option<Duration>; 2],
    noise: Noise,
    stopped: bool,
}

/// Watches the load: hears stops, takes the CPU time and looks at the machine at both ends of the window, collects the
/// intervals.
async fn watch<T>(shared: &Shared, threads: &Threads, noise: Noise, stop: &Stop, attack: &JoinHandle<T>) -> Watched {
    let interval_ns = nanos(shared.plan.interval);
    let mut watched = Watched { course: Course::new(interval_ns), cpu: [None, None], noise, stopped: false };
    while !attack.is_finished() {
        // A Ctrl-C reaches goose, which took over the signal.
        if !watched.stopped && (stop() || goose::is_killswitch_triggered()) {
            watched.stopped = true;
            shared.halt.store(true, Ordering::Relaxed);
        }
        let mut pause = STEP;
        if let Some(window) = shared.window.get() {
            let now = shared.clock.now_ns();
            for (end, moment) in [window.start, window.end].into_iter().enumerate() {
                if now >= moment {
                    watched.cpu[end] = watched.cpu[end].or_else(|| threads.cpu());
                    watched.noise.look(end);
                } else {
                    pause = pause.min(Duration::from_nanos(moment - now));
                }
            }
            let over = now.min(window.end).saturating_sub(window.start) / interval_ns;
            watched.course.collect(&shared.recorders, over.saturating_sub(1));
        }
        tokio::time::sleep(pause).await;
    }
    watched
}

fn outcome(shared: &Shared, goose: GooseFigures, mut watched: Watched) -> LoadOutcome {
    let plan = shared.plan.clone();
    let whole = nanos(plan.duration) / nanos(plan.interval);
    let window = shared.window.get();
    if window.is_some() {
        watched.course.collect(&shared.recorders, whole);
    }
    let mut recorded = Recorder::default();
    for recorder in &shared.recorders {
        recorded.merge(std::mem::take(&mut *recorder.lock().unwrap_or_else(PoisonError::into_inner)));
    }
    let [start, end] = watched.cpu;
    let wall = plan.duration.as_secs_f64() * plan.threads as f64;
    let client_cpu = end.zip(start).map(|(end, start)| end.saturating_sub(start).as_secs_f64() / wall);
    LoadOutcome {
        // A load without a window never came to its start.
        interrupted: watched.stopped || window.is_none(),
        goose,
        series: watched.course.intervals(),
        reset: window.map_or(Duration::ZERO, |window| Duration::from_nanos(window.start).saturating_sub(plan.warm_up)),
        drain: Duration::from_nanos(window.map_or(0, |window| recorded.last_ended_ns.saturating_sub(window.end))),
        client_cpu,
        host: watched.noise.end(),
        preload_failures: shared.preload_failures.load(Ordering::Relaxed),
        recorded,
        plan,
    }
}
