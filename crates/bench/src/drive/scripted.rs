//! The load of one trial on a scripted clock: the same clients and the same recorder on one thread, and time that passes only
//! where a part takes some. The same load comes out the same to the byte: what the golden record needs.

use super::client::{Client, Scanned, Shared};
use super::driver::Driven;
use super::interval::{self, Part, Takers};
use super::load::Drive;
use super::recorder::{IntervalPort, Recorder};
use super::schedule::{Glimpse, nanos};
use super::warm_up::Warmed;
use super::window::Window;
use cachemark_core::{Clock, OpContext, Strategy};
use cachemark_stats::{Histogram, SteadyRule, SteadyWindow};
use cachemark_workload::{KeyPass, OpStream};
use std::cell::RefCell;
use std::io::Write;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::channel;
use std::time::{Duration, SystemTime};
use tokio::task::LocalSet;
use tokio::time::{Instant, sleep_until};

/// Operations of each client before the window, and how many make a window of the warm-up.
const WARM_UP: usize = 50;
const WINDOW: u64 = 5;
/// The warm-up's stream and sequences, beyond those of the load.
const SESSIONS: u32 = 1 << 30;
const SEQUENCES: u64 = 1 << 41;

/// The time of the runtime, which is paused: it moves on when everybody waits.
#[derive(Debug, Clone, Copy)]
struct RuntimeClock {
    origin: Instant,
}

impl Clock for RuntimeClock {
    fn now_ns(&self) -> u64 {
        nanos(self.origin.elapsed())
    }
}

/// Drives the closed loop of `drive`, as [`super::drive`] does, on a runtime of its own. Every call to a part has to take time:
/// a client whose operations take none would never come to the window's end.
pub(crate) fn drive_scripted<T: Strategy, M, W: Write>(
    drive: &Drive<'_, T>,
    lines: W,
    snapshot: impl Fn() -> M,
) -> Driven<M, W> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(run(drive, lines, snapshot))
}

async fn run<T: Strategy, M, W: Write>(drive: &Drive<'_, T>, lines: W, snapshot: impl Fn() -> M) -> Driven<M, W> {
    let clock = RuntimeClock { origin: Instant::now() };
    let interval_ns = nanos(drive.driving.interval);
    let (parts, received) = channel::<Part>();
    let (spare, returned) = channel::<Histogram>();
    let (steadiness, warm_up) = channel::<SteadyWindow>();
    let window = Arc::new(Window::default());
    let port = IntervalPort { parts, spare: returned, warm_up_operations: WINDOW, interval_ns };
    let recorder = Rc::new(RefCell::new(Recorder::new(Arc::clone(&window), port)));
    let ended = recorder.borrow().ended();
    let glimpse = || Glimpse { seen: snapshot(), ended: ended.load(Ordering::Relaxed), at_ns: clock.now_ns() };

    let clients = clients(drive, clock);
    let scanned = RefCell::<Scanned>::default();
    for client in &clients {
        let share = drive.warm_up.share(client.session, drive.driving.clients);
        let keys = KeyPass::new(drive.spec, drive.seed, drive.block, share).map(|operation| operation.key);
        client.scan(keys, u64::MAX, &scanned).await;
    }
    let scanned_ns = clock.now_ns();
    recorder.borrow_mut().watch_warm_up();
    for client in &clients {
        let operations = OpStream::new(drive.spec, drive.seed, drive.block, SESSIONS + client.session).take(WARM_UP);
        client.warm(operations, SEQUENCES, None, || true, &recorder).await;
    }
    recorder.borrow_mut().unwatch_warm_up((WARM_UP * clients.len()) as u64 / WINDOW);

    let start_ns = clock.now_ns();
    window.set(start_ns..start_ns + nanos(drive.driving.duration));
    let first = glimpse();
    let tasks = LocalSet::new();
    for client in &clients {
        let operations = OpStream::new(drive.spec, drive.seed, drive.block, client.session);
        let (client, window, recorder) = (Rc::clone(client), Arc::clone(&window), Rc::clone(&recorder));
        tasks.spawn_local(async move { client.run(operations, &window, recorder).await });
    }
    let last = tasks
        .run_until(async {
            sleep_until(clock.origin + Duration::from_nanos(window.end())).await;
            glimpse()
        })
        .await;
    tasks.await;
    let drained_ns = clock.now_ns();
    drop(clients);
    for instance in drive.instances {
        instance.drain(&OpContext::new(0)).await.unwrap();
    }

    let mut recorded = Rc::into_inner(recorder).unwrap().into_inner().finish();
    let scanned = scanned.into_inner();
    recorded.issued_whole += scanned.issued;
    recorded.bad_stamps += scanned.bad_stamps;
    recorded.scan_errors = scanned.errors;
    let takers = Takers { spare, warm_up: steadiness, lines };
    Driven {
        recorded,
        course: interval::collect(&received, takers, 1, interval_ns, drive.stop).unwrap(),
        window_began: SystemTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000),
        at_window: [first, last],
        scan: Duration::from_nanos(scanned_ns),
        warm_up: Duration::from_nanos(start_ns - scanned_ns),
        warmed: Warmed::With(SteadyRule::default().test(&warm_up.try_iter().collect::<Vec<_>>())),
        cut_short: false,
        drain: Duration::from_nanos(drained_ns - window.end()),
        client_cpu: 0.25,
        drained: true,
    }
}

fn clients<T>(drive: &Drive<'_, T>, clock: RuntimeClock) -> Vec<Rc<Client<T, RuntimeClock>>> {
    let shared = Shared {
        keys: drive.keys.clone(),
        payloads: Arc::clone(&drive.payloads),
        trial: drive.trial,
        timeout: drive.driving.operation_timeout,
        asks_cache: drive.asks_cache,
        clock,
        origin: clock.origin,
        stop: drive.stop.clone(),
    };
    (0..drive.driving.clients)
        .map(|session| {
            let instance = session as usize % drive.instances.len();
            let strategy = Arc::clone(&drive.instances[instance]);
            Rc::new(Client { shared: shared.clone(), strategy, session, driver: 0, instance, hops: None })
        })
        .collect()
}
