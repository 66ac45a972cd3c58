//! What every run of a plan has in common, whatever its target: signals, progress, resuming, and how it ends.

use super::report::{Output, complain, publish};
use super::resume::Resume;
use super::search;
use crate::args::MetricsArgs;
use crate::exit::{Exit, Failure};
use crate::metrics::Listening;
use crate::progress::{Progress, ResumeHint};
use crate::signal;
use cachemark_bench::{Assembler, Driver, StopFlag, Sweep, SweepEnd, SweepError};
use cachemark_results::assertion::Assertion;
use cachemark_results::{RecordError, Status, Warning, add_concerns, warning};
use std::path::Path;
use std::sync::Arc;
use tokio::runtime::Runtime;

/// What stands before each key: what is ours can be told from what isn't.
pub(super) const KEY_PREFIX: &str = "cm:";

/// A run that has begun.
pub(super) struct Run {
    /// For what is not measured.
    pub(super) background: Runtime,
    /// Asked by a signal.
    pub(super) stop: StopFlag,
    pub(super) hint: ResumeHint,
    /// Flags that a resumption needs again: their values are not in the record.
    again: Vec<&'static str>,
    /// Where its metrics are asked for.
    metrics: Option<Listening>,
}

impl Run {
    /// From now on a signal stops the run and keeps what was measured. A second one ends it, after `at_once`.
    pub(super) fn begin(
        progress: &Progress,
        again: Vec<&'static str>,
        at_once: impl FnOnce() + Send + 'static,
    ) -> Result<Self, Failure> {
        let background = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|error| Failure::System("start a runtime", error))?;
        let (stop, hint) = (StopFlag::default(), progress.resume_hint());
        let (told, flags) = (hint.clone(), again.clone());
        let end_at_once = move || {
            at_once();
            told.tell(&flags);
        };
        signal::listen(&background, stop.clone(), end_at_once)
            .map_err(|error| Failure::System("listen for signals", error))?;
        Ok(Self { background, stop, hint, again, metrics: None })
    }

    /// Gives metrics from now on, if they are asked for; says where.
    pub(super) fn give_metrics(&mut self, args: &MetricsArgs, progress: &mut Progress) -> Result<(), Failure> {
        let begun = Listening::begin(progress.command(), args, progress.is_quiet(), &self.background)?;
        if let Some(listening) = &begun {
            progress.tell_too(Arc::clone(&listening.metrics));
            let readers = if listening.address.ip().is_loopback() {
                ""
            } else {
                " (whoever reaches this machine reads names, counts and times there, without a password)"
            };
            progress.say(&format!("metrics: http://{}/metrics{readers}", listening.address));
        }
        self.metrics = begun;
        Ok(())
    }

    /// Says what came of it, and makes no pages.
    pub(super) fn conclude_without_pages(end: Result<SweepEnd, SweepError>, lost: &[String]) -> Result<Exit, Failure> {
        lost.iter().for_each(|line| complain(line));
        let end = end?;
        note_lost(&end.folder, lost)?;
        Ok(if end.status == Status::Interrupted { Exit::Interrupted } else { Exit::Pass })
    }

    /// Says how to go on with a run that did not come to its end, and makes no pages.
    pub(super) fn conclude_record(
        &self,
        end: Result<SweepEnd, SweepError>,
        lost: &[String],
    ) -> Result<SweepEnd, Failure> {
        lost.iter().for_each(|line| complain(line));
        self.hint.folder().map_or(Ok(()), |folder| note_lost(folder, lost))?;
        let end = end.inspect_err(|_| self.hint.tell(&self.again))?;
        if end.status == Status::Interrupted {
            self.hint.tell(&self.again);
        }
        Ok(end)
    }

    /// Shows what came of it, and says how to go on with a run that did not come to its end; then whoever asks for metrics hears of
    /// the end. `lost` is what was taken from the run meanwhile, a line each.
    pub(super) fn conclude(
        mut self,
        end: Result<SweepEnd, SweepError>,
        lost: &[String],
        output: Output<'_>,
    ) -> Result<Exit, Failure> {
        let exit = self.show(end, lost, output);
        if let Some(listening) = self.metrics.take() {
            listening.end(&self.background, &self.stop, |due| self.hint.say_wait_for_scrape(due));
        }
        exit
    }

    fn show(&self, end: Result<SweepEnd, SweepError>, lost: &[String], output: Output<'_>) -> Result<Exit, Failure> {
        let noted = self.hint.folder().map_or(Ok(()), |folder| note_lost(folder, lost));
        // Where there is a page, it is told with that.
        let tell_lost = || lost.iter().for_each(|line| complain(line));
        let end = end.inspect_err(|_| {
            tell_lost();
            self.hint.tell(&self.again);
        })?;
        noted.inspect_err(|_| tell_lost())?;
        let exit = publish(&end.folder, output)?;
        if end.status == Status::Interrupted {
            self.hint.tell(&self.again);
            return Ok(Exit::Interrupted);
        }
        Ok(exit)
    }
}

/// Runs all of a sweep, what is missing of one, or a search for what `slo` allows.
pub(super) fn measure<A: Assembler, D: Driver<A::Asked>>(
    sweep: &Sweep<'_, A, D>,
    resume: Option<Resume>,
    slo: Option<&Assertion>,
    progress: &mut Progress,
) -> Result<SweepEnd, SweepError> {
    let end = match (resume, slo) {
        (resume, Some(slo)) => search::toward(slo, sweep.definition, |objective| match resume {
            Some(resume) => resume.search(sweep, objective, progress),
            None => sweep.find_max(objective, progress),
        }),
        (Some(resume), None) => resume.run(sweep, progress),
        (None, None) => sweep.run(progress),
    };
    progress.finish();
    end
}

/// Writes into the record which servers were not its own to the end: whoever reads it later is to know.
fn note_lost(folder: &Path, lost: &[String]) -> Result<(), RecordError> {
    add_concerns(folder, lost.iter().map(|line| Warning::new(warning::CLAIM_LOST, line)).collect())
}
