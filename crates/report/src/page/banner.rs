//! What must be seen before any figure.

use crate::analysis::{Concern, Trust};
use crate::tables::counted;
use cachemark_results::{Run, Status};

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

    /// Whether its lines are shown when asked for: the answer above says them in brief, unless the figures are not to be used.
    pub(crate) fn is_folded(&self) -> bool {
        self.tone != Tone::Grave && !self.items.is_empty()
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
    let banner = |tone, head: &str, text: &str, items: Vec<String>| {
        let (head, text) = (head.to_owned(), text.to_owned());
        (!items.is_empty()).then_some(Banner { tone, head, text, items })
    };
    let reasons = "What was asked was not done, or what came back was wrong.";
    let mut doubts = "One by one, with what was seen.".to_owned();
    if trust.doubts.iter().any(|concern| concern.invalidates) {
        doubts += " Invalid trials are left out of every median, chart and verdict.";
    }
    [
        banner(Tone::Grave, "Not to be trusted.", reasons, lines(&trust.reasons)),
        banner(Tone::Warn, "Doubts.", &doubts, lines(&trust.doubts)),
        banner(Tone::Note, "Good to know.", "", trust.labels.iter().map(Concern::brief).collect()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What became of the run, as far as it speaks against no figure.
fn of_run(run: &Run) -> Vec<Banner> {
    let mut banners = Vec::new();
    let mut add = |head: &str, text: String| banners.push(Banner::warn(head, text));
    let of_planned = format!("{} of {} finished.", run.trials.len(), counted(run.manifest.planned_trials(), "trial"));
    match run.manifest.status {
        Status::Complete => {}
        Status::Interrupted => add("Interrupted.", format!("The run was stopped by its user: {of_planned}")),
        Status::Failed => add("Failed.", format!("The run was stopped by an error: {of_planned}")),
        Status::Running => add("Not finished.", format!("The run is under way, or was killed: {of_planned}")),
    }
    banners.extend(resumed(run));
    banners
}

/// One for all the times that the run was resumed with nothing changed; the others are doubts.
fn resumed(run: &Run) -> Option<Banner> {
    let planned = counted(run.manifest.planned_trials(), "trial");
    let same = run.manifest.resumed.iter().filter(|resumption| resumption.differences.is_empty());
    let times: Vec<String> =
        same.map(|each| format!("after {} of {planned} at {}", each.trials_before, each.utc)).collect();
    let text = format!(
        "The run stopped and was resumed {}, with definition, program, machine and servers as before.",
        times.join(", ")
    );
    (!times.is_empty()).then(|| Banner { tone: Tone::Note, ..Banner::warn("Resumed.", text) })
}
