//! How a trial went through the faults of its timeline.

use super::{Figure, Measure, Needs, OfTrial, Shown};
use crate::schema::recovery::{Phase, Recovery, RecoveryVerdict};
use crate::schema::trial::Trial;
use cachemark_stats::Direction;
use cachemark_stats::Direction::{HigherIsBetter, LowerIsBetter};

/// How long until it was seen.
pub const DETECT: &Figure = &figure(
    ("recovery.detect", "time to detect"),
    "From the first fault to the end of the first interval that was worse than before by more than noise; none where none was",
    (Measure::Time, LowerIsBetter),
    |trial| told(trial)?.detected_after_ns.map(|ns| ns as f64),
);
/// How long until it was over.
pub const TIME: &Figure = &figure(
    ("recovery.time", "time to recover"),
    "From the end of the last fault to the first of three intervals in a row that were as before (goodput at least 90 %, hit ratio at \
     least 95 %, p99 at most 1.2 times that, or what nine in ten intervals before it keep, where that is less); 0 where nothing was harmed. Where it never recovered, the time from the fault's declared \
     end to the window's, which no recovery can take longer: it is longer in truth, and recovery.recovered is 0",
    (Measure::Time, LowerIsBetter),
    |trial| Some(told(trial)?.recovered_after_ns.unwrap_or_else(|| horizon(trial)) as f64),
);
/// Whether it was over.
pub const RECOVERED: &Figure = &figure(
    ("recovery.recovered", "recovered"),
    "1 where the trial recovered from its faults, or was not harmed, 0 where it did not by the window's end; of several trials their \
     share",
    (Measure::Share, HigherIsBetter),
    |trial| told(trial).map(|told| f64::from(u8::from(told.recovered_after_ns.is_some()))),
);
/// Whether it keeps itself down.
pub const METASTABLE: &Figure = &figure(
    ("recovery.metastable", "metastable"),
    "1 where goodput was not as before though the last fault was over for 600 operation timeouts, 0 where it was; not measured where it \
     was not looked at for so long and had not recovered by then",
    (Measure::Share, LowerIsBetter),
    metastable,
);
/// What was answered meanwhile.
pub const GOODPUT_DURING: &Figure = &figure(
    ("recovery.goodput_during", "goodput during"),
    "Operations answered per second while a fault was in place, of one of a moment in the interval in which it was done, over those \
     before the first",
    (Measure::Ratio, HigherIsBetter),
    |trial| ratio(trial, |told| &told.during, goodput),
);
/// What was answered afterwards.
pub const GOODPUT_AFTER: &Figure = &figure(
    ("recovery.goodput_after", "goodput after"),
    "Operations answered per second after the last fault, over those before the first",
    (Measure::Ratio, HigherIsBetter),
    |trial| ratio(trial, |told| &told.after, goodput),
);
/// What was answered at worst.
pub const GOODPUT_WORST: &Figure = &figure(
    ("recovery.goodput_worst", "goodput, worst"),
    "Operations answered per second in the worst interval from the first fault on, over those before it",
    (Measure::Ratio, HigherIsBetter),
    |trial| {
        let told = told(trial)?;
        Some(told.worst?.goodput_ops_per_s / told.before.goodput_ops_per_s)
    },
);
/// The store's peak meanwhile.
pub const STORE_PEAK_DURING: &Figure = &figure(
    ("recovery.store_peak_during", "store peak during"),
    "The most store operations that ended in one interval while a fault was in place, over the mean of those before the first",
    (Measure::Ratio, LowerIsBetter),
    |trial| over_usual_store(trial, |told| &told.during),
);
/// The store's peak afterwards.
pub const STORE_PEAK_AFTER: &Figure = &figure(
    ("recovery.store_peak_after", "store peak after"),
    "The most store operations that ended in one interval after the last fault, over the mean of those before the first",
    (Measure::Ratio, LowerIsBetter),
    |trial| over_usual_store(trial, |told| &told.after),
);
/// What failed meanwhile.
pub const ERRORS_DURING: &Figure = &figure(
    ("recovery.errors_during", "errors during"),
    "Operations that failed, were shed or have an unknown end while a fault was in place",
    (Measure::Count, LowerIsBetter),
    |trial| phase(trial, |told| &told.during).map(|phase| failed(phase) as f64),
);
/// What failed afterwards.
pub const ERRORS_AFTER: &Figure = &figure(
    ("recovery.errors_after", "errors after"),
    "Operations that failed, were shed or have an unknown end after the last fault",
    (Measure::Count, LowerIsBetter),
    |trial| phase(trial, |told| &told.after).map(|phase| failed(phase) as f64),
);
/// What was stale meanwhile.
pub const STALE_DURING: &Figure = &figure(
    ("recovery.stale_during", "stale reads during"),
    "Stale reads that ended while a fault was in place",
    (Measure::Count, LowerIsBetter),
    |trial| phase(trial, |told| &told.during)?.stale_reads.map(|stale| stale as f64),
);
/// What was stale afterwards.
pub const STALE_AFTER: &Figure = &figure(
    ("recovery.stale_after", "stale reads after"),
    "Stale reads that ended after the last fault",
    (Measure::Count, LowerIsBetter),
    |trial| phase(trial, |told| &told.after)?.stale_reads.map(|stale| stale as f64),
);
/// The tail meanwhile.
pub const P99_DURING: &Figure = &figure(
    ("recovery.p99_during", "p99 during"),
    "99th percentile of the response time (in a closed loop the service time) of what was answered while a fault was in place; takes \
     1,000 answers",
    (Measure::Time, LowerIsBetter),
    |trial| phase(trial, |told| &told.during)?.p99_ns.map(|ns| ns as f64),
);
/// The tail afterwards.
pub const P99_AFTER: &Figure = &figure(
    ("recovery.p99_after", "p99 after"),
    "99th percentile of the response time (in a closed loop the service time) of what was answered after the last fault; takes 1,000 \
     answers",
    (Measure::Time, LowerIsBetter),
    |trial| phase(trial, |told| &told.after)?.p99_ns.map(|ns| ns as f64),
);

const fn figure(
    (name, title): (&'static str, &'static str),
    meaning: &'static str,
    (unit, better): (Measure, Direction),
    read: OfTrial,
) -> Figure {
    let needs = Needs::Faults;
    Figure { name, title, meaning, unit, better, needs, read, over_time: None, share_of: None, shown: Shown::OnRequest }
}

fn told(trial: &Trial) -> Option<&Recovery> {
    trial.recovery.as_ref()
}

/// None where it was not looked at for long enough to tell.
fn metastable(trial: &Trial) -> Option<f64> {
    let told = told(trial)?;
    let is_told = told.recovered_after_ns.is_some() || told.looked_long != Some(false);
    is_told.then(|| f64::from(u8::from(told.verdict == RecoveryVerdict::Metastable)))
}

/// What stands for a recovery that never came: as much in every trial of a plan, and no less than any that came.
fn horizon(trial: &Trial) -> u64 {
    let Some(told) = told(trial) else { return 0 };
    let declared = trial.faults.iter().map(|fault| fault.until_ns).max();
    told.seen_until_ns.saturating_sub(declared.unwrap_or(told.over_ns))
}

/// Whether a trial's figure is a bound that the truth lies beyond: a time to recover of one that never did.
#[must_use]
pub fn is_bound(figure: &Figure, trial: &Trial) -> bool {
    figure == TIME && told(trial).is_some_and(|told| told.recovered_after_ns.is_none())
}

/// A phase that has any window.
fn phase(trial: &Trial, of: fn(&Recovery) -> &Phase) -> Option<&Phase> {
    Some(of(told(trial)?)).filter(|phase| phase.end_ns > phase.start_ns)
}

fn goodput(phase: &Phase) -> f64 {
    phase.goodput_ops_per_s
}

fn failed(phase: &Phase) -> u64 {
    phase.operations.saturating_sub(phase.answered)
}

fn ratio(trial: &Trial, of: fn(&Recovery) -> &Phase, value: fn(&Phase) -> f64) -> Option<f64> {
    Some(value(phase(trial, of)?) / value(&told(trial)?.before))
}

fn over_usual_store(trial: &Trial, of: fn(&Recovery) -> &Phase) -> Option<f64> {
    Some(phase(trial, of)?.store_peak_ops_per_s? / told(trial)?.before.store_ops_per_s?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::WorstWindow;

    fn phase_of(start_ns: u64, end_ns: u64, goodput: f64) -> Phase {
        Phase {
            start_ns,
            end_ns,
            operations: 100,
            answered: 80,
            goodput_ops_per_s: goodput,
            p99_ns: Some(7),
            store_ops_per_s: Some(50.0),
            store_peak_ops_per_s: Some(goodput),
            stale_reads: Some(3),
            ..Phase::default()
        }
    }

    fn trial(recovered_after_ns: Option<u64>, verdict: RecoveryVerdict) -> Trial {
        let recovery = Recovery {
            began_ns: 100,
            over_ns: 200,
            seen_until_ns: 900,
            timeout_ns: 1,
            before: phase_of(0, 100, 1000.0),
            during: phase_of(100, 200, 250.0),
            after: phase_of(200, 900, 800.0),
            detected_after_ns: Some(40),
            recovered_after_ns,
            noise: Some(0.0),
            as_before: None,
            harmed_again: None,
            looked_long: None,
            tail: None,
            usual_tail_ns: None,
            worst: Some(WorstWindow { start_ns: 100, goodput_ops_per_s: 100.0, p99_ns: None, hit_ratio: None }),
            verdict,
        };
        Trial { recovery: Some(recovery), ..Trial::default() }
    }

    /// The fault was to be over at 150 and was at 200: a trial that was undone sooner has no longer horizon, so none is better for that.
    #[test]
    fn what_never_recovered_counts_as_all_that_was_to_be_looked_at() {
        let never = |over_ns| {
            let mut trial = trial(None, RecoveryVerdict::NotRecovered);
            trial.recovery.as_mut().unwrap().over_ns = over_ns;
            trial.faults = vec![crate::FaultSeen { until_ns: 150, ..crate::FaultSeen::default() }];
            trial
        };
        assert_eq!((TIME.of(&never(200)), TIME.of(&never(600))), (Some(750.0), Some(750.0)));
        let back = trial(Some(300), RecoveryVerdict::Recovered);
        assert_eq!(
            [is_bound(TIME, &never(200)), is_bound(RECOVERED, &never(200)), is_bound(TIME, &back)],
            [true, false, false]
        );
    }

    #[test]
    fn whether_it_stays_down_is_not_measured_where_it_was_not_looked_at_for_long_enough() {
        let of = |recovered, verdict, looked_long| {
            let mut trial = trial(recovered, verdict);
            trial.recovery.as_mut().unwrap().looked_long = looked_long;
            METASTABLE.of(&trial)
        };
        assert_eq!(of(None, RecoveryVerdict::NotRecovered, Some(false)), None);
        assert_eq!(of(None, RecoveryVerdict::NotRecovered, Some(true)), Some(0.0));
        assert_eq!(of(None, RecoveryVerdict::Metastable, Some(true)), Some(1.0));
        assert_eq!(of(Some(300), RecoveryVerdict::Recovered, Some(false)), Some(0.0));
        assert_eq!(of(None, RecoveryVerdict::NotRecovered, None), Some(0.0), "a record of before");
    }

    #[test]
    fn a_recovery_is_read_off_its_phases() {
        let trial = trial(Some(300), RecoveryVerdict::Recovered);
        for (figure, value) in [
            (DETECT, 40.0),
            (TIME, 300.0),
            (RECOVERED, 1.0),
            (METASTABLE, 0.0),
            (GOODPUT_DURING, 0.25),
            (GOODPUT_AFTER, 0.8),
            (GOODPUT_WORST, 0.1),
            (STORE_PEAK_DURING, 5.0),
            (STORE_PEAK_AFTER, 16.0),
            (ERRORS_DURING, 20.0),
            (ERRORS_AFTER, 20.0),
            (STALE_DURING, 3.0),
            (STALE_AFTER, 3.0),
            (P99_DURING, 7.0),
            (P99_AFTER, 7.0),
        ] {
            assert_eq!(figure.of(&trial), Some(value), "{figure:?}");
            assert_eq!(figure.of(&Trial::default()), None, "{figure:?}");
        }
    }

    #[test]
    fn what_never_recovered_has_the_horizon_and_says_so() {
        let stuck = trial(None, RecoveryVerdict::Metastable);
        let of = |figure: &Figure| figure.of(&stuck).unwrap();
        assert_eq!((of(TIME), of(RECOVERED), of(METASTABLE)), (700.0, 0.0, 1.0));
    }

    #[test]
    fn a_phase_without_a_window_has_no_figure() {
        let mut none = trial(Some(0), RecoveryVerdict::Unharmed);
        none.recovery.as_mut().unwrap().during = Phase::default();
        for figure in [GOODPUT_DURING, STORE_PEAK_DURING, ERRORS_DURING, STALE_DURING, P99_DURING] {
            assert_eq!(figure.of(&none), None, "{figure:?}");
        }
    }
}
