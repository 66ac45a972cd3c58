//! The steps that arms are known not to come to: an anomaly that was not provoked is not there for that reason alone.

use crate::arms::Arm;
use cachemark_core::{Anomaly, Deployment, SettingValue, anomaly};
use cachemark_strategy::settings::{ON_WRITE, TTL_MS};

/// A step, and who does not come to it.
struct Unreached {
    anomaly: &'static Anomaly,
    step: &'static str,
    by: fn(&Arm, Deployment) -> bool,
}

/// All that there are.
const UNREACHED: &[Unreached] = &[
    Unreached { anomaly: &anomaly::EARLY_INVALIDATION, step: WRITES_NO_ROW, by: |arm, _| acknowledges_first(arm) },
    Unreached {
        anomaly: &anomaly::DIRTY_READ,
        step: "a write is acknowledged without the store",
        by: |arm, _| acknowledges_first(arm),
    },
    Unreached { anomaly: &anomaly::CRASH_AFTER_COMMIT, step: WRITES_NO_ROW, by: |arm, _| acknowledges_first(arm) },
    Unreached {
        anomaly: &anomaly::CRASH_AFTER_COMMIT,
        step: "no process is left after the crash",
        by: |_, deployment| deployment == Deployment::OneProcess,
    },
    Unreached {
        anomaly: &anomaly::LOST_INVALIDATION,
        step: "a write asks no cache of the suite's",
        by: |arm, _| arm.strategy.name == "no-cache",
    },
    Unreached {
        anomaly: &anomaly::REPLICA_LAG,
        step: NO_REPLICA,
        by: |_, deployment| deployment != Deployment::Replica,
    },
    Unreached {
        anomaly: &anomaly::REPLICA_RESURRECTION,
        step: NO_REPLICA,
        by: |_, deployment| deployment != Deployment::Replica,
    },
    Unreached {
        anomaly: &anomaly::LOST_WRITE,
        step: "no process is left after the crash",
        by: |_, deployment| deployment == Deployment::OneProcess,
    },
    Unreached {
        anomaly: &anomaly::LOST_WRITE,
        step: "a write is not acknowledged before the store has it",
        // One has no store to wait for, and one does not wait for it.
        by: |arm, _| arm.strategy.name != "null" && !acknowledges_first(arm),
    },
    Unreached {
        anomaly: &anomaly::UNFLUSHED_READ,
        step: "no other process reads the store",
        by: |_, deployment| deployment == Deployment::OneProcess,
    },
    Unreached {
        anomaly: &anomaly::UNFLUSHED_READ,
        step: "a write is not acknowledged before the store has it",
        by: |arm, _| !acknowledges_first(arm),
    },
    Unreached {
        anomaly: &anomaly::NON_MONOTONIC_READ,
        step: "the session does not see the new value",
        by: |arm, _| on_write(arm, "none") || arm.strategy.name == "null",
    },
    Unreached {
        anomaly: &anomaly::REFILL_OVER_UPDATE,
        step: "a write puts nothing into the cache",
        by: |arm, _| on_write(arm, "invalidate") || ["no-cache", "lease"].contains(&arm.strategy.name),
    },
    Unreached {
        anomaly: &anomaly::AVALANCHE,
        step: "an entry is given no lifetime",
        by: |arm, _| keeps_for_ever(arm) || asks_no_cache(arm),
    },
    Unreached {
        anomaly: &anomaly::NEAR_CACHE_RACE,
        step: "no other process has a near cache",
        by: |_, deployment| deployment == Deployment::OneProcess,
    },
    Unreached {
        anomaly: &anomaly::NEAR_CACHE_RACE,
        step: "a read asks no cache of the suite's",
        by: |arm, _| asks_no_cache(arm),
    },
    Unreached {
        anomaly: &anomaly::RESURRECTED_DELETE,
        step: "a read loads no row",
        by: |arm, _| arm.strategy.name == "null",
    },
    Unreached {
        anomaly: &anomaly::STALE_SET,
        step: "a write removes no entry",
        by: |arm, _| on_write(arm, "update") || arm.strategy.name == "versioned" || acknowledges_first(arm),
    },
];

/// What the writes of those do to the entry that have no setting for it.
const OTHERS: [(&str, &str); 8] = [
    ("write-around", "none"),
    ("ttl-only", "none"),
    ("memoised", "none"),
    ("single-flight", "invalidate"),
    ("double-delete", "invalidate"),
    ("refresh-ahead", "invalidate"),
    ("stale-while-revalidate", "invalidate"),
    ("xfetch", "invalidate"),
];

const NO_REPLICA: &str = "the store's reads come from no replica";
const WRITES_NO_ROW: &str = "a write writes no row";

/// Whether a write ends before the store is asked: the steps that hold it there have nothing to hold.
fn acknowledges_first(arm: &Arm) -> bool {
    arm.strategy.protocol.acknowledges_first()
}

fn asks_no_cache(arm: &Arm) -> bool {
    ["no-cache", "null"].contains(&arm.strategy.name)
}

fn keeps_for_ever(arm: &Arm) -> bool {
    arm.settings.iter().any(|(name, value)| name == TTL_MS.name && *value == SettingValue::Integer(0))
}

fn on_write(arm: &Arm, word: &str) -> bool {
    let wanted = SettingValue::Text(word.to_owned());
    arm.settings.iter().any(|(name, value)| name == ON_WRITE.name && *value == wanted)
        || OTHERS.contains(&(arm.strategy.name, word))
}

/// Whether it is known that this arm does not come to that step.
pub(crate) fn is_known(arm: &Arm, deployment: Deployment, anomaly: &Anomaly, step: &str) -> bool {
    let known = |unreached: &&Unreached| unreached.anomaly.name == anomaly.name && unreached.step == step;
    UNREACHED.iter().find(known).is_some_and(|unreached| (unreached.by)(arm, deployment))
}
