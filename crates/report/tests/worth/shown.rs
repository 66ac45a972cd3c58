//! What people see of it.

use crate::made::{WITH, WITHOUT, give, plain, usual};
use crate::sample::Sample;
use cachemark_report::sheet::Sheet;
use cachemark_report::{as_json, foreseen_sheet, worth_sheets, write_report};
use std::fs;

fn sheets(sample: &Sample) -> Vec<Sheet> {
    let folder = tempfile::tempdir().unwrap();
    worth_sheets(&sample.write(folder.path()))
}

/// As a terminal of so many columns shows them; two are left free.
fn at(sheets: &[Sheet], columns: usize) -> String {
    sheets.iter().map(|sheet| sheet.render(columns - 2, false)).collect::<Vec<_>>().join("\n\n")
}

/// One arm that pays, one that does not, one of which it can't be told.
fn three() -> Sample {
    Sample {
        strategies: &["no-cache", "cache-aside", "read-through", "write-through"],
        tweak: |cell, trial| match cell.strategy.as_str() {
            "read-through" => give(trial, &[("read", "hit", 90, 20.0), ("read", "miss-led", 810, 120.0), WITH[2]]),
            "write-through" => {
                let hit = if trial.block < 3 { 20.0 } else { 69.0 };
                give(trial, &[("read", "hit", 800, hit), ("read", "miss-led", 100, 120.0), WITH[2]]);
            }
            _ => usual(cell, trial),
        },
        ..plain()
    }
}

#[test]
fn on_a_terminal_of_80_columns() {
    insta::assert_snapshot!(at(&sheets(&three()), 80), @r#"
    strategies: Is the cache worth it?
    ────────────────────────────────────────────────────────────────────────────
                                                    less time
                                 break-even    hit         an   95 % interval of
    strategy       answer         hit ratio  ratio  operation          less time
    ────────────────────────────────────────────────────────────────────────────
    moka + sqlite, read ratio 0.9
    cache-aside    worth it           0.530  0.889    33.4 µs    32.6 µs–34.2 µs
    read-through   not worth it       0.530  0.100   -40.1 µs  -41.0 µs–-39.1 µs
    write-through  can't tell         0.785  0.889    12.5 µs   -7.31 µs–32.6 µs
    ────────────────────────────────────────────────────────────────────────────
    - Of 3 cells with a cache: worth it 1, not worth it 1, can't tell 1.
    - Can't tell of write-through-moka-0us-0.9: the interval holds 0.
    - By time alone. Less time an operation: the mean service time of an operation
      without the cache, less that with it, in the same mix and paired by block;
      below 0 it takes more. "Worth it": the whole interval lies above 0, which is
      where the hit ratio lies above the break-even. "Not worth it": the whole
      interval lies below. Else it can't be told. What a cache spares the store,
      and how stale it serves, stands in the other tables.
    - Break-even: the hit ratio at which both take as long, (M - O + ((1 - r) / r)
      (Wc - Wo)) / (M - H), r being the share of reads; above 1 it never pays,
      below 0 it always does, and where a miss takes no longer than a hit it is
      undefined. Hodges-Lehmann over blocks; intervals are not adjusted for their
      number.
    - The times are those of this load. At a lower hit ratio the store has more to
      do, and misses take longer than here.
    - Not shown for want of room: interval of the break-even; interval of the hit
      ratio.

    What do hits, misses and writes cost?
    ──────────────────────────────────────────────────────────────────────────
                                                       write           writes'
                                                     without  writes'    share
                                      store              the    share  without
                              miss    alone   write    cache   of the      the
    strategy       hit (H)     (M)      (O)    (Wc)     (Wo)     time    cache
    ──────────────────────────────────────────────────────────────────────────
    moka + sqlite, read ratio 0.9
    cache-aside    20.7 µs  124 µs  72.5 µs  162 µs   135 µs   35.9 %   17.1 %
    read-through   20.7 µs  124 µs  72.5 µs  162 µs   135 µs   13.7 %   17.1 %
    write-through  71.4 µs  124 µs  72.5 µs  162 µs   135 µs   18.9 %   17.1 %
    ──────────────────────────────────────────────────────────────────────────
    - Means of the service time of answered operations, the median over blocks
      (least to greatest): reads that the cache answered, reads that it did not,
      and writes and deletes. O, Wo: reads and writes of the arm without a cache
      (no-cache) at the same load. In a closed loop that is as many clients, in an
      open one as many arrivals; waiting for a turn before the start is in none of
      them. Break-even of reads alone: (M - O) / (M - H).
    - Not shown for want of room: break-even of reads alone.

    What is the store asked for each operation?
    ───────────────────────────────────────────────────────────────
                        store                         store   store
                   operations     of      of      of  reads  writes
                           an   them    them    them      a       a
    strategy        operation  reads  writes  failed   miss   write
    ───────────────────────────────────────────────────────────────
    moka + sqlite, read ratio 0.9
    no-cache            1.000  0.900   0.100   0.000  1.000   1.000
    cache-aside         0.200  0.100   0.100   0.000  1.000   1.000
    read-through        0.910  0.810   0.100   0.000  1.000   1.000
    write-through       0.200  0.100   0.100   0.000  1.000   1.000
    ───────────────────────────────────────────────────────────────
    - Medians over blocks (least to greatest). Of them: reads and writes that the
      store carried out, and calls to it that failed, reads and writes alike; each
      is a median by itself, so their sum may miss the whole by a little. Store
      reads a miss: those carried out, for each read that was answered and that
      the cache did not answer, or was not asked for; failed ones are in neither;
      less than 1 where reads share a load or a queue answers them, more where
      rows are loaded ahead. Store writes a write, likewise: less than 1 where
      writes are joined, or reach the store after the window. n/a: calls to the
      store are not seen, or there was nothing to count.

    Which difference would this run have found?
    ─────────────────────────────────────────────────
                                               of the
                             least    of the      A/A
    figure      blocks  difference  quietest  control
    ─────────────────────────────────────────────────
    read ratio 0.9
    throughput       8       1.7 %     1.4 %    1.4 %
    ─────────────────────────────────────────────────
    - Least difference that every comparison of its row would have found: exp((b -
      a) / 2) - 1, of the 95 % interval from a to b that the log ratios of the
      blocks give, which is half its width. A true difference of that size is
      found about every second time, one half as large again in four runs of five;
      a smaller one may be there unseen. Verdicts, which are adjusted for their
      number, take more. An interval takes 6 blocks.
    "#);
}

#[test]
fn who_asks_the_store_for_other_work_is_named_once() {
    let told = sheets(&Sample {
        read_ratios: &[0.5, 0.9],
        tweak: |cell, trial| {
            usual(cell, trial);
            if cell.strategy == "read-through" {
                let reads = if cell.read_ratio > 0.8 { 34 } else { 50 };
                (trial.store.reads, trial.store.writes) = (reads, 40);
            }
        },
        ..three()
    });
    let told: Vec<&String> = told.iter().flat_map(|sheet| &sheet.footnotes).collect();
    let other = "Not all ask the store for the same work, which is one read for each miss and one write for each write: \
                 read-through (0.34 to 0.50 reads a miss, 0.40 writes a write).";
    assert!(told.iter().any(|note| *note == other), "{told:#?}");
}

#[test]
fn no_line_is_too_long() {
    for sheet in sheets(&three()) {
        for width in [58, 78, 118] {
            for line in sheet.render(width, false).lines() {
                assert!(line.chars().count() <= width, "{} columns at {width}: {line}", line.chars().count());
            }
        }
    }
}

#[test]
fn the_page_the_summary_and_json_have_it() {
    let folder = tempfile::tempdir().unwrap();
    let run = three().write(folder.path());
    let pages = write_report(&run).unwrap();
    let [html, summary] = [&pages.html, &pages.summary].map(|path| fs::read_to_string(path).unwrap());
    assert!(html.contains("<section id=\"worth\">") && html.contains("href=\"#worth\""));
    let begin = summary.find("## Is the cache worth it?").expect("the section");
    let section = &summary[begin..];
    let row = |name: &str| section.lines().find(|line| line.contains(&format!("| {name} |"))).unwrap();
    assert!(row("cache-aside").contains("| worth it | 0.530 | 0.530 to 0.530 | 0.889 |"), "{}", row("cache-aside"));
    assert!(row("read-through").contains("| not worth it | 0.530 |"), "{}", row("read-through"));
    assert!(row("write-through").contains("| can't tell |"), "{}", row("write-through"));
    let told = as_json(&run);
    assert_eq!(told["worth"]["answers"].as_array().map(Vec::len), Some(3));
}

#[test]
fn a_page_on_which_no_cache_stands_beside_none_has_no_answers() {
    let folder = tempfile::tempdir().unwrap();
    let sample = Sample { strategies: &["no-cache"], tweak: |_, trial| give(trial, &WITHOUT), ..plain() };
    let pages = write_report(&sample.write(folder.path())).unwrap();
    let summary = fs::read_to_string(pages.summary).unwrap();
    for title in ["Is the cache worth it?", "What do hits, misses and writes cost?", "What is the store asked"] {
        assert!(!summary.contains(title), "{title}");
    }
    let shown = at(&sheets(&sample), 80);
    assert!(shown.contains("Can't tell: no arm with a cache was run."), "{shown}");
}

#[test]
fn a_search_has_no_load_in_common() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = plain().write(folder.path());
    run.manifest.kind = cachemark_results::Manifest::SEARCH.into();
    let shown = at(&worth_sheets(&run), 80);
    assert!(shown.contains("a capacity search asks each cell at loads of its own"), "{shown}");
}

#[test]
fn what_a_run_to_come_would_find() {
    let foreseen = |blocks: u32| {
        let folder = tempfile::tempdir().unwrap();
        let run = Sample { blocks, tweak: |_, _| (), ..three() }.write(folder.path());
        foreseen_sheet(&run, &[5, 6, 8, 40])
    };
    insta::assert_snapshot!(foreseen(8).render(78, false), @"
    Which difference would a run find?
    ──────────────────────────────────────────────────────
                                                 8      40
    figure            5 blocks    6 blocks  blocks  blocks
    ──────────────────────────────────────────────────────
    read ratio 0.9
    throughput  can't tell yet  no verdict   1.7 %   0.6 %
    ──────────────────────────────────────────────────────
    - Least difference that every comparison would find over so many blocks, if
      they differ as those of the run that is named did: exp(w c) - 1, with w half
      the width of that run's 95 % interval on the log scale, and c how much
      narrower the same interval of a normal sample is over so many blocks. A true
      difference of that size is found about every second time, one half as large
      again in four runs of five. On another machine, or with another workload,
      blocks differ otherwise.
    - Verdicts on the largest of these comparisons take 7 blocks.
    ");
    let few = foreseen(4).remarks;
    assert_eq!(few, ["Can't tell yet: an interval takes 6 blocks, in that run and in the one to come."]);
}

#[test]
fn names_of_users_are_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut run = three().write(folder.path());
    for cell in &mut run.manifest.cells {
        cell.arm = format!("<script>|{}", cell.arm);
    }
    let pages = write_report(&run).unwrap();
    let [html, summary] = [&pages.html, &pages.summary].map(|path| fs::read_to_string(path).unwrap());
    assert!(!html.contains("<script>|") && !summary.contains("<script>"));
    assert!(summary.contains("&lt;script&gt;\\|cache-aside"));
}

#[test]
fn on_a_terminal_of_60_columns() {
    insta::assert_snapshot!(at(&sheets(&three())[..1], 60), @r#"
    strategies: Is the cache worth it?
    ──────────────────────────────────────────────
                                 break-even    hit
    strategy       answer         hit ratio  ratio
    ──────────────────────────────────────────────
    moka + sqlite, read ratio 0.9
    cache-aside    worth it           0.530  0.889
    read-through   not worth it       0.530  0.100
    write-through  can't tell         0.785  0.889
    ──────────────────────────────────────────────
    - Of 3 cells with a cache: worth it 1, not worth it 1,
      can't tell 1.
    - Can't tell of write-through-moka-0us-0.9: the interval
      holds 0.
    - By time alone. Less time an operation: the mean service
      time of an operation without the cache, less that with
      it, in the same mix and paired by block; below 0 it
      takes more. "Worth it": the whole interval lies above 0,
      which is where the hit ratio lies above the break-even.
      "Not worth it": the whole interval lies below. Else it
      can't be told. What a cache spares the store, and how
      stale it serves, stands in the other tables.
    - Break-even: the hit ratio at which both take as long, (M
      - O + ((1 - r) / r) (Wc - Wo)) / (M - H), r being the
      share of reads; above 1 it never pays, below 0 it always
      does, and where a miss takes no longer than a hit it is
      undefined. Hodges-Lehmann over blocks; intervals are not
      adjusted for their number.
    - The times are those of this load. At a lower hit ratio
      the store has more to do, and misses take longer than
      here.
    - Not shown for want of room: 95 % interval of less time;
      less time an operation; interval of the break-even;
      interval of the hit ratio.
    "#);
}

#[test]
fn on_a_terminal_of_120_columns() {
    insta::assert_snapshot!(at(&sheets(&three())[..1], 120), @r#"
    strategies: Is the cache worth it?
    ──────────────────────────────────────────────────────────────────────────────────────────────────────
                                             interval of         interval of  less time
                                 break-even          the    hit      the hit         an   95 % interval of
    strategy       answer         hit ratio   break-even  ratio        ratio  operation          less time
    ──────────────────────────────────────────────────────────────────────────────────────────────────────
    moka + sqlite, read ratio 0.9
    cache-aside    worth it           0.530  0.530–0.530  0.889  0.889–0.889    33.4 µs    32.6 µs–34.2 µs
    read-through   not worth it       0.530  0.530–0.530  0.100  0.100–0.100   -40.1 µs  -41.0 µs–-39.1 µs
    write-through  can't tell         0.785  0.530–1.039  0.889  0.889–0.889    12.5 µs   -7.31 µs–32.6 µs
    ──────────────────────────────────────────────────────────────────────────────────────────────────────
    - Of 3 cells with a cache: worth it 1, not worth it 1, can't tell 1.
    - Can't tell of write-through-moka-0us-0.9: the interval holds 0.
    - By time alone. Less time an operation: the mean service time of an operation without the cache,
      less that with it, in the same mix and paired by block; below 0 it takes more. "Worth it": the
      whole interval lies above 0, which is where the hit ratio lies above the break-even. "Not worth
      it": the whole interval lies below. Else it can't be told. What a cache spares the store, and how
      stale it serves, stands in the other tables.
    - Break-even: the hit ratio at which both take as long, (M - O + ((1 - r) / r) (Wc - Wo)) / (M - H),
      r being the share of reads; above 1 it never pays, below 0 it always does, and where a miss takes
      no longer than a hit it is undefined. Hodges-Lehmann over blocks; intervals are not adjusted for
      their number.
    - The times are those of this load. At a lower hit ratio the store has more to do, and misses take
      longer than here.
    "#);
}
