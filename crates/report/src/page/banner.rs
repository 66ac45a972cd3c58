//! What must be seen before any figure.

use crate::analysis::{Concern, Trust};
use crate::tables::counted;
use cachemark_results::warning::meaning;
use cachemark_results::{DataDisk, Resumption, Run, Status};

/// A warning at the head of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Banner {
    pub(crate) tone: Tone,
    pub(crate) head: String,
    pub(crate) text: String,
    /// One line each, below the text.
    pub(crate) items: Vec<String>,
}

/// How loud a banner is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tone {
    /// The figures are not to be used.
    Grave,
    /// They are to be used with care.
    Warn,
    /// It is good to know.
    Note,
}

impl Banner {
    fn warn(head: impl Into<String>, text: impl Into<String>) -> Self {
        Self { tone: Tone::Warn, head: head.into(), text: text.into(), items: Vec::new() }
    }

    /// The class of the page's style.
    pub(crate) fn class(&self) -> &'static str {
        match self.tone {
            Tone::Grave => "banner grave",
            Tone::Warn => "banner",
            Tone::Note => "banner note",
        }
    }

    /// The role that a reader's software announces it by.
    pub(crate) fn role(&self) -> &'static str {
        if self.tone == Tone::Note { "note" } else { "alert" }
    }
}

/// The banners of a record, the worst first.
pub(crate) fn banners(run: &Run, trust: &Trust) -> Vec<Banner> {
    let mut banners = of_run(run);
    banners.extend(of_trust(trust));
    banners.sort_by_key(|banner| match banner.tone {
        Tone::Grave => 0,
        Tone::Warn => 1,
        Tone::Note => 2,
    });
    banners
}

/// What speaks against the figures, by gravity: each reason and doubt with what was seen, labels with what they mean.
fn of_trust(trust: &Trust) -> Vec<Banner> {
    let lines = |concerns: &[Concern]| concerns.iter().map(Concern::line).collect();
    let of_label = |concern: &Concern| match meaning(&concern.code) {
        Some(meaning) => format!("{}: {meaning}", concern.brief()),
        None => concern.line(),
    };
    let banner = |tone, head: &str, text: &str, items: Vec<String>| {
        let (head, text) = (head.to_owned(), text.to_owned());
        (!items.is_empty()).then_some(Banner { tone, head, text, items })
    };
    let reasons = "What was asked was not done, or what came back was wrong.";
    let doubts = "The figures may not stand for what they are said to stand for.";
    [
        banner(Tone::Grave, "Not to be trusted.", reasons, lines(&trust.reasons)),
        banner(Tone::Warn, "Doubts.", doubts, lines(&trust.doubts)),
        banner(Tone::Note, "Good to know.", "", trust.labels.iter().map(of_label).collect()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What became of the run.
fn of_run(run: &Run) -> Vec<Banner> {
    let mut banners = Vec::new();
    let mut add = |head: &str, text: String| banners.push(Banner::warn(head, text));
    let of_planned = format!("{} of {} finished.", run.trials.len(), counted(run.manifest.planned_trials(), "trial"));
    match run.manifest.status {
        Status::Complete if run.trials.len() < run.manifest.planned_trials() => {
            add("Trials are missing.", format!("The run calls itself complete, with {of_planned}"));
        }
        Status::Complete => {}
        Status::Interrupted => add("Interrupted.", format!("The run was stopped by its user: {of_planned}")),
        Status::Failed => add("Failed.", format!("The run was stopped by an error: {of_planned}")),
        Status::Running => add("Not finished.", format!("The run is under way, or was killed: {of_planned}")),
    }
    banners.extend(resumptions(run));
    let mut add = |head: &str, text: String| banners.push(Banner::warn(head, text));
    if run.environment.as_ref().is_some_and(|environment| environment.tool.profile == "debug") {
        add("Debug build.", "The program was built without optimisation: these figures are no evidence.".into());
    }
    if run.environment.is_none() {
        add("No environment.", "It was not recorded what the run was made on and with.".into());
    }
    for disk in in_memory(run) {
        let kind = disk.file_system.as_deref().unwrap_or_default();
        let text = format!(
            "They lay on {kind}, where nothing is made safe: every write was faster than any disk makes it. Do not compare \
             them with those of a store on a disk."
        );
        add(&format!("The data of {} lay in memory.", disk.store), text);
    }
    let invalid = run.trials.iter().filter(|trial| trial.invalid_because().is_some()).count();
    if invalid > 0 {
        let of = counted(run.trials.len(), "trial");
        let head = if invalid == 1 { "1 invalid trial.".into() } else { format!("{invalid} invalid trials.") };
        let text = format!(
            "Of {of}, so many did not measure the stack. Their figures are left out of every median, chart and verdict; the \
             errors and warnings say why."
        );
        add(&head, text);
    }
    let bad: u64 = run.trials.iter().map(|trial| trial.bad_stamps).sum();
    if bad > 0 {
        let head = format!("{} with a wrong stamp.", counted(usize::try_from(bad).unwrap_or(usize::MAX), "value"));
        let text = "The answers were not what was written: a defect in a strategy, a backend or cachemark itself. Do not use \
                    these figures.";
        banners.push(Banner { tone: Tone::Grave, ..Banner::warn(head, text) });
    }
    banners
}

/// The stores in memory that cells write to.
fn in_memory(run: &Run) -> impl Iterator<Item = &DataDisk> {
    let written = |store: &str| run.manifest.cells.iter().any(|cell| cell.store == store && cell.read_ratio < 1.0);
    let disks = run.environment.iter().flat_map(|environment| &environment.data_disks);
    disks.filter(move |disk| disk.in_memory() && written(&disk.store))
}

/// One for each time that something had changed, and one for all the others together.
fn resumptions(run: &Run) -> Vec<Banner> {
    let of = |resumption: &Resumption| {
        let planned = counted(run.manifest.planned_trials(), "trial");
        format!("after {} of {planned} at {}", resumption.trials_before, resumption.utc)
    };
    let (changed, same): (Vec<_>, Vec<_>) =
        run.manifest.resumed.iter().partition(|resumption| !resumption.differences.is_empty());
    let forced = changed.into_iter().map(|resumption| {
        let text = format!(
            "The run stopped and was resumed {}, although something had changed: {}. Trials before and after do not \
             belong together, and no verdict over them holds.",
            of(resumption),
            resumption.differences.join("; ")
        );
        Banner::warn("Resumed by force: these trials were not all made with the same.", text)
    });
    let mut banners: Vec<Banner> = forced.collect();
    if !same.is_empty() {
        let times: Vec<String> = same.into_iter().map(of).collect();
        let times = times.join(", ");
        let text = format!(
            "The run stopped and was resumed {times}, with definition, program, machine and servers as before."
        );
        banners.push(Banner { tone: Tone::Note, ..Banner::warn("Resumed.", text) });
    }
    banners
}
