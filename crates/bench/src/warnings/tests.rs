use super::of;
use crate::sample_trials::{calm, open, times};
use cachemark_core::{LostWrites, OpError};
use cachemark_results::{CacheOperations, FailedCalls, Freshness, HostNoise, HostUse, Trial, Warning};
use std::collections::BTreeMap;

fn codes(trial: &Trial) -> Vec<String> {
    of(trial, &Ok(()), false).into_iter().map(|warning| warning.code).collect()
}

fn only(trial: &Trial) -> Warning {
    let [warning] = &of(trial, &Ok(()), false)[..] else { panic!("{:?}", of(trial, &Ok(()), false)) };
    warning.clone()
}

#[test]
fn a_calm_trial_gives_no_warning() {
    assert_eq!(codes(&calm()), [""; 0]);
    assert_eq!(codes(&open(|_| ())), [""; 0]);
}

#[test]
fn a_strategy_that_did_not_come_to_rest_or_lost_something_is_told() {
    let told = |error| {
        let [warning] = &of(&calm(), &Err(error), false)[..] else { panic!("one warning") };
        (warning.code.clone(), warning.text.clone())
    };
    assert_eq!(told(OpError::Deadline).0, "not-drained");
    let waited = std::time::Duration::ZERO;
    let lost = LostWrites { queued_keys: 0, refused_keys: 7, writes: 9, waited, said: None, unfinished: None };
    let (code, text) = told(OpError::Lost(Box::new(lost.clone())));
    assert_eq!(code, "unflushed");
    assert!(text.contains("the last acknowledged write of 7 keys (of 9 acknowledged writes)"), "{text}");
    let both = of(&calm(), &Err(OpError::Lost(Box::new(lost.beside(OpError::Deadline)))), false);
    assert_eq!(both.iter().map(|warning| warning.code.as_str()).collect::<Vec<_>>(), ["unflushed", "not-drained"]);
}

#[test]
fn reads_that_the_oracle_has_no_number_for_are_told() {
    let told = |out_of_reach| Freshness { reads: 10, without_version: 4, out_of_reach, ..Freshness::default() };
    let of = |out_of_reach| Trial { freshness: Some(told(out_of_reach)), ..calm() };
    assert_eq!(codes(&of(0)), [""; 0]);
    let warning = only(&of(3));
    assert_eq!((warning.code.as_str(), warning.invalidates), ("out-of-reach", false));
    assert!(warning.text.starts_with("3 of 10 reads were answered with versions too far apart"), "{}", warning.text);
}

#[test]
fn failed_reads_of_the_scan_are_told_by_kind() {
    let scan_errors = [("timeout", 3), ("rejected", 1)].map(|(kind, count)| (kind.to_owned(), count)).into();
    let warning = only(&Trial { scan_errors, ..calm() });
    assert_eq!((warning.code.as_str(), warning.invalidates), ("scan-failures", false));
    assert!(warning.text.starts_with("4 reads of the scan failed (rejected 1, timeout 3)"), "{}", warning.text);
}

#[test]
fn a_read_that_found_what_nobody_wrote_is_told() {
    let freshness = |phantoms| Some(cachemark_results::Freshness { phantoms, ..Default::default() });
    let warning = only(&Trial { freshness: freshness(2), ..calm() });
    assert_eq!((warning.code.as_str(), warning.invalidates), ("phantoms", false));
    assert!(warning.text.starts_with("2 reads found what nobody can have written"), "{}", warning.text);
    assert_eq!(codes(&Trial { freshness: freshness(0), ..calm() }), [""; 0]);
}

#[test]
fn a_busy_client_labels_a_closed_loop_and_invalidates_an_open_one() {
    let closed = only(&Trial { client_cpu: Some(0.95), ..calm() });
    assert_eq!((closed.code.as_str(), closed.invalidates), ("client-bound", false));
    let open = only(&Trial { client_cpu: Some(0.95), ..open(|_| ()) });
    assert_eq!((open.code.as_str(), open.invalidates), ("client-bound-open", true));
    assert!(open.text.contains("busy 95 %"), "{}", open.text);
}

/// The one warning of a trial whose servers nobody sees.
fn elsewhere(trial: &Trial) -> Vec<(String, bool)> {
    of(trial, &Ok(()), true).into_iter().map(|warning| (warning.code, warning.invalidates)).collect()
}

#[test]
fn a_lag_is_measured_by_one_limit_whatever_the_response() {
    let late = |lag_ns, response_ns| {
        open(|open| {
            open.client_lag = times(lag_ns);
            open.all_response = times(response_ns);
        })
    };
    for response_ns in [200_000, 50_000_000, 5_000_000_000] {
        assert_eq!(elsewhere(&late(10_000_001, response_ns)), [("client-bound-open".to_owned(), true)]);
        assert_eq!(elsewhere(&late(10_000_000, response_ns)), [("schedule-lag".to_owned(), false)]);
        assert_eq!(elsewhere(&late(1_000_000, response_ns)), []);
        // Where cache and store share the processors with the client, nobody knows whose doing it is.
        assert_eq!(only(&late(90_000_000, response_ns)).code, "schedule-lag");
    }
    // Too few arrivals for a percentile tell nothing of the lag.
    assert_eq!(codes(&open(|open| open.client_lag = None)), [""; 0]);
}

#[test]
fn a_busy_client_is_named_with_its_lag() {
    let server_cpu = BTreeMap::from([("redis".to_owned(), 0.4)]);
    let busy = Trial { server_cpu, client_cpu: Some(0.95), ..open(|open| open.client_lag = times(19_000_000)) };
    assert!(only(&busy).invalidates);
    let [warning] = &of(&busy, &Ok(()), true)[..] else { panic!("{:?}", of(&busy, &Ok(()), true)) };
    assert!(
        warning.text.contains("busy 95 %") && warning.text.contains("19.0 ms late, where 10.0 ms may be"),
        "{warning:?}"
    );
}

#[test]
fn a_client_that_does_not_send_what_is_due_was_the_limit() {
    let behind = open(|open| open.unsent = 11);
    assert!(only(&behind).invalidates, "{:?}", only(&behind));
    assert!(!only(&open(|open| (open.unsent, open.late) = (11, 3))).invalidates, "the stack held them up");
}

#[test]
fn a_stack_that_holds_arrivals_up_is_told_and_measured() {
    let held_up = |late, shed, unsent| open(|open| (open.late, open.shed, open.unsent) = (late, shed, unsent));
    assert_eq!(codes(&held_up(3, 3, 4)), [""; 0]);
    let waited = only(&held_up(3, 4, 4));
    assert_eq!((waited.code.as_str(), waited.invalidates), ("held-up", false));
    assert!(waited.text.contains("of 10000 arrivals 3 waited for one of"), "{}", waited.text);
    assert_eq!(codes(&held_up(0, 5, 5)), [""; 0]);
    assert_eq!(codes(&held_up(0, 11, 0)), ["overloaded"]);
    let many = only(&held_up(3, 4, 7));
    assert_eq!((many.code.as_str(), many.invalidates), ("overloaded", false));
    assert!(many.text.contains("of 10000 arrivals 11 were not sent, and 3 late"), "{}", many.text);
}

#[test]
fn neighbours_and_steal_are_told_of_the_window() {
    let noise = |others_cpu, steal| {
        let window = HostUse { others_cpu, steal, ..HostUse::default() };
        let whole = HostUse { others_cpu: Some(1.0), steal: Some(1.0), ..HostUse::default() };
        Trial { host: Some(HostNoise { window, whole }), ..calm() }
    };
    assert_eq!(codes(&noise(Some(0.2), Some(0.05))), [""; 0]);
    assert_eq!(codes(&noise(None, None)), [""; 0]);
    assert_eq!(codes(&noise(Some(0.21), Some(0.06))), ["neighbours", "steal"]);
    assert!(of(&noise(Some(0.5), Some(0.5)), &Ok(()), false).iter().all(|warning| !warning.invalidates));
}

fn counted(gets: u64, ours: u64, failed: u64) -> Trial {
    let cache_whole = CacheOperations { gets: ours, errors: failed, ..CacheOperations::default() };
    let cache_counters = BTreeMap::from([("gets".to_owned(), gets)]);
    Trial { cache_whole, cache_counters, ..calm() }
}

#[test]
fn what_the_servers_counted_and_we_did_not_ask_is_told() {
    assert_eq!(codes(&counted(100_000, 100_000, 0)), [""; 0]);
    assert_eq!(codes(&counted(100_110, 100_000, 0)), [""; 0]);
    let foreign = only(&counted(100_111, 100_000, 0));
    assert_eq!((foreign.code.as_str(), foreign.invalidates), ("foreign-traffic", false));
    assert!(foreign.text.contains("the cache's own count of gets is 100111, ours is 100000"), "{}", foreign.text);
    // Counts that were set back meanwhile.
    assert_eq!(codes(&counted(99_889, 100_000, 0)), ["foreign-traffic"]);
    // A call that failed may have been carried out all the same.
    assert_eq!(codes(&counted(100_160, 100_000, 50)), [""; 0]);
    assert_eq!(codes(&counted(100_161, 100_000, 50)), ["foreign-traffic"]);
    let store_counters = BTreeMap::from([("rows-written".to_owned(), 11)]);
    assert_eq!(codes(&Trial { store_counters, ..calm() }), ["foreign-traffic"]);
}

#[test]
fn a_cache_may_fail_one_call_in_a_thousand_in_the_window_and_in_all() {
    let failing = |window: u64, whole: u64| {
        let of = |errors| CacheOperations { gets: 10_000 - errors, errors, ..CacheOperations::default() };
        let first = "NOPERM".to_owned();
        let (call, kind) = ("get".to_owned(), "rejected".to_owned());
        let cache_failures = vec![FailedCalls { call, kind, window, whole, first }];
        Trial { cache: of(window), cache_whole: of(whole), cache_failures, ..calm() }
    };
    assert_eq!(codes(&failing(10, 10)), [""; 0]);
    let window = only(&failing(11, 11));
    assert_eq!((window.code.as_str(), window.invalidates), ("cache-failures", false));
    assert!(window.text.starts_with("11 of 10000 calls to the cache failed (0.1 %): get rejected 11 (\"NOPERM\")"));
    // The window missed what the warm-up could not put in.
    let whole = only(&failing(0, 5_000));
    assert!(
        whole.text.starts_with("5000 of 10000 calls to the cache failed from the first operation to the last (50.0 %)")
    );
}

#[test]
fn a_trial_without_an_answer_measured_nothing() {
    let none = Trial { throughput_ops_per_s: 0.0, ..calm() };
    assert_eq!(codes(&none), ["nothing-measured"]);
}
