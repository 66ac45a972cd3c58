//! What store and caches held once a trial was over.

use super::times::TimeSummary;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What the audit found: after the drain, and outside of the window, store and caches were asked what they hold, and that was
/// compared with each other and with what clients had been acknowledged.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Audit {
    /// How many keys the workload has.
    pub keys: u64,
    /// How many were chosen to be looked at: all, or as many as the definition allows. Keys that were written come first; within
    /// those, and within the rest, the seed chooses.
    pub chosen: u64,
    /// How long it took, in nanoseconds.
    pub time_ns: u64,
    /// Why not all that was chosen was looked at; none if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incomplete: Option<String>,
    /// The rows.
    pub store: StoreAudit,
    /// The entries of all caches together; none where the strategy asks no cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<CacheAudit>,
    /// The first of each finding.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<AuditExample>,
}

/// What the rows were found to be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StoreAudit {
    /// Keys whose row was looked at.
    pub seen: u64,
    /// Those of them of which a write or delete was acknowledged in this trial; none where the oracle was left out, so that nobody
    /// knows.
    #[serde(default)]
    pub written: Option<u64>,
    /// Keys whose row is older than the highest version that was acknowledged, or is not what was acknowledged as that version:
    /// live in the place of a delete, or the other way round, or with the value of another write.
    pub lost: u64,
    /// Those of them whose row is live though a delete was acknowledged last.
    pub lost_deletes: u64,
    /// Keys whose row nobody can have written.
    pub phantoms: u64,
    /// Keys whose value is damaged, or another key's.
    pub corrupt: u64,
}

/// What the entries were found to be. Those under a key whose row was not looked at are not among them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CacheAudit {
    /// How many caches there were: one that all instances share, or one for each.
    pub caches: u32,
    /// Keys that were looked at, once for each cache.
    pub seen: u64,
    /// Entries that were found. Each is one of: equal, behind, ahead, a phantom, corrupt.
    pub held: u64,
    /// Entries of the row's version and content.
    pub equal: u64,
    /// Entries of a version below the row's.
    pub behind: u64,
    /// Those of them that have a value though the row is deleted.
    pub resurrected: u64,
    /// Those of them that say that there is no row, though there is one.
    pub stale_negatives: u64,
    /// Entries of a version above the row's that may have been attempted.
    pub ahead: u64,
    /// Those of them under whose key the store has no row.
    pub orphans: u64,
    /// Entries that nobody can have written.
    pub phantoms: u64,
    /// Entries that are damaged, another key's, or of the row's version with other content.
    pub corrupt: u64,
    /// How long entries that are behind would go on to live, of those that expire by themselves. Beyond an hour a quantile is told
    /// as one.
    pub behind_remaining: Option<TimeSummary>,
    /// Entries that are behind and never expire by themselves: they stay until the next write or an eviction.
    pub behind_without_end: u64,
    /// Whether no entry counted as used for having been looked at. Of a server that can't read without that, recency was touched
    /// after all was measured.
    pub recency_kept: bool,
}

/// Something that was found, of one key.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditExample {
    /// What.
    pub finding: AuditFinding,
    /// The key.
    pub key: String,
    /// The highest version that was acknowledged, that of the preload included; none where nobody knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<u64>,
    /// The row's version; 0 where there is no row.
    pub row: u64,
    /// Whether the row has that version and the value of another write than the one that was acknowledged as it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub other_value: bool,
    /// The entry's version; none where the finding is of a row, or the entry has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<u64>,
    /// Which cache, from 0; none where the finding is of a row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache: Option<u32>,
    /// How long the entry would go on to live, in nanoseconds; none where it has no end, or the finding is of a row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remaining_ns: Option<u64>,
}

/// What can be found of a row or an entry. The worst come first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AuditFinding {
    /// The row lacks an acknowledged write.
    LostWrite,
    /// The row is live though its delete was acknowledged.
    LostDelete,
    /// Nobody can have written the row.
    PhantomRow,
    /// The row's value is damaged, or another key's.
    CorruptRow,
    /// Nobody can have written the entry.
    PhantomEntry,
    /// The entry is damaged, another key's, or has not what the row of its version has.
    CorruptEntry,
    /// The entry has a version above the row's.
    Ahead,
    /// The entry has a version, and the store has no row.
    Orphan,
    /// The entry has a value, and the row is deleted above its version.
    Resurrected,
    /// The entry says that there is no row, and there is one of a higher version.
    StaleNegative,
    /// The entry has a version below the row's.
    Behind,
}

impl AuditFinding {
    /// The name in records, tables and messages.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::LostWrite => "lost-write",
            Self::LostDelete => "lost-delete",
            Self::PhantomRow => "phantom-row",
            Self::CorruptRow => "corrupt-row",
            Self::PhantomEntry => "phantom-entry",
            Self::CorruptEntry => "corrupt-entry",
            Self::Ahead => "ahead",
            Self::Orphan => "orphan",
            Self::Resurrected => "resurrected",
            Self::StaleNegative => "stale-negative",
            Self::Behind => "behind",
        }
    }
}

impl Audit {
    /// How many keys lack an acknowledged write; none where nobody knows: without the oracle, or where not every chosen key was
    /// looked at and none was found so far.
    #[must_use]
    pub fn lost_writes(&self) -> Option<u64> {
        let known = self.store.written.is_some() && (self.store.lost > 0 || self.store.seen == self.chosen);
        known.then_some(self.store.lost)
    }

    /// The share of the entries that are behind their rows or ahead of them; none where there was no entry.
    #[must_use]
    pub fn divergence(&self) -> Option<f64> {
        let cache = self.cache.as_ref().filter(|cache| cache.held > 0)?;
        Some((cache.behind + cache.ahead) as f64 / cache.held as f64)
    }

    /// Values that nobody can have written, of rows and entries.
    #[must_use]
    pub fn phantoms(&self) -> u64 {
        self.store.phantoms + self.cache.as_ref().map_or(0, |cache| cache.phantoms)
    }

    /// Damaged values, of rows and entries.
    #[must_use]
    pub fn corrupt(&self) -> u64 {
        self.store.corrupt + self.cache.as_ref().map_or(0, |cache| cache.corrupt)
    }

    /// Whether not every key of the workload was to be looked at.
    #[must_use]
    pub fn is_sample(&self) -> bool {
        self.chosen < self.keys
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn audit(seen: u64, lost: u64, written: Option<u64>) -> Audit {
        let store = StoreAudit { seen, lost, written, ..StoreAudit::default() };
        Audit { keys: 10, chosen: 10, store, ..Audit::default() }
    }

    #[test]
    fn what_was_not_looked_at_is_not_called_kept() {
        assert_eq!(audit(10, 0, Some(4)).lost_writes(), Some(0));
        assert_eq!(audit(9, 0, Some(4)).lost_writes(), None);
        assert_eq!(audit(9, 2, Some(4)).lost_writes(), Some(2));
        assert_eq!(audit(10, 0, None).lost_writes(), None);
    }

    #[test]
    fn divergence_is_of_the_entries_that_there_are() {
        let of = |held, behind, ahead| {
            let cache = CacheAudit { held, behind, ahead, ..CacheAudit::default() };
            Audit { cache: Some(cache), ..Audit::default() }.divergence()
        };
        assert_eq!((of(8, 1, 1), of(0, 0, 0)), (Some(0.25), None));
        assert_eq!(Audit::default().divergence(), None);
    }

    #[test]
    fn a_finding_is_written_by_its_name() {
        let all = [AuditFinding::LostWrite, AuditFinding::StaleNegative, AuditFinding::CorruptEntry];
        for finding in all {
            assert_eq!(serde_json::to_value(finding).unwrap(), finding.name());
        }
    }
}
