//! Assertions over made-up records: what holds, what doesn't, and what cannot be told.

mod sample;

use cachemark_report::assertions::{AssertionOutcome, CheckedAssertion, check_assertions, junit_xml};
use cachemark_report::{assertion_table, write_report};
use cachemark_results::warning;
use cachemark_results::{CacheOperations, Cell, Run, TimeSummary, Totals, Trial, Warning};
use sample::Sample;
use sample::broken::Fate;

fn little(assertions: &'static [&'static str]) -> Sample {
    Sample {
        strategies: &["no-cache", "cache-aside"],
        read_ratios: &[0.5, 0.9],
        blocks: 3,
        reads: 100,
        assertions,
        ..Sample::default()
    }
}

/// Trials whose hit ratios are 0.7, 0.8 and 0.9: a median of 0.8.
fn stepped(assertions: &'static [&'static str]) -> Sample {
    Sample {
        tweak: |cell, trial| {
            trial.hit_ratio = (cell.strategy != "no-cache").then_some([0.7, 0.8, 0.9][trial.block as usize]);
            trial.totals = Totals {
                issued: 1000,
                ok: 1000 - u64::from(trial.block),
                error: trial.block.into(),
                ..Totals::default()
            };
            trial.cache = CacheOperations::default();
        },
        ..little(assertions)
    }
}

fn checked(sample: &Sample) -> (tempfile::TempDir, Run, Vec<CheckedAssertion>) {
    let folder = tempfile::tempdir().unwrap();
    let run = sample.write(folder.path());
    let checked = check_assertions(&run);
    (folder, run, checked)
}

#[test]
fn the_median_over_trials_decides_for_every_cell_selected() {
    let (_folder, _run, checked) = checked(&stepped(&[
        "cache-aside.hit_ratio >= 0.8",
        "cache-aside@moka[read_ratio=0.9].hit_ratio > 80%",
        "*.errors <= 1",
        "*.errors < 0.1%",
        "no-cache.throughput > 1",
    ]));
    insta::assert_snapshot!(assertion_table(&checked).to_markdown(), @r###"
    | assertion | outcome | cell | median over trials (least to greatest) |
    | --- | --- | --- | --- |
    | cache-aside.hit\_ratio &gt;= 0.8 | pass | cache-aside-moka-0us-0.5 | 0.8000 (0.7000 to 0.9000) |
    |  | pass | cache-aside-moka-0us-0.9 | 0.8000 (0.7000 to 0.9000) |
    | cache-aside@moka\[read\_ratio=0.9\].hit\_ratio &gt; 80% | fail | cache-aside-moka-0us-0.9 | 0.8000 (0.7000 to 0.9000) |
    | \*.errors &lt;= 1 | pass | no-cache-moka-0us-0.5 | 1 (0 to 2) |
    |  | pass | cache-aside-moka-0us-0.5 | 1 (0 to 2) |
    |  | pass | no-cache-moka-0us-0.9 | 1 (0 to 2) |
    |  | pass | cache-aside-moka-0us-0.9 | 1 (0 to 2) |
    | \*.errors &lt; 0.1% | fail | no-cache-moka-0us-0.5 | 0.100 % (0 % to 0.200 %) |
    |  | fail | cache-aside-moka-0us-0.5 | 0.100 % (0 % to 0.200 %) |
    |  | fail | no-cache-moka-0us-0.9 | 0.100 % (0 % to 0.200 %) |
    |  | fail | cache-aside-moka-0us-0.9 | 0.100 % (0 % to 0.200 %) |
    | no-cache.throughput &gt; 1 | pass | no-cache-moka-0us-0.5 | 105,375 ops/s (95,767 ops/s to 129,700 ops/s) |
    |  | pass | no-cache-moka-0us-0.9 | 125,235 ops/s (115,020 ops/s to 154,143 ops/s) |
    "###);
}

#[test]
fn what_cannot_be_told_never_holds() {
    let sample = Sample {
        unsupported: |cell| (cell.strategy == "write-through").then(|| "needs versioned sets".to_owned()),
        strategies: &["no-cache", "cache-aside", "write-through", "read-through"],
        finished: |cell, _| cell.strategy != "read-through",
        tweak: |cell, trial| {
            if cell.strategy == "cache-aside" && trial.block == 1 {
                trial.all_time = trial.all_time.map(|time| TimeSummary { p50_ns: None, ..time });
            }
            trial.totals.issued *= u64::from(trial.block != 2);
        },
        read_ratios: &[0.9],
        ..little(&[
            "cache-aside@redis.throughput > 0",
            "cache-aside[read_ratio=0.95].throughput > 0",
            "cache-aside.service.p50 < 1s",
            "cache-aside.response.p99 < 1s",
            "no-cache.hit_ratio >= 0",
            "no-cache.store_load >= 0",
            "read-through.errors <= 0",
            "write-through.errors <= 0",
            "of.another.version.beauty > 1",
        ])
    };
    let (_folder, _run, checked) = checked(&sample);
    assert!(checked.iter().all(|assertion| assertion.outcome == AssertionOutcome::NotMeasured), "{checked:#?}");
    let table = assertion_table(&checked).to_markdown();
    insta::assert_snapshot!(table, @r###"
    | assertion | outcome | cell | median over trials (least to greatest) |
    | --- | --- | --- | --- |
    | cache-aside@redis.throughput &gt; 0 | not measured |  | no cell of this run fits it |
    | cache-aside\[read\_ratio=0.95\].throughput &gt; 0 | not measured |  | no cell of this run fits it |
    | cache-aside.service.p50 &lt; 1s | not measured | cache-aside-moka-0us-0.9 | 1 of 3 trials without the figure: p50 takes 20 samples |
    | cache-aside.response.p99 &lt; 1s | not measured | cache-aside-moka-0us-0.9 | 3 of 3 trials without the figure: p99 takes 1,000 answered operations of an open loop, which alone has response times |
    | no-cache.hit\_ratio &gt;= 0 | not measured | no-cache-moka-0us-0.9 | 3 of 3 trials without the figure: no read asked a cache |
    | no-cache.store\_load &gt;= 0 | not measured | no-cache-moka-0us-0.9 | 1 of 3 trials without the figure: nothing was asked in the window |
    | read-through.errors &lt;= 0 | not measured | read-through-moka-0us-0.9 | no trial of it was finished |
    | write-through.errors &lt;= 0 | not measured | write-through-moka-0us-0.9 | unsupported: needs versioned sets |
    | of.another.version.beauty &gt; 1 | not measured |  | unknown figure \`another.version.beauty\` (docs/figures.md lists all) |
    "###);
}

#[test]
fn pages_have_a_section_on_them_and_none_without() {
    let (_folder, run, _) = checked(&stepped(&["cache-aside.hit_ratio > 0.8"]));
    let pages = write_report(&run).unwrap();
    let [html, summary] = [&pages.html, &pages.summary].map(|path| std::fs::read_to_string(path).unwrap());
    for text in [&html, &summary] {
        assert!(text.contains("Assertions") && text.contains("1 of 1 assertion did not hold."), "{text}");
    }
    let (_folder, run, _) = checked(&little(&[]));
    let pages = write_report(&run).unwrap();
    assert!(!std::fs::read_to_string(pages.html).unwrap().contains("Assertions"));
    assert!(!std::fs::read_to_string(pages.summary).unwrap().contains("Assertions"));
}

#[test]
fn junit_has_a_case_for_each_cell_and_stays_xml_whatever_the_names() {
    let sample = Sample { name: "a&b \"<c>\u{1}]]>", ..stepped(&["cache-aside.hit_ratio > 0.8", "x.errors < 1"]) };
    let (_folder, run, checked) = checked(&sample);
    insta::assert_snapshot!(junit_xml(&run, &checked).unwrap(), @r###"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="a&amp;b &quot;&lt;c&gt;�]]&gt;" tests="3" failures="3" errors="0">
      <testsuite name="a&amp;b &quot;&lt;c&gt;�]]&gt;" tests="3" failures="3" errors="0" timestamp="2026-11-22T05:00:00">
        <testcase classname="cache-aside-moka-0us-0.5" name="cache-aside.hit_ratio &gt; 0.8">
          <failure type="fail" message="fail: 0.8000 (0.7000 to 0.9000)">cache-aside.hit_ratio &gt; 0.8, in cache-aside-moka-0us-0.5: fail: 0.8000 (0.7000 to 0.9000)</failure>
        </testcase>
        <testcase classname="cache-aside-moka-0us-0.9" name="cache-aside.hit_ratio &gt; 0.8">
          <failure type="fail" message="fail: 0.8000 (0.7000 to 0.9000)">cache-aside.hit_ratio &gt; 0.8, in cache-aside-moka-0us-0.9: fail: 0.8000 (0.7000 to 0.9000)</failure>
        </testcase>
        <testcase classname="a&amp;b &quot;&lt;c&gt;�]]&gt;" name="x.errors &lt; 1">
          <failure type="not measured" message="not measured: no cell of this run fits it">x.errors &lt; 1, in a&amp;b &quot;&lt;c&gt;�]]&gt;: not measured: no cell of this run fits it</failure>
        </testcase>
      </testsuite>
    </testsuites>
    "###);
}

#[test]
fn arrivals_that_were_not_sent_are_errors() {
    let sample = Sample {
        rates: &[1000.0],
        tweak: |_, trial| {
            trial.totals = Totals { issued: 980, ok: 970, unknown: 10, ..Totals::default() };
            let open = trial.open_loop.as_mut().unwrap();
            (open.offered, open.shed, open.unsent) = (1000, 15, 5);
        },
        ..little(&["errors <= 29", "errors < 3%", "errors <= 3%"])
    };
    let (_folder, _run, checked) = checked(&sample);
    let outcomes: Vec<_> = checked.iter().map(|assertion| assertion.outcome).collect();
    assert_eq!(outcomes, [AssertionOutcome::Fail, AssertionOutcome::Fail, AssertionOutcome::Pass]);
}

#[test]
fn invalid_trials_have_no_say_and_most_of_them_are_no_measurement() {
    let spoilt =
        |tweak: fn(&Cell, &mut Trial)| Sample { tweak, ..little(&["cache-aside[read_ratio=0.9].throughput > 1"]) };
    let one = spoilt(|_, trial| {
        if trial.block == 1 {
            trial.warnings.push(Warning::invalidating(warning::CLIENT_BOUND_OPEN, "late"));
        }
    });
    let (_folder, _run, found) = checked(&one);
    assert_eq!(found[0].outcome, AssertionOutcome::Pass);
    assert!(found[0].cells[0].said.ends_with("; 1 of 3 trials are invalid: late"), "{}", found[0].cells[0].said);
    let most = spoilt(|_, trial| {
        if trial.block > 0 {
            trial.warnings.push(Warning::invalidating(warning::CLIENT_BOUND_OPEN, "late"));
        }
    });
    let (_folder, _run, found) = checked(&most);
    assert_eq!(found[0].outcome, AssertionOutcome::NotMeasured);
    assert_eq!(found[0].cells[0].said, "2 of 3 trials are invalid: late");
}

/// Eight seconds follow the fault. What was not seen to recover in them may have taken nine, or for ever: no upper bound is known to be kept.
#[test]
fn a_recovery_that_was_not_seen_keeps_no_upper_bound_and_misses_one_that_was_looked_at() {
    let sample = Sample {
        faults: &["slow"],
        fate: |cell, block| match (cell.strategy.as_str(), block) {
            ("no-cache", _) | ("cache-aside", 0) => Fate::Never(0.5),
            _ => Fate::Recovered(0.5, 1.0),
        },
        read_ratios: &[0.9],
        ..little(&[
            "no-cache.recovery.time < 5s",
            "no-cache.recovery.time < 20s",
            "no-cache.recovery.time <= 20s",
            "no-cache.recovery.time > 5s",
            "cache-aside.recovery.time < 20s",
            "cache-aside.recovery.time < 1s",
        ])
    };
    let (_folder, _run, checked) = checked(&sample);
    use AssertionOutcome::{Fail, NotMeasured, Pass};
    let outcomes: Vec<_> = checked.iter().map(|assertion| assertion.outcome).collect();
    assert_eq!(outcomes, [Fail, NotMeasured, NotMeasured, Pass, Pass, Fail]);
    assert!(checked[1].cells[0].said.contains("not seen in 3 of 3 trials"), "{}", checked[1].cells[0].said);
}
