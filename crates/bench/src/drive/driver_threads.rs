//! Our own driver: threads that run clients or arrivals.

use super::asked::Asked;
use super::drained;
use super::driver::{Driven, Driver};
use super::failure::{DriveError, message_of};
use super::load::Load;
use super::sleep::sleep_until;
use super::start::meeting;
use super::thread::{self, Ports, Thread};
use super::warm_up;
use crate::alarm::Alarm;
use crate::instrument::{Instruments, Recorded};
use crate::timeline::{Timeline, nanos};
use cachemark_core::{Clock, SystemClock};
use std::any::Any;
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How long before its start the window is announced: a few times what a thread takes to see it.
const NOTICE_NS: u64 = 1_000_000;

/// Drives closed and open loops on threads of its own, each with a single-threaded runtime.
#[derive(Debug, Clone, Copy, Default)]
pub struct DriverThreads;

impl<T: Asked> Driver<T> for DriverThreads {
    fn drive(
        &self,
        load: &Arc<Load<T>>,
        timeline: &Timeline,
        instruments: &mut Instruments<'_>,
    ) -> Result<Driven, DriveError> {
        let runtimes = (0..load.driving.driver_threads)
            .map(|_| tokio::runtime::Builder::new_current_thread().enable_all().build())
            .collect::<io::Result<Vec<_>>>()?;
        let clock = SystemClock::from_zero();
        let (leader, starters) = meeting(runtimes.len());
        let recorders = instruments.threads();
        std::thread::scope(|scope| {
            // Should this thread panic, the others must not go on for ever.
            let _alarm = Alarm::new(&load.stop);
            let running: Vec<_> = (0..)
                .zip(runtimes.into_iter().zip(recorders).zip(starters))
                .map(|(driver, ((runtime, recorder), starter))| {
                    let ports = Ports { recorder, starter };
                    scope.spawn(move || {
                        let alarm = Alarm::new(&load.stop);
                        let ended = thread::run(load, driver, clock, runtime, timeline.window(), ports)?;
                        alarm.all_is_well();
                        Ok(ended)
                    })
                })
                .collect();
            leader.wait();
            let lead_in = nanos(warm_up::lead_in(&load.driving, load.warm_up, load.rate.is_some()));
            // Where the load begins with the window, its start is told first: what the first operations ask for is of the window.
            let at_once = timeline.moments().iter().take_while(|moment| lead_in == 0 && moment.at.is_zero()).count();
            let (first, later) = timeline.moments().split_at(at_once);
            first.iter().for_each(|moment| instruments.moment(moment.what));
            let began_ns = clock.now_ns();
            let open_at = announce(load, timeline, clock, (began_ns, lead_in), || leader.begin(began_ns));
            let window_began = SystemTime::now() + Duration::from_nanos(open_at.saturating_sub(clock.now_ns()));
            for moment in later {
                sleep_until(clock, timeline.at_ns(moment), || load.stop.is_stopped());
                instruments.moment(moment.what);
            }
            let stopped_ns = clock.now_ns();

            // All of them first: one that panicked unjoined would take this thread with it.
            let ended: Vec<_> = running.into_iter().enumerate().map(join_driver).collect();
            let mut threads: Vec<Thread> = ended.into_iter().collect::<Result<_, _>>()?;
            let drains: Vec<_> = threads.iter_mut().map(|thread| std::mem::take(&mut thread.drained)).collect();
            let drain = Duration::from_nanos(clock.now_ns().saturating_sub(stopped_ns));
            let scanned_ns = threads.iter().map(|thread| thread.scanned_ns).max().unwrap_or(began_ns);
            let mut driven = Driven {
                recorded: Recorded::default(),
                window_began,
                scan: Duration::from_nanos(scanned_ns),
                warm_up: Duration::from_nanos(open_at.saturating_sub(scanned_ns)),
                cut_short: threads.iter().any(|thread| thread.cut_short),
                drain,
                client_cpu: Some(threads.iter().map(|thread| thread.cpu_share).sum::<f64>() / threads.len() as f64),
                drained: drained::together(&drains),
                remarks: Vec::new(),
            };
            threads.into_iter().for_each(|thread| driven.recorded.merge(thread.recorded));
            Ok(driven)
        })
    }
}

/// Lets the load begin and opens the window, a moment before it starts if the load runs unmeasured first (for `lead_in`
/// nanoseconds); returns when it starts.
fn announce<T>(
    load: &Load<T>,
    timeline: &Timeline,
    clock: SystemClock,
    (began_ns, lead_in): (u64, u64),
    begin: impl FnOnce(),
) -> u64 {
    if lead_in == 0 {
        timeline.open_at(began_ns, &clock);
        begin();
        return began_ns;
    }
    begin();
    sleep_until(clock, (began_ns + lead_in).saturating_sub(NOTICE_NS), || load.stop.is_stopped());
    let open_at = (began_ns + lead_in).max(clock.now_ns() + NOTICE_NS);
    timeline.open_at(open_at, &clock);
    open_at
}

/// What a driver thread has, or why it has nothing.
fn join_driver(
    (driver, handle): (usize, std::thread::ScopedJoinHandle<'_, io::Result<Thread>>),
) -> Result<Thread, DriveError> {
    let panicked = |panic: Box<dyn Any + Send>| DriveError::Panicked { driver, message: message_of(&*panic) };
    Ok(handle.join().map_err(panicked)??)
}
