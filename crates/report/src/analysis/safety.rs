//! What a cell forfeits its verdict for, for no figure makes up for it; and how stale its reads were, which stands beside it.
//!
//! How stale they were is of the trials that the verdict is on, the valid ones; what was lost in any trial is lost.

use super::CellFigures;
use crate::units;
use cachemark_results::figure::STALE_READS;
use cachemark_results::warning::{DECLARED_LOSSES, WarningKind};
use cachemark_results::{Audit, Trial};

/// Something that a strategy must not do.
struct Forfeit {
    /// How often it did it in a trial.
    count: fn(&Trial) -> u64,
    /// What it did, after "it" or the name of another.
    did: &'static str,
    /// The warning of a trial in which it did what its strategy declares that it may, if any may.
    declared: Option<WarningKind>,
}

/// All that there is. A cell that did any of it is never called better, and none is called worse than it.
const FORFEITS: &[Forfeit] = &[
    Forfeit {
        count: |trial| trial.audit.as_ref().map_or(0, |audit| audit.store.lost),
        did: "lost acknowledged writes",
        declared: Some(DECLARED_LOSSES),
    },
    Forfeit {
        count: |trial| trial.freshness.as_ref().map_or(0, |told| told.phantoms),
        did: "served phantom values, which nobody can have written",
        declared: None,
    },
    Forfeit {
        count: |trial| trial.audit.as_ref().map_or(0, Audit::phantoms),
        did: "left phantom values, which nobody can have written",
        declared: None,
    },
];

/// What a cell of which no read was judged has in place of a share of stale reads.
pub(crate) const NOT_WATCHED: &str = "not watched";

/// The share of a cell's judged reads that were stale: the figure [`STALE_READS`] over its valid trials.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Staleness {
    /// The median of the trials.
    pub median: f64,
    /// The greatest of them: where few trials had stale reads, the median has none.
    pub greatest: f64,
}

impl Staleness {
    /// Whether a read was stale.
    #[must_use]
    pub fn is_some(self) -> bool {
        self.greatest > 0.0
    }

    /// The share in words: `1.20 %`, or `up to 0.3 %` where most trials had none.
    #[must_use]
    pub fn in_words(self) -> String {
        match self.median > 0.0 || self.greatest <= 0.0 {
            true => units::tiny_share(self.median),
            false => format!("up to {}", units::tiny_share(self.greatest)),
        }
    }
}

impl CellFigures<'_> {
    /// What it did that forfeits its verdicts, if anything.
    pub(crate) fn forfeit(&self) -> Option<&'static str> {
        let did = |forfeit: &&Forfeit| self.finished().any(|trial| (forfeit.count)(trial) > 0);
        FORFEITS.iter().find(did).map(|forfeit| forfeit.did)
    }

    /// The same, but for what its strategy declares that it may do.
    pub(crate) fn undeclared_forfeit(&self) -> Option<&'static str> {
        let did = |forfeit: &&Forfeit| {
            let undeclared = |trial: &Trial| {
                forfeit.declared.is_none_or(|kind| !trial.warnings.iter().any(|warning| warning.is(kind)))
            };
            self.finished().any(|trial| (forfeit.count)(trial) > 0 && undeclared(trial))
        };
        FORFEITS.iter().find(did).map(|forfeit| forfeit.did)
    }

    /// How stale its reads were; none where none was judged.
    #[must_use]
    pub fn staleness(&self) -> Option<Staleness> {
        let over_trials = self.summary(STALE_READS)?;
        Some(Staleness { median: over_trials.median, greatest: over_trials.max })
    }

    /// The same in words, also where nobody watched.
    pub(crate) fn staleness_in_words(&self) -> String {
        match self.staleness() {
            Some(stale) => stale.in_words(),
            None if self.trials.is_empty() => units::NOT_AVAILABLE.to_owned(),
            None => NOT_WATCHED.to_owned(),
        }
    }
}
