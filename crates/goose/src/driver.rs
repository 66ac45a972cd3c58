//! The driver.

use crate::attack::attack;
use crate::session::{Counts, Shared};
use crate::stdout::Diversion;
use crate::threads;
use cachemark_bench::{DriveError, Driven, Driver, Event, Instruments, Load, Timeline, sleep_until};
use cachemark_core::{Clock, SystemClock};
use cachemark_http::HttpTarget;
use cachemark_results::{Warning, warning};
use goose::metrics::GooseMetrics;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// Drives closed loops by goose's users.
pub struct GooseDriver {
    hatch: Option<f64>,
    reports: Box<dyn Fn() -> Option<PathBuf> + Send + Sync>,
}

impl GooseDriver {
    /// A driver that starts so many users per second (all at once if none is given) and writes goose's own reports into the
    /// folder that `reports` names when a trial begins, if it names one. Goose would take Ctrl-C over for the rest of the process, so
    /// this takes its place first: make the driver before anything else listens for it.
    #[must_use]
    pub fn new(hatch: Option<f64>, reports: impl Fn() -> Option<PathBuf> + Send + Sync + 'static) -> Self {
        // Where another has the place already, goose finds it taken as well.
        let _ = ctrlc::set_handler(|| {});
        Self { hatch, reports: Box::new(reports) }
    }
}

impl Driver<HttpTarget> for GooseDriver {
    fn drive(
        &self,
        load: &Arc<Load<HttpTarget>>,
        timeline: &Timeline,
        instruments: &mut Instruments<'_>,
    ) -> Result<Driven, DriveError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(usize::from(load.driving.driver_threads))
            .thread_name(threads::NAME)
            .enable_all()
            .build()?;
        let shared = Arc::new(Shared {
            load: Arc::clone(load),
            clock: SystemClock::from_zero(),
            window: Arc::clone(timeline.window()),
            recorders: instruments.threads().into_iter().map(Mutex::new).collect(),
            requests: Mutex::default(),
            fault: OnceLock::new(),
            sessions: AtomicU32::new(0),
        });
        // All at once is a tenth of a second: goose wants a rate.
        let hatch = self.hatch.unwrap_or_else(|| f64::from(load.driving.clients) * 10.0);
        let reports = (self.reports)().map_or(Ok(Vec::new()), |folder| files(&folder, load.trial))?;
        let diversion = Diversion::begin();
        goose::reset_killswitch();
        // Spawned, so that goose's own loop runs on the threads whose CPU time is told.
        let attacked = runtime.spawn(attack(Arc::clone(&shared), hatch, reports.clone()));
        let mut driven = watch(&shared, timeline, instruments, || attacked.is_finished());
        let over = Instant::now();
        let attacked = runtime.block_on(attacked);
        driven.drain = over.elapsed();
        drop((runtime, diversion));
        let stopped = load.stop.is_stopped();
        if stopped {
            // Of a trial that is none, goose's reports are none either.
            reports.iter().for_each(|file| drop(std::fs::remove_file(file)));
        }
        // Goose's errors tell what was wrong in their debug form alone.
        let metrics =
            attacked.map_err(|error| failed(error.to_string()))?.map_err(|error| failed(format!("{error:?}")))?;
        if let Some(fault) = shared.fault.get() {
            return Err(failed(format!("it would not send: {fault}")));
        }
        let shared =
            Arc::into_inner(shared).ok_or_else(|| failed("it has ended and holds on to the load".to_owned()))?;
        for recorder in shared.recorders {
            let recorder = recorder.into_inner().unwrap_or_else(PoisonError::into_inner);
            driven.recorded.merge(if stopped { recorder.give_up() } else { recorder.finish() });
        }
        let ours = shared.requests.into_inner().unwrap_or_else(PoisonError::into_inner);
        driven.remarks.extend(disagreement(&ours, &metrics));
        Ok(driven)
    }
}

fn failed(message: String) -> DriveError {
    DriveError::Failed { driver: "goose", message }
}

fn files(folder: &Path, trial: u32) -> io::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder)?;
    Ok(["html", "json"].map(|ending| folder.join(format!("{trial:04}.{ending}"))).into())
}

/// Opens the window once every user has come, and tells of its moments when their time is there. What is returned lacks what is
/// known only when the last user has gone.
fn watch(
    shared: &Shared,
    timeline: &Timeline,
    instruments: &mut Instruments<'_>,
    has_ended: impl Fn() -> bool,
) -> Driven {
    let load = &shared.load;
    let is_over = || {
        let stopped = load.stop.is_stopped();
        if stopped {
            // Or it would go on starting users, each at its time.
            goose::trigger_killswitch("the load was stopped");
        }
        has_ended() || stopped
    };
    while shared.sessions.load(Ordering::Acquire) < load.driving.clients && !is_over() {
        std::thread::sleep(Duration::from_millis(1));
    }
    let warm_up = load.driving.warm_up.unwrap_or_default();
    let window_began = SystemTime::now() + warm_up;
    let open_at = shared.clock.now_ns().saturating_add(u64::try_from(warm_up.as_nanos()).unwrap_or(u64::MAX));
    timeline.open_at(open_at, &shared.clock);
    let mut cpu = [None, None];
    for moment in timeline.moments() {
        sleep_until(shared.clock, timeline.at_ns(moment), is_over);
        match moment.what {
            Event::WindowStart => cpu[0] = threads::cpu(),
            Event::WindowEnd => cpu[1] = threads::cpu(),
            Event::FaultBegins(_) | Event::FaultEnds(_) => {}
        }
        instruments.moment(moment.what);
    }
    let wall = load.driving.duration.as_secs_f64() * f64::from(load.driving.driver_threads);
    let [start, end] = cpu;
    let client_cpu = end.zip(start).map(|(end, start)| end.saturating_sub(start).as_secs_f64() / wall);
    Driven { warm_up, client_cpu, ..Driven::of_window(window_began) }
}

fn disagreement(ours: &Counts<'_>, metrics: &GooseMetrics) -> Option<Warning> {
    let requests = metrics.requests.values();
    let counted: Counts<'_> =
        requests.map(|each| (each.path.as_str(), (each.success_count, each.fail_count))).collect();
    let total = |counts: &Counts<'_>| counts.values().map(|(answered, not)| answered + not).sum::<usize>();
    (*ours != counted).then(|| {
        let text = format!("goose counted {} requests, this program {}", total(&counted), total(ours));
        Warning::new(warning::GOOSE_DISAGREES, format!("{text}: one of the two is wrong, so trust neither"))
    })
}
