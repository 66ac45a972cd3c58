//! What the caches hold, held against the rows.

use super::examples::Examples;
use super::rows::{Known, content_of};
use super::subject::Subject;
use crate::timeline::nanos;
use cachemark_core::{Entry, Held, Recency, Stamp};
use cachemark_results::{AuditExample, AuditFinding, CacheAudit, TimeSummary};
use cachemark_stats::Histogram;

/// The entries of the chosen keys, in one cache after the other.
pub(super) struct Entries<'a> {
    subject: Subject<'a>,
    rows: &'a [Option<Known>],
    told: CacheAudit,
    /// Of entries that are behind, and the longest, which the histogram may not have room for.
    remaining: Option<(Histogram, u64)>,
}

impl<'a> Entries<'a> {
    pub(super) fn new(subject: Subject<'a>, rows: &'a [Option<Known>]) -> Self {
        let told = CacheAudit { recency_kept: true, ..CacheAudit::default() };
        Self { subject, rows, told, remaining: None }
    }

    /// What is seen from now on is of another cache.
    pub(super) fn next_cache(&mut self) {
        self.told.caches += 1;
    }

    /// What the look at this cache did to it.
    pub(super) fn recency(&mut self, recency: Recency) {
        self.told.recency_kept &= recency == Recency::Kept;
    }

    /// What is under the key at that place.
    pub(super) fn see(&mut self, at: usize, held: Option<&Held>, examples: &mut Examples) {
        let Some(row) = self.rows[at] else { return };
        self.told.seen += 1;
        let Some(held) = held else { return };
        self.told.held += 1;
        let Some(finding) = self.judged(at, held, &row) else {
            self.told.equal += 1;
            return;
        };
        self.count(finding, held);
        examples.keep(finding, || AuditExample {
            finding,
            key: self.subject.keys[at].to_string(),
            acknowledged: self.subject.last(at).map(|last| last.acknowledged),
            row: row.version,
            other_value: false,
            entry: held.entry.as_ref().map(|entry| entry.version.0),
            cache: Some(self.told.caches - 1),
            remaining_ns: held.remaining.map(nanos),
        });
    }

    fn judged(&self, at: usize, held: &Held, row: &Known) -> Option<AuditFinding> {
        let Some(entry) = &held.entry else { return Some(AuditFinding::CorruptEntry) };
        let stamped = entry.value().and_then(|value| self.subject.stamp(value, &self.subject.keys[at]));
        let Ok(stamp) = stamped.transpose() else {
            return Some(AuditFinding::CorruptEntry);
        };
        // A value that was put there before the store had it has no version, and none that nobody can have written.
        let has_version = entry.version.0 > 0 || stamp.is_none();
        if has_version && self.subject.is_phantom(at, entry.version.0, stamp.as_ref()) {
            return Some(AuditFinding::PhantomEntry);
        }
        judge(entry, stamp, row)
    }

    fn count(&mut self, finding: AuditFinding, held: &Held) {
        let told = &mut self.told;
        match finding {
            AuditFinding::Ahead => told.ahead += 1,
            AuditFinding::Orphan => {
                told.ahead += 1;
                told.orphans += 1;
            }
            AuditFinding::PhantomEntry => told.phantoms += 1,
            AuditFinding::Behind | AuditFinding::Resurrected | AuditFinding::StaleNegative => {
                told.behind += 1;
                told.resurrected += u64::from(finding == AuditFinding::Resurrected);
                told.stale_negatives += u64::from(finding == AuditFinding::StaleNegative);
                match held.remaining.map(nanos) {
                    Some(ns) => {
                        let (histogram, longest) = self.remaining.get_or_insert_with(|| (Histogram::new(), 0));
                        histogram.record(ns);
                        *longest = ns.max(*longest);
                    }
                    None => told.behind_without_end += 1,
                }
            }
            _ => told.corrupt += 1,
        }
    }

    pub(super) fn finish(self) -> CacheAudit {
        let remaining = self
            .remaining
            .and_then(|(histogram, longest)| Some(TimeSummary { max_ns: longest, ..TimeSummary::of(&histogram)? }));
        CacheAudit { behind_remaining: remaining, ..self.told }
    }
}

/// What an entry is that may have been written, with its value's stamp; none if it is what the row is.
fn judge(entry: &Entry, stamp: Option<Stamp>, row: &Known) -> Option<AuditFinding> {
    let (version, live) = (entry.version.0, entry.value().is_some());
    let write = stamp.map(|stamp| (stamp.trial, stamp.write_id));
    // A value that was put there before the store had it has no version: that it is the row's, its stamp tells.
    if version == 0 && live && row.live && write.is_some() && write == row.write {
        return None;
    }
    if version > row.version {
        return Some(if row.version == 0 { AuditFinding::Orphan } else { AuditFinding::Ahead });
    }
    if version < row.version {
        return Some(match (live, row.live) {
            (true, false) => AuditFinding::Resurrected,
            (false, true) => AuditFinding::StaleNegative,
            _ => AuditFinding::Behind,
        });
    }
    // A stamp names the write. Where there is none, what the row has is known by its content.
    let same = write == row.write && (write.is_some() || entry.value().map(content_of) == row.content);
    (live != row.live || !same).then_some(AuditFinding::CorruptEntry)
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_core::{Value, Version, WriteId};
    use cachemark_results::AuditFinding::{Ahead, Behind, CorruptEntry, Orphan, Resurrected, StaleNegative};

    fn write(sequence: u64) -> WriteId {
        WriteId { session: 1, sequence }
    }

    fn judged(entry: (u64, bool), row: (u64, bool)) -> Option<AuditFinding> {
        let known = |(version, live): (u64, bool)| Known {
            version,
            live,
            write: live.then(|| (3, write(version))),
            content: None,
        };
        let value = entry.1.then(|| Value::new(&b"value"[..]));
        let made = value.map_or_else(|| Entry::absent(Version(entry.0)), |value| Entry::live(Version(entry.0), value));
        let stamp = entry.1.then(|| Stamp { trial: 3, key: 0, write_id: write(entry.0) });
        judge(&made, stamp, &known(row))
    }

    #[test]
    fn an_entry_is_held_against_its_row() {
        for (entry, row, finding) in [
            ((5, true), (5, true), None),
            ((5, false), (5, false), None),
            ((4, true), (5, true), Some(Behind)),
            ((4, false), (5, false), Some(Behind)),
            ((4, true), (5, false), Some(Resurrected)),
            ((4, false), (5, true), Some(StaleNegative)),
            ((6, true), (5, true), Some(Ahead)),
            ((6, false), (5, true), Some(Ahead)),
            ((1, true), (0, false), Some(Orphan)),
            ((0, false), (0, false), None),
            ((5, false), (5, true), Some(CorruptEntry)),
            ((5, true), (5, false), Some(CorruptEntry)),
        ] {
            assert_eq!(judged(entry, row), finding, "{entry:?} over {row:?}");
        }
    }

    #[test]
    fn an_entry_without_a_version_is_the_row_s_if_its_stamp_says_so() {
        let row = Known { version: 5, live: true, write: Some((3, write(5))), content: None };
        let entry = Entry::live(Version::NONE, Value::new(&b"value"[..]));
        let of = |sequence| judge(&entry, Some(Stamp { trial: 3, key: 0, write_id: write(sequence) }), &row);
        assert_eq!((of(5), of(4)), (None, Some(Behind)));
        assert_eq!(judge(&entry, None, &Known { write: None, ..row }), Some(Behind));
    }

    #[test]
    fn the_version_of_the_row_with_the_value_of_another_write_is_not_the_row() {
        let row = Known { version: 5, live: true, write: Some((3, write(5))), content: None };
        let entry = Entry::live(Version(5), Value::new(&b"value"[..]));
        let of = |sequence| judge(&entry, Some(Stamp { trial: 3, key: 0, write_id: write(sequence) }), &row);
        assert_eq!((of(5), of(4)), (None, Some(CorruptEntry)));
    }

    #[test]
    fn without_a_stamp_the_version_of_the_row_with_another_value_is_not_the_row() {
        let value = |text: &'static str| Value::new(text);
        let row = Known { version: 5, live: true, write: None, content: Some(content_of(&value("kept"))) };
        let of = |text| judge(&Entry::live(Version(5), value(text)), None, &row);
        assert_eq!((of("kept"), of("refused")), (None, Some(CorruptEntry)));
    }
}
