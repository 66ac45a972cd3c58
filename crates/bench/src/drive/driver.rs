//! The driver threads of one trial.

use super::failure::{Alarm, DriveError, message_of};
use super::interval::{self, Course, Part, Takers};
use super::load::Drive;
use super::recorded::Recorded;
use super::schedule::{Glimpse, Schedule, nanos};
use super::start::meeting;
use super::thread::{self, Ports, Thread};
use super::warm_up::{self, Warmed};
use crate::observer::StopFlag;
use cachemark_core::{Clock, Strategy, SystemClock};
use cachemark_stats::{Histogram, SteadyRule, SteadyWindow};
use std::any::Any;
use std::io::{self, Write};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, SystemTime};

/// How long before its start the window is announced: a few times what a thread takes to see it.
const NOTICE_NS: u64 = 1_000_000;

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
    let shared = thread::shared(drive, clock);
    let schedule = Schedule::default();
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
                    let ended = thread::run(drive, driver as u16, shared, runtime, schedule, ports)?;
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

/// Deals the histograms that come back from the collector out to the drivers in turn.
fn spread(returned: std::sync::mpsc::Receiver<Histogram>, ports: &[Sender<Histogram>]) {
    for (histogram, port) in returned.iter().zip(ports.iter().cycle()) {
        // A driver that has finished needs no more.
        let _ = port.send(histogram);
    }
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
