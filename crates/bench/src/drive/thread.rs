//! One driver thread: its clients, the scan, the warm-up, the load, the drain.

use super::arrivals::OpenLoop;
use super::asked::Asked;
use super::client::{Client, Scanned};
use super::failure::Panics;
use super::load::Load;
use super::pacer::Pacer;
use super::start::Starter;
use super::warm_up::{self, Warmer};
use crate::instrument::{Recorded, Recorder};
use crate::timeline::{Window, nanos};
use crate::warm_up::WarmUp;
use cachemark_core::{Clock, HopLease, OpContext, OpError, SystemClock};
use cachemark_workload::{Arrivals, KeyPass, OpStream, Share, Surge};
use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::task::LocalSet;
use tokio::time::Instant;

/// Where one driver thread records, and its end of the channel to the leader.
pub(super) struct Ports {
    pub(super) recorder: Recorder,
    pub(super) starter: Starter,
}

/// What one driver thread comes back with.
pub(super) struct Thread {
    pub(super) recorded: Recorded,
    /// When its scan had ended, on the trial's clock.
    pub(super) scanned_ns: u64,
    /// Whether its warm-up was broken off.
    pub(super) cut_short: bool,
    pub(super) cpu_share: f64,
    /// How each instance came to rest.
    pub(super) drained: Vec<Result<(), OpError>>,
}

pub(super) fn run<T: Asked>(
    load: &Arc<Load<T>>,
    driver: u16,
    clock: SystemClock,
    runtime: Runtime,
    window: &Arc<Window>,
    ports: Ports,
) -> io::Result<Thread> {
    let origin = Instant::now() - Duration::from_nanos(clock.now_ns());
    let clients = sessions(load, driver, (clock, origin), load.driving.clients);
    let recorder = Rc::new(RefCell::new(ports.recorder));

    let cap = load.driving.warm_up_cap;
    let wants_scan = load.driving.warm_up_scan || (load.warm_up.every_key && load.warm_up.spread_over(cap).is_none());
    let until_ns = nanos(cap);
    let mut scanned = runtime.block_on(prewarm(load, &clients, until_ns));
    if wants_scan {
        scanned = scanned.and(runtime.block_on(scan(load, &clients, until_ns)));
    }
    let scanned_ns = clock.now_ns();
    let warmed = runtime.block_on(warm(load, &clients, clock, until_ns, &recorder));
    if load.driving.warm_up.is_some_and(|time| !time.is_zero()) {
        let a_window = warm_up::window(load.warm_up, clients.len(), load.driving.clients);
        recorder.borrow_mut().watch_warm_up(a_window);
    }
    let Some(began_ns) = ports.starter.wait() else { return Err(io::Error::other("the trial was given up")) };

    match load.rate {
        None => runtime.block_on(run_clients(load, &clients, window, &recorder)),
        Some(rate) => {
            let sessions = sessions(load, driver, (clock, origin), load.driving.open_loop.max_in_flight);
            runtime.block_on(run_arrivals(load, driver, rate, sessions, began_ns, window, &recorder, clock))?;
        }
    }
    let drained = runtime.block_on(drain(load, driver));

    // Every session has ended, so this is the only owner left.
    let recorder = Rc::into_inner(recorder).expect("a session has not ended: its task panicked");
    let recorder = recorder.into_inner();
    let cpu_share = recorder.cpu_share().unwrap_or(0.0);
    let mut recorded = if load.stop.is_stopped() { recorder.give_up() } else { recorder.finish() };
    recorded.scanned(scanned.issued, scanned.bad_stamps, &scanned.errors);
    Ok(Thread { recorded, scanned_ns, cut_short: scanned.cut_short || !warmed, cpu_share, drained })
}

/// Warms by operations; `false` if that took too long.
async fn warm<T: Asked>(
    load: &Load<T>,
    clients: &[Rc<Client<T>>],
    clock: SystemClock,
    until_ns: u64,
    recorder: &Rc<RefCell<Recorder>>,
) -> bool {
    let warmer = Warmer { load, clients, clock, until_ns };
    (!load.warm_up.every_key && load.warm_up.operations == 0)
        || warmer.run(recorder, &Rc::new(Panics::new(&load.stop))).await
}

/// This driver thread's share of `count` sessions, which go by a clock whose zero is `origin` on the runtime's.
pub(super) fn sessions<T, C: Clock + Copy>(
    load: &Arc<Load<T>>,
    driver: u16,
    (clock, origin): (C, Instant),
    count: u32,
) -> Vec<Rc<Client<T, C>>> {
    let first_deadline = origin + load.driving.operation_timeout;
    (u32::from(driver)..count)
        .step_by(usize::from(load.driving.driver_threads))
        .map(|session| {
            let instance = session as usize % load.instances.len();
            let (load, asked) = (Arc::clone(load), Arc::clone(&load.instances[instance]));
            let hops = load.driving.hop_times.then(HopLease::take);
            Rc::new(Client { load, asked, clock, first_deadline, session, driver, instance, hops })
        })
        .collect()
}

#[expect(clippy::too_many_arguments, reason = "what one driver thread has, each from another place")]
async fn run_arrivals<T: Asked>(
    load: &Load<T>,
    driver: u16,
    rate: f64,
    sessions: Vec<Rc<Client<T>>>,
    began_ns: u64,
    window: &Window,
    recorder: &Rc<RefCell<Recorder>>,
    clock: SystemClock,
) -> io::Result<()> {
    let options = load.driving.open_loop;
    let share = Share { index: u32::from(driver), of: u32::from(load.driving.driver_threads) };
    let seed = load.seed.child(&format!("block {}", load.block));
    // The window opens so long after the load has begun.
    let lead_in = nanos(warm_up::lead_in(&load.driving, load.warm_up, true));
    let of_load = |surge: &Surge| Surge {
        from_ns: surge.from_ns.saturating_add(lead_in),
        until_ns: surge.until_ns.saturating_add(lead_in),
        ..*surge
    };
    let surges = load.surges.iter().map(of_load).collect();
    let arrivals = Arrivals::new(options.process, rate, seed, share).and_then(|arrivals| arrivals.with_surges(surges));
    let arrivals = arrivals.map_err(io::Error::other)?;
    let pacer = Pacer::new(clock, load.stop.clone())?;
    let open_loop = OpenLoop {
        sessions,
        operations: OpStream::new(&load.spec, load.seed, load.block, u32::from(driver)),
        arrivals,
        options,
        window,
        recorder: Rc::clone(recorder),
        clock,
        grace: load.driving.operation_timeout,
        stop: load.stop.clone(),
    };
    open_loop.run(began_ns, &pacer).await
}

/// Puts the keys that are asked for most into each cache, by the read path of the strategy: what a prewarmed entry is, and how long
/// it lives, is the strategy's to say.
async fn prewarm<T: Asked>(load: &Load<T>, clients: &[Rc<Client<T>>], until_ns: u64) -> Scanned {
    let count = if load.asks_cache { load.driving.prewarm_keys } else { 0 };
    let caches = WarmUp { caches: load.caches, ..WarmUp::NONE };
    let keys = |session| load.spec.most_popular(load.seed, count, caches.share(session, load.driving.clients));
    read_once(load, clients, until_ns, keys).await
}

/// Reads every key once. Each client reads those whose turn it has afterwards, too, so no key is read behind the back of
/// another thread that is ahead and writes it already.
async fn scan<T: Asked>(load: &Load<T>, clients: &[Rc<Client<T>>], until_ns: u64) -> Scanned {
    let keys = |session| {
        let share = load.warm_up.share(session, load.driving.clients);
        KeyPass::new(&load.spec, load.seed, load.block, share).map(|operation| operation.key)
    };
    read_once(load, clients, until_ns, keys).await
}

/// Each client reads the keys that are its session's.
async fn read_once<T: Asked, K: Iterator<Item = u64> + 'static>(
    load: &Load<T>,
    clients: &[Rc<Client<T>>],
    until_ns: u64,
    keys: impl Fn(u32) -> K,
) -> Scanned {
    let tasks = LocalSet::new();
    let shared = Rc::new((RefCell::<Scanned>::default(), Panics::new(&load.stop)));
    for client in clients {
        let keys = keys(client.session);
        let (client, shared) = (Rc::clone(client), Rc::clone(&shared));
        tasks.spawn_local(async move { shared.1.catch(client.scan(keys, until_ns, &shared.0)).await });
    }
    tasks.await;
    shared.1.go_on();
    shared.0.take()
}

async fn run_clients<T: Asked>(
    load: &Load<T>,
    clients: &[Rc<Client<T>>],
    window: &Arc<Window>,
    recorder: &Rc<RefCell<Recorder>>,
) {
    let tasks = LocalSet::new();
    let panics = Rc::new(Panics::new(&load.stop));
    for client in clients {
        let operations = OpStream::new(&load.spec, load.seed, load.block, client.session);
        let (client, window, recorder) = (Rc::clone(client), Arc::clone(window), Rc::clone(recorder));
        let panics = Rc::clone(&panics);
        tasks.spawn_local(async move { panics.catch(client.run(operations, &window, recorder)).await });
    }
    tasks.await;
    panics.go_on();
}

/// Waits for what the strategies began on their own. Every driver waits for every instance: a load may run on any of
/// their runtimes, and each must go on until the last one is done.
async fn drain<T: Asked>(load: &Load<T>, driver: u16) -> Vec<Result<(), OpError>> {
    let ctx = OpContext::new(0).on_driver(driver).detached(Duration::from_secs(30));
    let mut drained = Vec::with_capacity(load.instances.len());
    for instance in &load.instances {
        drained.push(instance.drain(&ctx).await);
    }
    drained
}
