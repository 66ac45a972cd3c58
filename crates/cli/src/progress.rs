//! Progress on stderr: a bar with the time left on a terminal, plain lines elsewhere.

mod glance;
mod pace;

use crate::output::talk;
use cachemark_bench::{CellPlan, Glance, Live, Observer};
use cachemark_report::units;
use cachemark_results::Trial;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use pace::Pace;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

/// Shows how far a sweep has come.
pub(crate) struct Progress {
    shown: Shown,
    pace: Arc<Mutex<Pace>>,
    /// The cell of the trial that is under way.
    cell: String,
    resume_hint: ResumeHint,
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
            false if std::io::stderr().is_terminal() => Shown::Bar(bar()),
            false => Shown::Lines(1),
        };
        let resume_hint = ResumeHint { command, quiet, ..ResumeHint::default() };
        Self { shown, pace: Arc::default(), cell: String::new(), resume_hint }
    }

    /// How the sweep is resumed once it has begun.
    pub(crate) fn resume_hint(&self) -> ResumeHint {
        self.resume_hint.clone()
    }

    /// So many trials were there before: a resumed sweep goes on counting.
    pub(crate) fn go_on_after(&mut self, trials: usize) {
        self.pace().before = trials;
    }

    /// Clears the bar.
    pub(crate) fn finish(&self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }

    /// Says a line of its own.
    pub(crate) fn say(&self, text: &str) {
        if !self.resume_hint.quiet {
            line(&talk(text));
        }
    }

    fn pace(&self) -> MutexGuard<'_, Pace> {
        // It is whole at every moment, whoever held it.
        self.pace.lock().unwrap_or_else(PoisonError::into_inner)
    }
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
        let all = self.pace().start(trials);
        // A search does not know how many trials it takes.
        let search = trials == 0;
        // A run begins once.
        let _ = self.resume_hint.folder.set(folder.to_owned());
        match &mut self.shown {
            Shown::Bar(bar) if search => {
                bar.set_style(style(SEARCH, &self.pace));
                bar.set_position(all as u64);
            }
            Shown::Bar(bar) => {
                bar.set_style(style(SWEEP, &self.pace));
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

    fn trial_started(&mut self, _number: usize, _block: usize, cell: &CellPlan) {
        self.cell.clone_from(&cell.id);
        if let Shown::Bar(bar) = &self.shown {
            bar.set_message(cell.id.clone());
        }
    }

    fn live(&self) -> Option<Live> {
        let cell = self.cell.clone();
        match &self.shown {
            Shown::Nothing => None,
            Shown::Bar(bar) => {
                let bar = bar.clone();
                Some(Arc::new(move |glance: &Glance| bar.set_message(format!("{cell}: {}", glance::in_words(glance)))))
            }
            // Of a long trial a line now and then says that it is well.
            Shown::Lines(_) => {
                let last = Mutex::new(Instant::now());
                Some(Arc::new(move |glance: &Glance| {
                    let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                    if last.elapsed() >= BETWEEN_LINES {
                        *last = Instant::now();
                        line(&format!("{cell}: {}", glance::in_words(glance)));
                    }
                }))
            }
        }
    }

    fn trial_finished(&mut self, trial: &Trial, cell: &CellPlan) {
        let pace = {
            let mut pace = self.pace();
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

const PREPARING: &str = "{spinner} getting ready  {wide_msg:.dim}";
const SWEEP: &str = "{bar:30} {told}  {wide_msg:.dim}";
const SEARCH: &str = "{spinner} {pos} trials  {wide_msg:.dim}";

/// The style of a template that is a constant; the default style would do as well.
fn style(template: &str, pace: &Arc<Mutex<Pace>>) -> ProgressStyle {
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    let pace = Arc::clone(pace);
    style.with_key("told", move |_: &ProgressState, text: &mut dyn std::fmt::Write| {
        // Text that cannot be written is not shown; there is nobody to tell.
        let _ = text.write_str(&pace.lock().unwrap_or_else(PoisonError::into_inner).told());
    })
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
