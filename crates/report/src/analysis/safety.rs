//! What a cell forfeits its verdict for: no figure makes up for it.

use super::CellFigures;
use cachemark_results::Trial;

/// Something that a strategy must not do.
struct Forfeit {
    /// How often it did it in a trial.
    count: fn(&Trial) -> u64,
    /// What it did, after "it" or the name of another.
    did: &'static str,
}

/// All that there is. A cell that did any of it is never called better, and none is called worse than it.
const FORFEITS: &[Forfeit] = &[Forfeit {
    count: |trial| trial.freshness.as_ref().map_or(0, |told| told.phantoms),
    did: "served phantom values, which nobody can have written",
}];

impl CellFigures<'_> {
    /// What it did that forfeits its verdicts, if anything: in any trial that was finished, for what happened did happen.
    pub(super) fn forfeit(&self) -> Option<&'static str> {
        let did = |forfeit: &&Forfeit| self.finished().any(|trial| (forfeit.count)(trial) > 0);
        FORFEITS.iter().find(did).map(|forfeit| forfeit.did)
    }

    /// The share of its judged reads that were stale, over all its valid trials together: a few in one of them are not lost in a
    /// median. None where none was judged.
    #[must_use]
    pub fn stale_share(&self) -> Option<f64> {
        let told = || self.trials.iter().filter_map(|trial| trial.freshness.as_ref());
        let judged: u64 = told().map(|told| told.judged).sum();
        (judged > 0).then(|| told().map(|told| told.stale).sum::<u64>() as f64 / judged as f64)
    }
}
