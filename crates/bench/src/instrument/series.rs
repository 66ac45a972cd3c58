//! The window in intervals, and the warm-up in windows of operations: what ended when.

use super::bucket::Outcome;
use super::ended::Ended;
use super::interval::{Course, Detail, IntervalPart, Stage, Takers, Telling, collect};
use crate::glance::{Judged, Watch};
use crate::observer::StopFlag;
use crate::timeline::{Window, nanos};
use cachemark_core::Source;
use cachemark_results::{HalfLookups, Interval, LogLines, SCHEMA_VERSION, SteadyState, Trial};
use cachemark_stats::{Counts, SteadyRule, SteadyWindow};
use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// Where the intervals go, and where used counts come from.
#[derive(Debug)]
pub struct IntervalPort {
    /// Takes what ended in each interval.
    pub parts: Sender<IntervalPart>,
    /// Empty ones to be used again.
    pub spare: Receiver<Counts>,
    /// The length of an interval of the window, in nanoseconds, above 0.
    pub interval_ns: u64,
}

/// Collects what the driver threads hand over, on a thread of its own.
pub(crate) struct Series {
    collector: JoinHandle<io::Result<Course<LogLines>>>,
    interval: Duration,
    /// The length of the window.
    window: Duration,
    /// How many windows of the warm-up are looked at; none for all that there are.
    warm_up_windows: Option<usize>,
}

/// How a series is made.
pub(crate) struct SeriesPlan {
    /// How many driver threads there are.
    pub(crate) threads: usize,
    pub(crate) interval: Duration,
    pub(crate) window: Duration,
    pub(crate) warm_up_windows: Option<usize>,
    /// Whoever watches.
    pub(crate) watch: Option<Watch>,
    /// What is told of the intervals.
    pub(crate) telling: Telling,
}

impl Series {
    /// Begins to collect. A log that cannot be written stops the trial, for it would come to nothing.
    ///
    /// # Errors
    /// If there can be no further thread.
    pub(super) fn begin(plan: SeriesPlan, lines: LogLines, stop: &StopFlag) -> io::Result<(Self, Vec<IntervalPort>)> {
        let SeriesPlan { threads, interval, window, warm_up_windows, watch, telling } = plan;
        let interval_ns = nanos(interval);
        let (parts, received) = channel::<IntervalPart>();
        let (spares, ports): (Vec<_>, Vec<_>) = (0..threads)
            .map(|_| {
                let (used, spare) = channel();
                (used, IntervalPort { parts: parts.clone(), spare, interval_ns })
            })
            .unzip();
        let stop = stop.clone();
        let collector = Builder::new()
            .name("collector".into())
            .spawn(move || collect(&received, Takers { watch, spares, lines }, interval_ns, telling, &stop))?;
        Ok((Self { collector, interval, window, warm_up_windows }, ports))
    }

    /// The throughput, the series and what it tells, its details if they are wanted, and the lines of the interval log. Waits for every driver thread's
    /// recorder to be gone.
    ///
    /// # Errors
    /// If the interval log could not be written.
    pub(super) fn finish(
        self,
        counted: Counted,
        trial: &mut Trial,
    ) -> io::Result<(cachemark_results::Series, Vec<Detail>, LogLines)> {
        let course = match self.collector.join() {
            Ok(course) => course?,
            Err(panic) => std::panic::resume_unwind(panic),
        };
        let windows = self.warm_up_windows.unwrap_or(usize::MAX).min(course.warm_up.len());
        trial.steady = counted.watched.then(|| steady_state(&course.warm_up[..windows]));
        trial.throughput_ops_per_s = counted.answered as f64 / self.window.as_secs_f64();
        trial.halves = halves(&course.series);
        let interval_ns = nanos(self.interval);
        let series =
            cachemark_results::Series { schema_version: SCHEMA_VERSION, interval_ns, intervals: course.series };
        Ok((series, course.details, course.lines))
    }
}

fn steady_state(windows: &[SteadyWindow]) -> SteadyState {
    let told = SteadyRule::default().test(windows);
    let steady = told.is_steady();
    let trend = (steady != Some(true)).then(|| told.to_string());
    SteadyState { steady, trend, could_see: told.could_see() }
}

/// The lookups of both halves of the window; of an odd number of intervals the middle one is in neither.
fn halves(series: &[Interval]) -> Option<[HalfLookups; 2]> {
    let half = series.len() / 2;
    let of = |intervals: &[Interval]| HalfLookups {
        hits: intervals.iter().map(|each| each.hits).sum(),
        lookups: intervals.iter().map(|each| each.hits + each.misses).sum(),
    };
    (half > 0).then(|| [of(&series[..half]), of(&series[series.len() - half..])])
}

/// What was counted over all intervals.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Counted {
    /// Operations answered within the window.
    pub(super) answered: u64,
    /// Whether the warm-up was watched.
    watched: bool,
}

impl Counted {
    pub(super) fn merge(&mut self, other: Self) {
        self.answered += other.answered;
        self.watched |= other.watched;
    }
}

/// One driver thread's part of the series. Counts are handed over with each interval, and come back to be used again.
#[derive(Debug)]
pub(super) struct OfThread {
    port: IntervalPort,
    part: IntervalPart,
    /// When the part is over, on the trial's clock, if it is one of the window's; 0 else.
    part_end_ns: u64,
    watching: Option<Watching>,
    counted: Counted,
    /// What the oracle had judged when the last part was handed over.
    judged: Judged,
}

/// The warm-up, watched.
#[derive(Debug, Clone, Copy)]
struct Watching {
    /// Operations that have ended so far.
    ended: u64,
    /// How many make a window, above 0.
    a_window: u64,
}

impl OfThread {
    pub(super) fn new(port: IntervalPort) -> Self {
        let part = IntervalPart::new(Stage::WarmUp, 0, Counts::new());
        let (watching, counted, judged) = Default::default();
        Self { port, part, part_end_ns: 0, watching, counted, judged }
    }

    pub(super) fn watch_warm_up(&mut self, a_window: u64) {
        self.counted.watched = true;
        self.watching.get_or_insert(Watching { ended: 0, a_window });
    }

    pub(super) fn unwatch_warm_up(&mut self, windows: u64) {
        self.watching = None;
        self.turn_to(Stage::WarmUp, windows, Judged::default);
    }

    /// An operation has ended. `judged` is asked for what the oracle has judged so far, once an interval.
    #[inline]
    pub(super) fn ended(&mut self, window: &Window, ended: &Ended, judged: impl FnOnce() -> Judged) {
        let ended_ns = ended.ended_ns;
        if window.contains(ended_ns) {
            if ended_ns >= self.part_end_ns {
                self.turn_to_time(window.start(), ended_ns, judged);
            }
            self.counted.answered += u64::from(ended.outcome.is_answered());
        } else if let Some(Watching { ended, a_window }) = self.watching.filter(|_| ended_ns < window.start()) {
            self.turn_to(Stage::WarmUp, ended / a_window, Judged::default);
            self.watching = Some(Watching { ended: ended + 1, a_window });
        } else {
            return;
        }
        self.part.operations += 1;
        if ended.outcome.is_answered() {
            self.part.times.record(ended.response_ns());
        } else {
            self.part.failures += 1;
            self.part.shed += u64::from(matches!(ended.outcome, Outcome::Shed(_)));
            if let Some(kind) = ended.outcome.error_kind() {
                *self.part.errors.entry(kind).or_default() += 1;
            }
        }
        match ended.source {
            Some(Source::Hit | Source::StaleServed) => self.part.hits += 1,
            Some(Source::MissLed | Source::MissJoined | Source::MissQueued) => self.part.misses += 1,
            Some(Source::CacheFailed) => {
                self.part.misses += 1;
                self.part.failed_lookups += 1;
            }
            Some(Source::Bypass) => self.part.bypassed += 1,
            None => {}
        }
    }

    /// Turns to the interval of a window from `start_ns` on that has `now_ns`.
    #[cold]
    fn turn_to_time(&mut self, start_ns: u64, now_ns: u64, judged: impl FnOnce() -> Judged) {
        let index = (now_ns - start_ns) / self.port.interval_ns;
        self.turn_to(Stage::Window, index, judged);
        self.part_end_ns = start_ns.saturating_add((index + 1).saturating_mul(self.port.interval_ns));
    }

    /// Hands over parts until the one under way is the one asked for. A window of the warm-up that was under way when its
    /// stage ended is dropped: it is not whole.
    #[inline]
    fn turn_to(&mut self, stage: Stage, index: u64, judged: impl FnOnce() -> Judged) {
        if self.part.stage != stage || self.part.index < index {
            self.turn(stage, index, judged());
        }
    }

    #[cold]
    fn turn(&mut self, stage: Stage, index: u64, judged: Judged) {
        if self.part.stage != stage {
            self.part = IntervalPart::new(stage, 0, self.port.spare.try_recv().unwrap_or_default());
            self.part_end_ns = 0;
        }
        self.part.judged = judged.since(self.judged);
        self.judged = judged;
        while self.part.index < index {
            self.hand_over(stage, self.part.index + 1);
        }
    }

    fn hand_over(&mut self, stage: Stage, index: u64) {
        let times = self.port.spare.try_recv().unwrap_or_default();
        let next = IntervalPart::new(stage, index, times);
        // Without a collector there is no series; the rest of the record is whole.
        let _ = self.port.parts.send(std::mem::replace(&mut self.part, next));
    }

    /// Hands over the whole intervals of the window that are left.
    pub(super) fn finish(mut self, window: &Window, judged: Judged) -> Counted {
        let whole = window.end().saturating_sub(window.start()) / self.port.interval_ns;
        if whole > 0 {
            self.turn_to(Stage::Window, whole, || judged);
        }
        self.counted
    }

    /// Hands over nothing more.
    pub(super) fn give_up(self) -> Counted {
        self.counted
    }
}
