//! What a service has to say of a trial, and what a reader should know of it besides what holds for every target.

use crate::preload::Preloaded;
use cachemark_results::{MANY, Trial, Warning, warning};

/// `preloaded` is none where this client was not to write the keys.
pub(crate) fn of(trial: &Trial, preloaded: Option<&Preloaded>) -> Vec<Warning> {
    [preloaded.and_then(unwritten), all_absent(trial), cache_failures(trial)].into_iter().flatten().collect()
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

/// Reads that went past the service's cache because it had failed, as our own service says. What another says of its cache is
/// for the report: it may have been told to leave some reads alone.
fn cache_failures(trial: &Trial) -> Option<Warning> {
    let failed: u64 = trial.buckets.iter().filter(|bucket| bucket.source == "cache-failed").map(|b| b.count).sum();
    let asked = trial.lookups().asked();
    (failed as f64 > MANY * asked as f64).then(|| {
        let share = 100.0 * failed as f64 / asked as f64;
        let text = format!("{failed} of {asked} reads went past the service's cache, which had failed ({share:.1} %)");
        let help = "hit ratio, store load and times are of a cache that did not answer them";
        Warning::new(warning::CACHE_FAILURES, format!("{text}: {help}"))
    })
}
