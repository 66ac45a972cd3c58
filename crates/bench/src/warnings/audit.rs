//! What the audit found that a reader should know.

use cachemark_results::warning::{self, WarningKind};
use cachemark_results::{Audit, AuditExample, AuditFinding, Trial, Warning};

/// `declared` says whether the strategy declares that it may lose acknowledged writes, set and deployed as it is.
pub(crate) fn of(trial: &Trial, declared: bool) -> Vec<Warning> {
    let Some(audit) = &trial.audit else { return Vec::new() };
    let mut warnings = Vec::new();
    let mut warn = |kind: WarningKind, text: String| warnings.push(Warning::new(kind, text));
    if audit.store.lost > 0 {
        let of = audit.store.written.map(|written| format!(" of {written} written keys")).unwrap_or_default();
        let examples = rows(audit, &[AuditFinding::LostWrite, AuditFinding::LostDelete]);
        let text = format!("{}{of} lack an acknowledged write in the store: {examples}", audit.store.lost);
        if declared {
            warn(warning::DECLARED_LOSSES, format!("{text}; the strategy declares that it may lose some"));
        } else {
            warn(warning::LOST_WRITES, format!("{text}; the strategy does not declare that it may lose any"));
        }
    }
    if audit.phantoms() > 0 {
        let examples = [rows(audit, &[AuditFinding::PhantomRow]), entries(audit, &[AuditFinding::PhantomEntry])];
        let text = format!("the audit found phantom values ({}), which nobody can have written", audit.phantoms());
        warn(warning::PHANTOMS, format!("{text}: {}", joined(&examples)));
    }
    if audit.corrupt() > 0 {
        let examples = [rows(audit, &[AuditFinding::CorruptRow]), entries(audit, &[AuditFinding::CorruptEntry])];
        let text = format!("the audit found values ({}) that are damaged or another write's", audit.corrupt());
        warn(warning::BAD_STAMPS, format!("{text}: {}", joined(&examples)));
    }
    if let Some(why) = &audit.incomplete {
        let (rows, entries) = (audit.store.seen, audit.cache.as_ref().map_or(0, |cache| cache.seen));
        let text =
            format!("the audit saw {rows} of {} rows and looked up {entries} keys in caches: {why}", audit.chosen);
        warn(warning::AUDIT_INCOMPLETE, text);
    }
    warnings
}

fn joined(parts: &[String]) -> String {
    parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(", ")
}

fn of_kinds<'a>(audit: &'a Audit, kinds: &'a [AuditFinding]) -> impl Iterator<Item = &'a AuditExample> {
    audit.examples.iter().filter(|example| kinds.contains(&example.finding))
}

/// `cm:k7 (acknowledged v5, row v3)`, ..
fn rows(audit: &Audit, kinds: &[AuditFinding]) -> String {
    let row = |example: &AuditExample| {
        let acknowledged = example.acknowledged.map(|version| format!("acknowledged v{version}, "));
        let state = match example.finding {
            AuditFinding::LostDelete => " live",
            _ if example.other_value => " with another write's value",
            _ => "",
        };
        format!("{} ({}row v{}{state})", example.key, acknowledged.unwrap_or_default(), example.row)
    };
    of_kinds(audit, kinds).map(row).collect::<Vec<_>>().join(", ")
}

/// `cm:k7 (entry v5, row v3)`, ..
fn entries(audit: &Audit, kinds: &[AuditFinding]) -> String {
    let entry = |example: &AuditExample| {
        let version =
            example.entry.map_or_else(|| "no entry of ours".to_owned(), |version| format!("entry v{version}"));
        format!("{} ({version}, row v{})", example.key, example.row)
    };
    of_kinds(audit, kinds).map(entry).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use cachemark_results::{CacheAudit, StoreAudit};

    fn example(finding: AuditFinding, row: u64, entry: Option<u64>) -> AuditExample {
        let key = format!("k{row}");
        AuditExample {
            finding,
            key,
            acknowledged: Some(5),
            row,
            other_value: false,
            entry,
            cache: None,
            remaining_ns: None,
        }
    }

    fn trial() -> Trial {
        let store = StoreAudit { seen: 10, written: Some(4), lost: 2, lost_deletes: 1, ..StoreAudit::default() };
        let cache = CacheAudit { seen: 10, held: 3, phantoms: 1, corrupt: 1, equal: 1, ..CacheAudit::default() };
        let examples = vec![
            example(AuditFinding::LostWrite, 3, None),
            example(AuditFinding::LostDelete, 4, None),
            example(AuditFinding::PhantomEntry, 5, Some(9)),
            example(AuditFinding::CorruptEntry, 6, None),
        ];
        let audit = Audit { keys: 10, chosen: 10, store, cache: Some(cache), examples, ..Audit::default() };
        Trial { audit: Some(audit), ..Trial::default() }
    }

    fn told(trial: &Trial, declared: bool) -> Vec<String> {
        of(trial, declared).into_iter().map(|warning| format!("{}: {}", warning.code, warning.text)).collect()
    }

    #[test]
    fn each_finding_is_told_with_its_keys() {
        let told = told(&trial(), false);
        insta::assert_snapshot!(told.join("\n"), @r"
        lost-writes: 2 of 4 written keys lack an acknowledged write in the store: k3 (acknowledged v5, row v3), k4 (acknowledged v5, row v4 live); the strategy does not declare that it may lose any
        phantoms: the audit found phantom values (1), which nobody can have written: k5 (entry v9, row v5)
        bad-stamps: the audit found values (1) that are damaged or another write's: k6 (no entry of ours, row v6)
        ");
    }

    #[test]
    fn a_row_of_the_right_version_is_told_with_what_is_wrong_of_it() {
        let mut trial = trial();
        let audit = trial.audit.as_mut().unwrap();
        audit.examples = vec![AuditExample { other_value: true, ..example(AuditFinding::LostWrite, 5, None) }];
        let told = &told(&trial, true)[0];
        assert!(told.contains("k5 (acknowledged v5, row v5 with another write's value);"), "{told}");
    }

    #[test]
    fn what_a_strategy_declares_is_no_fault_of_the_run() {
        let codes = |declared| of(&trial(), declared)[0].code.clone();
        assert_eq!((codes(true), codes(false)), ("declared-losses".to_owned(), "lost-writes".to_owned()));
    }

    #[test]
    fn an_audit_that_broke_off_is_told_and_a_clean_one_is_not() {
        let mut trial = Trial { audit: Some(Audit { chosen: 10, ..Audit::default() }), ..Trial::default() };
        assert_eq!(told(&trial, false), Vec::<String>::new());
        trial.audit.as_mut().unwrap().incomplete = Some("asking the store: it is gone".to_owned());
        insta::assert_snapshot!(told(&trial, false).join("\n"), @"audit-incomplete: the audit saw 0 of 10 rows and looked up 0 keys in caches: asking the store: it is gone");
        assert_eq!(told(&Trial::default(), false), Vec::<String>::new());
    }
}
