//! The faults of a record in words: each once, whatever the number of trials that went through it.

use crate::units;
use cachemark_results::{FaultSeen, Run};

/// A fault that the trials of a record went through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FaultInWords {
    /// What was done, after "is": `slow by 50 ms`.
    pub what: String,
    /// `cache`, `store` or `load`.
    pub target: String,
    /// To which servers, in the order of the trials.
    pub servers: Vec<String>,
    /// When it was to begin, in nanoseconds from the window's start.
    pub at_ns: u64,
    /// When it was to be over; as it began, if it is of a moment.
    pub until_ns: u64,
}

impl FaultInWords {
    fn of(fault: &FaultSeen) -> Self {
        Self {
            what: fault.in_words.clone(),
            target: fault.target.clone(),
            servers: Vec::new(),
            at_ns: fault.at_ns,
            until_ns: fault.until_ns,
        }
    }

    fn is(&self, fault: &FaultSeen) -> bool {
        (&self.what, &self.target, self.at_ns, self.until_ns)
            == (&fault.in_words, &fault.target, fault.at_ns, fault.until_ns)
    }

    /// Whether it is over once it is done.
    #[must_use]
    pub fn is_of_a_moment(&self) -> bool {
        self.until_ns <= self.at_ns
    }

    /// Whose server, unless it is the load: `cache redis`.
    fn place(&self) -> String {
        let servers = self.servers.join(", ");
        match (self.target.as_str(), self.servers.len()) {
            ("load", _) => "the load".to_owned(),
            (target, 0) => format!("the {target}"),
            (target, 1) => format!("the {target} {servers}"),
            (target, _) => format!("the {target} ({servers})"),
        }
    }

    /// `at 4 s`, `from 4 s to 8 s`.
    #[must_use]
    pub fn time(&self) -> String {
        let [at, until] = [self.at_ns, self.until_ns].map(seconds);
        if self.is_of_a_moment() { format!("at {at}") } else { format!("from {at} to {until}") }
    }

    /// `the cache redis is slow by 50 ms from 4 s to 8 s`.
    #[must_use]
    pub fn in_words(&self) -> String {
        format!("{} is {} {}", self.place(), self.what, self.time())
    }
}

fn seconds(ns: u64) -> String {
    if ns == 0 { "0 s".to_owned() } else { units::time_tick(ns as f64) }
}

/// The faults of a record, in the order of their times.
pub(crate) fn faults(run: &Run) -> Vec<FaultInWords> {
    let mut faults: Vec<FaultInWords> = Vec::new();
    for seen in run.trials.iter().flat_map(|trial| &trial.faults) {
        let place = faults.iter().position(|known| known.is(seen)).unwrap_or_else(|| {
            faults.push(FaultInWords::of(seen));
            faults.len() - 1
        });
        let servers = &mut faults[place].servers;
        if !seen.server.is_empty() && !servers.contains(&seen.server) {
            servers.push(seen.server.clone());
        }
    }
    faults.sort_by_key(|fault| (fault.at_ns, fault.until_ns));
    faults
}

/// All of them, as they stand within a sentence.
pub(crate) fn in_words(faults: &[FaultInWords]) -> String {
    units::listed(&faults.iter().map(FaultInWords::in_words).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_says_whose_what_and_when() {
        let seen = FaultSeen {
            target: "cache".into(),
            in_words: "slow by 50 ms".into(),
            at_ns: 4_000_000_000,
            until_ns: 8_500_000_000,
            ..FaultSeen::default()
        };
        let mut fault = FaultInWords::of(&seen);
        assert!(fault.is(&seen));
        assert_eq!(fault.in_words(), "the cache is slow by 50 ms from 4 s to 8.5 s");
        fault.servers = vec!["redis".into()];
        fault.until_ns = fault.at_ns;
        assert_eq!(fault.in_words(), "the cache redis is slow by 50 ms at 4 s");
        fault.servers.push("memcached".into());
        assert_eq!(fault.place(), "the cache (redis, memcached)");
        fault.target = "load".into();
        assert_eq!(fault.place(), "the load");
    }
}
