//! Every code that a warning of a trial or a concern about a run may have: how grave it is, and what it means.

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
    /// What it says of a trial, or of the run.
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

/// The codes of trials, the gravest first, each sort by name. `docs/warnings.md` shows them.
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
        "The hit ratio is not what theory gives: the cache was not warm, has other room, or lost entries.",
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
    label(
        "unexpired",
        "A warm-up takes two lifetimes of the entries, and its cap was too short: few expired in the window, or all at once.",
    ),
    label("unstamped", "Values were not written by this client and could not be checked."),
];

/// The codes of a run as a whole, in the same order. `docs/warnings.md` shows them too.
pub const RUN_CODES: &[WarningCode] = &[
    grave("claim-lost", "Another run of cachemark took a server that this one had claimed, and empties and fills it."),
    grave("definition-changed", "definition.toml is not the one that the run was made with."),
    grave("trials-missing", "The record calls itself complete, and trials of its plan are not there."),
    grave("unmeasured", "A search of `--find-max` ended without having found out."),
    doubt(
        "cache-bypassed",
        "More than one read in a thousand went past a service's cache (`Cache-Status: fwd=bypass`), which answered others.",
    ),
    doubt("control-misses-1", "The interval of an A/A control leaves out 1."),
    doubt("data-in-memory", "The data of a store that was written to lay in memory: writes waited for no disk."),
    doubt("debug-build", "cachemark was built without optimisation."),
    doubt(
        "hit-ratio-moved",
        "Over all trials of a cell the hit ratio moved by more than a point, and by more than chance, between the halves of \
         their windows.",
    ),
    doubt("no-environment", "It was not recorded what the run was made on and with."),
    doubt("noisy", "An A/A control strays further than what is to matter."),
    doubt("resumed-by-force", "The run was resumed although something had changed."),
    label("level-unknown", "A move of the hit ratio within the windows by 2 points could have passed unseen."),
];

/// Codes of trials that too great a load can bring about by itself. Any other speaks of the run, whatever load it was seen at.
const OF_LOAD: [&str; 14] = [
    "cache-failures",
    "client-bound",
    "client-bound-open",
    "failures",
    "few-operations",
    "held-up",
    "lane-bound",
    "not-drained",
    "not-filled",
    "not-steady",
    "nothing-measured",
    "off-prediction",
    "overloaded",
    "schedule-lag",
];

/// Whether what a code says of a trial is to be expected at too great a load, as a capacity search tries it.
#[must_use]
pub fn is_of_load(code: &str) -> bool {
    OF_LOAD.contains(&code)
}

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
    CODES.iter().chain(RUN_CODES).find(|known| known.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_listed_once_in_order() {
        let order = |code: &WarningCode| (std::cmp::Reverse(code.gravity), code.code);
        for pair in CODES.windows(2).chain(RUN_CODES.windows(2)) {
            assert!(order(&pair[0]) < order(&pair[1]), "{} stands before {}", pair[0].code, pair[1].code);
        }
    }

    #[test]
    fn what_a_load_brings_about_is_listed_and_damage_is_not_among_it() {
        assert!(OF_LOAD.iter().all(|code| CODES.iter().any(|known| known.code == *code)));
        assert!(!["bad-stamps", "absent-rows", "of-tomorrow"].into_iter().any(is_of_load));
    }

    #[test]
    fn a_code_of_a_newer_build_is_a_doubt() {
        assert_eq!((gravity("of-tomorrow"), meaning("of-tomorrow")), (Gravity::Doubt, None));
        assert_eq!(gravity("failures"), Gravity::Grave);
        assert_eq!(gravity("steal"), Gravity::Label);
    }
}
