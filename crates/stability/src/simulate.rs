//! One run in virtual time.

use crate::arm::{Arm, ArmError};
use crate::cache::SimCache;
use crate::clock::VirtualClock;
use crate::course::{self, Course, LASTING, Window};
use crate::load::{Load, Trigger};
use crate::pause::Pauses;
use crate::scenario::Scenario;
use crate::store::{TimedStore, value};
use cachemark_core::{Bounded, Clock, Entry, Key, OpContext, Strategy, Version};
use cachemark_workload::{Keyspace, RankSampler, Seed, WorkloadError};
use rand::Rng;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

/// What is run.
#[derive(Debug, Clone)]
pub struct Run<'a> {
    /// The strategy.
    pub arm: &'a Arm,
    /// What it works over.
    pub scenario: &'a Scenario,
    /// What is offered.
    pub load: Load,
    /// What brings it down, if anything does.
    pub trigger: Option<Trigger>,
    /// How long it runs, from the beginning.
    pub end: Duration,
    /// Whether it ends once it has recovered.
    pub ends_recovered: bool,
    /// Everything random comes from it.
    pub seed: Seed,
}

/// Why a run could not be made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SimulateError {
    /// Of its arm.
    #[error(transparent)]
    Arm(#[from] ArmError),
    /// Of its keys or its load.
    #[error(transparent)]
    Workload(#[from] WorkloadError),
    /// There was no runtime to be had.
    #[error("the runtime of the simulation could not be made: {0}")]
    Runtime(String),
}

/// Runs it. It takes the processor for as long as it lasts.
///
/// # Errors
/// [`SimulateError`].
///
/// # Panics
/// On a runtime: it has one of its own.
pub fn simulate(run: &Run<'_>) -> Result<Course, SimulateError> {
    let built = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
    let runtime = built.map_err(|error| SimulateError::Runtime(error.to_string()))?;
    runtime.block_on(drive(run))
}

/// What of the arrivals of each window was answered.
#[derive(Debug)]
struct Ledger(Box<[AtomicU32]>);

struct Driving<'a> {
    run: &'a Run<'a>,
    began: Instant,
    cache: Arc<SimCache>,
    /// Reads that the store has done.
    reads: Arc<AtomicU64>,
    ledger: Arc<Ledger>,
    course: Course,
    /// What was counted when the window began.
    counted: (u64, u64),
    current: Window,
}

async fn drive(run: &Run<'_>) -> Result<Course, SimulateError> {
    let scenario = run.scenario;
    let pauses = Arc::new(Pauses::new(run.seed));
    let clock: Arc<dyn Clock> = Arc::new(VirtualClock::new(Arc::clone(&pauses)));
    let cache = Arc::new(SimCache::new(Arc::clone(&pauses), scenario.hit, scenario.fill));
    let reads = Arc::<AtomicU64>::default();
    let store = TimedStore::new(Arc::clone(&pauses), scenario.read_cost, scenario.write_cost, Arc::clone(&reads));
    let store = Arc::new(Bounded::new(store, Some(scenario.workers)));
    let keys = Keyspace::new("k", scenario.keys)?;
    let sampler = scenario.distribution.sampler(scenario.keys)?;
    if run.arm.expires() {
        let filler = run.arm.in_peace().build(Arc::clone(&cache), Arc::clone(&store), Arc::clone(&clock))?;
        cache.age(Some(run.seed));
        fill(&filler, &keys, &pauses).await;
        cache.age(None);
    } else {
        keys.keys().for_each(|key| cache.preload(key, Entry::live(Version(1), value()), None));
    }
    let strategy = Arc::new(run.arm.build(Arc::clone(&cache), store, clock)?);
    let mut driving = Driving::new(run, cache, reads);
    let mut draws = run.seed.child("operations").rng();
    for (sequence, at) in run.load.arrivals(run.end, run.seed.child("load"))?.enumerate() {
        if !driving.go_on_to(at).await {
            return Ok(driving.settled());
        }
        let (key, is_read) = draw(&keys, &sampler, scenario.read_ratio, &mut draws);
        driving.begin(&strategy, sequence as u64, key, is_read);
    }
    // An answer that comes at its deadline is one.
    driving.go_on_to(run.end + scenario.timeout + Duration::from_millis(1)).await;
    Ok(driving.settled())
}

/// Has the strategy put every key into the cache, in no time: entries are dated as it dates them, and say of their load what it would have taken.
async fn fill(filler: &impl Strategy, keys: &Keyspace, pauses: &Pauses) {
    for (place, key) in keys.keys().enumerate() {
        pauses.skip(true);
        // What is not there afterwards is one that the strategy does not keep.
        let _ = filler.read(&OpContext::new(0).at(place as u64), &key).await;
    }
    pauses.skip(false);
}

fn draw(keys: &Keyspace, sampler: &RankSampler, read_ratio: f64, rng: &mut impl Rng) -> (Key, bool) {
    let is_read = read_ratio >= 1.0 || (rng.next_u64() as f64 / u64::MAX as f64) < read_ratio;
    (keys.key(sampler.sample(rng)), is_read)
}

impl<'a> Driving<'a> {
    fn new(run: &'a Run<'a>, cache: Arc<SimCache>, reads: Arc<AtomicU64>) -> Self {
        let window = course::window(run.scenario.timeout, run.load.least());
        let count = (run.end.as_secs_f64() / window.as_secs_f64()).ceil() as usize + 1;
        let counted = (reads.load(Ordering::Relaxed), cache.fills());
        let trigger = run.trigger.map(|trigger| (trigger.at.as_secs_f64() / window.as_secs_f64()).ceil() as usize);
        Self {
            run,
            began: Instant::now(),
            cache,
            reads,
            ledger: Arc::new(Ledger((0..count).map(|_| AtomicU32::new(0)).collect())),
            course: Course { window, trigger, windows: Vec::with_capacity(count) },
            counted,
            current: Window::default(),
        }
    }

    /// Goes on to that moment, through the ends of windows and the trigger; false if the run is over before.
    async fn go_on_to(&mut self, at: Duration) -> bool {
        loop {
            let ends = self.course.window * (self.course.windows.len() as u32 + 1);
            if at < ends || ends > self.run.end {
                break;
            }
            sleep_until(self.began + ends).await;
            self.end_window();
            if self.has_recovered() {
                return false;
            }
            if self.course.trigger == Some(self.course.windows.len())
                && let Some(trigger) = self.run.trigger
            {
                self.cache.lose(trigger.share, self.run.seed);
            }
        }
        // The clock's step is a millisecond: what comes within one comes at its beginning.
        sleep_until(self.began + Duration::from_millis(at.as_millis() as u64)).await;
        true
    }

    fn end_window(&mut self) {
        let counts = (self.reads.load(Ordering::Relaxed), self.cache.fills());
        let window = Window { reads: counts.0 - self.counted.0, fills: counts.1 - self.counted.1, ..self.current };
        self.course.windows.push(window);
        (self.counted, self.current) = (counts, Window::default());
    }

    /// Whether it is to end once it has recovered, and has.
    fn has_recovered(&self) -> bool {
        let since = self.course.trigger.map_or(0, |trigger| self.course.windows.len().saturating_sub(trigger));
        self.run.ends_recovered && since > LASTING && self.settled().recovered_after().is_some()
    }

    /// The windows whose operations have all ended by now.
    fn settled(&self) -> Course {
        let window = self.course.window;
        let by_now = self.began.elapsed().saturating_sub(self.run.scenario.timeout);
        let complete = (by_now.as_nanos() / window.as_nanos().max(1)) as usize;
        let mut windows = self.course.windows[..complete.min(self.course.windows.len())].to_vec();
        for (window, answered) in windows.iter_mut().zip(&self.ledger.0) {
            window.answered = answered.load(Ordering::Relaxed);
        }
        Course { windows, ..self.course }
    }

    fn begin<S: Strategy>(&mut self, strategy: &Arc<S>, sequence: u64, key: Key, is_read: bool) {
        self.current.arrived += 1;
        let (strategy, ledger, window) = (Arc::clone(strategy), Arc::clone(&self.ledger), self.course.windows.len());
        let deadline = Instant::now() + self.run.scenario.timeout;
        let ctx = OpContext::new((sequence % 1_000) as u32).at(sequence).until(deadline);
        tokio::spawn(async move {
            let is_answered = match is_read {
                true => strategy.read(&ctx, &key).await.is_ok(),
                false => strategy.write(&ctx, &key, value()).await.is_ok(),
            };
            if is_answered
                && Instant::now() <= deadline
                && let Some(answered) = ledger.0.get(window)
            {
                answered.fetch_add(1, Ordering::Relaxed);
            }
        });
    }
}
