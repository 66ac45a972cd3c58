//! What a strategy promises with the defaults of its settings, as the anomalies that it declares leave it: how fresh its answers
//! are, and what becomes of what it has acknowledged.

use crate::anomaly::{
    AVALANCHE, CANCELLED_WRITE, CRASH_AFTER_COMMIT, DIRTY_READ, LOST_INVALIDATION, LOST_WRITE, PENETRATION, STAMPEDE,
};
use crate::{ANOMALIES, Anomaly, Deployment, Descriptor, Settings};

/// What an anomaly does harm to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Harm {
    /// Answers are older than what was acknowledged, though nothing has failed.
    Freshness,
    /// The same, once a cache, a client or a process has failed.
    FreshnessAfterFault,
    /// What was acknowledged, or shown, is not in the store.
    Durability,
    /// The store is asked more often than it has to be.
    Load,
}

impl Anomaly {
    /// What it does harm to.
    #[must_use]
    pub fn harm(&self) -> Harm {
        match self {
            load if [STAMPEDE, PENETRATION, AVALANCHE].contains(load) => Harm::Load,
            lost if [LOST_WRITE, DIRTY_READ].contains(lost) => Harm::Durability,
            fault if [LOST_INVALIDATION, CANCELLED_WRITE, CRASH_AFTER_COMMIT].contains(fault) => {
                Harm::FreshnessAfterFault
            }
            _ => Harm::Freshness,
        }
    }
}

/// When an acknowledged write is in the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durable {
    /// Before it is acknowledged.
    AtOnce,
    /// Some time after that.
    Later,
    /// There is no store that it comes to.
    Never,
}

impl Durable {
    /// The words for it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::AtOnce => "at once",
            Self::Later => "later",
            Self::Never => "never",
        }
    }
}

impl Descriptor {
    /// The anomalies that do such harm in `deployment`, with the defaults.
    #[must_use]
    pub fn suffers(&self, harm: Harm, deployment: Deployment) -> Vec<&'static Anomaly> {
        let settings = Settings::defaults(self.settings);
        let there = |anomaly: &&Anomaly| anomaly.harm() == harm && self.has(anomaly, deployment, &settings);
        ANOMALIES.iter().filter(there).collect()
    }

    /// The first deployment in which answers may be stale though nothing has failed; none if they are in none.
    #[must_use]
    pub fn stale_from(&self) -> Option<Deployment> {
        Deployment::ALL.into_iter().find(|&deployment| !self.suffers(Harm::Freshness, deployment).is_empty())
    }

    /// How fresh its answers are, in sentences without their full stops: by deployment, after faults, and for how long at most.
    #[must_use]
    pub fn freshness_in_words(&self) -> Vec<String> {
        if !self.uses_store() {
            return vec!["it asks no store, and its answers say nothing of what was written".into()];
        }
        let mut told: Vec<(Vec<&str>, String)> = Vec::new();
        for deployment in Deployment::ALL {
            let promise = match names(&self.suffers(Harm::Freshness, deployment)) {
                None => "a read is never older than what was acknowledged before it".to_owned(),
                Some(names) => format!("a read may be stale ({names})"),
            };
            match told.last_mut() {
                Some((places, same)) if *same == promise => places.push(deployment.name()),
                _ => told.push((vec![deployment.name()], promise)),
            }
        }
        let everywhere = told.len() == 1;
        let place = |(places, promise): (Vec<&str>, String)| match everywhere {
            true => promise,
            false => format!("{}: {promise}", places.join(", ")),
        };
        let mut sentences: Vec<String> = told.into_iter().map(place).collect();
        let mut faults: Vec<_> =
            ANOMALIES.iter().filter(|anomaly| anomaly.harm() == Harm::FreshnessAfterFault).collect();
        faults.retain(|anomaly| {
            Deployment::ALL.iter().any(|&place| self.suffers(anomaly.harm(), place).contains(anomaly))
        });
        if let Some(names) = names(&faults) {
            sentences.push(format!("after a fault a read may be stale ({names})"));
        }
        if self.asks_cache() && !self.anomalies.is_empty() {
            sentences.push(self.bound());
        }
        sentences
    }

    /// For how long a stale entry stays.
    fn bound(&self) -> String {
        const UNTIL: &str = "a stale entry stays until the next write of its key that tells the cache, or its eviction";
        match ((self.model)(&Settings::defaults(self.settings)).lifetime(), self.setting("ttl-ms")) {
            (Some(lifetime), _) => format!("{UNTIL}; {:?} at most ({})", lifetime.length, lifetime.settings()),
            (None, Some(setting)) => {
                format!("{UNTIL}, or the end of its lifetime ({}; by default it has none)", setting.name)
            }
            (None, None) => UNTIL.into(),
        }
    }

    /// When an acknowledged write is in the store, by what it declares or by its steps.
    #[must_use]
    pub fn durable(&self) -> Durable {
        if !self.uses_store() {
            Durable::Never
        } else if self.protocol.acknowledges_first() || self.risks().contains(&&LOST_WRITE) {
            Durable::Later
        } else {
            Durable::AtOnce
        }
    }

    /// What acknowledged writes suffer, in whichever deployment.
    fn risks(&self) -> Vec<&'static Anomaly> {
        let anywhere = |anomaly: &&'static Anomaly| {
            Deployment::ALL.iter().any(|&deployment| self.suffers(Harm::Durability, deployment).contains(anomaly))
        };
        ANOMALIES.iter().filter(anywhere).collect()
    }

    /// What becomes of an acknowledged write, as a sentence without its full stop.
    #[must_use]
    pub fn durability_in_words(&self) -> String {
        const LATER: &str = "an acknowledged write comes into the store later, and is lost if its process dies before";
        match (self.durable(), names(&self.risks())) {
            (Durable::Never, _) => "a write is acknowledged and forgotten".into(),
            // The anomaly is what others find after a crash: one process alone leaves nobody to find it, and has lost the write as well.
            (Durable::Later, None) => format!("{LATER}, in one process as in several"),
            (Durable::Later, Some(names)) => {
                format!(
                    "{LATER}, in one process as in several; where there are several, the others find that ({names})"
                )
            }
            (Durable::AtOnce, None) => "an acknowledged write is in the store".into(),
            (Durable::AtOnce, Some(names)) => {
                format!("an acknowledged write is in the store; a read may see what the store refused ({names})")
            }
        }
    }

    /// What it needs of a cache, as a phrase.
    #[must_use]
    pub fn needs_in_words(&self) -> String {
        let needed = self.needs.missing_from(&crate::Capabilities::NONE);
        match (self.asks_cache(), needed.is_empty()) {
            (false, _) => "no cache".into(),
            (true, true) => "get, set and delete".into(),
            (true, false) => format!("get, set and delete; {}", needed.join(", ")),
        }
    }

    /// Whether writes reach a store at all.
    fn uses_store(&self) -> bool {
        (self.model)(&Settings::defaults(self.settings)).store_operations_a_write > 0.0
    }
}

fn names(anomalies: &[&Anomaly]) -> Option<String> {
    let names: Vec<_> = anomalies.iter().map(|anomaly| anomaly.name).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::anomaly::STALE_SET;
    use crate::{Declared, HitModel, Model, PartKind, Protocol, Step};

    const PLAIN: Descriptor = Descriptor {
        model: |_| Model { hits: HitModel::InvalidatedByWrites, ..Model::none() },
        ..Descriptor::of(PartKind::Strategy, "plain", "For tests.")
    };

    #[test]
    fn a_strategy_without_anomalies_is_fresh_and_durable_everywhere() {
        assert_eq!(PLAIN.freshness_in_words(), ["a read is never older than what was acknowledged before it"]);
        assert_eq!(PLAIN.durability_in_words(), "an acknowledged write is in the store");
        assert_eq!((PLAIN.stale_from(), PLAIN.needs_in_words().as_str()), (None, "get, set and delete"));
    }

    #[test]
    fn each_deployment_is_told_by_what_is_declared_of_it() {
        const TOLD: Descriptor = Descriptor {
            anomalies: &[
                Declared::over_one_cache(STALE_SET, &[]),
                Declared::always(LOST_INVALIDATION, &[]),
                Declared::over_one_cache(LOST_WRITE, &[]),
            ],
            ..PLAIN
        };
        let words = TOLD.freshness_in_words();
        assert_eq!(words[0], "one process: a read is never older than what was acknowledged before it");
        assert_eq!(words[1], "several processes over one cache: a read may be stale (stale-set)");
        assert_eq!(words[3], "after a fault a read may be stale (lost-invalidation)");
        assert!(words[4].contains("eviction") && words.len() == 5, "{words:?}");
        assert!(TOLD.durability_in_words().contains("is lost if its process dies before"));
        assert_eq!(TOLD.stale_from(), Some(Deployment::SharedCache));
    }

    #[test]
    fn what_is_acknowledged_before_the_store_has_it_is_lost_with_its_process_however_many_there_are() {
        const WRITE: &[Step] = &[Step::Answer, Step::Store("write")];
        const BEHIND: Descriptor = Descriptor { protocol: Protocol { write: WRITE, ..Protocol::NONE }, ..PLAIN };
        const TOLD: Descriptor = Descriptor { anomalies: &[Declared::over_one_cache(LOST_WRITE, &[])], ..BEHIND };
        const DIRTY: Descriptor = Descriptor { anomalies: &[Declared::always(DIRTY_READ, &[])], ..PLAIN };
        assert_eq!([BEHIND, TOLD].map(|strategy| strategy.durable()), [Durable::Later; 2]);
        let words = [BEHIND, TOLD].map(|strategy| strategy.durability_in_words());
        assert!(
            words.iter().all(|words| words.contains("lost if its process dies before, in one process as in several"))
        );
        assert!(
            words[1].ends_with("the others find that (lost-write)") && !words[0].contains("lost-write"),
            "{words:?}"
        );
        assert_eq!((PLAIN.durable(), DIRTY.durable()), (Durable::AtOnce, Durable::AtOnce));
        assert!(DIRTY.durability_in_words().contains("what the store refused (dirty-read)"));
    }

    #[test]
    fn what_asks_no_store_promises_nothing() {
        let forgets = Descriptor { model: |_| Model { store_operations_a_write: 0.0, ..Model::none() }, ..PLAIN };
        assert_eq!(forgets.durability_in_words(), "a write is acknowledged and forgotten");
        assert_eq!(forgets.durable(), Durable::Never);
        assert_eq!((forgets.freshness_in_words().len(), forgets.needs_in_words().as_str()), (1, "no cache"));
    }
}
