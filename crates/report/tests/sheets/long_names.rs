//! Arms with names as long as lists of values make them.

use crate::sample::Sample;
use crate::support::{at, closed};
use cachemark_report::terminal_sheet;
use cachemark_results::Run;

/// Arms as lists of values make them, and one whose name is one long word.
fn of_arms() -> Run {
    let folder = tempfile::tempdir().unwrap();
    let mut run = Sample { caches: &["redis"], pairs: true, ..closed() }.write(folder.path());
    let names = [
        ("cache-aside", "update ttl-ms=1000 jitter=0.1 servers.maxmemory-mb=16"),
        ("read-through", "a-name-as-long-as-one-arm-s-name-may-be-x"),
    ];
    for cell in &mut run.manifest.cells {
        if let Some((_, name)) = names.iter().find(|(strategy, _)| *strategy == cell.strategy) {
            cell.arm = (*name).to_owned();
        }
    }
    run
}

#[test]
fn long_names_push_no_verdict_out() {
    let sheet = terminal_sheet(&of_arms());
    for columns in [60, 80, 100, 120] {
        let shown = at(&sheet, columns);
        for line in shown.lines() {
            assert!(line.chars().count() <= columns - 2, "{columns}: {line}");
        }
        let (_, heads) = shown.split_once('─').unwrap();
        let table = heads.split("\n- ").next().unwrap();
        assert_eq!(table.matches("better").count(), 3, "at {columns}:\n{shown}");
        assert!(table.contains("ratio  ") && table.contains("verdict"), "at {columns}:\n{shown}");
        let squeezed: String = table.split_whitespace().collect();
        assert!(squeezed.contains("servers.maxmemory-"), "at {columns}:\n{shown}");
    }
    insta::assert_snapshot!(at(&sheet, 80), @r#"
    update ttl-ms=1000 jitter=0.1 servers.maxmemory-mb=16 and
      a-name-as-long-as-one-arm-s-name-may-be-x against no-cache over redis +
      sqlite
    What to use: a-name-as-long-as-one-arm-s-name-may-be-x: throughput 21 % higher
      than with no-cache (95 % interval 20 to 22 %).
    At which price: None shown; no difference in read p99 shown, read p50 23 to
      25 % lower and store load 85 to 86 % lower (intervals, not tested);
      staleness not watched.
    How sure: Strong: better than no-cache by a test over 8 blocks (Holm, 5 %), by
      20 % at least, which is more than the noise of ± 1 %; ahead of the others by
      tests of pairs.
    What would change it: Not known: one point was measured (read ratio 0.9).
    ──────────────────────────────────────────────────────────────────────────────
                                    throughput,                        read    hit
    arm                                   ops/s  ratio  verdict         p99  ratio
    ──────────────────────────────────────────────────────────────────────────────
    read ratio 0.9
    no-cache                            131,116      1  reference    138 µs    n/a
    no-cache (A/A)                      130,630  0.998  A/A control  137 µs    n/a
    update ttl-ms=1000 jitter=0.1       147,297  1.125  better       170 µs  0.881
      servers.maxmemory-mb=16
    a-name-as-long-as-one-arm-s-        158,705  1.206  better       151 µs  0.950
      name-may-be-x
    a-name-as-long-as-one-arm-s-                 1.077  better
      name-may-be-x vs update
      ttl-ms=1000 jitter=0.1
      servers.maxmemory-mb=16
    ──────────────────────────────────────────────────────────────────────────────
    - Ratios are paired by block; "equivalent" means that the whole interval lies
      within 5 % of what it is compared with. The intervals are not adjusted for
      the number of comparisons, the verdicts are (Holm, within each family).
    - Staleness was not watched: no verdict says how fresh the answers were.
    - Every two are compared: "b vs a" is the ratio of b to a, and better means b.
    - Noise floor (half the A/A control's interval): read ratio 0.9: ± 1 %.
    - Figures are medians over blocks; read p50 and p99 are of the service time.
    - Not shown for want of room: store load; 95 % interval; read p50.
    "#);
}
