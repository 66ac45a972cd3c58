//! Whether the rows stayed where they were put.

use cachemark_results::warning;
use cachemark_results::{Trial, Warning};

/// Every key is preloaded and nothing deletes any, so every read finds its row, unless somebody else took it. A strategy that
/// asks neither cache nor store finds none by its nature; of a service it is not seen what it asks.
pub(super) fn of(trial: &Trial, sees_calls: bool) -> Option<Warning> {
    let absent = trial.totals.absent;
    let asked = trial.cache_whole.calls() + trial.store_whole.operations();
    (absent > 0 && (asked > 0 || !sees_calls)).then(|| {
        let text = format!("{absent} reads found no row, where every key was preloaded and no operation deletes");
        let help = "somebody else empties the store or the cache: another run, another program";
        Warning::new(warning::ABSENT_ROWS, format!("{text}: {help}"))
    })
}
