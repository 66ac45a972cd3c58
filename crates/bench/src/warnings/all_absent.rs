//! Whether a service's reads found anything.

use cachemark_results::{Trial, Warning, warning};

/// Reads that all find nothing measure a service's way of saying so.
pub(super) fn of(trial: &Trial) -> Option<Warning> {
    let reads = |result: &str| -> u64 {
        let of = trial.buckets.iter().filter(|bucket| bucket.operation == "read" && bucket.result == result);
        of.map(|bucket| bucket.count).sum()
    };
    (reads("absent") > 0 && reads("ok") == 0).then(|| {
        let text = format!("all of {} reads found nothing", reads("absent"));
        let help = "are the paths right, and were the keys written (--preload)?";
        Warning::new(warning::ALL_ABSENT, format!("{text}: {help}"))
    })
}
