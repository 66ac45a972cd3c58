//! The lists of warnings: a line here is a value to raise, and its row in `docs/warnings.md`.

use super::{Gravity, WarningKind};

const fn grave(code: &'static str, meaning: &'static str) -> WarningKind {
    WarningKind { code, gravity: Gravity::Grave, meaning, of_load: false }
}

const fn doubt(code: &'static str, meaning: &'static str) -> WarningKind {
    WarningKind { code, gravity: Gravity::Doubt, meaning, of_load: false }
}

const fn label(code: &'static str, meaning: &'static str) -> WarningKind {
    WarningKind { code, gravity: Gravity::Label, meaning, of_load: false }
}

/// Values, each with its meaning for its documentation, and the list of all of them.
macro_rules! kinds {
    ($(#[$doc:meta])* $list:ident: $($name:ident = $make:ident($code:literal, $meaning:literal)$(.$of_load:ident())?;)*) => {
        $(
            #[doc = $meaning]
            pub const $name: WarningKind = $make($code, $meaning)$(.$of_load())?;
        )*

        $(#[$doc])*
        pub const $list: &[WarningKind] = &[$($name),*];
    };
}

kinds! {
    /// The warnings of trials, the gravest first, each sort by code. `docs/warnings.md` shows them.
    OF_TRIALS:
    ABSENT_ROWS = grave(
        "absent-rows",
        "Reads found no row where every key was written and none deleted: somebody took it."
    );
    ALL_ABSENT = grave(
        "all-absent",
        "Every read of a service found nothing: are the paths right, were the keys written?"
    );
    BAD_STAMPS = grave("bad-stamps", "Values came back torn, damaged or under another key.");
    CACHE_FAILURES = grave(
        "cache-failures",
        "More than one call in a thousand to the cache failed, whatever became of the operations."
    ).of_load();
    FAILURES = grave(
        "failures",
        "More than one operation in a thousand failed, was shed or has an unknown end."
    ).of_load();
    FAULT_FAILED = grave(
        "fault-failed",
        "A fault of the timeline could not be done, or not undone in time: the trial is invalid, whatever was measured."
    );
    LOST_WRITES = grave(
        "lost-writes",
        "The store lacks writes that had been acknowledged, and the strategy does not declare that it may lose any."
    );
    NOT_DRAINED = grave(
        "not-drained",
        "Loads or writes of the strategy were still under way half a minute after the last operation."
    ).of_load();
    NOTHING_MEASURED = grave("nothing-measured", "No operation was answered within the window.").of_load();
    PHANTOMS = grave(
        "phantoms",
        "Reads, or the audit, found what nobody can have written: a version that was never given, or a value of no write of the run."
    );
    PRELOAD_FAILED = grave(
        "preload-failed",
        "No key could be written to a service before the run: it is another workload."
    );
    UNFLUSHED = grave(
        "unflushed",
        "The strategy acknowledged writes before the store had them, and came to rest without having brought all of them there."
    );
    AUDIT_INCOMPLETE = doubt(
        "audit-incomplete",
        "Not all that was to be looked at in store and caches was: what the rest holds is not known."
    );
    CLIENT_BOUND_OPEN = doubt(
        "client-bound-open",
        "The client, not the stack, set the times of an open loop. The trial is invalid."
    ).of_load();
    FOREIGN_TRAFFIC = doubt(
        "foreign-traffic",
        "The servers counted other operations than we asked for: somebody else used them."
    );
    GOOSE_DISAGREES = doubt("goose-disagrees", "goose counted other requests than cachemark.");
    LEFT_OVER = doubt(
        "left-over",
        "Reads found values of an earlier trial of the run, whose late operations were carried out after the reset: they are not judged."
    );
    LINGERING = doubt(
        "lingering",
        "The store was still at operations that their clients had given up, 10 s after the last: the next trial may find what they write."
    ).of_load();
    NOT_FILLED = doubt(
        "not-filled",
        "A cold start's window ended before the hit ratio was level: how long it takes is not told."
    ).of_load();
    NOT_STEADY = doubt("not-steady", "It was measured before it was steady: a longer warm-up is needed.").of_load();
    OFF_PREDICTION = doubt(
        "off-prediction",
        "The hit ratio or the store load is not what theory gives: the cache was not warm, has other room, lost entries, or the store was asked more often than misses and writes account for."
    ).of_load();
    OUT_OF_REACH = doubt(
        "out-of-reach",
        "Reads were answered with versions too far apart for the oracle to keep: whether they were stale is not known."
    );
    OVERLOADED = doubt(
        "overloaded",
        "More arrivals were offered than the stack took: the times are of the rest."
    ).of_load();
    PRELOAD_FAILURES = doubt(
        "preload-failures",
        "Keys could not be written before the run: reads of them find nothing."
    );
    SCAN_FAILURES = doubt("scan-failures", "Reads of the scan failed: the load began with keys that were in no cache.");
    WARM_UP_CUT = doubt("warm-up-cut", "The warm-up took too long and was broken off before its operations were done.");
    CLIENT_BOUND = label(
        "client-bound",
        "The client itself may have been the limit: the throughput is a lower bound."
    ).of_load();
    DECLARED_LOSSES = label(
        "declared-losses",
        "The store lacks writes that had been acknowledged, as the strategy declares that it may."
    );
    FEW_OPERATIONS = label(
        "few-operations",
        "There were too few operations in the window for a 99th percentile."
    ).of_load();
    HELD_UP = label(
        "held-up",
        "Arrivals waited for one in flight to end: the response times hold that wait."
    ).of_load();
    LANE_BOUND = label(
        "lane-bound",
        "Operations waited for connections of ours for more than half of their time: the pool was measured."
    ).of_load();
    LATE_AFTER_FAULT = label(
        "late-after-fault",
        "Loads or writes were still under way half a minute after the last operation of a trial whose timeline has faults: a result."
    );
    LATE_FLUSHES = label(
        "late-flushes",
        "More than a tenth of the changes of rows came after the window, as the strategy writes later: the store load lacks them, unless the window has as many of the warm-up's."
    );
    LOST_IN_FAULT = label(
        "lost-in-fault",
        "The store lacks writes that had been acknowledged, in a trial whose timeline has faults of servers: a result."
    );
    NEIGHBOURS = label("neighbours", "Other programs used the machine's processors in the window.");
    NOISY_BEFORE = label(
        "noisy-before",
        "Before the first fault a fifth of the intervals or more missed the plain bounds of a recovery: what counts as recovered is wider than \
         these, and small harm is not seen."
    );
    SCHEDULE_LAG = label(
        "schedule-lag",
        "Arrivals started late where client and servers share the processors."
    ).of_load();
    STEAL = label("steal", "The hypervisor gave the processors' time to other guests.");
    UNEXPIRED = label(
        "unexpired",
        "A warm-up takes two lifetimes of the entries, and its cap was too short: few expired in the window, or all at once."
    );
    UNSTAMPED = label("unstamped", "Values were not written by this client and could not be checked.");
}

kinds! {
    /// The concerns about a run as a whole, in the same order. `docs/warnings.md` shows them too.
    OF_RUNS:
    CLAIM_LOST = grave(
        "claim-lost",
        "Another run of cachemark took a server that this one had claimed, and empties and fills it."
    );
    DEFINITION_CHANGED = grave("definition-changed", "definition.toml is not the one that the run was made with.");
    TRIALS_MISSING = grave("trials-missing", "The record calls itself complete, and trials of its plan are not there.");
    UNMEASURED = grave("unmeasured", "A search of `--find-max` ended without having found out.");
    CACHE_BYPASSED = doubt(
        "cache-bypassed",
        "More than one read in a thousand went past a service's cache (`Cache-Status: fwd=bypass`), which answered others."
    );
    CONTROL_MISSES_1 = doubt("control-misses-1", "The interval of an A/A control leaves out 1.");
    DATA_IN_MEMORY = doubt(
        "data-in-memory",
        "The data of a store that was written to lay in memory: writes waited for no disk."
    );
    DEBUG_BUILD = doubt("debug-build", "cachemark was built without optimisation.");
    HIT_RATIO_MOVED = doubt("hit-ratio-moved", "Over all trials of a cell the hit ratio moved by more than a point, and by more than chance, between the halves of \
         their windows.");
    NO_ENVIRONMENT = doubt("no-environment", "It was not recorded what the run was made on and with.");
    NOISY = doubt("noisy", "An A/A control strays further than what is to matter.");
    RESUMED_BY_FORCE = doubt("resumed-by-force", "The run was resumed although something had changed.");
    LEVEL_UNKNOWN = label(
        "level-unknown",
        "A move of the hit ratio within the windows by 2 points could have passed unseen."
    );
}
