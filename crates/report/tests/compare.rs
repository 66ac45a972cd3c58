//! Made-up runs of different times against each other: rows, verdicts, what is refused, and every face.

mod sample;

use cachemark_report::ReportError;
use cachemark_report::compare::{
    Aspect, CompareError, Request, RowVerdict, RunComparison, compare, comparisons_as_html, comparisons_as_json,
    comparisons_as_junit,
};
use cachemark_results::figure::{STALE_READS, THROUGHPUT, read};
use cachemark_results::{Figure, Run, Totals, Warning, warning};
use sample::Sample;
use std::path::PathBuf;
use tempfile::TempDir;

/// How all cells of a run moved together: about 10 % either way.
const DRIFT: [f64; 8] = [1.0, 0.93, 1.07, 0.98, 1.03, 0.9, 1.11, 0.96];

fn little() -> Sample {
    Sample {
        strategies: &["no-cache", "cache-aside", "write-through"],
        read_ratios: &[0.9],
        blocks: 3,
        reads: 1100,
        verdict_on: &["throughput"],
        ..Sample::default()
    }
}

/// The record's folder has to stay for as long as its definition may be read.
fn made(sample: &Sample) -> (TempDir, Run) {
    let folder = tempfile::tempdir().unwrap();
    let run = sample.write(folder.path());
    (folder, run)
}

/// The run once more under another name, with its throughput times `factor`, and that of the arm `of` times `own`.
fn again(run: &Run, name: &str, factor: f64, (of, own): (&str, f64)) -> Run {
    let mut again = run.clone();
    again.folder = PathBuf::from(name);
    for trial in &mut again.trials {
        let of = trial.cell.starts_with(of);
        trial.throughput_ops_per_s *= factor * if of { own } else { 1.0 };
    }
    again
}

/// So many runs that drift, from the `from`-th on.
fn drifting(run: &Run, side: &str, from: usize, runs: usize, own: (&str, f64)) -> Vec<Run> {
    let name = |place: usize| format!("results/{side}-{}", place - from + 1);
    (from..from + runs).map(|place| again(run, &name(place), DRIFT[place % DRIFT.len()], own)).collect()
}

const NONE: (&str, f64) = ("nothing", 1.0);

fn request<'a>(baseline: &'a [Run], compared: &'a [Run]) -> Request<'a> {
    Request { baseline, compared, stored: &[], figures: &[], margin: 0.05, across: &[] }
}

fn verdict(comparison: &RunComparison, arm: &str, figure: &Figure) -> RowVerdict {
    let mut rows = comparison.rows.iter();
    rows.find(|row| row.label == arm && row.figure == figure).expect("there is such a row").verdict()
}

/// Four runs a side, of which cache-aside lost two fifths.
fn slower() -> RunComparison {
    let (_folder, run) = made(&little());
    let (baseline, compared) =
        (drifting(&run, "before", 0, 4, NONE), drifting(&run, "after", 4, 4, ("cache-aside", 0.6)));
    compare(&request(&baseline, &compared)).unwrap()
}

#[test]
fn a_run_with_itself_is_one_in_every_row_and_none_is_better_or_worse() {
    let (_folder, run) = made(&little());
    let four = drifting(&run, "x", 0, 4, NONE);
    for runs in [std::slice::from_ref(&run), &four[..2], &four[..]] {
        let stored = drifting(&run, "stored", 2, 6, NONE);
        let figures = &[THROUGHPUT, read::P99, cachemark_results::figure::HIT_RATIO, read::P50];
        let found = compare(&Request { stored: &stored, figures, ..request(runs, runs) }).unwrap();
        assert_eq!(found.rows.len(), 12, "three arms by four figures");
        for row in &found.rows {
            let estimate = row.found.map(|found| found.estimate);
            let has = row.values[0].iter().all(Option::is_some);
            assert_eq!(estimate, has.then_some(1.0), "{row:?}");
            let verdicts = [RowVerdict::Better, RowVerdict::Worse, RowVerdict::Regression, RowVerdict::Differs];
            assert!(!verdicts.contains(&row.verdict()), "{row:?}");
        }
        assert_eq!(found.regressions().count(), 0);
    }
}

#[test]
fn at_four_runs_a_side_one_slower_arm_is_found_and_drift_is_not() {
    let found = slower();
    assert_eq!(found.rows.len(), 6, "three arms by two figures; the control takes no part");
    assert_eq!(verdict(&found, "cache-aside", THROUGHPUT), RowVerdict::Regression);
    for arm in ["no-cache", "write-through"] {
        assert_eq!(verdict(&found, arm, THROUGHPUT), RowVerdict::CannotTell);
    }
    // The times of all runs are the same: they differ by nothing at all.
    assert_eq!(verdict(&found, "cache-aside", read::P99), RowVerdict::Equivalent);
    assert_eq!(found.conclusion(), "1 regression beyond 5 % in 6 rows: 3 equivalent, 2 can't tell.");
}

#[test]
fn with_one_run_a_side_nothing_is_told_but_by_the_drift_of_stored_runs() {
    let (_folder, run) = made(&little());
    let stored = drifting(&run, "stored", 1, 7, NONE);
    let judged = |own: f64, stored: &[Run]| {
        let compared = again(&run, "after", 1.0, ("cache-aside", own));
        let (baseline, compared) = ([run.clone()], [compared]);
        let found = compare(&Request { stored, figures: &[THROUGHPUT], ..request(&baseline, &compared) }).unwrap();
        (verdict(&found, "cache-aside", THROUGHPUT), found.conclusion())
    };
    assert_eq!(judged(0.4, &[]).0, RowVerdict::CannotTell);
    assert_eq!(judged(0.4, &stored[..3]).0, RowVerdict::CannotTell);
    assert_eq!(judged(0.9, &stored).0, RowVerdict::CannotTell);
    assert_eq!(judged(0.4, &stored).0, RowVerdict::Regression);
    assert_eq!(judged(2.5, &stored).0, RowVerdict::Better);
    assert_eq!(judged(0.4, &[]).1, "No regression beyond 5 % was shown in 3 rows: 3 can't tell.");
}

/// Runs with something changed.
fn changed(run: &Run, name: &str, change: impl FnOnce(&mut Run)) -> Run {
    let mut changed = again(run, name, 1.0, NONE);
    change(&mut changed);
    changed
}

fn refused(baseline: &[Run], compared: &[Run]) -> String {
    compare(&request(baseline, compared)).unwrap_err().to_string()
}

#[test]
fn another_machine_or_definition_is_refused_by_name_unless_told() {
    let (_folder, run) = made(&little());
    let baseline = [run.clone()];
    let machine = [changed(&run, "b", |run| run.environment.as_mut().unwrap().host.cpus = Some(8))];
    let said = refused(&baseline, &machine);
    assert!(said.contains("machine: processors: `2` in ") && said.contains("`8` in b"), "{said}");
    assert!(said.ends_with("say --across machine"), "{said}");
    let across = &[Aspect::Machine];
    let found = compare(&Request { across, ..request(&baseline, &machine) }).unwrap();
    assert!(
        found.markdown().contains("Not the same machine: processors: \\`2\\` against \\`8\\`."),
        "{}",
        found.markdown()
    );

    let other = tempfile::tempdir().unwrap();
    std::fs::write(other.path().join("definition.toml"), "[workload]\nkeys = 20000\n").unwrap();
    let definition = [changed(&run, "b", |run| {
        run.folder = other.path().to_owned();
        run.manifest.definition_hash = "another".into();
    })];
    let said = refused(&baseline, &definition);
    assert!(
        said.contains("definition: [workload] keys: `10000` in ") && said.contains("--across definition"),
        "{said}"
    );
    let unknown = [changed(&run, "b", |run| run.environment = None)];
    assert!(refused(&baseline, &unknown).ends_with("say --across build,machine"));
}

#[test]
fn another_revision_is_what_sides_are_compared_for_and_another_profile_is_not() {
    let (_folder, run) = made(&little());
    let revision = |name: &str, revision: &str| {
        changed(&run, name, |run| run.environment.as_mut().unwrap().tool.revision = Some(revision.into()))
    };
    let (baseline, compared) = ([run.clone()], [revision("b", "def5678")]);
    let found = compare(&request(&baseline, &compared)).unwrap();
    assert!(found.markdown().contains("Not the same build: cachemark revision: \\`abc1234\\` against \\`def5678\\`."));
    let debug = [changed(&run, "b", |run| run.environment.as_mut().unwrap().tool.profile = "debug".into())];
    let said = refused(&baseline, &debug);
    assert!(said.contains("build profile: `release` in ") && said.ends_with("--across build"), "{said}");
    // One side is one build, also where the other side has that very revision.
    let mixed = [run.clone(), revision("c", "def5678")];
    assert!(refused(&mixed, &compared).contains("cachemark revision"));
    assert!(refused(&baseline, &[revision("b", "1"), revision("c", "2")]).contains("`1` in b, `2` in c"));
}

#[test]
fn what_cannot_be_compared_is_said() {
    let (_folder, run) = made(&little());
    let (_other, strange) = made(&Sample { read_ratios: &[0.5], ..little() });
    let said = refused(std::slice::from_ref(&run), std::slice::from_ref(&strange));
    assert!(said.contains("no cell in common") && said.contains("no-cache-moka-0us-0.5"), "{said}");
    let twice = [run.clone(), run.clone()];
    assert!(matches!(compare(&request(&twice, &twice)), Err(CompareError::Twice { .. })));
    let search = [changed(&run, "s", |run| run.manifest.kind = "find-max".into())];
    assert!(refused(&search, &search).contains("capacity search"));
    assert!(matches!(compare(&request(&[], &search)), Err(CompareError::NoRun)));
}

#[test]
fn cells_of_one_side_and_runs_without_a_figure_are_named() {
    let (_folder, run) = made(&little());
    let (_other, more) = made(&Sample { strategies: &["no-cache", "cache-aside", "read-through"], ..little() });
    let mut spoilt = again(&more, "b", 1.0, NONE);
    for trial in spoilt.trials.iter_mut().filter(|trial| trial.cell.starts_with("cache-aside") && trial.block > 0) {
        trial.warnings.push(Warning::invalidating(warning::CLIENT_BOUND_OPEN, "late"));
    }
    let (baseline, compared) = ([run], [spoilt]);
    let found = compare(&Request { figures: &[THROUGHPUT], ..request(&baseline, &compared) }).unwrap();
    assert_eq!(found.left_out, [vec!["write-through-moka-0us-0.9"], vec!["read-through-moka-0us-0.9"]]);
    assert_eq!(verdict(&found, "cache-aside", THROUGHPUT), RowVerdict::NotMeasured);
    let lost = "measured in the baseline and not in every compared run: throughput of cache-aside-moka-0us-0.9";
    assert_eq!(found.untrusted, [lost]);
    assert!(comparisons_as_junit(std::slice::from_ref(&found)).unwrap().contains("<failure type=\"not measured\""));
    let told = found.markdown();
    assert!(
        told.contains("Not measured: 1 of 2 runs without throughput (throughput of cache-aside-moka-0us-0.9)."),
        "{told}"
    );
    assert!(told.contains("Not in every run of both sides, of the baseline: write-through-moka-0us-0.9."), "{told}");
}

#[test]
fn who_leaves_much_unanswered_is_not_better_for_its_times() {
    let (_folder, run) = made(&little());
    let mut compared = drifting(&run, "after", 4, 4, NONE);
    for trial in compared.iter_mut().flat_map(|run| &mut run.trials) {
        trial.totals = Totals { issued: 1000, ok: 500, error: 500, ..Totals::default() };
        trial.read_time.as_mut().unwrap().p99_ns = Some(1000 + u64::from(trial.number));
    }
    let found = compare(&request(&drifting(&run, "before", 0, 4, NONE), &compared)).unwrap();
    let row = found.rows.iter().find(|row| row.figure == read::P99).unwrap();
    assert_eq!(row.verdict(), RowVerdict::Withheld);
    assert_eq!(row.why().unwrap(), "the compared side left much unanswered, which its times leave out");
}

#[test]
fn a_figure_that_no_run_has_is_left_out_by_default_and_told_where_it_was_asked_for() {
    let (_folder, run) = made(&Sample { reads: 60, ..little() });
    let runs = [run];
    let found = compare(&request(&runs, &runs)).unwrap();
    assert_eq!(found.absent, [read::P99]);
    assert!(found.rows.iter().all(|row| row.figure == THROUGHPUT));
    let found = compare(&Request { figures: &[STALE_READS], ..request(&runs, &runs) }).unwrap();
    assert!(found.rows.iter().all(|row| row.verdict() == RowVerdict::NotMeasured));
}

#[test]
fn hostile_names_are_text_in_every_face() -> Result<(), ReportError> {
    const HOSTILE: &str = "a|b<script>`x`\n\u{1b}[31m=1+1 & \"q\" ]]>";
    let (_folder, run) = made(&little());
    let named = changed(&run, "results/<b>|x", |run| {
        for cell in run.manifest.cells.iter_mut().filter(|cell| cell.strategy == "cache-aside") {
            cell.arm = HOSTILE.into();
        }
        run.manifest.name = HOSTILE.into();
    });
    let runs = [named];
    let found = [compare(&request(&runs, &runs)).unwrap()];
    let markdown = found[0].markdown();
    assert!(!markdown.contains("<script>") && !markdown.contains("<b>"), "{markdown}");
    let columns: Vec<usize> = markdown
        .lines()
        .filter(|line| line.starts_with("| "))
        .map(|line| line.replace("\\\\", "").replace("\\|", "").matches('|').count())
        .collect();
    assert!(columns.len() > 6 && columns.iter().all(|columns| *columns == 9), "{markdown}");
    assert!(!found[0].sheet().render(78, false).contains('\u{1b}'));
    let page = comparisons_as_html(&found)?;
    assert!(!page.contains("<script>") && !page.contains("<b>|x"), "{page}");
    let xml = comparisons_as_junit(&found)?;
    assert!(!xml.contains("<script>") && !xml.contains('\u{1b}'), "{xml}");
    assert_eq!(comparisons_as_json(&found)["comparisons"][0]["rows"][1]["label"], HOSTILE);
    Ok(())
}

#[test]
fn at_a_terminal_of_80() {
    insta::assert_snapshot!(slower().sheet().render(78, false), @"
    strategies: 4 runs against a baseline of 4
    1 regression beyond 5 % in 6 rows: 3 equivalent, 2 can't tell.
    ────────────────────────────────────────────────────────────────────
    strategy       baseline  compared  ratio        interval  verdict
    ────────────────────────────────────────────────────────────────────
    throughput, ops/s (higher is better): read ratio 0.9
    no-cache        123,983   124,609  1.004  0.841 to 1.194  can't tell
    cache-aside     458,402   276,431  0.603  0.505 to 0.716  regression
    write-through   575,963   578,872  1.004  0.841 to 1.194  can't tell

    read p99 (lower is better): read ratio 0.9
    no-cache         136 µs    136 µs  1.000  1.000 to 1.000  equivalent
    cache-aside      103 µs    103 µs  1.000  1.000 to 1.000  equivalent
    write-through   82.9 µs   82.9 µs  1.000  1.000 to 1.000  equivalent
    ────────────────────────────────────────────────────────────────────
    - baseline: results/before-1, results/before-2, results/before-3,
      results/before-4, cachemark 0.1.0 (abc1234)
    - compared: results/after-1, results/after-2, results/after-3,
      results/after-4, cachemark 0.1.0 (abc1234)
    - A run's figure is the median over its trials. Ratio: Hodges-Lehmann over all
      pairs of runs; interval: exact, by Mann-Whitney, 97.1 %, not adjusted. The
      verdicts hold for 6 rows together: whole runs are relabelled, so that cells
      which drift together count as one (Westfall and Young).
    - A regression is worse by a whole interval beyond 5 % (a factor of 1.050).
    - Can't tell: the difference may be drift between runs (throughput of
      no-cache-moka-0us-0.9; throughput of write-through-moka-0us-0.9).
    ");
}

#[test]
fn at_a_terminal_of_60() {
    insta::assert_snapshot!(slower().sheet().render(58, false), @"
    strategies: 4 runs against a baseline of 4
    1 regression beyond 5 % in 6 rows: 3 equivalent, 2 can't
      tell.
    ──────────────────────────────────────────────────────────
    strategy       compared  ratio        interval  verdict
    ──────────────────────────────────────────────────────────
    throughput, ops/s (higher is better): read ratio 0.9
    no-cache        124,609  1.004  0.841 to 1.194  can't tell
    cache-aside     276,431  0.603  0.505 to 0.716  regression
    write-through   578,872  1.004  0.841 to 1.194  can't tell

    read p99 (lower is better): read ratio 0.9
    no-cache         136 µs  1.000  1.000 to 1.000  equivalent
    cache-aside      103 µs  1.000  1.000 to 1.000  equivalent
    write-through   82.9 µs  1.000  1.000 to 1.000  equivalent
    ──────────────────────────────────────────────────────────
    - baseline: results/before-1, results/before-2,
      results/before-3, results/before-4, cachemark 0.1.0
      (abc1234)
    - compared: results/after-1, results/after-2,
      results/after-3, results/after-4, cachemark 0.1.0
      (abc1234)
    - A run's figure is the median over its trials. Ratio:
      Hodges-Lehmann over all pairs of runs; interval: exact,
      by Mann-Whitney, 97.1 %, not adjusted. The verdicts hold
      for 6 rows together: whole runs are relabelled, so that
      cells which drift together count as one (Westfall and
      Young).
    - A regression is worse by a whole interval beyond 5 % (a
      factor of 1.050).
    - Can't tell: the difference may be drift between runs
      (throughput of no-cache-moka-0us-0.9; throughput of
      write-through-moka-0us-0.9).
    - Not shown for want of room: baseline.
    ");
}

#[test]
fn at_a_terminal_of_120() {
    insta::assert_snapshot!(slower().sheet().render(118, false), @"
    strategies: 4 runs against a baseline of 4
    1 regression beyond 5 % in 6 rows: 3 equivalent, 2 can't tell.
    ────────────────────────────────────────────────────────────────────
    strategy       baseline  compared  ratio        interval  verdict
    ────────────────────────────────────────────────────────────────────
    throughput, ops/s (higher is better): read ratio 0.9
    no-cache        123,983   124,609  1.004  0.841 to 1.194  can't tell
    cache-aside     458,402   276,431  0.603  0.505 to 0.716  regression
    write-through   575,963   578,872  1.004  0.841 to 1.194  can't tell

    read p99 (lower is better): read ratio 0.9
    no-cache         136 µs    136 µs  1.000  1.000 to 1.000  equivalent
    cache-aside      103 µs    103 µs  1.000  1.000 to 1.000  equivalent
    write-through   82.9 µs   82.9 µs  1.000  1.000 to 1.000  equivalent
    ────────────────────────────────────────────────────────────────────
    - baseline: results/before-1, results/before-2, results/before-3, results/before-4, cachemark 0.1.0
      (abc1234)
    - compared: results/after-1, results/after-2, results/after-3, results/after-4, cachemark 0.1.0
      (abc1234)
    - A run's figure is the median over its trials. Ratio: Hodges-Lehmann over all pairs of runs;
      interval: exact, by Mann-Whitney, 97.1 %, not adjusted. The verdicts hold for 6 rows together:
      whole runs are relabelled, so that cells which drift together count as one (Westfall and Young).
    - A regression is worse by a whole interval beyond 5 % (a factor of 1.050).
    - Can't tell: the difference may be drift between runs (throughput of no-cache-moka-0us-0.9;
      throughput of write-through-moka-0us-0.9).
    ");
}

#[test]
fn in_markdown() {
    insta::assert_snapshot!(slower().markdown(), @"
    ## strategies: 4 runs against a baseline of 4

    **1 regression beyond 5 % in 6 rows: 3 equivalent, 2 can't tell.**

    | figure | family | strategy | baseline | compared | ratio | interval | verdict |
    | --- | --- | --- | ---: | ---: | ---: | ---: | --- |
    | throughput, ops/s (higher is better) | read ratio 0.9 | no-cache | 123,983 | 124,609 | 1.004 | 0.841 to 1.194 | can't tell |
    |  |  | cache-aside | 458,402 | 276,431 | 0.603 | 0.505 to 0.716 | regression |
    |  |  | write-through | 575,963 | 578,872 | 1.004 | 0.841 to 1.194 | can't tell |
    | read p99 (lower is better) | read ratio 0.9 | no-cache | 136 µs | 136 µs | 1.000 | 1.000 to 1.000 | equivalent |
    |  |  | cache-aside | 103 µs | 103 µs | 1.000 | 1.000 to 1.000 | equivalent |
    |  |  | write-through | 82.9 µs | 82.9 µs | 1.000 | 1.000 to 1.000 | equivalent |

    - baseline: results/before-1, results/before-2, results/before-3, results/before-4, cachemark 0.1.0 (abc1234)
    - compared: results/after-1, results/after-2, results/after-3, results/after-4, cachemark 0.1.0 (abc1234)
    - A run's figure is the median over its trials. Ratio: Hodges-Lehmann over all pairs of runs; interval: exact, by Mann-Whitney, 97.1 %, not adjusted. The verdicts hold for 6 rows together: whole runs are relabelled, so that cells which drift together count as one (Westfall and Young).
    - A regression is worse by a whole interval beyond 5 % (a factor of 1.050).
    - Can't tell: the difference may be drift between runs (throughput of no-cache-moka-0us-0.9; throughput of write-through-moka-0us-0.9).
    ");
}

#[test]
fn as_junit() {
    insta::assert_snapshot!(comparisons_as_junit(&[slower()]).unwrap(), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="cachemark compare" tests="6" failures="1" errors="0" skipped="2">
      <testsuite name="strategies: 4 runs against a baseline of 4" tests="6" failures="1" errors="0" skipped="2" timestamp="2026-11-22T05:00:00">
        <testcase classname="no-cache-moka-0us-0.9" name="throughput: no regression beyond 5 %">
          <skipped message="1.004 (0.841 to 1.194): can&apos;t tell: the difference may be drift between runs"/>
        </testcase>
        <testcase classname="cache-aside-moka-0us-0.9" name="throughput: no regression beyond 5 %">
          <failure type="regression" message="regression: 0.603 (0.505 to 0.716)">throughput: no regression beyond 5 %, in cache-aside-moka-0us-0.9: regression: 0.603 (0.505 to 0.716)</failure>
        </testcase>
        <testcase classname="write-through-moka-0us-0.9" name="throughput: no regression beyond 5 %">
          <skipped message="1.004 (0.841 to 1.194): can&apos;t tell: the difference may be drift between runs"/>
        </testcase>
        <testcase classname="no-cache-moka-0us-0.9" name="read.p99: no regression beyond 5 %">
          <system-out>1.000 (1.000 to 1.000): equivalent</system-out>
        </testcase>
        <testcase classname="cache-aside-moka-0us-0.9" name="read.p99: no regression beyond 5 %">
          <system-out>1.000 (1.000 to 1.000): equivalent</system-out>
        </testcase>
        <testcase classname="write-through-moka-0us-0.9" name="read.p99: no regression beyond 5 %">
          <system-out>1.000 (1.000 to 1.000): equivalent</system-out>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
}

#[test]
fn the_page_has_the_answer_first_then_rows_chart_and_both_sides() -> Result<(), ReportError> {
    let page = comparisons_as_html(&[slower()])?;
    let place = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} is not on the page"));
    let order = ["1 regression beyond 5 %", "Every row</h3>", "<svg", "Machines and builds</h3>", "Definitions</h3>"];
    let places = order.map(place);
    assert!(places.is_sorted(), "{places:?}");
    assert!(page.contains("cache-aside-moka-0us-0.9: 0.603 (0.505 to 0.716)"), "the regression by name");
    assert!(page.contains("results/before-1") && page.contains("results/after-1"));
    for outside in ["http://", "https://", "<script", "src="] {
        let found = page.match_indices(outside).filter(|(at, _)| !page[..*at].ends_with("xmlns=\""));
        assert_eq!(found.count(), 0, "{outside}");
    }
    Ok(())
}

#[test]
fn the_page_of_a_run_with_itself_has_nothing_but_ones() -> Result<(), ReportError> {
    let (_folder, run) = made(&little());
    let runs = drifting(&run, "x", 0, 4, NONE);
    let found = compare(&request(&runs, &runs)).unwrap();
    let page = comparisons_as_html(std::slice::from_ref(&found))?;
    assert!(page.contains("No regression beyond 5 % was shown"));
    assert!(found.rows.iter().all(|row| row.effect() == "1.000"), "{:?}", found.rows[0].effect());
    assert_eq!(page.matches("<td class=\"n\">1.000</td>").count(), found.rows.len());
    assert!(page.contains("Of both sides"), "one definition, once");
    Ok(())
}

#[test]
fn of_two_machines_what_differs_stands_out() -> Result<(), ReportError> {
    let (_folder, run) = made(&little());
    let other = changed(&run, "results/other", |run| {
        let environment = run.environment.as_mut().expect("the sample has one");
        environment.host.kernel = Some("another <kernel>".into());
    });
    let (one, other) = ([run], [other]);
    let found = compare(&Request { across: &[Aspect::Machine], ..request(&one, &other) }).unwrap();
    let page = comparisons_as_html(&[found])?;
    let of_table = |line: &&str| line.starts_with("<tr") && line.contains("another &#60;kernel&#62;");
    let row = page.lines().find(of_table).expect("as text");
    assert!(row.contains("class=\"reference"), "{row}");
    Ok(())
}
