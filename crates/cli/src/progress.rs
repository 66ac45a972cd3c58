//! Progress on stderr: a bar with the time left on a terminal, plain lines elsewhere.

use cachemark_report::units;
use cachemark_results::Trial;
use cachemark_runner::{CellPlan, Observer};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

/// Shows how far a sweep has come.
pub(crate) struct Progress {
    shown: Shown,
    begun: Instant,
    finished: usize,
    trials: usize,
    /// How many trials gave each warning.
    warnings: BTreeMap<String, usize>,
    resume_hint: ResumeHint,
}

/// How a sweep that was stopped is resumed, as soon as there is something to go on with.
#[derive(Clone, Default)]
pub(crate) struct ResumeHint {
    folder: Arc<OnceLock<PathBuf>>,
    quiet: bool,
}

impl ResumeHint {
    /// Tells the command, as the last line of a sweep that did not come to its end.
    pub(crate) fn tell(&self) {
        if let Some(folder) = self.folder.get().filter(|_| !self.quiet) {
            let folder = crate::provenance::quoted(&folder.display().to_string());
            line(&format!("to resume: cachemark sweep --resume {folder}"));
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
    pub(crate) fn new(quiet: bool) -> Self {
        let shown = match quiet {
            true => Shown::Nothing,
            false if std::io::stderr().is_terminal() => Shown::Bar(bar()),
            false => Shown::Lines(1),
        };
        Self {
            shown,
            begun: Instant::now(),
            finished: 0,
            trials: 0,
            warnings: BTreeMap::new(),
            resume_hint: ResumeHint { quiet, ..ResumeHint::default() },
        }
    }

    /// How the sweep is resumed once it has begun.
    pub(crate) fn resume_hint(&self) -> ResumeHint {
        self.resume_hint.clone()
    }

    /// Clears the bar and says which warnings the trials gave.
    pub(crate) fn finish(&self) {
        match &self.shown {
            Shown::Bar(bar) => bar.finish_and_clear(),
            Shown::Lines(_) => {}
            Shown::Nothing => return,
        }
        for (code, count) in &self.warnings {
            line(&format!("warning: {count} of {} trials: {code} (the report says more)", self.finished));
        }
    }

    /// Says a line of its own.
    pub(crate) fn say(&self, text: &str) {
        if !self.resume_hint.quiet {
            line(text);
        }
    }

    fn left(&self) -> Duration {
        let share = self.finished as f64 / self.trials.max(1) as f64;
        self.begun.elapsed().mul_f64((1.0 - share) / share.max(f64::EPSILON))
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
        self.begun = Instant::now();
        self.trials = trials;
        // A search does not know how many trials it takes, and is not resumed.
        let search = trials == 0;
        if !search {
            // A sweep begins once.
            let _ = self.resume_hint.folder.set(folder.to_owned());
        }
        match &mut self.shown {
            Shown::Bar(bar) if search => bar.set_style(style(SEARCH)),
            Shown::Bar(bar) => bar.set_length(trials as u64),
            Shown::Lines(every) => {
                *every = (trials / 10).max(1);
                let what = if search { "a search".to_owned() } else { format!("{trials} trials") };
                line(&format!("{what} into {}", folder.display()));
            }
            Shown::Nothing => {}
        }
    }

    fn trial_started(&mut self, _number: usize, _block: usize, cell: &CellPlan) {
        if let Shown::Bar(bar) = &self.shown {
            bar.set_message(cell.id.clone());
        }
    }

    fn trial_finished(&mut self, trial: &Trial, cell: &CellPlan) {
        self.finished += 1;
        for warning in &trial.warnings {
            *self.warnings.entry(warning.code.clone()).or_default() += 1;
        }
        match &self.shown {
            Shown::Bar(bar) => bar.set_position(self.finished as u64),
            Shown::Lines(_) if self.trials == 0 => line(&searched(trial, cell)),
            Shown::Lines(every) if self.finished.is_multiple_of(*every) || self.finished == self.trials => {
                let left = self.left().as_secs();
                line(&format!("{} of {} trials, about {left} s left", self.finished, self.trials));
            }
            Shown::Lines(_) | Shown::Nothing => {}
        }
    }
}

const SWEEP: &str = "{bar:30} {pos}/{len} trials, {eta} left  {wide_msg:.dim}";
const SEARCH: &str = "{spinner} {pos} trials  {wide_msg:.dim}";

/// The style of a template that is a constant; the default style would do as well.
fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

fn bar() -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(style(SWEEP));
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

fn line(text: &str) {
    // Talk that nobody can hear is no error.
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}
