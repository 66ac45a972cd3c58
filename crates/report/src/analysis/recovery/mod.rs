//! How trials went through their faults: a cell over its blocks, and the faults in words.

mod faults;
mod figures;
mod signs;
mod unseen;

pub(crate) use cachemark_results::figure::recovery::TIME as TO_RECOVER;
use cachemark_results::figure::recovery::is_bound;
pub use faults::FaultInWords;
pub(crate) use faults::{faults, in_words as faults_in_words};
pub(crate) use figures::KEPT;
pub(super) use unseen::Known;

use super::CellFigures;
use crate::units;
use cachemark_results::{Recovery, RecoveryVerdict, Run, Trial};
use cachemark_stats::Summary;
use std::collections::BTreeMap;

/// A time to recover, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ToRecover {
    /// 0 of what was not harmed; where it was not seen, the time from the fault's declared end to the window's, as in the figure.
    pub ns: f64,
    /// Whether it was seen: otherwise it is longer.
    pub seen: bool,
}

/// The time that a trial took; none where it went through no fault.
pub(crate) fn to_recover(trial: &Trial) -> Option<ToRecover> {
    let ns = match trial.recovery.as_ref()?.verdict {
        RecoveryVerdict::Unharmed => 0.0,
        _ => TO_RECOVER.of(trial)?,
    };
    Some(ToRecover { ns, seen: !is_bound(TO_RECOVER, trial) })
}

impl ToRecover {
    /// `1.20 s`; `> 12.0 s` where it was not seen.
    #[must_use]
    pub fn in_words(self) -> String {
        match (self.seen, self.ns) {
            (false, ns) => format!("> {}", units::time(ns)),
            (true, 0.0) => "0 s".to_owned(),
            (true, ns) => units::time(ns),
        }
    }
}

/// Times to recover over blocks: those that were not seen are the longest.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Times {
    /// The least, the median, the greatest.
    pub least: ToRecover,
    /// Of an even number the middle of the two in the middle; not seen where one of them was not.
    pub median: ToRecover,
    /// The greatest.
    pub greatest: ToRecover,
}

impl Times {
    fn of(mut times: Vec<ToRecover>) -> Option<Self> {
        times.sort_by(|a, b| b.seen.cmp(&a.seen).then(a.ns.total_cmp(&b.ns)));
        let (least, greatest) = (*times.first()?, *times.last()?);
        let (low, high) = (times[(times.len() - 1) / 2], times[times.len() / 2]);
        let median = ToRecover { ns: f64::midpoint(low.ns, high.ns), seen: high.seen };
        // A bound holds from the lesser of two bounds on.
        let median = if low.seen && !high.seen { high } else { median };
        Some(Self { least, median, greatest })
    }

    /// `1.20 s (0.80 s to > 12.0 s)`; one of them where they read the same.
    #[must_use]
    pub fn in_words(&self) -> String {
        let [least, median, greatest] = [self.least, self.median, self.greatest].map(ToRecover::in_words);
        if least == greatest { median } else { format!("{median} ({least} to {greatest})") }
    }
}

/// How some trials went through their faults.
#[derive(Debug, Clone, PartialEq)]
pub struct Recovered {
    /// How many trials.
    pub trials: usize,
    /// In how many of them it came to what.
    pub verdicts: BTreeMap<RecoveryVerdict, usize>,
    /// Until the first window that was not as before, in nanoseconds, of the trials that had one.
    pub detected: Option<Summary>,
    /// Until it was as before.
    pub to_recover: Times,
    /// In how many trials that was not seen.
    pub never: usize,
    /// Answered operations per second before the first fault.
    pub before: Option<Summary>,
    /// While a fault was in place, of that before; none of faults of a moment.
    pub during: Option<Summary>,
    /// Once the last was over, of that before.
    pub after: Option<Summary>,
    /// In the worst window, of that before.
    pub worst: Option<Summary>,
    /// The same in operations per second.
    pub worst_ops_per_s: Option<Summary>,
    /// The 99th percentile of what was answered before the first fault, in nanoseconds.
    pub p99_before: Option<Summary>,
    /// The same while a fault was in place.
    pub p99_during: Option<Summary>,
    /// The store's greatest rate from the first fault on, as a multiple of its rate before.
    pub store_peak: Option<Summary>,
    /// The same in operations per second: all there is of a store that was idle before.
    pub store_peak_ops_per_s: Option<Summary>,
    /// Failed operations from the first fault on by kind, of all the trials.
    pub errors: BTreeMap<String, u64>,
    /// Operations that policies shed from the first fault on, of all the trials.
    pub shed: u64,
    /// Stale reads while a fault was in place, of all the trials; none without an oracle.
    pub stale_during: Option<u64>,
    /// The same once the last was over.
    pub stale_after: Option<u64>,
    /// Acknowledged writes that the audits missed, of all the trials; none without an audit.
    pub lost_writes: Option<u64>,
}

impl Recovered {
    /// Of these trials; none where none of them went through a fault.
    pub(crate) fn of<'t>(trials: impl Iterator<Item = &'t Trial>) -> Option<Self> {
        let told: Vec<(&Trial, &Recovery)> =
            trials.filter_map(|trial| Some((trial, trial.recovery.as_ref()?))).collect();
        let times: Vec<ToRecover> = told.iter().filter_map(|(trial, _)| to_recover(trial)).collect();
        let never = times.iter().filter(|time| !time.seen).count();
        let mut verdicts = BTreeMap::new();
        let mut errors: BTreeMap<String, u64> = BTreeMap::new();
        for (_, recovery) in &told {
            *verdicts.entry(recovery.verdict).or_default() += 1;
            for (kind, count) in recovery.during.errors.iter().chain(&recovery.after.errors).filter(|(_, n)| **n > 0) {
                *errors.entry(kind.clone()).or_default() += count;
            }
        }
        let over = |of: &dyn Fn(&Recovery) -> Option<f64>| {
            let values: Vec<f64> = told.iter().filter_map(|(_, recovery)| of(recovery)).collect();
            Summary::of(&values).ok()
        };
        let stale = |of: fn(&Recovery) -> Option<u64>| sum(told.iter().map(|(_, recovery)| of(recovery)));
        Some(Self {
            trials: told.len(),
            verdicts,
            detected: over(&|recovery| recovery.detected_after_ns.map(|ns| ns as f64)),
            to_recover: Times::of(times)?,
            never,
            before: over(&|recovery| Some(recovery.before.goodput_ops_per_s)),
            during: Summary::of(&told.iter().filter_map(|(trial, _)| figures::during(trial)).collect::<Vec<_>>()).ok(),
            after: over(&figures::after),
            worst: over(&figures::worst),
            worst_ops_per_s: over(&|recovery| Some(recovery.worst?.goodput_ops_per_s)),
            p99_before: over(&|recovery| recovery.before.p99_ns.map(|ns| ns as f64)),
            p99_during: over(&|recovery| recovery.during.p99_ns.map(|ns| ns as f64)),
            store_peak: over(&figures::store_peak),
            store_peak_ops_per_s: over(&figures::store_peak_rate),
            errors,
            shed: told.iter().map(|(_, recovery)| recovery.during.shed + recovery.after.shed).sum(),
            stale_during: stale(|recovery| recovery.during.stale_reads),
            stale_after: stale(|recovery| recovery.after.stale_reads),
            lost_writes: sum(told.iter().map(|(trial, _)| trial.audit.as_ref()?.lost_writes())),
        })
    }

    /// Operations shed that are none of the errors, and have to be told besides them.
    #[must_use]
    pub fn shed_besides(&self) -> u64 {
        self.shed.saturating_sub(self.errors.get("shed").copied().unwrap_or(0))
    }

    /// `recovered in 6 of 7 blocks, metastable in 1`; `unharmed in all 7 blocks`.
    #[must_use]
    pub fn verdict(&self, noun: &str) -> String {
        let trials = self.trials;
        let mut told = self.verdicts.iter();
        if let (Some((verdict, _)), None) = (told.next(), told.next()) {
            let all = if trials == 1 { format!("the {noun}") } else { format!("all {trials} {noun}s") };
            return format!("{} in {all}", name(*verdict));
        }
        let mut counts: Vec<(&RecoveryVerdict, &usize)> = self.verdicts.iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let one = |(place, (verdict, count)): (usize, &(&RecoveryVerdict, &usize))| match place {
            0 => format!("{} in {count} of {trials} {noun}s", name(**verdict)),
            _ => format!("{} in {count}", name(**verdict)),
        };
        counts.iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
    }

    /// The same where there is little room: `recovered 6 of 7, metastable 1`.
    pub(crate) fn verdict_briefly(&self) -> String {
        let mut counts: Vec<(&RecoveryVerdict, &usize)> = self.verdicts.iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let trials = self.trials;
        let one = |(place, (verdict, count)): (usize, &(&RecoveryVerdict, &usize))| match place {
            0 => format!("{} {count} of {trials}", name(**verdict)),
            _ => format!("{} {count}", name(**verdict)),
        };
        counts.iter().enumerate().map(one).collect::<Vec<_>>().join(", ")
    }

    /// Its errors by kind: `timeout 1,204, refused 3`; empty where there were none.
    pub(crate) fn errors_in_words(&self) -> String {
        let mut kinds: Vec<(&String, &u64)> = self.errors.iter().collect();
        kinds.sort_by_key(|(_, count)| std::cmp::Reverse(**count));
        let told = kinds.iter().map(|(kind, count)| format!("{kind} {}", units::count(**count as f64)));
        told.collect::<Vec<_>>().join(", ")
    }
}

/// The word for a verdict.
pub(crate) fn name(verdict: RecoveryVerdict) -> &'static str {
    match verdict {
        RecoveryVerdict::Unharmed => "unharmed",
        RecoveryVerdict::Degraded => "degraded",
        RecoveryVerdict::Recovered => "recovered",
        RecoveryVerdict::NotRecovered => "not recovered",
        RecoveryVerdict::Metastable => "metastable",
    }
}

/// What the words mean.
pub(crate) const WORDS: &str = "As before: goodput at least 90 %, hit ratio at least 95 % and p99 at most 1.2 times that before the first fault, or what nine in ten \
     of the windows before it keep, where that is less. Unharmed: no window \
     was worse than before by more than noise. Degraded: worse while the fault lasted, and as before as soon as it was over. Recovered: some time after it. Not recovered: \
     not by the end of the window. Metastable: 600 timeouts after the fault was over, goodput was still not as before.";

fn sum(counts: impl Iterator<Item = Option<u64>>) -> Option<u64> {
    counts.flatten().fold(None, |sum, count| Some(sum.unwrap_or(0) + count))
}

impl CellFigures<'_> {
    /// Whether it has none of the servers that the faults were to be done to, so that nothing was done to it.
    #[must_use]
    pub fn has_nothing_to_break(&self) -> bool {
        let mut faults = self.trials.iter().flat_map(|trial| &trial.faults).peekable();
        faults.peek().is_some() && faults.all(|fault| !fault.was_done())
    }

    /// How its valid trials went through their faults; none where there were no faults.
    #[must_use]
    pub fn recovered(&self) -> Option<Recovered> {
        Recovered::of(self.trials.iter().copied())
    }
}

/// How long a window of the trials' series is, in nanoseconds: what recoveries are told apart to. 0 where no trial with a fault has a
/// series that can be read.
pub(super) fn window_ns(run: &Run) -> f64 {
    let broken = run.trials.iter().filter(|trial| trial.recovery.is_some());
    let series = broken.take(3).find_map(|trial| run.series(trial).ok());
    series.map_or(0.0, |series| series.interval_ns as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recovery(verdict: RecoveryVerdict, after_s: Option<f64>) -> Recovery {
        let second = 1_000_000_000;
        Recovery {
            began_ns: 4 * second,
            over_ns: 8 * second,
            seen_until_ns: 20 * second,
            timeout_ns: second / 10,
            before: Default::default(),
            during: Default::default(),
            after: Default::default(),
            detected_after_ns: None,
            recovered_after_ns: after_s.map(|s| (s * 1e9) as u64),
            noise: None,
            as_before: None,
            harmed_again: None,
            looked_long: None,
            tail: None,
            usual_tail_ns: None,
            worst: None,
            verdict,
        }
    }

    fn of(recoveries: Vec<Recovery>) -> Recovered {
        let trials: Vec<Trial> =
            recoveries.into_iter().map(|it| Trial { recovery: Some(it), ..Trial::default() }).collect();
        Recovered::of(trials.iter()).unwrap()
    }

    #[test]
    fn the_peak_of_a_store_that_was_idle_is_a_rate() {
        let peak_of = |before: f64| {
            let mut told = recovery(RecoveryVerdict::Recovered, Some(1.0));
            told.before.store_ops_per_s = Some(before);
            told.after.store_peak_ops_per_s = Some(1_200.0);
            let found = of(vec![told]);
            (found.store_peak.map(|it| it.median), found.store_peak_ops_per_s.map(|it| it.median))
        };
        assert_eq!(peak_of(0.0), (None, Some(1_200.0)));
        assert_eq!(peak_of(100.0), (Some(12.0), Some(1_200.0)));
    }

    #[test]
    fn what_was_turned_away_is_told_once() {
        let shed_of = |counted: u64, among_errors: u64| {
            let mut told = recovery(RecoveryVerdict::Recovered, Some(1.0));
            (told.during.shed, told.during.errors) = (counted, BTreeMap::from([("shed".into(), among_errors)]));
            of(vec![told]).shed_besides()
        };
        assert_eq!((shed_of(90, 90), shed_of(90, 0), shed_of(90, 40)), (0, 90, 50));
    }

    #[test]
    fn what_was_not_seen_is_the_longest_and_says_so() {
        use RecoveryVerdict::{Metastable, Recovered, Unharmed};
        let found = of(vec![
            recovery(Metastable, None),
            recovery(Recovered, Some(1.5)),
            recovery(Recovered, Some(0.5)),
            recovery(Unharmed, Some(0.07)),
        ]);
        assert_eq!(found.to_recover.in_words(), "1.00 s (0 s to > 12.0 s)");
        assert_eq!((found.never, found.trials), (1, 4));
        assert_eq!(found.verdict("block"), "recovered in 2 of 4 blocks, unharmed in 1, metastable in 1");
        let half = of(vec![recovery(Metastable, None), recovery(Recovered, Some(1.5))]);
        assert_eq!(half.to_recover.in_words(), "> 12.0 s (1.50 s to > 12.0 s)");
        let stuck = of(vec![recovery(Metastable, None); 3]);
        assert_eq!(
            (stuck.to_recover.in_words(), stuck.verdict("block")),
            ("> 12.0 s".into(), "metastable in all 3 blocks".into())
        );
    }

    #[test]
    fn a_cell_without_faults_has_no_recovery() {
        assert_eq!(Recovered::of([Trial::default()].iter()), None);
    }
}
