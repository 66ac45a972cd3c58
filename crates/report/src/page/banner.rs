//! What must be seen before any figure.

use crate::tables::counted;
use cachemark_results::{Resumption, Run, Status};

/// A warning at the head of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Banner {
    pub(crate) head: String,
    pub(crate) text: String,
}

/// The banners of a record.
pub(crate) fn banners(run: &Run) -> Vec<Banner> {
    let mut banners = Vec::new();
    let mut add = |head: &str, text: String| banners.push(Banner { head: head.into(), text });
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
    let mut add = |head: &str, text: String| banners.push(Banner { head: head.into(), text });
    if run.environment.as_ref().is_some_and(|environment| environment.tool.profile == "debug") {
        add("Debug build.", "The program was built without optimisation: these figures are no evidence.".into());
    }
    if run.environment.is_none() {
        add("No environment.", "It was not recorded what the run was made on and with.".into());
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
        let text = "The answers were not what was written: a defect in a strategy, a backend or cachemark itself. Do not use \
                    these figures.";
        add(
            &format!("{} with a wrong stamp.", counted(usize::try_from(bad).unwrap_or(usize::MAX), "value")),
            text.into(),
        );
    }
    banners
}

/// One for each time that something had changed, and one for all the others together.
fn resumptions(run: &Run) -> Vec<Banner> {
    let of = |resumption: &Resumption| {
        let planned = counted(run.manifest.planned_trials(), "trial");
        format!("after {} of {planned} at {}", resumption.trials_before, resumption.utc)
    };
    let (changed, same): (Vec<_>, Vec<_>) =
        run.manifest.resumed.iter().partition(|resumption| !resumption.differences.is_empty());
    let forced = changed.into_iter().map(|resumption| Banner {
        head: "Resumed by force: these trials were not all made with the same.".into(),
        text: format!(
            "The run stopped and was resumed {}, although something had changed: {}. Trials before and after do not \
             belong together, and no verdict over them holds.",
            of(resumption),
            resumption.differences.join("; ")
        ),
    });
    let mut banners: Vec<Banner> = forced.collect();
    if !same.is_empty() {
        let times: Vec<String> = same.into_iter().map(of).collect();
        banners.push(Banner {
            head: "Resumed.".into(),
            text: format!(
                "The run stopped and was resumed {}, with definition, program, machine and servers as before.",
                times.join(", ")
            ),
        });
    }
    banners
}
