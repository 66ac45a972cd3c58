//! The arrivals of an open loop: how many were offered, and how late they were sent.

use super::times::is_answered;
use crate::definition::OpenLoopOptions;
use cachemark_results::{BucketHistogram, Histograms, OpenLoop, TimeSummary, Trial};
use cachemark_stats::Counts;

/// Arrivals whose intended start lies in the window. All nothing in a closed loop.
#[derive(Debug, Default)]
pub(crate) struct Arrivals {
    pub(super) offered: u64,
    pub(super) late: u64,
    pub(super) shed: u64,
    pub(super) unsent: u64,
    /// Actual - intended start, of every operation issued.
    pub(super) schedule_lag: Option<Counts>,
    /// The same of those that waited for none in flight: the client's own lag.
    pub(super) client_lag: Option<Counts>,
}

impl Arrivals {
    pub(super) fn thread() -> Self {
        Self::default()
    }

    pub(super) fn issued(&mut self, lag_ns: u64, held_up: bool) {
        self.schedule_lag.get_or_insert_with(Counts::new).record(lag_ns);
        if !held_up {
            self.client_lag.get_or_insert_with(Counts::new).record(lag_ns);
        }
    }

    pub(super) fn merge(&mut self, other: Self) {
        self.offered += other.offered;
        self.late += other.late;
        self.shed += other.shed;
        self.unsent += other.unsent;
        merge_lag(&mut self.schedule_lag, other.schedule_lag);
        merge_lag(&mut self.client_lag, other.client_lag);
    }

    /// Every arrival is issued, shed or unsent: the sum must be what was offered. A difference is a fault of the program.
    pub(super) fn finish(self, options: OpenLoopOptions, rate: f64, trial: &mut Trial, histograms: &Histograms) {
        let Self { offered, late, shed, unsent, schedule_lag, client_lag } = self;
        let issued = trial.totals.issued;
        assert_eq!(offered, issued + shed + unsent, "every arrival of the window must be accounted for");
        let response = |wanted: fn(&BucketHistogram) -> bool| {
            TimeSummary::of(&histograms.merged_responses(|bucket| is_answered(bucket) && wanted(bucket))?)
        };
        trial.open_loop = Some(OpenLoop {
            process: options.process.name().into(),
            offered_per_s: rate,
            max_in_flight: options.max_in_flight,
            when_full: options.when_full.name().into(),
            offered,
            late,
            shed,
            unsent,
            schedule_lag: summed_up(schedule_lag),
            client_lag: summed_up(client_lag),
            read_response: response(|bucket| bucket.operation == "read"),
            write_response: response(|bucket| bucket.operation != "read"),
            all_response: response(|_| true),
        });
    }
}

fn summed_up(lag: Option<Counts>) -> Option<TimeSummary> {
    TimeSummary::of(&lag?.histogram())
}

fn merge_lag(mine: &mut Option<Counts>, theirs: Option<Counts>) {
    match (mine.as_mut(), theirs) {
        (Some(mine), Some(theirs)) => mine.merge(&theirs),
        (None, theirs) => *mine = theirs,
        (Some(_), None) => {}
    }
}
