//! What the audits found is told by every form of a report, and who lost an acknowledged write or left a phantom wins nothing.

mod sample;

use cachemark_report::analysis::analyse;
use cachemark_report::{as_json, terminal_sheet, write_report};
use cachemark_results::{Audit, AuditExample, AuditFinding, CacheAudit, Cell, Run, StoreAudit, TimeSummary, Trial};
use cachemark_stats::Histogram;
use sample::Sample;
use std::fs;

fn example(finding: AuditFinding, entry: Option<u64>) -> AuditExample {
    let (key, remaining_ns) = (format!("cm:{}", finding.name()), entry.map(|_| 4_000_000_000));
    AuditExample {
        finding,
        key,
        acknowledged: Some(7),
        row: 6,
        other_value: false,
        entry,
        cache: entry.map(|_| 0),
        remaining_ns,
    }
}

fn clean(cell: &Cell) -> Audit {
    let cache =
        CacheAudit { caches: 1, seen: 1_000, held: 400, equal: 400, recency_kept: true, ..CacheAudit::default() };
    Audit {
        keys: 5_000,
        chosen: 1_000,
        time_ns: 30_000_000,
        store: StoreAudit { seen: 1_000, written: Some(300), ..StoreAudit::default() },
        cache: (cell.strategy != "no-cache").then_some(cache),
        ..Audit::default()
    }
}

/// In one trial write-through lost two writes, and read-through left a phantom; cache-aside leaves four entries behind.
fn tweak(cell: &Cell, trial: &mut Trial) {
    let mut audit = clean(cell);
    match cell.strategy.as_str() {
        "write-through" if trial.block == 3 => {
            (audit.store.lost, audit.store.lost_deletes) = (2, 1);
            audit.examples = vec![example(AuditFinding::LostWrite, None), example(AuditFinding::LostDelete, None)];
        }
        "read-through" if trial.block == 2 => {
            audit.cache.iter_mut().for_each(|cache| (cache.equal, cache.phantoms) = (399, 1));
            audit.examples = vec![example(AuditFinding::PhantomEntry, Some(9))];
        }
        "cache-aside" => {
            let mut left = Histogram::new();
            left.record_n(2_000_000_000, 4);
            let remaining = TimeSummary::of(&left);
            let behind = |cache: &mut CacheAudit| {
                (cache.equal, cache.behind, cache.resurrected, cache.recency_kept) = (396, 4, 1, false);
                cache.behind_remaining = remaining;
            };
            audit.cache.iter_mut().for_each(behind);
            audit.examples = vec![example(AuditFinding::Behind, Some(5))];
        }
        _ => {}
    }
    trial.audit = Some(audit);
}

fn written(tweak: fn(&Cell, &mut Trial)) -> (tempfile::TempDir, Run) {
    let folder = tempfile::tempdir().unwrap();
    let run = Sample { read_ratios: &[0.9], tweak, ..Sample::default() }.write(folder.path());
    (folder, run)
}

/// The row of a Markdown table that begins with `cell`, under that heading.
fn row<'a>(summary: &'a str, heading: &str, cell: &str) -> &'a str {
    let table = summary.split(heading).nth(1).unwrap_or_else(|| panic!("no {heading}"));
    let table = table.split("\n## ").next().unwrap();
    table.lines().find(|line| line.contains(cell)).unwrap_or_else(|| panic!("no {cell} under {heading}: {table}"))
}

#[test]
fn page_summary_json_and_csv_tell_what_was_left_behind() {
    let (_folder, run) = written(tweak);
    let pages = write_report(&run).unwrap();
    let summary = fs::read_to_string(run.folder.join("SUMMARY.md")).unwrap();
    let page = fs::read_to_string(run.folder.join("report.html")).unwrap();
    let (store, cache) = ("## What the store held in the end", "## What the cache held in the end");
    let lost = row(&summary, store, "write-through").split('|').map(str::trim).collect::<Vec<_>>();
    assert_eq!(lost[4..6], ["2", "1"], "{lost:?}");
    let left = row(&summary, cache, "cache-aside").split('|').map(str::trim).collect::<Vec<_>>();
    let trials = run.trials.iter().filter(|trial| trial.cell.starts_with("cache-aside")).count();
    assert_eq!(left[3..5], [(4 * trials).to_string(), trials.to_string()], "{left:?}");
    assert!(left[8].starts_with("1 %") && left[10] == "2.00 s", "{left:?}");
    assert!(!summary.split(cache).nth(1).unwrap().split("\n## ").next().unwrap().contains("no-cache"));
    let examples = row(&summary, "## Found in the end", "lost-write");
    assert!(examples.contains("cm:lost-write") && examples.contains("v7") && examples.contains("v6"), "{examples}");
    for text in [&summary, &page] {
        for told in
            ["1,000 of 5,000 keys were chosen", "no other way", "What the store held in the end", "cm:phantom-entry"]
        {
            assert!(text.replace('\\', "").contains(told), "{told} in {text}");
        }
    }
    let json = as_json(&run);
    let cells = json["cells"].as_array().unwrap();
    let audit = |strategy| &cells.iter().find(|cell| cell["strategy"] == strategy).unwrap()["audit"];
    assert_eq!((&audit("write-through")["lost_writes"], &audit("no-cache")["entries"]), (&2.into(), &().into()));
    assert_eq!((&audit("write-through")["lost_deletes"], &audit("no-cache")["resurrected"]), (&1.into(), &().into()));
    assert!(audit("cache-aside")["resurrected"].as_u64() > Some(0));
    assert_eq!(audit("cache-aside")["behind_remaining_max_ns"], 2_000_683_007u64);
    assert_eq!(audit("write-through")["examples"][0]["example"]["finding"], "lost-write");
    let csv = fs::read_to_string(&pages.data[0]).unwrap();
    let head = csv.lines().next().unwrap();
    for column in [
        "lost_writes",
        "divergence",
        "audited_keys",
        "entries_behind",
        "entries_resurrected",
        "lost_deletes",
        "phantoms_left",
    ] {
        assert!(head.split(',').any(|name| name == column), "{column}");
    }
}

#[test]
fn who_lost_a_write_or_left_a_phantom_is_called_better_by_no_figure() {
    let (_folder, run) = written(tweak);
    let (_other, untouched) = written(|cell, trial| trial.audit = Some(clean(cell)));
    let verdict = |run: &Run, strategy: &str| {
        let analysis = analyse(run);
        analysis.families[0].rows.iter().find(|row| row.label == strategy).unwrap().verdict()
    };
    for (strategy, did) in [
        ("write-through", "it lost acknowledged writes"),
        ("read-through", "it left phantom values, which nobody can have written"),
    ] {
        assert_eq!(verdict(&untouched, strategy), "better");
        assert_eq!(verdict(&run, strategy), format!("not judged: {did}"));
    }
    assert_eq!(verdict(&run, "cache-aside"), "better");
    let shown = terminal_sheet(&run).render(80, false);
    assert_eq!(shown.matches("not judged").count(), 2, "{shown}");
}

#[test]
fn a_run_without_audits_has_no_such_tables() {
    let (_folder, run) = written(|_, trial| trial.audit = None);
    write_report(&run).unwrap();
    let summary = fs::read_to_string(run.folder.join("SUMMARY.md")).unwrap();
    assert!(!summary.contains("in the end"), "{summary}");
    assert!(as_json(&run)["cells"].as_array().unwrap().iter().all(|cell| cell["audit"].is_null()));
}
