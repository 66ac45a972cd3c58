//! One driver thread: its clients, the scan, the warm-up, the load, the drain.

use super::arrivals::OpenLoop;
use super::client::{Client, Scanned, Shared};
use super::failure::Panics;
use super::interval::Part;
use super::load::Drive;
use super::pacer::Pacer;
use super::recorded::Recorded;
use super::recorder::{IntervalPort, Recorder};
use super::schedule::{Schedule, nanos};
use super::start::Starter;
use super::warm_up::{self, Warmer};
use super::window::Window;
use cachemark_core::{Clock, HopLease, OpContext, Strategy, SystemClock};
use cachemark_stats::Histogram;
use cachemark_workload::{Arrivals, KeyPass, OpStream, Share};
use std::cell::RefCell;
use std::io;
use std::rc::Rc;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::runtime::Runtime;
use tokio::task::LocalSet;
use tokio::time::Instant;

/// One driver thread's ends of the channels to the collector and to the leader.
pub(super) struct Ports {
    pub(super) parts: Sender<Part>,
    pub(super) spare: Receiver<Histogram>,
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
    pub(super) drained: bool,
}

pub(super) fn shared<T>(drive: &Drive<'_, T>, clock: SystemClock) -> Shared {
    Shared {
        keys: drive.keys.clone(),
        payloads: Arc::clone(&drive.payloads),
        trial: drive.trial,
        timeout: drive.driving.operation_timeout,
        asks_cache: drive.asks_cache,
        clock,
        origin: Instant::now() - Duration::from_nanos(clock.now_ns()),
        stop: drive.stop.clone(),
    }
}

pub(super) fn run<T: Strategy>(
    drive: &Drive<'_, T>,
    driver: u16,
    shared: Shared,
    runtime: Runtime,
    schedule: &Schedule,
    ports: Ports,
) -> io::Result<Thread> {
    let clock = shared.clock;
    let clients = sessions(drive, driver, &shared, drive.driving.clients);
    let port = IntervalPort {
        parts: ports.parts,
        spare: ports.spare,
        warm_up_operations: warm_up::window(drive.warm_up, clients.len(), drive.driving.clients),
        interval_ns: nanos(drive.driving.interval),
    };
    let recorder = Recorder::new(Arc::clone(&schedule.window), port);
    schedule.ended.lock().unwrap_or_else(PoisonError::into_inner).push(recorder.ended());
    let recorder = Rc::new(RefCell::new(recorder));

    let cap = drive.driving.warm_up_cap;
    let wants_scan =
        drive.driving.warm_up_scan || (drive.warm_up.every_key && drive.warm_up.spread_over(cap).is_none());
    let until_ns = nanos(cap);
    let scanned = if wants_scan { runtime.block_on(scan(drive, &clients, until_ns)) } else { Scanned::default() };
    let scanned_ns = clock.now_ns();
    let warmed = runtime.block_on(warm(drive, &clients, clock, until_ns, &recorder));
    if drive.driving.warm_up.is_some_and(|time| !time.is_zero()) {
        recorder.borrow_mut().watch_warm_up();
    }
    let Some(began_ns) = ports.starter.wait() else { return Err(io::Error::other("the trial was given up")) };

    match drive.rate {
        None => runtime.block_on(run_clients(drive, &clients, &schedule.window, &recorder)),
        Some(rate) => {
            let sessions = sessions(drive, driver, &shared, drive.driving.open_loop.max_in_flight);
            runtime.block_on(run_arrivals(drive, driver, rate, sessions, began_ns, schedule, &recorder, clock))?;
        }
    }
    let drained = runtime.block_on(drain(drive, driver));

    // Every session has ended, so this is the only owner left.
    let recorder = Rc::into_inner(recorder).expect("a session has not ended: its task panicked");
    let recorder = recorder.into_inner();
    let cpu_share = recorder.cpu_share().unwrap_or(0.0);
    let mut recorded = if drive.stop.is_stopped() { recorder.give_up() } else { recorder.finish() };
    recorded.issued_whole += scanned.issued;
    recorded.bad_stamps += scanned.bad_stamps;
    recorded.scan_errors = scanned.errors;
    Ok(Thread { recorded, scanned_ns, cut_short: scanned.cut_short || !warmed, cpu_share, drained })
}

/// Warms by operations; `false` if that took too long.
async fn warm<T: Strategy>(
    drive: &Drive<'_, T>,
    clients: &[Rc<Client<T>>],
    clock: SystemClock,
    until_ns: u64,
    recorder: &Rc<RefCell<Recorder>>,
) -> bool {
    let warmer = Warmer {
        clients,
        warm_up: drive.warm_up,
        all_clients: drive.driving.clients,
        spec: drive.spec,
        seed: drive.seed,
        block: drive.block,
        clock,
        cap: drive.driving.warm_up_cap,
        until_ns,
    };
    (!drive.warm_up.every_key && drive.warm_up.operations == 0)
        || warmer.run(recorder, &Rc::new(Panics::new(drive.stop))).await
}

/// This driver thread's share of `count` sessions.
fn sessions<T>(drive: &Drive<'_, T>, driver: u16, shared: &Shared, count: u32) -> Vec<Rc<Client<T>>> {
    (u32::from(driver)..count)
        .step_by(usize::from(drive.driving.driver_threads))
        .map(|session| {
            let instance = session as usize % drive.instances.len();
            let strategy = Arc::clone(&drive.instances[instance]);
            let hops = drive.driving.hop_times.then(HopLease::take);
            Rc::new(Client { shared: shared.clone(), strategy, session, driver, instance, hops })
        })
        .collect()
}

#[expect(clippy::too_many_arguments, reason = "what one driver thread has, each from another place")]
async fn run_arrivals<T: Strategy>(
    drive: &Drive<'_, T>,
    driver: u16,
    rate: f64,
    sessions: Vec<Rc<Client<T>>>,
    began_ns: u64,
    schedule: &Schedule,
    recorder: &Rc<RefCell<Recorder>>,
    clock: SystemClock,
) -> io::Result<()> {
    let options = drive.driving.open_loop;
    let share = Share { index: u32::from(driver), of: u32::from(drive.driving.driver_threads) };
    let seed = drive.seed.child(&format!("block {}", drive.block));
    let arrivals = Arrivals::new(options.process, rate, seed, share).map_err(io::Error::other)?;
    let pacer = Pacer::new(clock, drive.stop.clone())?;
    let open_loop = OpenLoop {
        sessions,
        operations: OpStream::new(drive.spec, drive.seed, drive.block, u32::from(driver)),
        arrivals,
        options,
        window: &schedule.window,
        recorder: Rc::clone(recorder),
        clock,
        grace: drive.driving.operation_timeout,
        stop: drive.stop.clone(),
    };
    open_loop.run(began_ns, &pacer).await
}

/// Reads every key once. Each client reads those whose turn it has afterwards, too, so no key is read behind the back of
/// another thread that is ahead and writes it already.
async fn scan<T: Strategy>(drive: &Drive<'_, T>, clients: &[Rc<Client<T>>], until_ns: u64) -> Scanned {
    let tasks = LocalSet::new();
    let shared = Rc::new((RefCell::<Scanned>::default(), Panics::new(drive.stop)));
    for client in clients {
        let share = drive.warm_up.share(client.session, drive.driving.clients);
        let keys = KeyPass::new(drive.spec, drive.seed, drive.block, share).map(|operation| operation.key);
        let (client, shared) = (Rc::clone(client), Rc::clone(&shared));
        tasks.spawn_local(async move { shared.1.catch(client.scan(keys, until_ns, &shared.0)).await });
    }
    tasks.await;
    shared.1.go_on();
    shared.0.take()
}

async fn run_clients<T: Strategy>(
    drive: &Drive<'_, T>,
    clients: &[Rc<Client<T>>],
    window: &Arc<Window>,
    recorder: &Rc<RefCell<Recorder>>,
) {
    let tasks = LocalSet::new();
    let panics = Rc::new(Panics::new(drive.stop));
    for client in clients {
        let operations = OpStream::new(drive.spec, drive.seed, drive.block, client.session);
        let (client, window, recorder) = (Rc::clone(client), Arc::clone(window), Rc::clone(recorder));
        let panics = Rc::clone(&panics);
        tasks.spawn_local(async move { panics.catch(client.run(operations, &window, recorder)).await });
    }
    tasks.await;
    panics.go_on();
}

/// Waits for what the strategies began on their own. Every driver waits for every instance: a load may run on any of
/// their runtimes, and each must go on until the last one is done.
async fn drain<T: Strategy>(drive: &Drive<'_, T>, driver: u16) -> bool {
    let ctx = OpContext::new(0).on_driver(driver).detached(Duration::from_secs(30));
    let mut drained = true;
    for instance in drive.instances {
        drained &= instance.drain(&ctx).await.is_ok();
    }
    drained
}
