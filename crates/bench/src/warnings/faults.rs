//! What is to be said of a trial with faults.
//!
//! What fails from the beginning of the first fault to the end of the trial is a result, whatever became of the trial: it is in the recovery
//! figures, and no warning condemns it. Were what fails after a recovery condemned, an arm that recovers would be judged more harshly than
//! one that never does. Before the first fault the rules hold as ever, as far as it is known when something failed: the series tells it of
//! operations and of lookups. What cannot be told apart (calls of the whole trial, the servers' own counts) is not judged. A fault that was
//! not done or not undone makes its trial invalid, whatever was measured.

use crate::recovery::IN_A_ROW;
use cachemark_results::warning::{self, WarningKind};
use cachemark_results::{FaultSeen, Interval, MANY, RESTLESS, Series, Trial, Warning};

/// What a fault brings about by itself.
const OF_ANY: &[WarningKind] = &[
    warning::FAILURES,
    warning::CACHE_FAILURES,
    warning::OVERLOADED,
    warning::HELD_UP,
    warning::LANE_BOUND,
    warning::OFF_PREDICTION,
    warning::LATE_FLUSHES,
];
/// What a fault of a server does besides.
const OF_SERVERS: &[WarningKind] = &[warning::FOREIGN_TRAFFIC];
/// Losses: results too, but such as a reader must not miss.
const LOSSES: &[WarningKind] = &[warning::LOST_WRITES, warning::UNFLUSHED];

/// What was under way still after the trial's end: a result too, and such that the next trial may have had to bear it.
const LATE: &[WarningKind] = &[warning::NOT_DRAINED];

/// Puts what is to be said of a trial with faults in the place of what was said of it without knowing of them.
pub(crate) fn mind(trial: &mut Trial, series: &Series) {
    if trial.faults.is_empty() {
        return;
    }
    // What nobody did brings nothing about.
    if !trial.faults.iter().any(FaultSeen::was_done) {
        trial.warnings.extend(noisy(trial));
        return;
    }
    let on_a_server = trial.faults.iter().any(acted_on_a_server);
    let is_result = |told: &Warning| {
        let of = |kinds: &[WarningKind]| kinds.iter().any(|kind| told.is(*kind));
        of(OF_ANY) || (on_a_server && of(OF_SERVERS))
    };
    let mut warnings = std::mem::take(&mut trial.warnings);
    warnings.retain(|told| !is_result(told));
    for told in &mut warnings {
        let of = |kinds: &[WarningKind]| kinds.iter().any(|kind| told.is(*kind));
        let lost = on_a_server && of(LOSSES);
        if of(LATE) || lost {
            let kind = if lost { warning::LOST_IN_FAULT } else { warning::LATE_AFTER_FAULT };
            *told = Warning::new(kind, format!("after the faults of the timeline: {}", told.text));
        }
    }
    warnings.extend(trial.faults.iter().filter_map(not_done));
    warnings.extend(over_too_late(trial, series));
    warnings.extend(before(trial, series));
    warnings.extend(noisy(trial));
    trial.warnings = warnings;
}

/// Whether something was done to a server.
fn acted_on_a_server(fault: &FaultSeen) -> bool {
    !fault.server.is_empty()
}

fn not_done(fault: &FaultSeen) -> Option<Warning> {
    let said = fault.failed.as_ref()?;
    let what = match (fault.began_ns, fault.ended_ns) {
        (None, _) => "was not done",
        (Some(_), None) => "was not undone",
        (Some(_), Some(_)) => "was undone late",
    };
    let text = format!("{} of the {} {what}, so this trial is invalid: {said}", fault.kind, fault.target);
    Some(Warning::invalidating(warning::FAULT_FAILED, text))
}

/// Of a fault that was over so late that what it left cannot be judged, though there was to be time for it.
fn over_too_late(trial: &Trial, series: &Series) -> Option<Warning> {
    let told = trial.recovery.as_ref()?;
    let room = |over_ns: u64| told.seen_until_ns.saturating_sub(over_ns) >= IN_A_ROW as u64 * series.interval_ns;
    let failed = |fault: &FaultSeen| fault.failed.is_some();
    if room(told.over_ns) || trial.faults.iter().any(|fault| failed(fault) || !room(fault.until_ns)) {
        return None;
    }
    let over = told.over_ns as f64 / 1e9;
    let text = format!(
        "the last fault was over at {over:.1} s only, too late to see what came after it, so this trial is invalid"
    );
    Some(Warning::invalidating(warning::FAULT_FAILED, text + ": make duration-ms longer"))
}

/// What failed before anything was done to anything.
fn before(trial: &Trial, series: &Series) -> Vec<Warning> {
    let planned = || trial.faults.iter().map(|fault| fault.at_ns).min().unwrap_or(0);
    let began_ns = trial.recovery.as_ref().map_or_else(planned, |told| told.began_ns);
    let calm = || series.intervals.iter().filter(|interval| interval.start_ns + series.interval_ns <= began_ns);
    let sum = |of: fn(&Interval) -> u64| calm().map(of).sum::<u64>();
    let mut warnings = Vec::new();
    let (failed, operations) = (sum(|each| each.failures), sum(|each| each.operations));
    if failed as f64 > MANY * operations as f64 {
        let words = trial.failures_in_words();
        let text = format!("{failed} of {operations} operations failed before the first fault");
        warnings.push(Warning::new(warning::FAILURES, format!("{text}; of the whole window: {words}")));
    }
    let (failed, asked) = (sum(|each| each.failed_lookups.unwrap_or(0)), sum(|each| each.hits + each.misses));
    if failed as f64 > MANY * asked as f64 {
        let text = format!("the cache failed {failed} of {asked} lookups before the first fault");
        warnings.push(Warning::new(warning::CACHE_FAILURES, text));
    }
    warnings
}

/// Windows that differ so much by themselves that what comes after looks worse than it is.
fn noisy(trial: &Trial) -> Option<Warning> {
    let told = trial.recovery.as_ref()?;
    let noise = told.noise.filter(|noise| *noise >= RESTLESS)?;
    let text = format!(
        "{:.0} % of the windows before the first fault differ from the usual by more than a recovery may",
        noise * 100.0
    );
    let help = "what counts as recovered was widened to what most of them keep, and small harm is not seen";
    Some(Warning::new(warning::NOISY_BEFORE, format!("{text}: {help}; make interval-ms longer, or the load greater")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample_trials::calm;
    use cachemark_results::{Recovery, RecoveryVerdict, SCHEMA_VERSION};

    const S: u64 = 1_000_000_000;

    fn fault(server: &str) -> FaultSeen {
        FaultSeen {
            kind: "freeze".into(),
            target: "cache".into(),
            server: server.into(),
            actor: if server.is_empty() { "load" } else { "process" }.into(),
            at_ns: 3 * S,
            until_ns: 4 * S,
            began_ns: Some(3 * S + 1),
            ended_ns: Some(4 * S),
            ..FaultSeen::default()
        }
    }

    fn recovery(verdict: RecoveryVerdict, recovered_after_s: Option<u64>) -> Recovery {
        serde_json::from_value(serde_json::json!({
            "began_ns": 3 * S + 1, "over_ns": 4 * S, "seen_until_ns": 10 * S, "timeout_ns": S / 100,
            "before": cachemark_results::RecoveryPhase::default(), "during": cachemark_results::RecoveryPhase::default(),
            "after": cachemark_results::RecoveryPhase::default(), "verdict": verdict, "noise": 0.0,
            "recovered_after_ns": recovered_after_s.map(|seconds| seconds * S),
        }))
        .unwrap()
    }

    /// Ten seconds of 1,000 operations, of which these of each fail, as lookups and as operations.
    fn series(failures: [u64; 10]) -> Series {
        let intervals = (0..).zip(failures).map(|(index, failures)| Interval {
            start_ns: index * S,
            operations: 1_000,
            failures,
            misses: 1_000,
            failed_lookups: Some(failures),
            ..Interval::default()
        });
        Series { schema_version: SCHEMA_VERSION, interval_ns: S, intervals: intervals.collect() }
    }

    fn minded(mut trial: Trial, failures: [u64; 10], warnings: &[WarningKind]) -> Vec<(String, bool)> {
        trial.warnings = warnings.iter().map(|kind| Warning::new(*kind, "said")).collect();
        mind(&mut trial, &series(failures));
        trial.warnings.into_iter().map(|told| (told.code, told.invalidates)).collect()
    }

    fn codes(told: &[(String, bool)]) -> Vec<&str> {
        told.iter().map(|(code, _)| code.as_str()).collect()
    }

    fn trial(server: &str, verdict: RecoveryVerdict, recovered_after_s: Option<u64>) -> Trial {
        Trial { faults: vec![fault(server)], recovery: Some(recovery(verdict, recovered_after_s)), ..calm() }
    }

    const INSIDE: [u64; 10] = [0, 0, 0, 900, 900, 500, 0, 0, 0, 0];
    const SAID: [WarningKind; 5] = [
        warning::FAILURES,
        warning::CACHE_FAILURES,
        warning::FOREIGN_TRAFFIC,
        warning::BAD_STAMPS,
        warning::OVERLOADED,
    ];

    const OUTCOMES: [(RecoveryVerdict, Option<u64>); 5] = [
        (RecoveryVerdict::Unharmed, Some(0)),
        (RecoveryVerdict::Degraded, Some(0)),
        (RecoveryVerdict::Recovered, Some(2)),
        (RecoveryVerdict::NotRecovered, None),
        (RecoveryVerdict::Metastable, None),
    ];

    #[test]
    fn what_fails_from_the_first_fault_on_is_a_result_and_damage_is_none() {
        let recovered = trial("redis", RecoveryVerdict::Recovered, Some(2));
        assert_eq!(codes(&minded(recovered, INSIDE, &SAID)), ["bad-stamps"]);
        let of_the_load = trial("", RecoveryVerdict::Recovered, Some(2));
        assert_eq!(codes(&minded(of_the_load, INSIDE, &SAID)), ["foreign-traffic", "bad-stamps"]);
        assert_eq!(codes(&minded(calm(), INSIDE, &SAID)).len(), 5, "a trial without faults");
    }

    /// An arm that sheds once it is as before is not worse than one that never is.
    #[test]
    fn no_trial_is_judged_by_what_became_of_it() {
        let later = [0, 0, 0, 900, 900, 500, 9, 9, 9, 9];
        for (verdict, recovered_after_s) in OUTCOMES {
            let of =
                |failures, said: &[WarningKind]| minded(trial("redis", verdict, recovered_after_s), failures, said);
            assert_eq!(codes(&of(later, &SAID)), ["bad-stamps"], "{verdict:?}: all of it came after the first fault");
            let before = [0, 10, 0, 900, 900, 500, 0, 0, 0, 0];
            assert_eq!(codes(&of(before, &[])), ["failures", "cache-failures"], "{verdict:?}: some came before it");
            let under_way = of(INSIDE, &[warning::NOT_DRAINED]);
            assert_eq!(codes(&under_way), ["late-after-fault"], "{verdict:?}");
        }
    }

    #[test]
    fn what_is_lost_or_under_way_still_is_told() {
        let said = [warning::NOT_DRAINED, warning::LOST_WRITES];
        let well = trial("postgres", RecoveryVerdict::Degraded, Some(2));
        assert_eq!(codes(&minded(well, INSIDE, &said)), ["late-after-fault", "lost-in-fault"]);
        let of_the_load = trial("", RecoveryVerdict::Degraded, Some(2));
        assert_eq!(codes(&minded(of_the_load, INSIDE, &said)), ["late-after-fault", "lost-writes"]);
    }

    #[test]
    fn a_fault_that_was_not_done_or_undone_invalidates_whatever_was_measured() {
        for (began_ns, ended_ns, what) in
            [(None, None, "was not done"), (Some(3 * S), None, "was not undone"), (Some(3 * S), Some(9 * S), "late")]
        {
            let failed = FaultSeen { began_ns, ended_ns, failed: Some("it said no".into()), ..fault("redis") };
            let mut trial = Trial { faults: vec![failed], ..calm() };
            mind(&mut trial, &series([0; 10]));
            let told = trial.invalid_because().unwrap();
            assert!(told.is(warning::FAULT_FAILED) && told.text.contains(what) && told.text.contains("it said no"));
        }
    }

    /// Planned to be over at 4 s of ten, and over where nothing is left to see.
    #[test]
    fn a_fault_that_was_over_too_late_to_see_anything_invalidates() {
        let over = |over_s: u64| {
            let mut trial = trial("redis", RecoveryVerdict::NotRecovered, None);
            trial.recovery.as_mut().unwrap().over_ns = over_s * S;
            codes(&minded(trial, [0; 10], &[])).len()
        };
        assert_eq!((over(7), over(8)), (0, 1));
    }

    /// It has no such server: its failures are its own.
    #[test]
    fn where_nothing_was_done_the_rules_hold() {
        let mut spared = trial("", RecoveryVerdict::Unharmed, Some(0));
        spared.faults[0].actor = "none".into();
        assert_eq!(minded(spared, INSIDE, &SAID).len(), 5);
    }

    #[test]
    fn noise_before_is_told() {
        let with = |noise| {
            let recovery = Recovery { noise: Some(noise), ..recovery(RecoveryVerdict::Unharmed, Some(0)) };
            minded(Trial { recovery: Some(recovery), ..trial("redis", RecoveryVerdict::Unharmed, None) }, [0; 10], &[])
        };
        assert_eq!((codes(&with(0.19)).len(), codes(&with(0.2))), (0, vec!["noisy-before"]));
    }
}
