//! The driver threads of one trial.

use super::client::{Client, Shared};
use super::interval::{self, Course, Part};
use super::recorder::{IntervalPort, Recorded, Recorder};
use crate::definition::Driving;
use crate::observer::StopFlag;
use cachemark_core::{Clock, OpContext, Strategy, SystemClock};
use cachemark_stats::Histogram;
use cachemark_workload::{KeyTable, OpStream, Payloads, Seed, WorkloadSpec};
use std::cell::RefCell;
use std::ops::Range;
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Barrier, Mutex, OnceLock, PoisonError};
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
    pub(crate) stop: &'a StopFlag,
}

/// What came back.
pub(crate) struct Driven<M> {
    pub(crate) recorded: Recorded,
    pub(crate) course: Course,
    /// When the window began, by the machine's calendar.
    pub(crate) window_began: SystemTime,
    /// The window's start and its end, as the snapshots found them.
    pub(crate) at_window: [Glimpse<M>; 2],
    pub(crate) scan: Duration,
    pub(crate) drain: Duration,
    /// Driver threads' CPU time / (threads x wall) over warm-up and window.
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

/// Moments on the trial's clock, set once all have scanned.
struct Schedule {
    barrier: Barrier,
    window: OnceLock<Range<u64>>,
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
    cpu_share: f64,
    drained: bool,
}

/// Drives the load. `snapshot` is called on this thread at the window's start and at its end.
///
/// # Errors
/// If a runtime cannot be made (out of file descriptors or threads).
pub(crate) fn drive<T: Strategy, M>(drive: &Drive<'_, T>, snapshot: impl Fn() -> M) -> std::io::Result<Driven<M>> {
    let threads = usize::from(drive.driving.driver_threads);
    let runtimes = (0..threads)
        .map(|_| tokio::runtime::Builder::new_current_thread().enable_all().build())
        .collect::<std::io::Result<Vec<_>>>()?;
    let clock = SystemClock::new();
    let shared = shared(drive, clock);
    let schedule = Schedule { barrier: Barrier::new(threads + 1), window: OnceLock::new(), ended: Mutex::default() };
    let interval_ns = nanos(drive.driving.interval);
    let (parts, received) = channel::<Part>();
    let (spares_back, returned) = channel::<Histogram>();
    Ok(std::thread::scope(|scope| {
        let collector = scope.spawn(move || interval::collect(&received, &spares_back, threads, interval_ns));
        let (spare_ports, spare_receivers): (Vec<_>, Vec<_>) = (0..threads).map(|_| channel()).unzip();
        scope.spawn(move || spread(returned, &spare_ports));
        let running: Vec<_> = runtimes
            .into_iter()
            .zip(spare_receivers)
            .enumerate()
            .map(|(driver, (runtime, spare))| {
                let (shared, schedule) = (shared.clone(), &schedule);
                let port = IntervalPort { parts: parts.clone(), spare, interval_ns };
                scope.spawn(move || run_driver(drive, driver as u16, shared, runtime, schedule, port))
            })
            .collect();
        drop(parts);

        schedule.barrier.wait();
        let scanned_ns = clock.now_ns();
        let window_start = scanned_ns + nanos(drive.driving.warm_up);
        let window = window_start..window_start + nanos(drive.driving.duration);
        let window_began = SystemTime::now() + drive.driving.warm_up;
        let _ = schedule.window.set(window.clone());
        schedule.barrier.wait();
        sleep_until(clock, window.start, drive.stop);
        let first = schedule.glimpse(clock, &snapshot);
        sleep_until(clock, window.end, drive.stop);
        let at_window = [first, schedule.glimpse(clock, &snapshot)];
        let stopped_ns = clock.now_ns();

        let threads: Vec<Thread> = running.into_iter().map(join).collect();
        let drain = Duration::from_nanos(clock.now_ns().saturating_sub(stopped_ns));
        let client_cpu = threads.iter().map(|thread| thread.cpu_share).sum::<f64>() / threads.len() as f64;
        let drained = threads.iter().all(|thread| thread.drained);
        let mut recorded = Recorded::default();
        threads.into_iter().for_each(|thread| recorded.merge(thread.recorded));
        let course = join(collector);
        let scan = Duration::from_nanos(scanned_ns);
        Driven { recorded, course, window_began, at_window, scan, drain, client_cpu, drained }
    }))
}

fn shared<T>(drive: &Drive<'_, T>, clock: SystemClock) -> Shared {
    Shared {
        keys: drive.keys.clone(),
        payloads: Arc::clone(&drive.payloads),
        trial: drive.trial,
        timeout: drive.driving.operation_timeout,
        clients: drive.driving.clients,
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
    port: IntervalPort,
) -> Thread {
    let clock = shared.clock;
    let clients: Vec<Rc<Client<T>>> = (u32::from(driver)..drive.driving.clients)
        .step_by(usize::from(drive.driving.driver_threads))
        .map(|session| {
            let strategy = Arc::clone(&drive.instances[session as usize % drive.instances.len()]);
            Rc::new(Client { shared: shared.clone(), strategy, session, driver })
        })
        .collect();

    let scanned = if drive.driving.warm_up_scan { runtime.block_on(scan(&clients)) } else { (0, 0) };
    schedule.barrier.wait();
    schedule.barrier.wait();
    let window = schedule.window.get().cloned().unwrap_or(0..0);

    let recorder = Recorder::new(window.clone(), port);
    schedule.ended.lock().unwrap_or_else(PoisonError::into_inner).push(recorder.ended());
    let recorder = Rc::new(RefCell::new(recorder));
    let (began_ns, cpu_before) = (clock.now_ns(), thread_cpu_ns());
    runtime.block_on(run_clients(drive, &clients, window.end, &recorder));
    let wall_ns = clock.now_ns().saturating_sub(began_ns).max(1);
    let cpu_share = thread_cpu_ns().saturating_sub(cpu_before) as f64 / wall_ns as f64;
    let drained = runtime.block_on(drain(drive, driver));

    // Every client has ended, so this is the only owner left.
    let mut recorded = Rc::into_inner(recorder).map(|cell| cell.into_inner().finish()).unwrap_or_default();
    recorded.issued_whole += scanned.0;
    recorded.bad_stamps += scanned.1;
    Thread { recorded, cpu_share, drained }
}

async fn scan<T: Strategy>(clients: &[Rc<Client<T>>]) -> (u64, u64) {
    let tasks = LocalSet::new();
    let scans: Vec<_> = clients
        .iter()
        .map(|client| {
            let client = Rc::clone(client);
            tasks.spawn_local(async move { client.scan().await })
        })
        .collect();
    tasks.await;
    let mut sum = (0, 0);
    for scan in scans {
        let (issued, bad) = scan.await.unwrap_or_default();
        sum = (sum.0 + issued, sum.1 + bad);
    }
    sum
}

async fn run_clients<T: Strategy>(
    drive: &Drive<'_, T>,
    clients: &[Rc<Client<T>>],
    until_ns: u64,
    recorder: &Rc<RefCell<Recorder>>,
) {
    let tasks = LocalSet::new();
    for client in clients {
        let operations = OpStream::new(drive.spec, drive.seed, drive.block, client.session);
        let (client, recorder) = (Rc::clone(client), Rc::clone(recorder));
        tasks.spawn_local(async move { client.run(operations, until_ns, recorder).await });
    }
    tasks.await;
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
fn sleep_until(clock: SystemClock, moment_ns: u64, stop: &StopFlag) {
    const STEP: Duration = Duration::from_millis(50);
    while !stop.is_stopped() {
        let left = moment_ns.saturating_sub(clock.now_ns());
        if left == 0 {
            return;
        }
        std::thread::sleep(Duration::from_nanos(left).min(STEP));
    }
}

fn nanos(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

fn thread_cpu_ns() -> u64 {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
    (time.tv_sec as u64).saturating_mul(1_000_000_000).saturating_add(time.tv_nsec as u64)
}

fn join<T>(handle: std::thread::ScopedJoinHandle<'_, T>) -> T {
    match handle.join() {
        Ok(value) => value,
        Err(panic) => std::panic::resume_unwind(panic),
    }
}
