//! The breaker by a scripted clock: its states one by one, and against a model that keeps every call.

use super::window::SLICES;
use super::*;
use proptest::prelude::*;

const MS: u64 = 1_000_000;

const BOOK: BreakerRule = BreakerRule {
    failures: Some(2),
    share: None,
    window: Duration::from_secs(1),
    least_calls: 1,
    slow: None,
    open: Duration::from_secs(5),
    probes: 1,
};

const BY_SHARE: BreakerRule = BreakerRule {
    failures: None,
    share: Some(0.5),
    window: Duration::from_millis(100),
    least_calls: 4,
    slow: None,
    open: Duration::from_millis(50),
    probes: 2,
};

/// A call that begins and ends at `at_ms`; false if it was not admitted.
fn call(breaker: &Breaker, at_ms: u64, how: Ended) -> bool {
    let admitted = breaker.admit(|| at_ms * MS);
    let passed = admitted.is_some();
    if let Some(call) = admitted {
        breaker.ended(call, at_ms * MS, how);
    }
    passed
}

#[test]
fn the_books_breaker_opens_after_two_failures_in_a_row_for_five_seconds() {
    let breaker = Breaker::new(BOOK);
    for how in [Ended::Badly, Ended::Well, Ended::Badly] {
        assert!(call(&breaker, 0, how));
    }
    assert_eq!(breaker.phase(), Phase::Closed, "never two in a row");
    call(&breaker, 1, Ended::Badly);
    assert_eq!(breaker.phase(), Phase::Open);
    assert!(!call(&breaker, 5_000, Ended::Well), "it is open until 5,001 ms");
    assert!(call(&breaker, 5_001, Ended::Badly), "the probe");
    assert_eq!(breaker.phase(), Phase::Open);
    assert!(!call(&breaker, 10_000, Ended::Well));
    assert!(call(&breaker, 10_001, Ended::Well));
    assert_eq!(breaker.phase(), Phase::Closed);
    let counts = BreakerCounts { opened: 2, closed: 1, open_ns: 10_000 * MS, refused: 2, slow: 0 };
    assert_eq!(breaker.counts(20_000 * MS), counts);
}

#[test]
fn a_share_opens_it_once_there_are_calls_enough() {
    let breaker = Breaker::new(BY_SHARE);
    for (at_ms, how) in [(0, Ended::Badly), (1, Ended::Badly), (2, Ended::Well)] {
        call(&breaker, at_ms, how);
        assert_eq!(breaker.phase(), Phase::Closed, "three calls are too few");
    }
    call(&breaker, 3, Ended::Well);
    assert_eq!(breaker.phase(), Phase::Open, "two of four");
}

#[test]
fn what_left_the_window_has_no_say() {
    let breaker = Breaker::new(BY_SHARE);
    (0..3).for_each(|_| assert!(call(&breaker, 0, Ended::Badly)));
    (0..3).for_each(|_| assert!(call(&breaker, 100, Ended::Well)));
    assert!(call(&breaker, 101, Ended::Badly), "one of four");
    assert_eq!(breaker.phase(), Phase::Closed);
}

#[test]
fn half_open_admits_its_probes_alone_and_closes_when_all_succeeded() {
    let breaker = Breaker::new(BY_SHARE);
    (0..4).for_each(|_| assert!(call(&breaker, 0, Ended::Badly)));
    let (first, second) = (breaker.admit(|| 50 * MS).unwrap(), breaker.admit(|| 50 * MS).unwrap());
    assert!(breaker.admit(|| 51 * MS).is_none(), "there are two probes");
    breaker.ended(first, 52 * MS, Ended::Well);
    assert_eq!(breaker.phase(), Phase::HalfOpen);
    // One of which nothing was learnt makes room for another.
    breaker.ended(second, 53 * MS, Ended::Unseen);
    let third = breaker.admit(|| 54 * MS).unwrap();
    breaker.ended(third, 55 * MS, Ended::Well);
    assert_eq!(breaker.phase(), Phase::Closed);
    (0..3).for_each(|_| assert!(call(&breaker, 56, Ended::Badly)));
    assert_eq!(breaker.phase(), Phase::Closed, "the window began anew: three calls");
}

#[test]
fn a_slow_call_counts_as_one_that_failed() {
    let breaker = Breaker::new(BreakerRule { slow: Some(Duration::from_millis(10)), ..BOOK });
    let (quick, slow, slow_too) =
        (breaker.admit(|| 0).unwrap(), breaker.admit(|| 0).unwrap(), breaker.admit(|| 0).unwrap());
    breaker.ended(quick, 10 * MS, Ended::Well);
    breaker.ended(slow, 11 * MS, Ended::Well);
    breaker.ended(slow_too, 12 * MS, Ended::Well);
    assert_eq!((breaker.phase(), breaker.counts(12 * MS).slow), (Phase::Open, 2));
}

#[test]
fn what_was_admitted_in_an_earlier_state_says_nothing_of_a_later_one() {
    let breaker = Breaker::new(BOOK);
    let early = breaker.admit(|| 0).unwrap();
    (0..2).for_each(|_| assert!(call(&breaker, 0, Ended::Badly)));
    let probe = breaker.admit(|| 5_000 * MS).unwrap();
    breaker.ended(early, 5_001 * MS, Ended::Well);
    assert_eq!(breaker.phase(), Phase::HalfOpen, "it was no probe");
    breaker.ended(probe, 5_002 * MS, Ended::Well);
    assert_eq!(breaker.phase(), Phase::Closed);
}

/// The same in the plainest words: every call is kept.
struct Model {
    rule: BreakerRule,
    phase: Phase,
    /// When each call of the closed state ended, by number of slice, and whether badly.
    calls: Vec<(u64, bool)>,
    until_ns: u64,
    admitted: u32,
    succeeded: u32,
}

impl Model {
    fn new(rule: BreakerRule) -> Self {
        Self { rule, phase: Phase::Closed, calls: Vec::new(), until_ns: 0, admitted: 0, succeeded: 0 }
    }

    fn admits(&mut self, now_ns: u64) -> bool {
        if self.phase == Phase::Open && now_ns >= self.until_ns {
            (self.phase, self.admitted, self.succeeded) = (Phase::HalfOpen, 0, 0);
        }
        let half = self.phase == Phase::HalfOpen && self.admitted < self.rule.probes;
        self.admitted += u32::from(half);
        half || self.phase == Phase::Closed
    }

    fn ended(&mut self, now_ns: u64, took_ns: u64, how: Ended) {
        let slow = self.rule.slow.is_some_and(|slow| u128::from(took_ns) > slow.as_nanos());
        let bad = how == Ended::Badly || (how == Ended::Well && slow);
        match (self.phase, how) {
            (Phase::HalfOpen, Ended::Unseen) => self.admitted -= 1,
            (_, Ended::Unseen) => {}
            (Phase::HalfOpen, _) if bad => self.opens(now_ns),
            (Phase::HalfOpen, _) => {
                self.succeeded += 1;
                if self.succeeded == self.rule.probes {
                    self.phase = Phase::Closed;
                    self.calls.clear();
                }
            }
            _ => {
                let slice_ns = self.rule.window.as_nanos() as u64 / SLICES as u64;
                let now = now_ns / slice_ns;
                self.calls.push((now, bad));
                let row = self.calls.iter().rev().take_while(|(_, bad)| *bad).count();
                let window: Vec<_> = self.calls.iter().filter(|(slice, _)| slice + SLICES as u64 > now).collect();
                let failed = window.iter().filter(|(_, bad)| *bad).count();
                let by_row = self.rule.failures.is_some_and(|failures| row >= failures as usize);
                let by_share = self.rule.share.is_some_and(|share| {
                    failed > 0
                        && window.len() >= self.rule.least_calls as usize
                        && failed as f64 / window.len() as f64 >= share
                });
                if by_row || by_share {
                    self.opens(now_ns);
                }
            }
        }
    }

    fn opens(&mut self, now_ns: u64) {
        self.phase = Phase::Open;
        self.until_ns = now_ns + self.rule.open.as_nanos() as u64;
    }
}

fn rules() -> impl Strategy<Value = BreakerRule> {
    let share = prop_oneof![Just(None), (1u32..=4).prop_map(|quarters| Some(f64::from(quarters) / 4.0))];
    (prop::option::of(1u32..5), share, 1u64..20, 1u32..8, prop::option::of(0u64..4), 1u64..40, 1u32..4).prop_map(
        |(failures, share, slice_ms, least_calls, slow_ms, open_ms, probes)| BreakerRule {
            failures,
            share,
            window: Duration::from_millis(slice_ms * SLICES as u64),
            least_calls,
            slow: slow_ms.map(Duration::from_millis),
            open: Duration::from_millis(open_ms),
            probes,
        },
    )
}

fn ends() -> impl Strategy<Value = Ended> {
    prop_oneof![3 => Just(Ended::Well), 3 => Just(Ended::Badly), 1 => Just(Ended::Unseen)]
}

proptest! {
    /// One call at a time, each some time after the one before and some time long: machine and model agree in everything.
    #[test]
    fn it_does_what_a_model_does_that_keeps_every_call(
        rule in rules(),
        calls in prop::collection::vec((0u64..30, 0u64..6, ends()), 1..200),
    ) {
        let (breaker, mut model, mut now_ns) = (Breaker::new(rule), Model::new(rule), 0);
        for (pause_ms, took_ms, how) in calls {
            now_ns += pause_ms * MS;
            let admitted = breaker.admit(|| now_ns);
            prop_assert_eq!(admitted.is_some(), model.admits(now_ns));
            if let Some(call) = admitted {
                now_ns += took_ms * MS;
                breaker.ended(call, now_ns, how);
                model.ended(now_ns, took_ms * MS, how);
            }
            prop_assert_eq!(breaker.phase(), model.phase);
        }
    }

    /// However calls overlap, no more probes are under way than there may be.
    #[test]
    fn probes_under_way_are_never_more_than_there_may_be(
        probes in 1u32..5,
        steps in prop::collection::vec((any::<bool>(), 0u64..20, ends(), any::<prop::sample::Index>()), 1..200),
    ) {
        let breaker = Breaker::new(BreakerRule { probes, ..BOOK });
        let (mut under_way, mut now_ns): (Vec<(Phase, Admitted)>, u64) = (Vec::new(), 0);
        for (begins, pause_ms, how, which) in steps {
            now_ns += pause_ms * 500 * MS;
            if begins || under_way.is_empty() {
                under_way.extend(breaker.admit(|| now_ns).map(|call| (breaker.phase(), call)));
            } else {
                let (_, call) = under_way.swap_remove(which.index(under_way.len()));
                breaker.ended(call, now_ns, how);
            }
            let current = breaker.phase.load(Ordering::Acquire);
            let now = under_way.iter().filter(|(phase, call)| *phase == Phase::HalfOpen && call.phase == current);
            prop_assert!(now.count() <= probes as usize);
        }
    }
}
