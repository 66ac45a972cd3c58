//! Progress: on a terminal a bar with the time left, a line of the trial under way and one of how verdicts stand; plain lines
//! elsewhere; and metrics for whoever asks for them. All of it is on what the bench tells its observer.

mod course;
mod line;
mod pace;
mod standing;

use crate::metrics::RunMetrics;
use crate::output::{talk, width_of_talk};
use cachemark_bench::{CellPlan, Live, Observer, Sight};
use cachemark_report::analysis::analyse;
use cachemark_report::sheet::USUAL_WIDTH;
use cachemark_report::units;
use cachemark_results::{Run, Trial};
use course::{Course, Phase};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use pace::Pace;
use standing::Standing;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Shows how far a sweep has come.
pub(crate) struct Progress {
    shown: Shown,
    state: Arc<Mutex<State>>,
    /// The block of the trial that is under way.
    block: usize,
    metrics: Option<Arc<RunMetrics>>,
    resume_hint: ResumeHint,
}

/// What the lines are made of, each time that they are drawn.
#[derive(Default)]
struct State {
    pace: Pace,
    course: Course,
    standing: Standing,
}

/// How a sweep that was stopped is resumed, as soon as there is something to go on with.
#[derive(Clone, Default)]
pub(crate) struct ResumeHint {
    /// The command of the run.
    command: &'static str,
    folder: Arc<OnceLock<PathBuf>>,
    quiet: bool,
}

impl ResumeHint {
    /// The record's folder, once the sweep has begun.
    pub(crate) fn folder(&self) -> Option<&Path> {
        self.folder.get().map(PathBuf::as_path)
    }

    /// Says that the program goes on for so long at most, for who asks for its metrics to hear of the end.
    pub(crate) fn say_wait_for_scrape(&self, due: Duration) {
        if !self.quiet {
            let seconds = due.as_secs_f64().ceil();
            line(&talk(&format!("waiting for the last scrape of the metrics, {seconds} s at most (Ctrl-C: not)")));
        }
    }

    /// Tells the command, as the last line of a sweep that did not come to its end. `again` are flags whose values were given,
    /// and are not in the record: they may hold a password.
    pub(crate) fn tell(&self, again: &[&str]) {
        if let Some(folder) = self.folder.get().filter(|_| !self.quiet) {
            let folder = crate::provenance::quoted(&folder.display().to_string());
            let again: String = again.iter().map(|flag| format!(" {flag} ..")).collect();
            line(&format!("to resume: cachemark {} --resume {folder}{again}", self.command));
        }
    }
}

enum Shown {
    Bar(ProgressBar),
    /// Lines, no more than one in this many trials.
    Lines(usize),
    Nothing,
}

impl Progress {
    /// Of a run of `command`.
    pub(crate) fn new(command: &'static str, quiet: bool) -> Self {
        let shown = match quiet {
            true => Shown::Nothing,
            false if std::io::stderr().is_terminal() && !is_dumb() => Shown::Bar(bar()),
            false => Shown::Lines(1),
        };
        let resume_hint = ResumeHint { command, quiet, ..ResumeHint::default() };
        Self { shown, state: Arc::default(), block: 0, metrics: None, resume_hint }
    }

    /// Tells the same to `metrics`.
    pub(crate) fn tell_too(&mut self, metrics: Arc<RunMetrics>) {
        self.metrics = Some(metrics);
    }

    /// How the sweep is resumed once it has begun.
    pub(crate) fn resume_hint(&self) -> ResumeHint {
        self.resume_hint.clone()
    }

    /// So many trials were there before: a resumed sweep goes on counting.
    pub(crate) fn go_on_after(&mut self, trials: usize) {
        self.state().pace.before = trials;
    }

    /// The run is over: clears the bar.
    pub(crate) fn finish(&self) {
        if let Some(metrics) = &self.metrics {
            metrics.run_over();
        }
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }

    pub(crate) fn command(&self) -> &'static str {
        self.resume_hint.command
    }

    pub(crate) fn is_quiet(&self) -> bool {
        self.resume_hint.quiet
    }

    /// Says a line of its own.
    pub(crate) fn say(&self, text: &str) {
        let say = || line(&talk(text));
        match &self.shown {
            // Between two drawings: else it would stand behind the bar, and go with it.
            Shown::Bar(bar) => bar.suspend(say),
            Shown::Lines(_) => say(),
            Shown::Nothing => {}
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        locked(&self.state)
    }

    /// How verdicts stand after the blocks before this one: told on a terminal, and taken by nothing else.
    fn look_at_standing(&self, done: usize) {
        let Shown::Bar(bar) = &self.shown else { return };
        // A record that cannot be read now is told of at its end.
        let Some(Ok(run)) = self.resume_hint.folder().map(Run::open) else { return };
        self.state().standing = Standing::of(&analyse(&run), done);
        bar.set_style(style(SWEEP_AND_STANDING, &self.state));
    }
}

/// What is in it is whole at every moment, whoever held it.
fn locked(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A terminal that cannot go back to a line's beginning, as those of editors.
fn is_dumb() -> bool {
    std::env::var_os("TERM").is_some_and(|term| term == "dumb")
}

/// A trial of a search, and what became of it.
fn searched(trial: &Trial, cell: &CellPlan) -> String {
    let p99 = trial.open_loop.as_ref().and_then(|open| open.all_response?.p99_ns);
    let p99 = units::or_none(p99.map(|ns| ns as f64), units::time);
    let unanswered = match trial.unanswered() {
        0 => String::new(),
        count => format!(", {count} of {} without an answer", trial.asked()),
    };
    format!("{}: response p99 {p99}{unanswered}", cell.id)
}

impl Observer for Progress {
    fn started(&mut self, folder: &Path, trials: usize) {
        let all = self.state().pace.start(trials);
        if let Some(metrics) = &self.metrics {
            metrics.started(folder, all);
        }
        // A search does not know how many trials it takes.
        let search = trials == 0;
        // A run begins once.
        let _ = self.resume_hint.folder.set(folder.to_owned());
        match &mut self.shown {
            Shown::Bar(bar) if search => {
                bar.set_style(style(SEARCH, &self.state));
                bar.set_position(all as u64);
            }
            Shown::Bar(bar) => {
                bar.set_style(style(SWEEP, &self.state));
                bar.set_length(all as u64);
                bar.set_position((all - trials) as u64);
            }
            Shown::Lines(every) => {
                *every = (trials / 10).max(1);
                let what = match all - trials {
                    0 if search => "a search".to_owned(),
                    before if search => format!("a search, after {before} trials that are there,"),
                    0 => format!("{trials} trials"),
                    before => format!("{trials} trials, after {before} that are there,"),
                };
                line(&format!("{what} into {}", folder.display()));
            }
            Shown::Nothing => {}
        }
    }

    fn trial_started(&mut self, number: usize, block: usize, cell: &CellPlan) {
        if let Some(metrics) = &self.metrics {
            metrics.trial_started(number, block, cell);
        }
        let is_search = self.state().pace.trials == 0;
        if block > std::mem::replace(&mut self.block, block) && !is_search {
            self.look_at_standing(block);
        }
        self.state().course.begin(cell);
    }

    fn live(&self) -> Option<Live> {
        let shows = !matches!(self.shown, Shown::Nothing);
        let (state, metrics) = (shows.then(|| Arc::clone(&self.state)), self.metrics.clone());
        if state.is_none() && metrics.is_none() {
            return None;
        }
        if let Some(state) = &state {
            locked(state).course.phase = Phase::Preparing;
        }
        // Of a long trial a line now and then says that it is well.
        let last = matches!(self.shown, Shown::Lines(_)).then(|| Mutex::new(Instant::now()));
        Some(Arc::new(move |sight: &Sight<'_>| {
            if let Some(metrics) = &metrics {
                metrics.see(sight);
            }
            let Some(state) = &state else { return };
            let mut state = locked(state);
            state.course.see(sight);
            if let (Some(last), Sight::Interval(_)) = (&last, sight) {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                if last.elapsed() >= BETWEEN_LINES {
                    *last = Instant::now();
                    line(&format!("{}: {}", state.course.cell, line::in_words(&state.course.figures())));
                }
            }
        }))
    }

    fn trial_finished(&mut self, trial: &Trial, cell: &CellPlan) {
        if let Some(metrics) = &self.metrics {
            metrics.trial_finished();
        }
        let pace = {
            let pace = &mut self.state().pace;
            pace.trial_finished();
            *pace
        };
        match &self.shown {
            Shown::Bar(bar) => bar.set_position((pace.before + pace.finished) as u64),
            Shown::Lines(_) if pace.trials == 0 => line(&searched(trial, cell)),
            Shown::Lines(every) if pace.finished.is_multiple_of(*every) || pace.finished == pace.trials => {
                line(&pace.told());
            }
            Shown::Lines(_) | Shown::Nothing => {}
        }
    }
}

/// The least time between two lines about one trial, where there is no bar.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

const PREPARING: &str = "{spinner} getting ready";
const SWEEP: &str = "{bar:16} {told}\n{trial}";
const SWEEP_AND_STANDING: &str = "{bar:16} {told}\n{trial}\n{standing:.dim}";
const SEARCH: &str = "{spinner} {pos} trials\n{trial}";

/// The style of a template that is a constant; the default style would do as well.
fn style(template: &str, state: &Arc<Mutex<State>>) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let key = |of: fn(&State, usize) -> String| {
        let state = Arc::clone(state);
        move |_: &ProgressState, text: &mut dyn std::fmt::Write| {
            let columns = width_of_talk().unwrap_or(USUAL_WIDTH);
            // Text that cannot be written is not shown; there is nobody to tell.
            let _ = text.write_str(&of(&locked(&state), columns));
        }
    };
    style
        .with_key("told", key(|state, _| state.pace.told()))
        .with_key("trial", key(|state, columns| line::line(&state.course, columns)))
        .with_key("standing", key(|state, columns| state.standing.line(columns)))
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(style(PREPARING, &Arc::default()));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn line(text: &str) {
    // Talk that nobody can hear is no error.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
