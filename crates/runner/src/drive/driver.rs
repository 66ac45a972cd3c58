//! The driver threads of one trial.

use super::arrivals::OpenLoop;
use super::client::{Client, Scanned, Shared};
use super::failure::{Alarm, DriveError, Panics, message_of};
use super::interval::{self, Course, Part, Takers};
use super::pacer::Pacer;
use super::recorded::Recorded;
use super::recorder::{IntervalPort, Recorder};
use super::start::{Starter, meeting};
use super::warm_up::{self, Warmed, Warmer};
use super::window::Window;
use crate::definition::Driving;
use crate::observer::StopFlag;
use crate::warm_up::WarmUp;
use cachemark_core::{Clock, HopLease, OpContext, Strategy, SystemClock};
use cachemark_stats::{Histogram, SteadyRule, SteadyWindow};
use cachemark_workload::{Arrivals, KeyPass, KeyTable, OpStream, Payloads, Seed, Share, WorkloadSpec};
use std::any::Any;
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::runtime::Runtime;
use tokio::task::LocalSet;
use tokio::time::Instant;

/// The load of one trial.
pub(crate) struct Drive<'a, T> {
    /// Clients are spread over these.
    pub(crate) instances: &'a [Arc<T>],
    pub(crate) spec: &'a WorkloadSpec,
    pub(crate) seed: Seed,
    pub(crate) block: u32,
    pub(crate) trial: u32,
    pub(crate) keys: KeyTable,
    pub(crate) payloads: Arc<Payloads>,
    pub(crate) driving: &'a Driving,
    /// What comes before the load.
    pub(crate) warm_up: WarmUp,
    /// Whether reads ask a cache first.
    pub(crate) asks_cache: bool,
    /// The offered load in arrivals per second; none for a closed loop.
    pub(crate) rate: Option<f64>,
    pub(crate) stop: &'a StopFlag,
}

/// How long before its start the window is announced: a few times what a thread takes to see it.
const NOTICE_NS: u64 = 1_000_000;

/// One driver thread's ends of the channels to the collector and to the leader.
struct Ports {
    parts: Sender<Part>,
    spare: Receiver<Histogram>,
    starter: Starter,
}

/// What came back.
pub(crate) struct Driven<M, W> {
    pub(crate) recorded: Recorded,
    pub(crate) course: Course<W>,
    /// When the window began, by the machine's calendar.
    pub(crate) window_began: SystemTime,
    /// The window's start and its end, as the snapshots found them.
    pub(crate) at_window: [Glimpse<M>; 2],
    pub(crate) scan: Duration,
    /// How long the warm-up was.
    pub(crate) warm_up: Duration,
    /// Whether it ended in a steady state.
    pub(crate) warmed: Warmed,
    /// Whether it took too long and was broken off.
    pub(crate) cut_short: bool,
    pub(crate) drain: Duration,
    /// Driver threads' CPU time / (threads x wall) over the window.
    pub(crate) client_cpu: f64,
    /// Whether the strategies came to rest in time.
    pub(crate) drained: bool,
}

/// What was seen at one moment. A sleeping thread wakes when it wakes, so what is divided by each other later is looked
/// at together, with the time.
pub(crate) struct Glimpse<M> {
    pub(crate) seen: M,
    /// Operations that had ended since the warm-up began.
    pub(crate) ended: u64,
    pub(crate) at_ns: u64,
}

/// What all driver threads go by.
struct Schedule {
    window: Arc<Window>,
    /// Each driver's count of operations that have ended.
    ended: Mutex<Vec<Arc<AtomicU64>>>,
}

impl Schedule {
    fn glimpse<M>(&self, clock: SystemClock, snapshot: impl Fn() -> M) -> Glimpse<M> {
        let counts = self.ended.lock().unwrap_or_else(PoisonError::into_inner);
        let ended = counts.iter().map(|count| count.load(Ordering::Relaxed)).sum();
        Glimpse { seen: snapshot(), ended, at_ns: clock.now_ns() }
    }
}

struct Thread {
    recorded: Recorded,
    /// When its scan had ended, on the trial's clock.
    scanned_ns: u64,
    /// Whether its warm-up was broken off.
    cut_short: bool,
    cpu_share: f64,
    drained: bool,
}

/// Drives the load. `snapshot` is called on this thread at the window's start and at its end; the lines of the interval log
/// go to `lines` as the intervals end.
///
/// # Errors
/// If a runtime or a timer cannot be made (out of file descriptors or threads), a driver thread panics, or `lines` refuses
/// one. The trial is over then, as soon as what is in flight has ended.
pub(crate) fn drive<T: Strategy, M, W: Write + Send>(
    drive: &Drive<'_, T>,
    lines: W,
    snapshot: impl Fn() -> M,
) -> Result<Driven<M, W>, DriveError> {
    // What goes wrong stops this trial alone.
    let stop = &drive.stop.of_a_part();
    let drive = &Drive { stop, keys: drive.keys.clone(), payloads: Arc::clone(&drive.payloads), ..*drive };
    let threads = usize::from(drive.driving.driver_threads);
    let runtimes = (0..threads)
        .map(|_| tokio::runtime::Builder::new_current_thread().enable_all().build())
        .collect::<io::Result<Vec<_>>>()?;
    let clock = SystemClock::new();
    let shared = shared(drive, clock);
    let schedule = Schedule { window: Arc::default(), ended: Mutex::default() };
    let (leader, starters) = meeting(threads);
    let interval_ns = nanos(drive.driving.interval);
    let (parts, received) = channel::<Part>();
    let (spare, returned) = channel::<Histogram>();
    let (steadiness, warm_up) = channel::<SteadyWindow>();
    let takers = Takers { spare, warm_up: steadiness, lines };
    std::thread::scope(|scope| {
        // Should this thread panic, the others must not go on for ever.
        let _alarm = Alarm::new(stop);
        let collector = scope.spawn(move || interval::collect(&received, takers, threads, interval_ns, stop));
        let (spare_ports, spare_receivers): (Vec<_>, Vec<_>) = (0..threads).map(|_| channel()).unzip();
        scope.spawn(move || spread(returned, &spare_ports));
        let running: Vec<_> = runtimes
            .into_iter()
            .zip(spare_receivers.into_iter().zip(starters))
            .enumerate()
            .map(|(driver, (runtime, (spare, starter)))| {
                let (shared, schedule) = (shared.clone(), &schedule);
                let ports = Ports { parts: parts.clone(), spare, starter };
                scope.spawn(move || {
                    let alarm = Alarm::new(stop);
                    let ended = run_driver(drive, driver as u16, shared, runtime, schedule, ports)?;
                    alarm.all_is_well();
                    Ok(ended)
                })
            })
            .collect();
        drop(parts);

        leader.wait();
        let began_ns = clock.now_ns();
        let lead_in = nanos(warm_up::lead_in(drive.driving, drive.warm_up, drive.rate.is_some()));
        let open_at = |start_ns| schedule.window.set(start_ns..start_ns + nanos(drive.driving.duration));
        if lead_in == 0 {
            open_at(began_ns);
        }
        leader.begin(began_ns);
        if lead_in > 0 {
            sleep_until(clock, (began_ns + lead_in).saturating_sub(NOTICE_NS), drive.stop);
            open_at((began_ns + lead_in).max(clock.now_ns() + NOTICE_NS));
        }
        let ahead = schedule.window.start().saturating_sub(clock.now_ns());
        let window_began = SystemTime::now() + Duration::from_nanos(ahead);
        sleep_until(clock, schedule.window.start(), drive.stop);
        let first = schedule.glimpse(clock, &snapshot);
        let warmed = match drive.driving.warm_up {
            Some(Duration::ZERO) => Warmed::Not,
            Some(_) => Warmed::With(SteadyRule::default().test(&warm_up.try_iter().collect::<Vec<_>>())),
            // One thread may have had a few more operations than another.
            None => {
                let windows: Vec<_> = warm_up.try_iter().take(warm_up::WINDOWS as usize).collect();
                Warmed::With(SteadyRule::default().test(&windows))
            }
        };
        sleep_until(clock, schedule.window.end(), drive.stop);
        let at_window = [first, schedule.glimpse(clock, &snapshot)];
        let stopped_ns = clock.now_ns();

        // All of them first: one that panicked unjoined would take this thread with it.
        let ended: Vec<_> = running.into_iter().enumerate().map(join_driver).collect();
        let threads: Vec<Thread> = ended.into_iter().collect::<Result<_, _>>()?;
        let drain = Duration::from_nanos(clock.now_ns().saturating_sub(stopped_ns));
        let client_cpu = threads.iter().map(|thread| thread.cpu_share).sum::<f64>() / threads.len() as f64;
        let drained = threads.iter().all(|thread| thread.drained);
        let cut_short = threads.iter().any(|thread| thread.cut_short);
        let scanned_ns = threads.iter().map(|thread| thread.scanned_ns).max().unwrap_or(began_ns);
        let mut recorded = Recorded::default();
        threads.into_iter().for_each(|thread| recorded.merge(thread.recorded));
        Ok(Driven {
            recorded,
            course: join(collector).map_err(DriveError::Log)?,
            window_began,
            at_window,
            scan: Duration::from_nanos(scanned_ns),
            warm_up: Duration::from_nanos(schedule.window.start().saturating_sub(scanned_ns)),
            warmed,
            cut_short,
            drain,
            client_cpu,
            drained,
        })
    })
}

fn shared<T>(drive: &Drive<'_, T>, clock: SystemClock) -> Shared {
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

/// Deals the histograms that come back from the collector out to the drivers in turn.
fn spread(returned: std::sync::mpsc::Receiver<Histogram>, ports: &[Sender<Histogram>]) {
    for (histogram, port) in returned.iter().zip(ports.iter().cycle()) {
        // A driver that has finished needs no more.
        let _ = port.send(histogram);
    }
}

fn run_driver<T: Strategy>(
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

/// Sleeps in short steps, so that a stop is heard.
pub(super) fn sleep_until(clock: SystemClock, moment_ns: u64, stop: &StopFlag) {
    const STEP: Duration = Duration::from_millis(50);
    while !stop.is_stopped() {
        let left = moment_ns.saturating_sub(clock.now_ns());
        if left == 0 {
            return;
        }
        std::thread::sleep(Duration::from_nanos(left).min(STEP));
    }
}

pub(super) fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

/// What a driver thread has, or why it has nothing.
fn join_driver(
    (driver, handle): (usize, std::thread::ScopedJoinHandle<'_, io::Result<Thread>>),
) -> Result<Thread, DriveError> {
    let panicked = |panic: Box<dyn Any + Send>| DriveError::Panicked { driver, message: message_of(&*panic) };
    Ok(handle.join().map_err(panicked)??)
}

fn join<T>(handle: std::thread::ScopedJoinHandle<'_, T>) -> T {
    match handle.join() {
        Ok(value) => value,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}
