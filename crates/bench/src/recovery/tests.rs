//! Courses that were made up.

use super::*;
use cachemark_results::RecoveryVerdict;

const MS: u64 = 1_000_000;
const LENGTH: u64 = 100 * MS;

/// Windows of 100 ms: answered, hits of as many reads, p99 in us.
fn window(index: u64, answered: u64, hits: u64, p99_us: u64) -> OneWindow {
    let interval = Interval {
        start_ns: index * LENGTH,
        operations: answered,
        hits,
        misses: answered.saturating_sub(hits),
        p50_ns: Some(p99_us * 100),
        p99_ns: Some(p99_us * 1000),
        store_operations: Some(answered.saturating_sub(hits)),
        shed: Some(0),
        stale_reads: Some(0),
        ..Interval::default()
    };
    OneWindow { interval, p90_ns: Some(p99_us * 500), errors: BTreeMap::new() }
}

fn course(windows: impl IntoIterator<Item = (u64, u64, u64)>) -> Course {
    let windows = (0..).zip(windows).map(|(index, (answered, hits, p99_us))| window(index, answered, hits, p99_us));
    Course { length_ns: LENGTH, windows: windows.collect(), timeout_ns: 10 * MS }
}

const CALM: (u64, u64, u64) = (1000, 900, 500);
const DEAD: (u64, u64, u64) = (0, 0, 0);

/// `before` calm windows, then these, then calm ones up to 100.
fn amid(before: usize, middle: &[(u64, u64, u64)]) -> Course {
    let calm = std::iter::repeat(CALM);
    course(calm.clone().take(before).chain(middle.iter().copied()).chain(calm).take(100))
}

fn fault(began_ms: u64, ended_ms: u64) -> FaultSeen {
    let actor = "process".to_owned();
    FaultSeen { began_ns: Some(began_ms * MS), ended_ns: Some(ended_ms * MS), actor, ..FaultSeen::default() }
}

fn recovery(course: &Course, faults: &[FaultSeen]) -> Recovery {
    of(course, faults).expect("there is a before and a fault")
}

fn verdict(course: &Course, faults: &[FaultSeen]) -> (RecoveryVerdict, Option<u64>, Option<u64>) {
    let told = recovery(course, faults);
    (told.verdict, told.detected_after_ns.map(|ns| ns / MS), told.recovered_after_ns.map(|ns| ns / MS))
}

#[test]
fn what_nothing_is_seen_of_is_unharmed() {
    assert_eq!(verdict(&amid(100, &[]), &[fault(3_001, 3_500)]), (RecoveryVerdict::Unharmed, None, Some(0)));
    let told = recovery(&amid(100, &[]), &[fault(3_001, 3_500)]);
    assert_eq!((told.noise, told.tail.as_deref(), told.usual_tail_ns), (Some(0.0), Some("p99"), Some(500_000)));
}

#[test]
fn what_is_well_once_the_fault_is_over_was_degraded() {
    let dead = amid(30, &[DEAD; 5]);
    assert_eq!(verdict(&dead, &[fault(3_002, 3_498)]), (RecoveryVerdict::Degraded, Some(98), Some(2)));
}

/// The fault lasts from 3.0 s to 3.5 s; its cache comes back cold, and the hit ratio takes until 4.2 s.
#[test]
fn what_takes_its_time_has_recovered_by_the_first_of_three_good_windows() {
    let mut middle = vec![DEAD; 5];
    middle.extend((0..7).map(|step| (950, 300 + 80 * step, 500)));
    let told = verdict(&amid(30, &middle), &[fault(3_001, 3_499)]);
    assert_eq!(told, (RecoveryVerdict::Recovered, Some(99), Some(701)));
}

#[test]
fn two_good_windows_in_a_row_are_no_recovery() {
    let slow = (1000, 900, 601);
    let middle = [slow, CALM, CALM, slow, CALM, CALM, slow];
    let (verdict, _, after) = verdict(&amid(30, &middle), &[fault(3_010, 3_010)]);
    assert_eq!((verdict, after), (RecoveryVerdict::Recovered, Some(690)));
}

#[test]
fn each_respect_can_fail_alone_and_at_its_bound_none_does() {
    for good in [(900, 810, 500), (1000, 855, 500), (1000, 900, 600)] {
        let told = verdict(&amid(30, &[good; 70]), &[fault(3_010, 3_020)]);
        assert_eq!(told, (RecoveryVerdict::Unharmed, None, Some(0)), "{good:?}");
    }
    for bad in [(899, 810, 500), (1000, 854, 500), (1000, 900, 601), (1000, 0, 500)] {
        let told = verdict(&amid(30, &[bad; 70]), &[fault(3_010, 3_020)]);
        assert_eq!((told.1, told.2), (Some(90), None), "{bad:?}");
    }
}

/// Whoever asks the cache no more hits nothing, though no lookup says so.
#[test]
fn reads_that_ask_no_cache_any_more_are_not_as_before() {
    let mut none = amid(30, &[]);
    none.windows[30..].iter_mut().for_each(|window| (window.interval.hits, window.interval.misses) = (0, 0));
    assert_eq!(verdict(&none, &[fault(3_010, 3_020)]).2, None);
}

#[test]
fn a_window_without_answers_is_never_as_before() {
    let all_failed = |window: &mut OneWindow| {
        window.interval.failures = window.interval.operations;
        (window.interval.p50_ns, window.interval.p99_ns, window.p90_ns) = (None, None, None);
        window.errors.insert(ErrorKind::Timeout, window.interval.operations);
    };
    let mut failing = amid(30, &[]);
    failing.windows[30..].iter_mut().for_each(all_failed);
    let told = recovery(&failing, &[fault(3_000, 3_000)]);
    assert_eq!((told.recovered_after_ns, told.after.answered, told.after.errors["timeout"]), (None, 0, 70_000));
    // Nothing was ever answered: nothing can be said.
    failing.windows.iter_mut().for_each(all_failed);
    assert_eq!(of(&failing, &[fault(3_000, 3_000)]), None);
}

/// 600 timeouts of 10 ms are 6 s: over at 4.0 s, they have passed at 10.0 s, where the windows end.
#[test]
fn what_is_stuck_600_timeouts_after_the_last_fault_is_metastable() {
    let stuck = amid(30, &[(850, 100, 9_000); 70]);
    assert_eq!(verdict(&stuck, &[fault(3_000, 4_000)]), (RecoveryVerdict::Metastable, Some(100), None));
    assert_eq!(verdict(&stuck, &[fault(3_000, 4_001)]).0, RecoveryVerdict::NotRecovered, "too soon to say");
    // Slow, but as much is answered as before.
    let slow = amid(30, &[(1000, 100, 9_000); 70]);
    assert_eq!(verdict(&slow, &[fault(3_000, 4_000)]).0, RecoveryVerdict::NotRecovered);
    // Well for three windows, and stuck again.
    let mut relapsed = stuck;
    (50..60).for_each(|index| relapsed.windows[index] = window(index as u64, 1000, 900, 500));
    assert_eq!(verdict(&relapsed, &[fault(3_000, 4_000)]).0, RecoveryVerdict::Metastable);
    (60..100).for_each(|index| relapsed.windows[index] = window(index as u64, 1000, 900, 500));
    assert_eq!(verdict(&relapsed, &[fault(3_000, 4_000)]), (RecoveryVerdict::Recovered, Some(100), Some(1_000)));
}

/// Back for good after a quarter of what follows 600 timeouts: what answers as much as before for three windows does not stay down.
#[test]
fn what_comes_back_after_600_timeouts_does_not_stay_down() {
    let mut late = amid(30, &[(500, 100, 9_000); 40]);
    late.timeout_ns = MS;
    let told = recovery(&late, &[fault(3_000, 4_000)]);
    assert_eq!((told.verdict, told.looked_long), (RecoveryVerdict::Recovered, Some(true)));
    late.timeout_ns = 20 * MS;
    assert_eq!(recovery(&late, &[fault(3_000, 4_000)]).looked_long, Some(false));
    // Before a window in ten had 75 %: 80 % is as before then, and does not stay down.
    let noisy = (0..100).map(|index| match index {
        0..30 if index % 7 == 0 => (750, 675, 500),
        0..30 => CALM,
        30..33 => DEAD,
        _ => (800, 720, 500),
    });
    assert_eq!(verdict(&course(noisy), &[fault(3_000, 3_300)]).0, RecoveryVerdict::Degraded);
}

/// One window before in which half was answered is no measure of what harm is.
#[test]
fn one_hiccup_before_the_fault_hides_no_harm() {
    let windows = (0..100).map(|index| match index {
        7 => (450, 400, 1_800),
        30..40 => (100, 90, 5_000),
        _ => CALM,
    });
    let told = recovery(&course(windows), &[fault(3_000, 4_000)]);
    assert_eq!((told.verdict, told.detected_after_ns), (RecoveryVerdict::Degraded, Some(100 * MS)));
}

/// All entries expire again two seconds later; and a window that is slow by chance.
#[test]
fn what_is_harmed_again_after_a_recovery_is_told_and_one_window_alone_is_chance() {
    let windows = (0..100).map(|index| match index {
        30..32 | 50..53 => (1000, 300, 2_000),
        70 => (1000, 900, 5_000),
        _ => CALM,
    });
    let told = recovery(&course(windows), &[fault(3_000, 3_010)]);
    assert_eq!((told.verdict, told.recovered_after_ns), (RecoveryVerdict::Recovered, Some(190 * MS)));
    assert_eq!(told.harmed_again, Some(3));
    let chance = (0..100).map(|index| if index == 70 { (1000, 900, 5_000) } else { CALM });
    let told = recovery(&course(chance), &[fault(3_000, 3_010)]);
    assert_eq!((told.verdict, told.harmed_again), (RecoveryVerdict::Unharmed, Some(0)));
}

/// Half a second of calm, and harm then: it has recovered once that is over, and not before it came.
#[test]
fn harm_that_comes_late_is_recovered_from_after_it_came() {
    let late = (0..100).map(|index| if (36..40).contains(&index) { (300, 270, 500) } else { CALM });
    let told = verdict(&course(late), &[fault(3_000, 3_010)]);
    assert_eq!(told, (RecoveryVerdict::Recovered, Some(700), Some(990)));
}

#[test]
fn what_nothing_was_done_to_is_unharmed_whatever_came() {
    let stalled = amid(30, &[DEAD; 30]);
    let nobody = FaultSeen { actor: "none".into(), ..fault(3_000, 4_000) };
    assert_eq!(verdict(&stalled, &[nobody]), (RecoveryVerdict::Unharmed, None, Some(0)));
}

/// Less than as before for good, and never by much.
#[test]
fn what_is_never_as_before_again_is_harmed_however_little() {
    let told = verdict(&amid(30, &[(1000, 900, 601); 70]), &[fault(3_010, 3_020)]);
    assert_eq!(told, (RecoveryVerdict::NotRecovered, Some(90), None));
}

#[test]
fn a_window_that_ends_before_three_are_seen_says_nothing_of_recovery() {
    let short = course(std::iter::repeat_n(CALM, 10).chain([DEAD]).chain([CALM, CALM]));
    assert_eq!(verdict(&short, &[fault(1_000, 1_100)]), (RecoveryVerdict::NotRecovered, Some(100), None));
}

/// Every fourth window before has a p99 of 1.5 times the usual: a window that has it too is no harm, and before's noise is told.
#[test]
fn what_is_no_worse_than_noise_is_no_harm_and_the_noise_is_told() {
    let noisy = |index: usize| (1000, 900, if index.is_multiple_of(4) { 750 } else { 500 });
    let windows =
        |bad: (u64, u64, u64)| course((0..100).map(move |index| if index == 60 { bad } else { noisy(index) }));
    let told = recovery(&windows(noisy(1)), &[fault(4_000, 6_000)]);
    assert_eq!((told.verdict, told.noise), (RecoveryVerdict::Unharmed, Some(0.25)));
    // Twice as far, as logarithms: 1.5 x 1.5 = 2.25 times.
    assert_eq!(verdict(&windows((1000, 900, 1_124)), &[fault(4_000, 6_000)]).0, RecoveryVerdict::Unharmed);
    let told = verdict(&windows((1000, 900, 1_126)), &[fault(4_000, 6_000)]);
    assert_eq!(
        told,
        (RecoveryVerdict::Recovered, Some(2_100), Some(100)),
        "the bound is 750 us, which every fourth has"
    );
    assert_eq!(verdict(&windows((880, 792, 500)), &[fault(4_000, 6_000)]).1, Some(2_100), "goodput does not stray");
}

/// The bounds are as wide as nine in ten of before's windows need, each by itself, and never narrower than the plain ones.
#[test]
fn what_before_did_not_keep_is_not_asked_of_after() {
    // Of 30 windows before, `few` have a p99 of 800 us, a hit ratio of 0.8 and a goodput of 85 %.
    let bounds = |few: usize| {
        let windows = (0..100).map(|index| if index < few { (850, 680, 800) } else { CALM });
        let told = recovery(&course(windows), &[fault(3_001, 3_500)]);
        (told.as_before.unwrap(), told.noise.unwrap())
    };
    let near = |one: f64, other: f64| assert!((one - other).abs() < 1e-6 * other, "{one} against {other}");
    // Three are a tenth: the plain bounds do. Usual: (27 x 10,000 + 3 x 8,500) / 30 ops/s, (27 x 900 + 3 x 680) / (27 x 1000 + 3 x 850).
    let (plain, noise) = bounds(3);
    near(plain.goodput_ops_per_s, 0.9 * 9_850.0);
    near(plain.hit_ratio.unwrap(), 0.95 * 26_340.0 / 29_550.0);
    assert_eq!((plain.tail_ns, noise), (Some(600_000), 0.1));
    // Four are more than that.
    let (wide, noise) = bounds(4);
    near(wide.goodput_ops_per_s, 8_500.0);
    near(wide.hit_ratio.unwrap(), 0.8);
    assert_eq!(wide.tail_ns, Some(800_000));
    near(noise, 4.0 / 30.0);
}

/// Of 500 operations there is no 99th percentile: the 90th is compared, and of 50 the median.
#[test]
fn windows_of_few_operations_are_compared_by_a_lesser_quantile() {
    let with = |has_p90: bool, p90_us: u64| {
        let mut few = amid(30, &[]);
        for window in &mut few.windows {
            window.interval.p99_ns = None;
            window.p90_ns = has_p90.then_some(200_000);
        }
        few.windows[30].p90_ns = has_p90.then_some(p90_us * 1000);
        recovery(&few, &[fault(3_000, 3_100)])
    };
    let told = with(true, 241);
    assert_eq!(
        (told.tail.as_deref(), told.usual_tail_ns, told.verdict),
        (Some("p90"), Some(200_000), RecoveryVerdict::Degraded)
    );
    assert_eq!(with(true, 240).verdict, RecoveryVerdict::Unharmed);
    assert_eq!(with(false, 0).tail.as_deref(), Some("p50"));
}

#[test]
fn phases_are_cut_where_faults_are_and_hold_every_window_once() {
    let middle = [(100, 50, 500), (200, 20, 700)];
    let mut cut = amid(30, &middle);
    cut.windows[30].interval.stale_reads = Some(7);
    (cut.windows[31].interval.operations, cut.windows[31].interval.failures) = (230, 30);
    cut.windows[31].interval.shed = Some(10);
    cut.windows[31].errors = BTreeMap::from([(ErrorKind::Timeout, 20), (ErrorKind::Rejected, 10)]);
    // Two faults: from 3.05 s to 3.06 s, and of a moment at 3.15 s.
    let told = recovery(&cut, &[fault(3_150, 3_150), fault(3_050, 3_060)]);
    assert_eq!((told.began_ns / MS, told.over_ns / MS, told.seen_until_ns / MS), (3_050, 3_150, 10_000));
    let of = |phase: &cachemark_results::RecoveryPhase| (phase.start_ns / MS, phase.end_ns / MS, phase.operations);
    assert_eq!(of(&told.before), (0, 3_000, 30_000));
    assert_eq!(of(&told.during), (3_000, 3_200, 330));
    assert_eq!(of(&told.after), (3_200, 10_000, 68_000));
    let during = &told.during;
    assert_eq!((during.answered, during.shed, during.stale_reads), (300, 10, Some(7)));
    assert!(
        (during.goodput_ops_per_s - 1_500.0).abs() < 1e-9 && (during.hit_ratio.unwrap() - 70.0 / 300.0).abs() < 1e-9
    );
    assert_eq!((during.usual_p99_ns, during.worst_p99_ns), (Some(500_000), Some(700_000)));
    assert_eq!((during.store_ops_per_s, during.store_peak_ops_per_s), (Some(1_150.0), Some(1_800.0)));
    assert_eq!(
        during.errors.iter().map(|(kind, count)| (kind.as_str(), *count)).collect::<Vec<_>>(),
        [("rejected", 10), ("timeout", 20)]
    );
    let worst = told.worst.unwrap();
    assert_eq!((worst.start_ns / MS, worst.goodput_ops_per_s, worst.p99_ns), (3_000, 1_000.0, Some(500_000)));
}

#[test]
fn nothing_is_said_of_what_was_never_done_and_what_was_never_undone_lasts_to_the_end() {
    let never = FaultSeen { failed: Some("no".into()), ..FaultSeen::default() };
    assert_eq!(of(&amid(30, &[]), std::slice::from_ref(&never)), None);
    assert_eq!(of(&amid(30, &[]), &[]), None);
    assert_eq!(of(&amid(30, &[]), &[fault(50, 90)]), None, "no window before");
    let told = recovery(&amid(30, &[DEAD; 70]), &[never, FaultSeen { ended_ns: None, ..fault(3_000, 0) }]);
    assert_eq!((told.over_ns / MS, told.after.operations, told.verdict), (10_000, 0, RecoveryVerdict::NotRecovered));
}

#[test]
fn tails_of_phases_are_those_of_all_their_operations() {
    use cachemark_stats::{Histogram, IntervalLogWriter};
    use std::time::Duration;
    let mut told = recovery(&amid(30, &[]), &[fault(3_050, 3_060)]);
    let mut log = IntervalLogWriter::new(Vec::new());
    for index in 0..100 {
        let mut times = Histogram::new();
        // 500 in each window, of which there is no 99th percentile.
        times.record_n(if index < 30 { 1_000 } else { 5_000 }, 500);
        log.push(None, Duration::from_millis(100 * index), Duration::from_millis(100), &times).unwrap();
    }
    add_tails(&mut told, &log.into_inner(), LENGTH);
    assert_eq!([told.before.p99_ns, told.during.p99_ns], [Some(1_000), None], "one window alone has too few");
    assert!(told.after.p99_ns.unwrap().abs_diff(5_000) < 10);
}
