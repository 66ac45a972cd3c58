//! The same of versions that are far apart, as a strategy gives them that acknowledges before the store has the write: times,
//! above what the store has counted.

use super::super::Versions;
use super::is_spotless;
use super::sequential::Script;
use crate::instrument::Outcome;
use cachemark_core::{ErrorKind, Version};
use cachemark_results::{Checked, FreshWithin};
use cachemark_workload::OperationKind;
use proptest::prelude::*;

const MS: u64 = 1_000_000;
/// About the year 2026.
const NOW: u64 = 1_790_000_000_000_000 * Version::A_MICROSECOND;

/// The version of a write that is acknowledged at that time.
fn at(now_ns: u64) -> u64 {
    NOW + now_ns / 1_000 * Version::A_MICROSECOND
}

proptest! {
    #[test]
    fn every_stale_read_is_found_with_its_age_and_without_a_lag(
        steps in prop::collection::vec((any::<bool>(), 0..8usize, 1..500u64), 1..200),
    ) {
        let mut script = Script::of(Versions::OfStrategy);
        // The versions of the key and when each was acknowledged.
        let (mut versions, mut now_ns) = (vec![(1, 0)], 0);
        let mut ages = Vec::new();
        for (writes, behind, after) in steps {
            now_ns += after * 100_000;
            if writes {
                script.write(0, now_ns, at(now_ns));
                versions.push((at(now_ns), now_ns));
            } else {
                let place = versions.len().saturating_sub(1 + behind);
                script.read(1, now_ns, versions[place].0);
                ages.extend(versions.get(place + 1).map(|(_, next_ns)| now_ns - next_ns));
            }
        }
        let told = script.told();
        prop_assert_eq!((told.stale, told.ages_at_least, told.ages_untold, told.phantoms), (ages.len() as u64, 0, 0, 0));
        prop_assert_eq!((told.lag_max, told.lag_mean), (0, None));
        for FreshWithin { within_ns, reads } in told.fresh_within {
            let stale_within = ages.iter().filter(|age| within_ns > 0 && **age <= within_ns).count() as u64;
            prop_assert_eq!(reads, told.judged - told.stale + stale_within, "within {} ns", within_ns);
        }
        let oldest = ages.iter().max().copied();
        prop_assert!(told.stale_age.map(|age| age.max_ns).zip(oldest).is_none_or(|(max, oldest)| max.abs_diff(oldest) <= oldest / 1000));
    }
}

#[test]
fn what_the_ring_has_forgotten_leaves_bounds() {
    let mut script = Script::of(Versions::OfStrategy);
    for write in 1..=20 {
        script.write(0, write * MS, at(write * MS));
    }
    // The eighth from the end is still there, the one before it is not; and what was loaded was old since the first.
    script.read(1, 30 * MS, at(13 * MS));
    script.read(1, 30 * MS, at(12 * MS));
    script.read(2, 30 * MS, 1);
    let told = script.told();
    assert_eq!((told.stale, told.ages_at_least), (3, 1));
    let (sure, bound) = (told.stale_age.unwrap(), told.age_at_least.unwrap());
    assert!(
        sure.count == 2 && sure.max_ns.abs_diff(29 * MS) < MS / 10 && bound.abs_diff(17 * MS) < MS / 10,
        "{told:?}"
    );
}

#[test]
fn a_second_attempt_leaves_the_age_after_the_only_acknowledgement_a_bound() {
    let mut script = Script::of(Versions::OfStrategy);
    script.write(0, MS, at(MS));
    script.issue(OperationKind::Write, 0, 2 * MS, (0, None, Outcome::Unknown(ErrorKind::Timeout)));
    script.read(1, 4 * MS, 1);
    let told = script.told();
    assert_eq!((told.stale, told.ages_at_least, told.age_at_least.unwrap().abs_diff(3 * MS) < MS / 10), (1, 1, true));
}

#[test]
fn of_a_key_that_somebody_tried_to_write_any_version_may_be_and_of_another_none() {
    let mut script = Script::of(Versions::OfStrategy);
    script.read(0, MS, at(MS));
    // What nobody tried to write is nobody's; of what somebody did, who knows which version it got.
    script.issue(OperationKind::Write, 0, 2 * MS, (0, None, Outcome::Unknown(ErrorKind::Timeout)));
    script.read(1, 3 * MS, at(2 * MS));
    script.write(0, 4 * MS, at(4 * MS));
    script.delete(0, 5 * MS, at(5 * MS));
    script.read_nothing(1, 6 * MS, at(5 * MS));
    script.read(2, 7 * MS, at(4 * MS));
    let told = script.told();
    assert_eq!((told.phantoms, told.judged, told.stale, told.resurrected), (1, 3, 1, 1));
    assert_eq!((told.own_reads, told.own_writes), (Checked { reads: 1, violations: 0 }, Checked::default()));
    assert!(!is_spotless(&told));
}

#[test]
fn what_was_acknowledged_last_is_told_to_the_audit_by_its_version() {
    let mut script = Script::of(Versions::OfStrategy);
    let written = script.oracle.written();
    script.write(0, 3 * MS, at(3 * MS));
    script.delete(0, 5 * MS, at(5 * MS));
    let last = written.last(4);
    assert_eq!((last.acknowledged, last.deleted, last.written, last.highest), (at(5 * MS), true, true, u64::MAX));
    let other = written.last(5);
    assert_eq!((other.acknowledged, other.written, other.highest), (1, false, 1));
}

#[test]
fn what_is_out_of_reach_is_counted_and_not_judged() {
    const HOURS: u64 = 3_600_000 * MS;
    let mut script = Script::of(Versions::OfStrategy);
    script.write(0, MS, at(MS));
    script.write(0, 2 * HOURS, at(2 * HOURS));
    script.read(1, 2 * HOURS, at(2 * HOURS));
    script.read(1, 2 * HOURS, at(MS));
    let told = script.told();
    assert_eq!((told.reads, told.judged, told.without_version, told.out_of_reach, told.stale), (2, 1, 1, 1, 0));
}
