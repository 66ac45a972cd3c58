//! Anomalies: the ways in which a caching strategy answers wrong, or asks its store in vain.
//!
//! [`ANOMALIES`] lists them. A strategy's [`Descriptor`](crate::Descriptor) declares those that it has ([`Declared`]), and the
//! anomaly suite of the testkit holds each strategy to that, in both directions.

mod declared;
mod list;

pub use declared::{Condition, Declared, Deployment};
pub use list::*;

/// One anomaly. Two are the same if they have the same name.
#[derive(Debug, Clone, Copy)]
pub struct Anomaly {
    /// Its name everywhere.
    pub name: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// What happens, step by step, as sentences.
    pub meaning: &'static str,
    /// Its number in the catalogue that the list follows. Those that differ in one step alone share a number.
    pub number: u8,
    /// Who described it.
    pub source: &'static str,
    /// The least number of processes that it takes.
    pub processes: u8,
}

impl PartialEq for Anomaly {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Anomaly {}

impl Anomaly {
    /// The anomaly called `name`.
    #[must_use]
    pub fn of(name: &str) -> Option<&'static Self> {
        ANOMALIES.iter().find(|anomaly| anomaly.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn anomalies_can_be_told_apart_and_are_explained() {
        let names: BTreeSet<_> = ANOMALIES.iter().map(|anomaly| anomaly.name).collect();
        let titles: BTreeSet<_> = ANOMALIES.iter().map(|anomaly| anomaly.title).collect();
        assert_eq!((names.len(), titles.len()), (ANOMALIES.len(), ANOMALIES.len()));
        for anomaly in ANOMALIES {
            assert_eq!(Anomaly::of(anomaly.name), Some(anomaly));
            assert!(anomaly.meaning.ends_with('.') && !anomaly.source.is_empty(), "{}", anomaly.name);
        }
        assert!(ANOMALIES.is_sorted_by_key(|anomaly| anomaly.number));
        assert_eq!(Anomaly::of("no such"), None);
    }
}
