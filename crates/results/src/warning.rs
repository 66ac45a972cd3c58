//! Every code that a warning may have: how grave it is, and what it means.

/// What a warning does to the trust in a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gravity {
    /// The figures stand; a reader should know of it.
    Label,
    /// The figures stand, but perhaps not for what they are said to stand for: `--strict` refuses the run.
    Doubt,
    /// What was asked was not done, or what came back was wrong: the run is not to be trusted, strict or not.
    Grave,
}

impl Gravity {
    /// The word for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Doubt => "doubt",
            Self::Grave => "grave",
        }
    }
}

/// A code of warnings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WarningCode {
    /// The code, as it stands in a record.
    pub code: &'static str,
    /// How grave it is. A warning that invalidates its trial is a doubt at least.
    pub gravity: Gravity,
    /// What it says of a trial.
    pub meaning: &'static str,
}

const fn grave(code: &'static str, meaning: &'static str) -> WarningCode {
    WarningCode { code, gravity: Gravity::Grave, meaning }
}

const fn doubt(code: &'static str, meaning: &'static str) -> WarningCode {
    WarningCode { code, gravity: Gravity::Doubt, meaning }
}

const fn label(code: &'static str, meaning: &'static str) -> WarningCode {
    WarningCode { code, gravity: Gravity::Label, meaning }
}

/// The codes, the gravest first, each sort by name. `docs/warnings.md` shows them.
pub const CODES: &[WarningCode] = &[
    grave("absent-rows", "Reads found no row where every key was written and none deleted: somebody took it."),
    grave("bad-stamps", "Values came back torn, damaged or under another key."),
    grave("cache-failures", "More than one call in a thousand to the cache failed, whatever became of the operations."),
    grave("failures", "More than one operation in a thousand failed, was shed or has an unknown end."),
    grave("not-drained", "Loads of the strategy were still under way half a minute after the last operation."),
    grave("nothing-measured", "No operation was answered within the window."),
    doubt("all-absent", "Every operation found nothing: are the paths right, were the keys written?"),
    doubt("client-bound-open", "The client, not the stack, set the times of an open loop. The trial is invalid."),
    doubt("foreign-traffic", "The servers counted other operations than we asked for: somebody else used them."),
    doubt("goose-disagrees", "goose counted other requests than cachemark."),
    doubt("not-filled", "A cold start's window ended before the hit ratio was level: how long it takes is not told."),
    doubt("not-steady", "It was measured before it was steady: a longer warm-up is needed."),
    doubt(
        "off-prediction",
        "The hit ratio is not what theory gives: not warm, other room, lost entries, or misses under way.",
    ),
    doubt("overloaded", "More arrivals were offered than the stack took: the times are of the rest."),
    doubt("preload-failures", "Keys could not be written before the run: reads of them find nothing."),
    doubt("scan-failures", "Reads of the scan failed: the load began with keys that were in no cache."),
    doubt("warm-up-cut", "The warm-up took too long and was broken off before its operations were done."),
    label("client-bound", "The client itself may have been the limit: the throughput is a lower bound."),
    label("few-operations", "There were too few operations in the window for a 99th percentile."),
    label("held-up", "Arrivals waited for one in flight to end: the response times hold that wait."),
    label(
        "lane-bound",
        "Operations waited for connections of ours for more than half of their time: the pool was measured.",
    ),
    label("neighbours", "Other programs used the machine's processors in the window."),
    label("schedule-lag", "Arrivals started late where client and servers share the processors."),
    label("steal", "The hypervisor gave the processors' time to other guests."),
    label("unstamped", "Values were not written by this client and could not be checked."),
];

/// The gravity of a code; [`Gravity::Doubt`] of one that this build does not know, as a newer one may have written: what is
/// not known cannot be called harmless.
#[must_use]
pub fn gravity(code: &str) -> Gravity {
    known(code).map_or(Gravity::Doubt, |known| known.gravity)
}

/// What a code means; none if this build does not know it.
#[must_use]
pub fn meaning(code: &str) -> Option<&'static str> {
    known(code).map(|known| known.meaning)
}

fn known(code: &str) -> Option<&'static WarningCode> {
    CODES.iter().find(|known| known.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_listed_once_in_order() {
        let order = |code: &WarningCode| (std::cmp::Reverse(code.gravity), code.code);
        for pair in CODES.windows(2) {
            assert!(order(&pair[0]) < order(&pair[1]), "{} stands before {}", pair[0].code, pair[1].code);
        }
    }

    #[test]
    fn a_code_of_a_newer_build_is_a_doubt() {
        assert_eq!((gravity("of-tomorrow"), meaning("of-tomorrow")), (Gravity::Doubt, None));
        assert_eq!(gravity("failures"), Gravity::Grave);
        assert_eq!(gravity("steal"), Gravity::Label);
    }
}
