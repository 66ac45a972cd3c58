//! Every cause, from scripted events told straight to the oracle; and for each a near miss that is another's or nobody's.

use crate::instrument::oracle::known::Known;
use crate::instrument::oracle::{OfThread, Oracle, OraclePlan, Versions};
use crate::instrument::{Answer, Issued, Outcome, Stamped};
use cachemark_core::{CacheEffect, ErrorKind, Source, Stamp, Version, WriteId};
use cachemark_results::{StaleCause, StaleCauses};
use cachemark_workload::{OperationKind, PRELOAD_TRIAL};
use std::time::Duration;

const TRIAL: u32 = 3;
const KEY: u64 = 4;
const MS: u64 = 1_000_000;
const TOOK: CacheEffect = CacheEffect::Invalidated;
const SET: CacheEffect = CacheEffect::Updated;
const FAILED: CacheEffect = CacheEffect::Failed(ErrorKind::Timeout);

/// Operations on one key by sessions 0 and 1, whose caches are their own where there are two.
struct Script {
    oracle: Oracle,
    part: OfThread,
    /// Whether the versions above the loaded one are as far apart as times.
    sparse: bool,
}

/// An operation that was sent.
struct Sent {
    operation: OperationKind,
    session: u32,
    known: Known,
    at_ns: u64,
}

impl Script {
    /// With a ring: the second and the third version were acknowledged, and what they did to the cache was that.
    fn after_two_writes(effect: CacheEffect) -> Self {
        let mut script = Self::with_caches(1);
        script.write(2, (1, 2), effect);
        script.write(3, (3, 4), effect);
        script
    }

    /// The same, of versions that are times.
    fn after_two_sparse_writes(effect: CacheEffect) -> Self {
        let mut script = Self { sparse: true, ..Self::of(Versions::OfStrategy, 1) };
        script.write(2, (1, 2), effect);
        script.write(3, (3, 4), effect);
        script
    }

    fn with_caches(caches: u32) -> Self {
        Self::of(Versions::OfStore, caches)
    }

    fn of(versions: Versions, caches: u32) -> Self {
        let oracle = Oracle::new(OraclePlan {
            keys: 10,
            sessions: 4,
            trial: TRIAL,
            loaded: true,
            our_rows: true,
            by_stamp: false,
            caches,
            fills_unseen: false,
            versions,
            window: Duration::from_secs(1),
        });
        Self { part: oracle.thread(), oracle, sparse: false }
    }

    fn send(&mut self, operation: OperationKind, session: u32, at_ms: u64) -> Sent {
        let known = self.part.known(operation, KEY);
        Sent { operation, session, known, at_ns: at_ms * MS }
    }

    fn end(&mut self, sent: &Sent, at_ms: u64, answer: (Outcome, u64, Option<Source>, Option<CacheEffect>)) {
        let (outcome, version, source, cache) = answer;
        let trial = if version <= 1 { PRELOAD_TRIAL } else { TRIAL };
        let stamp = Stamp { trial, key: 0, write_id: WriteId::default() };
        let stamped: Stamped = (sent.operation == OperationKind::Read && outcome == Outcome::Ok).then_some(Ok(stamp));
        let issued = Issued {
            operation: sent.operation,
            key: KEY,
            session: sent.session,
            known: sent.known,
            intended_ns: None,
            started_ns: sent.at_ns,
            measured: true,
        };
        let version = if self.sparse && version > 1 { 1_790_000_000_000_000 + version * 1_000 } else { version };
        let version = outcome.is_answered().then_some(Version(version));
        let answer = Answer { source, outcome, version, cache };
        self.part.ended(&issued.ended(answer, stamped, at_ms * MS));
    }

    fn acknowledge(&mut self, sent: &Sent, at_ms: u64, version: u64, effect: CacheEffect) {
        self.end(sent, at_ms, (Outcome::Ok, version, None, Some(effect)));
    }

    fn write(&mut self, version: u64, (sent_ms, ended_ms): (u64, u64), effect: CacheEffect) {
        self.write_through(0, version, (sent_ms, ended_ms), effect);
    }

    fn write_through(&mut self, session: u32, version: u64, (sent_ms, ended_ms): (u64, u64), effect: CacheEffect) {
        let sent = self.send(OperationKind::Write, session, sent_ms);
        self.acknowledge(&sent, ended_ms, version, effect);
    }

    fn delete(&mut self, version: u64, (sent_ms, ended_ms): (u64, u64)) {
        let sent = self.send(OperationKind::Delete, 0, sent_ms);
        self.acknowledge(&sent, ended_ms, version, TOOK);
    }

    fn answer(&mut self, sent: &Sent, at_ms: u64, version: u64, source: Source) {
        self.end(sent, at_ms, (Outcome::Ok, version, Some(source), None));
    }

    /// A read that takes no time.
    fn read(&mut self, at_ms: u64, version: u64, source: Source) {
        let sent = self.send(OperationKind::Read, 1, at_ms);
        self.answer(&sent, at_ms, version, source);
    }

    fn read_nothing(&mut self, at_ms: u64, version: u64, source: Source) {
        let sent = self.send(OperationKind::Read, 1, at_ms);
        self.end(&sent, at_ms, (Outcome::Absent, version, Some(source), None));
    }

    /// A load of `version`, from one time to another, with what happens in between.
    fn load_during(&mut self, (sent_ms, ended_ms): (u64, u64), version: u64, meanwhile: impl FnOnce(&mut Self)) {
        let sent = self.send(OperationKind::Read, 1, sent_ms);
        meanwhile(self);
        self.answer(&sent, ended_ms, version, Source::MissLed);
    }

    fn causes(self) -> StaleCauses {
        let told = self.oracle.finish(self.part.finish()).0;
        let causes = told.causes.expect("the oracle tells them");
        assert_eq!(causes.sum(), told.stale, "every stale read has one: {told:?}");
        causes
    }

    /// The causes of all stale reads, each once.
    fn cause(self) -> Vec<StaleCause> {
        let causes = self.causes();
        StaleCause::ALL.iter().copied().filter(|cause| causes.of(*cause) > 0).collect()
    }
}

#[test]
fn a_load_that_ends_after_a_removal_refilled_the_cache() {
    let mut script = Script::after_two_writes(TOOK);
    script.load_during((5, 8), 3, |script| script.write(4, (6, 7), TOOK));
    script.read(9, 3, Source::Hit);
    script.read(10, 3, Source::Hit);
    assert_eq!(script.causes().refill_after_invalidation, 2);
}

#[test]
fn a_load_that_ended_before_the_removal_was_sent_did_not() {
    let mut script = Script::after_two_writes(TOOK);
    script.load_during((5, 6), 3, |_| ());
    script.write(4, (7, 8), TOOK);
    script.read(9, 3, Source::Hit);
    assert_eq!(script.cause(), [StaleCause::Lost]);
}

#[test]
fn a_removal_that_failed_left_the_entry_there() {
    let mut script = Script::after_two_writes(TOOK);
    script.load_during((5, 6), 3, |_| ());
    script.write(4, (7, 8), FAILED);
    script.read(9, 3, Source::Hit);
    script.write(5, (10, 11), FAILED);
    script.read(12, 3, Source::Hit);
    assert_eq!(script.causes().lost_invalidation, 2);
}

#[test]
fn a_removal_that_failed_while_a_load_was_under_way_is_one_of_two_causes() {
    let mut script = Script::after_two_writes(TOOK);
    script.load_during((5, 8), 3, |script| script.write(4, (6, 7), FAILED));
    script.read(9, 3, Source::Hit);
    assert_eq!(script.cause(), [StaleCause::Unknown]);
}

#[test]
fn nothing_is_called_lost_where_a_load_may_be_forgotten_or_has_no_answer() {
    let mut forgotten = Script::after_two_writes(TOOK);
    forgotten.write(4, (5, 6), TOOK);
    for load in 0..9 {
        // The old row, from a store that lags: a load that is remembered would be a refill.
        forgotten.load_during((7 + load, 8 + load), 4, |_| ());
    }
    forgotten.read(20, 3, Source::Hit);
    assert_eq!(forgotten.cause(), [StaleCause::Unknown]);

    let mut unsure = Script::after_two_writes(TOOK);
    let sent = unsure.send(OperationKind::Read, 1, 5);
    unsure.end(&sent, 6, (Outcome::Unknown(ErrorKind::Timeout), 0, None, None));
    unsure.write(4, (7, 8), TOOK);
    unsure.read(9, 3, Source::Hit);
    assert_eq!(unsure.cause(), [StaleCause::Unknown]);
}

#[test]
fn a_load_that_is_told_late_refutes_what_was_supposed_without_it() {
    let mut script = Script::after_two_writes(TOOK);
    script.load_during((5, 10), 3, |script| {
        script.write(4, (6, 7), TOOK);
        // The entry is there already, and who put it there has not told its end.
        script.read(9, 3, Source::Hit);
    });
    script.read(11, 3, Source::Hit);
    let causes = script.causes();
    assert_eq!((causes.unknown, causes.refill_after_invalidation, causes.sum()), (1, 1, 2));
}

#[test]
fn writes_that_set_in_another_order_than_they_committed_are_inverted() {
    let mut script = Script::after_two_writes(SET);
    let older = script.send(OperationKind::Write, 0, 5);
    script.write(5, (6, 7), SET);
    script.acknowledge(&older, 8, 4, SET);
    script.read(9, 4, Source::Hit);
    assert_eq!(script.cause(), [StaleCause::Inversion]);
}

#[test]
fn writes_that_set_one_after_the_other_are_not_inverted() {
    let mut apart = Script::after_two_writes(SET);
    apart.write(4, (5, 6), SET);
    apart.write(5, (7, 8), SET);
    apart.read(9, 4, Source::Hit);
    assert_eq!(apart.cause(), [StaleCause::Lost], "the newer one's value was to be there");

    let mut two_causes = Script::after_two_writes(SET);
    let older = two_causes.send(OperationKind::Write, 0, 5);
    two_causes.load_during((5, 9), 4, |script| script.write(5, (6, 7), SET));
    two_causes.acknowledge(&older, 8, 4, SET);
    two_causes.read(10, 4, Source::Hit);
    assert_eq!(two_causes.cause(), [StaleCause::Unknown], "a load may have put it there, too");
}

#[test]
fn a_load_that_ends_after_a_newer_entry_was_set_has_overwritten_it() {
    for effect in [SET, CacheEffect::Superseded] {
        let mut script = Script::after_two_writes(SET);
        script.load_during((5, 8), 3, |script| script.write(4, (6, 7), effect));
        script.read(9, 3, Source::Hit);
        assert_eq!(script.cause(), [StaleCause::Overwrite], "{effect:?}");
    }
}

#[test]
fn a_load_among_a_removal_and_a_newer_entry_may_have_done_either() {
    let mut script = Script::after_two_writes(SET);
    script.load_during((5, 10), 3, |script| {
        script.delete(4, (6, 7));
        script.write(5, (8, 9), SET);
    });
    script.read(11, 3, Source::Hit);
    assert_eq!(script.cause(), [StaleCause::Unknown]);
}

#[test]
fn writes_that_leave_the_cache_alone_leave_it_to_the_ttl() {
    let mut script = Script::with_caches(1);
    script.write(2, (1, 2), CacheEffect::Untouched);
    // Of a key without a ring, too.
    script.read(3, 1, Source::Hit);
    script.write(3, (4, 5), CacheEffect::Untouched);
    script.read(6, 1, Source::Hit);
    script.read(7, 2, Source::Hit);
    assert_eq!(script.causes().ttl_only, 3);
}

#[test]
fn a_key_whose_cache_was_told_once_is_not_left_to_the_ttl() {
    let mut script = Script::with_caches(1);
    script.write(2, (1, 2), TOOK);
    script.read(3, 1, Source::Hit);
    assert_eq!(script.cause(), [StaleCause::Unknown], "a key without a ring has no history");
}

#[test]
fn a_cache_that_knows_of_no_row_where_there_is_one_has_a_negative_entry() {
    let mut script = Script::after_two_writes(TOOK);
    script.delete(4, (5, 6));
    script.write(5, (7, 8), TOOK);
    script.read_nothing(9, 4, Source::Hit);
    assert_eq!(script.cause(), [StaleCause::Negative]);
}

#[test]
fn an_old_negative_entry_of_a_row_that_is_deleted_again_is_none_over_a_live_row() {
    let mut script = Script::after_two_writes(TOOK);
    script.delete(4, (5, 6));
    script.write(5, (7, 8), TOOK);
    script.delete(6, (9, 10));
    script.read_nothing(11, 4, Source::Hit);
    assert_eq!(script.cause(), [StaleCause::Lost]);
}

#[test]
fn a_cache_of_another_instance_is_told_nothing() {
    let mut script = Script::with_caches(2);
    script.write_through(0, 2, (1, 2), TOOK);
    script.write_through(0, 3, (3, 4), TOOK);
    script.write_through(0, 4, (5, 6), TOOK);
    // Session 1 asks the other one.
    script.read(7, 3, Source::Hit);
    assert_eq!(script.cause(), [StaleCause::CrossTier]);
}

#[test]
fn a_cache_that_its_own_instance_told_is_not_excused_by_another() {
    let mut told = Script::with_caches(2);
    told.write_through(0, 2, (1, 2), TOOK);
    told.write_through(1, 3, (3, 4), TOOK);
    told.write_through(1, 4, (5, 6), TOOK);
    told.read(7, 3, Source::Hit);
    assert_eq!(told.cause(), [StaleCause::Lost]);

    // Before the history of the key begins, and where a change has no answer, it may have been told.
    let mut before = Script::with_caches(2);
    before.write_through(1, 2, (1, 2), TOOK);
    before.write_through(0, 3, (3, 4), TOOK);
    before.read(5, 1, Source::Hit);
    assert_eq!(before.cause(), [StaleCause::Unknown]);
    let mut unsure = Script::with_caches(2);
    unsure.write_through(0, 2, (1, 2), TOOK);
    unsure.write_through(0, 3, (3, 4), TOOK);
    let sent = unsure.send(OperationKind::Write, 1, 5);
    unsure.end(&sent, 6, (Outcome::Unknown(ErrorKind::Timeout), 0, None, None));
    unsure.write_through(0, 5, (7, 8), TOOK);
    unsure.read(9, 3, Source::Hit);
    assert_eq!(unsure.cause(), [StaleCause::Unknown]);
}

#[test]
fn a_store_that_answers_with_an_old_row_lags() {
    let mut script = Script::after_two_writes(TOOK);
    script.read(5, 2, Source::MissLed);
    script.read(6, 2, Source::Bypass);
    assert_eq!(script.causes().replica_lag, 2);
}

#[test]
fn a_load_that_was_joined_is_told_by_its_leader_alone() {
    let mut joined = Script::after_two_writes(TOOK);
    let leader = joined.send(OperationKind::Read, 1, 5);
    joined.write(4, (6, 7), TOOK);
    let follower = joined.send(OperationKind::Read, 2, 8);
    joined.answer(&leader, 9, 3, Source::MissLed);
    joined.answer(&follower, 9, 3, Source::MissJoined);
    assert_eq!(joined.cause(), [StaleCause::JoinedLoad]);

    let mut alone = Script::after_two_writes(TOOK);
    alone.read(5, 2, Source::MissJoined);
    // Another's answer for which a failed cache was passed over, and an entry that was served past its time.
    alone.read(6, 2, Source::CacheFailed);
    alone.read(7, 2, Source::StaleServed);
    assert_eq!(alone.causes().unknown, 3);
}

#[test]
fn after_what_the_clock_of_events_reaches_nothing_is_told_of_order() {
    let late = u64::from(u32::MAX) / 100 + 1;
    let mut script = Script::after_two_writes(TOOK);
    script.load_during((late, late + 3), 3, |script| script.write(4, (late + 1, late + 2), TOOK));
    script.read(late + 4, 3, Source::Hit);
    assert_eq!(script.cause(), [StaleCause::Unknown]);
}

#[test]
fn of_a_service_that_does_not_say_what_it_does_with_its_cache_nothing_is_told() {
    let mut script = Script::with_caches(1);
    script.oracle.plan.loaded = false;
    script.part = script.oracle.thread();
    script.write(2, (1, 2), CacheEffect::Untouched);
    script.read(3, 1, Source::Hit);
    script.read(4, 1, Source::MissLed);
    assert_eq!(script.causes().unknown, 2);
}

#[test]
fn where_loads_in_the_background_fill_the_cache_nothing_is_told_of_what_it_answers() {
    let mut script = Script::with_caches(1);
    script.oracle.plan.fills_unseen = true;
    script.part = script.oracle.thread();
    script.write(2, (1, 2), CacheEffect::Untouched);
    script.read(3, 1, Source::Hit);
    script.read(4, 1, Source::StaleServed);
    script.read(5, 1, Source::MissLed);
    let causes = script.causes();
    assert_eq!((causes.unknown, causes.replica_lag), (2, 1));
}

#[test]
fn a_load_from_before_anything_was_remembered_is_not_taken_for_none() {
    // The row is loaded while its second write, which has removed the entry, is under way.
    let mut script = Script::with_caches(1);
    script.write(2, (1, 2), TOOK);
    let second = script.send(OperationKind::Write, 0, 3);
    script.load_during((3, 4), 2, |_| {});
    script.acknowledge(&second, 5, 3, TOOK);
    script.read(6, 2, Source::Hit);
    assert_eq!(script.cause(), [StaleCause::Unknown]);

    // The load was sent before anybody had written the key, and is told once there is a ring.
    let mut sent_before = Script::with_caches(1);
    sent_before.load_during((0, 6), 1, |script| {
        script.write(2, (1, 2), TOOK);
        script.write(3, (3, 4), TOOK);
    });
    sent_before.read(7, 1, Source::Hit);
    assert_eq!(sent_before.cause(), [StaleCause::Refill]);
}

#[test]
fn causes_are_told_of_versions_that_are_far_apart_too() {
    let mut refilled = Script::after_two_sparse_writes(TOOK);
    refilled.load_during((5, 8), 3, |script| script.write(4, (6, 7), TOOK));
    refilled.read(9, 3, Source::Hit);
    assert_eq!(refilled.cause(), [StaleCause::Refill]);
    let mut overwritten = Script::after_two_sparse_writes(SET);
    overwritten.load_during((5, 8), 3, |script| script.write(4, (6, 7), SET));
    overwritten.read(9, 3, Source::Hit);
    assert_eq!(overwritten.cause(), [StaleCause::Overwrite]);
    let mut lost = Script::after_two_sparse_writes(FAILED);
    lost.load_during((5, 6), 3, |_| ());
    lost.write(4, (7, 8), FAILED);
    lost.write(5, (9, 10), FAILED);
    lost.read(11, 3, Source::Hit);
    assert_eq!(lost.cause(), [StaleCause::Lost]);
}

#[test]
fn a_load_from_before_the_next_acknowledged_version_was_joined_where_versions_are_far_apart() {
    let mut joined = Script::after_two_sparse_writes(TOOK);
    let leader = joined.send(OperationKind::Read, 1, 5);
    joined.write(4, (6, 7), TOOK);
    let follower = joined.send(OperationKind::Read, 2, 8);
    joined.answer(&leader, 9, 3, Source::MissLed);
    joined.answer(&follower, 9, 3, Source::MissJoined);
    assert_eq!(joined.cause(), [StaleCause::JoinedLoad]);
}

#[test]
fn failed_changes_of_which_some_are_forgotten_are_unknown_where_versions_are_far_apart() {
    let mut script = Script::after_two_sparse_writes(FAILED);
    script.load_during((5, 6), 3, |_| ());
    for version in 4..14 {
        script.write(version, (2 * version, 2 * version + 1), FAILED);
    }
    script.read(40, 3, Source::Hit);
    assert_eq!(script.cause(), [StaleCause::Unknown]);
}
