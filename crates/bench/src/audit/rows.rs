//! What the store holds, held against what was acknowledged.

use super::examples::Examples;
use super::subject::Subject;
use crate::instrument::LastKnown;
use cachemark_core::{Row, Stamp, StampError, Value, WriteId};
use cachemark_results::{AuditExample, AuditFinding, StoreAudit};
use xxhash_rust::xxh3::xxh3_64;

/// What is kept of a row for the caches to be held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) version: u64,
    /// Whether it has a value.
    pub(super) live: bool,
    /// Which write its value is of; none if it has no value or no stamp.
    pub(super) write: Option<(u32, WriteId)>,
    /// The fingerprint of its value; none if it has none.
    pub(super) content: Option<u64>,
}

/// The rows of the chosen keys.
pub(super) struct Rows<'a> {
    subject: Subject<'a>,
    known: Vec<Option<Known>>,
    told: StoreAudit,
}

impl<'a> Rows<'a> {
    pub(super) fn new(subject: Subject<'a>) -> Self {
        let told = StoreAudit { written: subject.written.map(|_| 0), ..StoreAudit::default() };
        Self { subject, known: vec![None; subject.keys.len()], told }
    }

    /// The row of the key at that place.
    pub(super) fn see(&mut self, at: usize, row: &Row, examples: &mut Examples) {
        let (key, last) = (&self.subject.keys[at], self.subject.last(at));
        let stamped = row.value.as_ref().and_then(|value| self.subject.stamp(value, key));
        let stamp = stamped.and_then(Result::ok);
        let write = stamp.map(|stamp| (stamp.trial, stamp.write_id));
        let content = row.value.as_ref().map(content_of);
        self.known[at] = Some(Known { version: row.version.0, live: row.value.is_some(), write, content });
        self.told.seen += 1;
        if let (Some(count), Some(LastKnown { written: true, .. })) = (&mut self.told.written, last) {
            *count += 1;
        }
        let phantom = self.subject.is_phantom(at, row.version.0, stamp.as_ref());
        let other_value = self.subject.is_of_another(at, row.version.0, stamp.as_ref());
        let lost = other_value.then_some(AuditFinding::LostWrite);
        let Some(finding) = lost.or_else(|| judge(row, stamped, last, phantom)) else { return };
        let (told, lost_delete) = (&mut self.told, finding == AuditFinding::LostDelete);
        match finding {
            AuditFinding::LostWrite | AuditFinding::LostDelete => told.lost += 1,
            AuditFinding::PhantomRow => told.phantoms += 1,
            _ => told.corrupt += 1,
        }
        told.lost_deletes += u64::from(lost_delete);
        examples.keep(finding, || AuditExample {
            finding,
            key: key.to_string(),
            acknowledged: last.map(|last| last.acknowledged),
            row: row.version.0,
            other_value,
            entry: None,
            cache: None,
            remaining_ns: None,
        });
    }

    /// What was found, and each row that was seen.
    pub(super) fn finish(self) -> (StoreAudit, Vec<Option<Known>>) {
        (self.told, self.known)
    }
}

/// What tells one value from another where no stamp does.
pub(super) fn content_of(value: &Value) -> u64 {
    xxh3_64(value.as_bytes())
}

/// What is wrong with a row, if anything is: the worst.
fn judge(
    row: &Row,
    stamped: Option<Result<Stamp, StampError>>,
    last: Option<LastKnown>,
    phantom: bool,
) -> Option<AuditFinding> {
    let (version, live) = (row.version.0, row.value.is_some());
    if let Some(last) = last {
        let as_acknowledged = version == last.acknowledged && version > 0;
        if version < last.acknowledged || (as_acknowledged && live == last.deleted) {
            let lost_delete = last.deleted && live;
            return Some(if lost_delete { AuditFinding::LostDelete } else { AuditFinding::LostWrite });
        }
    }
    if phantom {
        return Some(AuditFinding::PhantomRow);
    }
    matches!(stamped, Some(Err(_))).then_some(AuditFinding::CorruptRow)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::Version;
    use cachemark_results::AuditFinding::{CorruptRow, LostDelete, LostWrite, PhantomRow};

    const LAST: LastKnown = LastKnown { acknowledged: 5, deleted: false, highest: 7, written: true, mark: None };

    fn judged(version: u64, live: bool, last: LastKnown) -> Option<AuditFinding> {
        let row = Row { version: Version(version), value: live.then(|| Value::new(&b"value"[..])) };
        judge(&row, None, Some(last), version > last.highest)
    }

    #[test]
    fn a_row_below_what_was_acknowledged_has_lost_it() {
        let of = |version| judged(version, true, LAST);
        assert_eq!([0, 4, 5, 6, 7, 8].map(of), [Some(LostWrite), Some(LostWrite), None, None, None, Some(PhantomRow)]);
    }

    #[test]
    fn the_row_of_the_version_is_what_was_acknowledged_as_it() {
        let deleted = LastKnown { deleted: true, ..LAST };
        assert_eq!([judged(5, false, LAST), judged(5, true, deleted)], [Some(LostWrite), Some(LostDelete)]);
        assert_eq!([judged(4, true, deleted), judged(4, false, deleted)], [Some(LostDelete), Some(LostWrite)]);
        assert_eq!(judged(5, false, deleted), None);
        // A write or delete whose end is unknown came after it.
        assert_eq!([judged(6, true, deleted), judged(6, false, LAST)], [None; 2]);
    }

    #[test]
    fn a_key_that_was_never_written_misses_nothing() {
        let never = LastKnown { acknowledged: 0, deleted: false, highest: 0, written: false, mark: None };
        assert_eq!((judged(0, false, never), judged(1, true, never)), (None, Some(PhantomRow)));
    }

    #[test]
    fn a_damaged_value_is_seen_without_the_oracle_too() {
        let row = Row { version: Version(5), value: Some(Value::new(&b"value"[..])) };
        let damaged = Some(Err(StampError::Checksum));
        assert_eq!([Some(LAST), None].map(|last| judge(&row, damaged, last, false)), [Some(CorruptRow); 2]);
        assert_eq!(judge(&row, None, Some(LAST), true), Some(PhantomRow));
    }
}
