//! What a service has to say of a trial, and what a reader should know of it besides what holds for every target.

use crate::preload::Preloaded;
use cachemark_results::{Trial, Warning, warning};

/// `preloaded` is none where this client was not to write the keys.
pub(crate) fn of(trial: &Trial, preloaded: Option<&Preloaded>) -> Vec<Warning> {
    [preloaded.and_then(unwritten), all_absent(trial)].into_iter().flatten().collect()
}

fn unwritten(preloaded: &Preloaded) -> Option<Warning> {
    let Preloaded { keys, failed, said } = preloaded;
    let said = said.as_deref().unwrap_or("it was stopped");
    if *failed == 0 {
        None
    } else if failed == keys {
        let text = format!("none of {keys} keys could be written before the run ({said})");
        Some(Warning::new(warning::PRELOAD_FAILED, format!("{text}: is [http.write] as the service takes it?")))
    } else {
        let text = format!("{failed} of {keys} keys could not be written before the run ({said})");
        Some(Warning::new(warning::PRELOAD_FAILURES, format!("{text}: reads of them find nothing")))
    }
}

/// Reads that all find nothing measure a service's way of saying so.
fn all_absent(trial: &Trial) -> Option<Warning> {
    let reads = |result: &str| -> u64 {
        let of = trial.buckets.iter().filter(|bucket| bucket.operation == "read" && bucket.result == result);
        of.map(|bucket| bucket.count).sum()
    };
    (reads("absent") > 0 && reads("ok") == 0).then(|| {
        let text = format!("all of {} reads found nothing", reads("absent"));
        Warning::new(
            warning::ALL_ABSENT,
            format!("{text}: are the paths right, and were the keys written (--preload)?"),
        )
    })
}
