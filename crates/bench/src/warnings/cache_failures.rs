//! Whether the cache did what it was asked.

use cachemark_results::warning;
use cachemark_results::{CacheOperations, MANY, Trial, Warning};

/// A cache that fails more than one call in a thousand is not the cache that was to be measured: what it refused to hold is
/// missed, what it refused to drop is stale, and its calls cost what refusals cost. The operations themselves may all have
/// been answered. Judged over the window, and over the whole trial: what failed before the window is missing in it.
///
/// This is the one place where that is judged: failures that a trial declares beforehand are results, and no trouble.
pub(super) fn of(trial: &Trial) -> Option<Warning> {
    if trial.cache_whole.calls() == 0 { of_reads(trial) } else { of_calls(trial) }
}

fn of_calls(trial: &Trial) -> Option<Warning> {
    let (when, counts) = [("", trial.cache), (" from the first operation to the last", trial.cache_whole)]
        .into_iter()
        .find(|(_, counts)| counts.errors as f64 > MANY * counts.calls() as f64)?;
    let CacheOperations { errors, .. } = counts;
    let (calls, words) = (counts.calls(), trial.cache_failures_in_words(!when.is_empty()));
    let share = 100.0 * errors as f64 / calls as f64;
    let text = format!("{errors} of {calls} calls to the cache failed{when} ({share:.1} %): {words}");
    let help = "hit ratio, store load and times are of a cache that did not do what it was asked";
    Some(Warning::new(warning::CACHE_FAILURES, format!("{text}; {help}")))
}

/// Where calls are not seen: reads that went past a service's cache because it had failed, as our own service says. What another
/// says of its cache is for the report: it may have been told to leave some reads alone.
fn of_reads(trial: &Trial) -> Option<Warning> {
    let failed: u64 = trial.buckets.iter().filter(|bucket| bucket.source == "cache-failed").map(|b| b.count).sum();
    let asked = trial.lookups().asked();
    (failed as f64 > MANY * asked as f64).then(|| {
        let share = 100.0 * failed as f64 / asked as f64;
        let text = format!("{failed} of {asked} reads went past the service's cache, which had failed ({share:.1} %)");
        let help = "hit ratio, store load and times are of a cache that did not answer them";
        Warning::new(warning::CACHE_FAILURES, format!("{text}: {help}"))
    })
}
