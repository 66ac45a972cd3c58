//! Completeness: of operations that come one after the other every fault is found, and called what it is.

use super::super::{OfThread, Oracle, Versions};
use super::{TRIAL, is_spotless, oracle_of};
use crate::instrument::{Ended, Outcome, Stamped};
use cachemark_core::{ErrorKind, Source, Stamp, StampError, Version, WriteId};
use cachemark_results::{Checked, FreshWithin, Freshness};
use cachemark_workload::{OperationKind, PRELOAD_TRIAL};
use proptest::prelude::*;

const MS: u64 = 1_000_000;

/// Operations that take no time, at the times that are said.
pub(super) struct Script {
    pub(super) oracle: Oracle,
    part: OfThread,
    pub(super) stamp: Stamp,
    /// What is asked for.
    pub(super) key: u64,
    /// Whether the window has begun.
    measured: bool,
}

impl Script {
    pub(super) fn new() -> Self {
        Self::of(Versions::OfStore)
    }

    pub(super) fn of(versions: Versions) -> Self {
        let oracle = oracle_of(10, versions);
        let stamp = Stamp { trial: TRIAL, key: 0, write_id: WriteId::default() };
        Self { part: oracle.thread(), oracle, stamp, key: 4, measured: true }
    }

    pub(super) fn issue(
        &mut self,
        operation: OperationKind,
        session: u32,
        at_ns: u64,
        answer: (u64, Stamped, Outcome),
    ) {
        let (version, stamped, outcome) = answer;
        let known = self.part.known(operation, self.key);
        self.part.ended(&Ended {
            operation,
            key: self.key,
            session,
            source: (operation == OperationKind::Read).then_some(Source::Hit),
            outcome,
            version: outcome.is_answered().then_some(Version(version)),
            stamped,
            known,
            cache: None,
            intended_ns: None,
            started_ns: at_ns,
            ended_ns: at_ns,
            measured: self.measured,
            hops: None,
        });
    }

    pub(super) fn write(&mut self, session: u32, at_ns: u64, version: u64) {
        self.issue(OperationKind::Write, session, at_ns, (version, None, Outcome::Ok));
    }

    pub(super) fn delete(&mut self, session: u32, at_ns: u64, version: u64) {
        self.issue(OperationKind::Delete, session, at_ns, (version, None, Outcome::Ok));
    }

    /// A read that finds a value: of the load, if it is the first version.
    pub(super) fn read(&mut self, session: u32, at_ns: u64, version: u64) {
        let trial = if version <= 1 { PRELOAD_TRIAL } else { TRIAL };
        let stamped = Some(Ok(Stamp { trial, ..self.stamp }));
        self.issue(OperationKind::Read, session, at_ns, (version, stamped, Outcome::Ok));
    }

    pub(super) fn read_nothing(&mut self, session: u32, at_ns: u64, version: u64) {
        self.issue(OperationKind::Read, session, at_ns, (version, None, Outcome::Absent));
    }

    pub(super) fn told(self) -> Freshness {
        self.oracle.finish(self.part.finish()).0
    }
}

proptest! {
    #[test]
    fn every_stale_read_is_found_with_its_lag_and_its_age(
        steps in prop::collection::vec((any::<bool>(), 0..8u64, 1..500u64), 1..200),
    ) {
        let mut script = Script::new();
        // When each version was acknowledged.
        let (mut acknowledged, mut now_ns) = (vec![0, 0], 0);
        let (mut stale, mut lag_max, mut ages) = (0, 0, Vec::new());
        for (writes, behind, after) in steps {
            now_ns += after * 100_000;
            let latest = acknowledged.len() as u64 - 1;
            if writes {
                script.write(0, now_ns, latest + 1);
                acknowledged.push(now_ns);
            } else {
                let version = latest.saturating_sub(behind).max(1);
                script.read(1, now_ns, version);
                if version < latest {
                    (stale, lag_max) = (stale + 1, lag_max.max(latest - version));
                    ages.push(now_ns - acknowledged[version as usize + 1]);
                }
            }
        }
        let told = script.told();
        prop_assert_eq!((told.stale, told.lag_max, told.ages_at_least, told.ages_untold), (stale, lag_max, 0, 0));
        for FreshWithin { within_ns, reads } in told.fresh_within {
            let stale_within = ages.iter().filter(|age| within_ns > 0 && **age <= within_ns).count() as u64;
            prop_assert_eq!(reads, told.judged - stale + stale_within, "within {} ns", within_ns);
        }
        let oldest = ages.iter().max().copied();
        prop_assert!(told.stale_age.map(|age| age.max_ns).zip(oldest).is_none_or(|(max, oldest)| max.abs_diff(oldest) <= oldest / 1000));
        prop_assert_eq!(told.stale_age.map_or(0, |age| age.count), stale);
    }
}

#[test]
fn a_session_s_own_writes_and_reads_are_told_apart_from_those_of_others() {
    let mut script = Script::new();
    script.write(0, MS, 2);
    script.read(0, 2 * MS, 2);
    // Its own write missed, and its own read undone.
    script.read(0, 3 * MS, 1);
    // Another's: stale, but nothing of its own.
    script.read(1, 4 * MS, 1);
    script.read(1, 5 * MS, 2);
    let told = script.told();
    assert_eq!((told.judged, told.stale, told.regressions), (4, 2, 2));
    assert_eq!(told.own_writes, Checked { reads: 2, violations: 1 });
    assert_eq!(told.own_reads, Checked { reads: 2, violations: 1 });
}

#[test]
fn the_warm_up_is_learned_from_and_not_counted() {
    let mut script = Script::new();
    script.measured = false;
    script.write(0, MS, 2);
    script.read(0, 2 * MS, 1);
    script.read(1, 2 * MS, 2);
    script.measured = true;
    script.read(0, 3 * MS, 1);
    script.read(1, 3 * MS, 1);
    let told = script.told();
    assert_eq!((told.reads, told.judged, told.stale, told.regressions), (2, 2, 2, 2));
    assert_eq!((told.own_writes, told.own_reads.violations), (Checked { reads: 1, violations: 1 }, 1));
    assert_eq!((told.written_keys_read, told.stale_by_key), (1, Some(1.0)));
}

#[test]
fn a_value_that_nobody_acknowledged_may_be_read_and_may_not_be_unread() {
    let mut script = Script::new();
    let unknown = Outcome::Unknown(ErrorKind::Timeout);
    script.issue(OperationKind::Write, 0, MS, (0, None, unknown));
    script.read(1, 2 * MS, 2);
    script.read(2, 3 * MS, 1);
    let told = script.told();
    assert_eq!((told.judged, told.stale, told.phantoms), (2, 0, 0));
    assert_eq!((told.regressions, told.own_reads), (1, Checked::default()));
}

#[test]
fn a_deleted_value_is_resurrected_by_its_version_and_its_absence_has_one() {
    let mut script = Script::new();
    script.delete(0, MS, 2);
    script.read_nothing(1, 2 * MS, 2);
    script.read(2, 3 * MS, 1);
    // A row that was deleted, long after it was revived: stale, and no value that a delete took.
    script.write(0, 4 * MS, 3);
    script.read_nothing(3, 5 * MS, 2);
    let told = script.told();
    assert_eq!((told.judged, told.stale, told.resurrected), (3, 2, 1));
}

#[test]
fn what_nobody_wrote_is_a_phantom_and_is_not_believed() {
    let mut script = Script::new();
    script.read(0, MS, 2);
    script.write(0, 2 * MS, 2);
    script.read(0, 3 * MS, 3);
    // A later trial's value, one of a session that is not there, and the loaded one under a version that is not its own.
    for (version, stamp) in [
        (2, Stamp { trial: TRIAL + 1, ..script.stamp }),
        (2, Stamp { write_id: WriteId { session: 99, sequence: 0 }, ..script.stamp }),
        (2, Stamp { trial: PRELOAD_TRIAL, ..script.stamp }),
        (1, script.stamp),
    ] {
        script.issue(OperationKind::Read, 0, 4 * MS, (version, Some(Ok(stamp)), Outcome::Ok));
    }
    script.read(0, 5 * MS, 2);
    let told = script.told();
    assert_eq!((told.phantoms, told.judged, told.regressions), (6, 1, 0));
}

#[test]
fn a_write_that_was_sent_again_after_an_unsure_end_makes_no_phantom() {
    let mut script = Script::new();
    // Each sending is an attempt: the first may have been carried out, and was.
    script.issue(OperationKind::Write, 0, MS, (0, None, Outcome::Unknown(ErrorKind::Timeout)));
    script.write(0, 2 * MS, 3);
    script.read(0, 3 * MS, 3);
    // What is below the strategy sent one twice: the oracle saw one attempt, and is told of two versions.
    script.write(0, 4 * MS, 5);
    script.read(1, 5 * MS, 5);
    // One version more than anybody was told of is still nobody's.
    script.read(1, 6 * MS, 6);
    let told = script.told();
    assert_eq!((told.phantoms, told.judged, told.stale), (1, 2, 0));
}

#[test]
fn lower_bounds_are_left_out_of_the_percentiles_of_ages() {
    let mut script = Script::new();
    for version in 2..=20 {
        script.write(0, version * MS, version);
    }
    // One version behind: known. Nine behind: the ring has forgotten when that began.
    script.read(1, 30 * MS, 19);
    script.read(2, 70 * MS, 11);
    let told = script.told();
    assert_eq!((told.stale, told.ages_at_least), (2, 1));
    let age = told.stale_age.unwrap();
    assert_eq!((age.count, told.oldest().map(|(_, bound)| bound)), (1, Some(true)));
    assert!(age.max_ns < 11 * MS && told.age_at_least.is_some_and(|ns| ns > 50 * MS), "{told:?}");
}

#[test]
fn a_damaged_value_is_told_and_not_judged() {
    let mut script = Script::new();
    let damaged = Some(Err(StampError::Checksum));
    script.issue(OperationKind::Read, 0, MS, (1, damaged, Outcome::Ok));
    let told = script.told();
    assert_eq!((told.reads, told.corrupt, told.judged), (1, 1, 0));
}

#[test]
fn a_row_of_the_load_that_is_missing_is_stale_since_before_the_trial() {
    let mut script = Script::new();
    script.read_nothing(0, MS, 0);
    let told = script.told();
    assert_eq!((told.stale, told.lag_max, told.ages_at_least), (1, 1, 1));
    assert!(told.fresh_within.iter().all(|within| within.reads == 0));
}

#[test]
fn what_has_no_version_or_is_another_s_is_not_judged() {
    let mut script = Script::new();
    script.oracle.plan.our_rows = false;
    script.part = script.oracle.thread();
    script.issue(OperationKind::Read, 0, MS, (1, Some(Err(StampError::Missing)), Outcome::Ok));
    // A version that is a time, and one that is far from it.
    script.write(0, MS, 1 << 50);
    script.read(0, MS, 1 << 40);
    let told = script.told();
    assert_eq!((told.reads, told.not_ours, told.without_version, told.judged), (2, 1, 1, 0));
    assert!(is_spotless(&told));
}
