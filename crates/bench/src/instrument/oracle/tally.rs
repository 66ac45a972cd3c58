//! What one driver thread has counted of the window's reads.

use super::age::{Age, WITHIN_NS};
use super::judge::Judged;
use super::session::KnownVersions;
use cachemark_results::{AgeHistograms, Checked, FreshWithin, Freshness, StaleCauses, TimeSummary};
use cachemark_stats::Histogram;

/// Counts of one thread, or of several together.
#[derive(Debug, Default)]
pub(super) struct Tally {
    /// Reads that were answered, and those that could not be judged: for want of a version, or because others may have
    /// written the value.
    pub(super) reads: u64,
    pub(super) without_version: u64,
    /// Of the former, those that had one, for which the oracle has no number.
    pub(super) out_of_reach: u64,
    pub(super) not_ours: u64,
    pub(super) corrupt: u64,
    pub(super) phantoms: u64,
    /// Values of an earlier trial.
    pub(super) left_over: u64,
    judged: u64,
    judged_hits: u64,
    stale: u64,
    stale_hits: u64,
    /// Of the stale reads of which it is known how many versions they were behind.
    lags: u64,
    lag_sum: u64,
    lag_max: u64,
    ages: Ages,
    /// Of the causes that nothing can refute any more.
    pub(super) causes: StaleCauses,
    regressions: u64,
    resurrected: u64,
    own: Checked,
    seen: Checked,
}

/// The ages of stale reads.
#[derive(Debug, Default)]
struct Ages {
    sure: Option<Histogram>,
    at_least: Option<Histogram>,
    untold: u64,
    /// How many are shown to be within each of [`WITHIN_NS`].
    within: [u64; WITHIN_NS.len()],
}

impl Tally {
    /// A read that could be judged.
    pub(super) fn judged(&mut self, judged: Judged, is_hit: bool) {
        self.judged += 1;
        self.judged_hits += u64::from(is_hit);
        self.regressions += u64::from(judged.regressed);
        self.resurrected += u64::from(judged.resurrected);
    }

    pub(super) fn judged_so_far(&self) -> crate::glance::Judged {
        crate::glance::Judged { reads: self.judged, stale: self.stale }
    }

    /// It was stale, by so many versions, if that is known, and for so long.
    pub(super) fn stale(&mut self, lag: Option<u32>, is_hit: bool, age: Age) {
        self.stale += 1;
        self.stale_hits += u64::from(is_hit);
        if let Some(lag) = lag.map(u64::from) {
            self.lags += 1;
            self.lag_sum += lag;
            self.lag_max = self.lag_max.max(lag);
        }
        self.ages.record(age);
    }

    /// The same read against what its session knew.
    pub(super) fn of_session(&mut self, version: u32, known: KnownVersions) {
        for (checked, known) in [(&mut self.own, known.written), (&mut self.seen, known.read)] {
            checked.reads += u64::from(known > 0);
            checked.violations += u64::from(version < known);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.reads += other.reads;
        self.without_version += other.without_version;
        self.out_of_reach += other.out_of_reach;
        self.not_ours += other.not_ours;
        self.corrupt += other.corrupt;
        self.phantoms += other.phantoms;
        self.left_over += other.left_over;
        self.judged += other.judged;
        self.judged_hits += other.judged_hits;
        self.stale += other.stale;
        self.stale_hits += other.stale_hits;
        self.lags += other.lags;
        self.lag_sum += other.lag_sum;
        self.lag_max = self.lag_max.max(other.lag_max);
        self.ages.merge(other.ages);
        self.causes.merge(&other.causes);
        self.regressions += other.regressions;
        self.resurrected += other.resurrected;
        for (mine, theirs) in [(&mut self.own, other.own), (&mut self.seen, other.seen)] {
            mine.reads += theirs.reads;
            mine.violations += theirs.violations;
        }
    }

    /// As the record has it, but for what only the table knows; and the ages' histograms, if there are any.
    pub(super) fn finish(self) -> (Freshness, Option<AgeHistograms>) {
        let fresh = self.judged - self.stale;
        let (within, ages_untold) = (WITHIN_NS.into_iter().zip(self.ages.within), self.ages.untold);
        let histograms = self.ages.histograms();
        let at_least = histograms.as_ref().and_then(|ages| ages.at_least.as_ref());
        let freshness = Freshness {
            reads: self.reads,
            without_version: self.without_version,
            out_of_reach: self.out_of_reach,
            not_ours: self.not_ours,
            judged: self.judged,
            judged_hits: self.judged_hits,
            stale: self.stale,
            stale_hits: self.stale_hits,
            lag_max: self.lag_max,
            lag_mean: (self.lags > 0).then(|| self.lag_sum as f64 / self.lags as f64),
            stale_age: histograms.as_ref().and_then(|ages| TimeSummary::of(ages.sure.as_ref()?)),
            ages_at_least: at_least.map_or(0, Histogram::count),
            age_at_least: at_least.and_then(Histogram::max),
            ages_untold,
            causes: Some(self.causes),
            fresh_within: within.map(|(within_ns, stale)| FreshWithin { within_ns, reads: fresh + stale }).collect(),
            regressions: self.regressions,
            own_writes: self.own,
            own_reads: self.seen,
            resurrected: self.resurrected,
            phantoms: self.phantoms,
            left_over: self.left_over,
            corrupt: self.corrupt,
            ..Freshness::default()
        };
        (freshness, histograms)
    }
}

impl Ages {
    fn record(&mut self, age: Age) {
        match age {
            Age::Sure(ns) => self.sure.get_or_insert_with(Histogram::new).record(ns),
            Age::Between { at_least, .. } => self.at_least.get_or_insert_with(Histogram::new).record(at_least),
            Age::Untold => self.untold += 1,
        }
        for (within, ns) in self.within.iter_mut().zip(WITHIN_NS) {
            *within += u64::from(age.is_within(ns));
        }
    }

    fn merge(&mut self, other: Self) {
        for (mine, theirs) in [(&mut self.sure, other.sure), (&mut self.at_least, other.at_least)] {
            match (mine.as_mut(), theirs) {
                (Some(mine), Some(theirs)) => mine.merge(&theirs),
                (None, theirs) => *mine = theirs,
                (Some(_), None) => {}
            }
        }
        self.untold += other.untold;
        for (mine, theirs) in self.within.iter_mut().zip(other.within) {
            *mine += theirs;
        }
    }

    fn histograms(self) -> Option<AgeHistograms> {
        let Self { sure, at_least, .. } = self;
        (sure.is_some() || at_least.is_some()).then_some(AgeHistograms { sure, at_least })
    }
}
