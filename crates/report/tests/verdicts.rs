//! Verdicts on more figures than one, and on every pair.

mod sample;

use cachemark_report::analysis::{Role, analyse};
use cachemark_report::sheet::Sheet;
use cachemark_report::{as_json, terminal_sheet, write_report};
use cachemark_results::{Freshness, Run, Trial};
use cachemark_stats::Verdict;
use sample::Sample;
use std::fs;

fn two_figures() -> Sample {
    Sample { verdict_on: &["throughput", "hit_ratio", "read.p99"], read_ratios: &[0.9], ..Sample::default() }
}

fn written(sample: &Sample) -> (tempfile::TempDir, Run) {
    let folder = tempfile::tempdir().unwrap();
    let run = sample.write(folder.path());
    (folder, run)
}

fn told_of(run: &Run) -> String {
    told(&terminal_sheet(run))
}

fn told(sheet: &Sheet) -> String {
    let lines: Vec<String> = sheet.render(78, false).lines().map(|line| line.trim_end().to_owned()).collect();
    lines.join("\n")
}

#[test]
fn each_figure_is_a_family_of_its_own() {
    let (_folder, run) = written(&two_figures());
    let analysis = analyse(&run);
    let names: Vec<String> = analysis.families.iter().map(|family| analysis.name_of(family)).collect();
    let family = &run.manifest.cells[0].family;
    assert_eq!(names, ["throughput", "hit ratio", "read p99"].map(|figure| format!("{family}, by {figure}")));
    assert!(analysis.families.iter().all(|family| family.size == 3 && family.rows.len() == 5));
}

#[test]
fn what_the_reference_does_not_have_is_not_judged_and_says_so() {
    let (_folder, run) = written(&two_figures());
    let analysis = analyse(&run);
    for row in analysis.families[1].rows.iter().filter(|row| row.role == Role::Compared) {
        assert_eq!(row.verdict(), "not judged: what it is compared with has no hit ratio");
    }
    insta::assert_snapshot!(told(&terminal_sheet(&run)), @r#"
    cache-aside, read-through and write-through against no-cache over moka +
      sqlite
    What to use: read-through or write-through (no difference between them shown):
      4.58 to 4.75 times the throughput of no-cache (95 % intervals).
    At which price: None shown; read p99 36 to 45 % lower; staleness not watched.
    How sure: Strong: better than no-cache by a test over 8 blocks (Holm, 5 %), by
      a factor of 4.58 at least, which is more than the noise of ± 1.4 %; that it
      is ahead of the others is not tested (--pairs does): intervals lie apart.
    What would change it: Not known: one point was measured (read ratio 0.9).
    Doubt: noisy: read ratio 0.9, by read p99: two runs of the same arm differ by
      up to ± 7.3 %, where 5 % is to matter.
    ────────────────────────────────────────────────────────────────────────
                                           95 %                  read  store
    strategy         median  ratio     interval  verdict          p50   load
    ────────────────────────────────────────────────────────────────────────
    read ratio 0.9, by throughput
    no-cache        129,760      1               reference    58.9 µs  0.999
    no-cache (A/A)  131,206  0.995  0.982–1.010  A/A control  58.8 µs  1.000
    cache-aside     477,193  3.642  3.598–3.697  better       2.08 µs  0.209
    read-through    607,164  4.681  4.618–4.754  better       2.00 µs  0.144
    write-through   611,187  4.661  4.579–4.733  better       2.02 µs  0.146

    read ratio 0.9, by hit ratio
    no-cache            n/a      1               reference
    no-cache (A/A)      n/a    n/a          n/a  A/A control
    cache-aside       0.879    n/a          n/a  not judged
    read-through      0.951    n/a          n/a  not judged
    write-through     0.949    n/a          n/a  not judged

    read ratio 0.9, by read p99
    no-cache         136 µs      1               reference
    no-cache (A/A)   141 µs  1.028  0.949–1.093  A/A control
    cache-aside     98.8 µs  0.715  0.687–0.754  better
    read-through    81.6 µs  0.585  0.549–0.626  better
    write-through   79.5 µs  0.596  0.552–0.644  better
    ────────────────────────────────────────────────────────────────────────
    - Not judged, what it is compared with has no hit ratio:
      cache-aside-moka-0us-0.9; read-through-moka-0us-0.9;
      write-through-moka-0us-0.9.
    - Ratios are paired by block; "equivalent" means that the whole interval lies
      within 5 % of the reference. The intervals are not adjusted for the number
      of comparisons, the verdicts are (Holm, within each family).
    - Staleness was not watched: no verdict says how fresh the answers were.
    - Verdicts are on 3 figures (throughput, hit ratio, read p99), each judged by
      itself: their number does not make a verdict harder, so of many figures one
      may differ by chance.
    - Noise floor (half the A/A control's interval): read ratio 0.9, by
      throughput: ± 1.4 %; read ratio 0.9, by hit ratio: n/a; read ratio 0.9, by
      read p99: ± 7.3 %, noisy. Without it nothing is called equivalent. Where it
      passes the margin, nothing is called equivalent: measure on a quieter
      machine, or more blocks.
    - Figures are medians over blocks; read p50 and p99 are of the service time.
    "#);
}

#[test]
fn zero_and_equal_figures_are_told() {
    let tweak = |cell: &cachemark_results::Cell, trial: &mut Trial| {
        trial.hit_ratio = Some(if cell.strategy == "write-through" { 0.0 } else { 0.5 });
    };
    let (_folder, run) = written(&Sample { tweak, ..two_figures() });
    let verdicts: Vec<String> = analyse(&run).families[1].rows.iter().map(|row| row.verdict()).collect();
    assert_eq!(verdicts, ["reference", "A/A control", "equivalent", "equivalent", "worse"]);
}

#[test]
fn a_figure_of_which_the_reference_has_none_is_judged_by_its_difference() {
    fn tweak(cell: &cachemark_results::Cell, trial: &mut Trial) {
        let stale = match (cell.strategy.as_str(), trial.block) {
            ("cache-aside", block) => 10 + u64::from(block),
            // Once is no pattern.
            ("read-through", 3) => 4,
            _ => 0,
        };
        trial.freshness = Some(Freshness { reads: 1_000, judged: 1_000, stale, ..Freshness::default() });
    }
    let verdict_on = &["stale_reads"];
    let (_folder, run) = written(&Sample { tweak, verdict_on, read_ratios: &[0.9], ..Sample::default() });
    let analysis = analyse(&run);
    let told: Vec<String> = analysis.families[0]
        .rows
        .iter()
        .map(|row| format!("{} ({}): {}", row.ratio(), row.interval(), row.verdict_and_staleness()))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r###"
    n/a (n/a): reference
    0 % (0 % to 0 %): A/A control
    +1.35 % (+1.10 % to +1.60 %): worse; 1.35 % stale
    0 % (0 % to +0.200 %): inconclusive; up to 0.400 % stale
    0 % (0 % to 0 %): equivalent
    "###);
    write_report(&run).unwrap();
    let summary = fs::read_to_string(run.folder.join("SUMMARY.md")).unwrap();
    assert!(summary.contains("in its place stands the difference"), "{summary}");
}

#[test]
fn every_pair_is_compared_once_and_counts_in_the_family() {
    let sample = Sample { pairs: true, read_ratios: &[0.9], ..Sample::default() };
    let (_folder, run) = written(&sample);
    let analysis = analyse(&run);
    let family = &analysis.families[0];
    assert_eq!((family.size, family.blocks_needed), (6, 8));
    let pairs: Vec<&str> = family.rows.iter().filter(|row| row.is_pair(family)).map(|row| row.label.as_str()).collect();
    let expected = ["read-through vs cache-aside", "write-through vs cache-aside", "write-through vs read-through"];
    assert_eq!(pairs, expected);
    // A comparison turned around is the same comparison.
    let against = |label: &str| family.rows.iter().find(|row| row.label == label).unwrap();
    let (aside, through, both) = (against("cache-aside"), against("read-through"), against(expected[0]));
    let ratio = |row: &cachemark_report::analysis::FamilyRow| row.primary.as_ref().unwrap().comparison.ratio.unwrap();
    assert!((ratio(through) / ratio(aside) / ratio(both) - 1.0).abs() < 0.1);
    assert!(aside.is(Verdict::Better));
    insta::assert_snapshot!(told(&terminal_sheet(&run)), @r#"
    cache-aside, read-through and write-through against no-cache over moka +
      sqlite
    What to use: read-through or write-through (no difference between them shown):
      4.58 to 4.75 times the throughput of no-cache (95 % intervals).
    At which price: None shown; read p50 97 % lower, read p99 36 to 45 % lower and
      store load 85 to 86 % lower (intervals, not tested); staleness not watched.
    How sure: Strong: better than no-cache by a test over 8 blocks (Holm, 5 %), by
      a factor of 4.58 at least, which is more than the noise of ± 1.4 %; ahead of
      the others by tests of pairs.
    What would change it: Not known: one point was measured (read ratio 0.9).
    ──────────────────────────────────────────────────────────────────────────────
                                   throughput,                         read    hit
    strategy                             ops/s  ratio  verdict          p99  ratio
    ──────────────────────────────────────────────────────────────────────────────
    read ratio 0.9
    no-cache                           129,760      1  reference     136 µs    n/a
    no-cache (A/A)                     131,206  0.995  A/A control   141 µs    n/a
    cache-aside                        477,193  3.642  better       98.8 µs  0.879
    read-through                       607,164  4.681  better       81.6 µs  0.951
    write-through                      611,187  4.661  better       79.5 µs  0.949
    read-through vs cache-aside                 1.289  better
    write-through vs cache-aside                1.280  better
    write-through vs read-through               0.995  equivalent
    ──────────────────────────────────────────────────────────────────────────────
    - Ratios are paired by block; "equivalent" means that the whole interval lies
      within 5 % of what it is compared with. The intervals are not adjusted for
      the number of comparisons, the verdicts are (Holm, within each family).
    - Staleness was not watched: no verdict says how fresh the answers were.
    - Every two are compared: "b vs a" is the ratio of b to a, and better means b.
    - Noise floor (half the A/A control's interval): read ratio 0.9: ± 1.4 %.
    - Figures are medians over blocks; read p50 and p99 are of the service time.
    - Not shown for want of room: store load; 95 % interval; read p50.
    "#);
}

#[test]
fn page_csv_and_json_have_a_verdict_for_each() {
    let (_folder, run) = written(&Sample { pairs: true, ..two_figures() });
    let pages = write_report(&run).unwrap();
    let csv = fs::read_to_string(&pages.data[1]).unwrap();
    let judged = |figure: &str| {
        let of = |line: &&str| line.contains(&format!(",{figure},")) && !line.ends_with(",exploratory");
        csv.lines().filter(of).count()
    };
    // Control, three compared, three pairs.
    assert_eq!(["throughput", "hit_ratio", "read.p99", "store_load"].map(judged), [7, 7, 7, 0]);
    let told = as_json(&run);
    let comparisons = told["comparisons"].as_array().unwrap();
    let of = |name: &str| {
        comparisons.iter().filter(|found| found["figure"] == name && found["verdict"] != "exploratory").count()
    };
    assert_eq!(["throughput", "hit_ratio", "read.p99", "store_load"].map(of), [7, 7, 7, 0]);
    // What one of them calls a figure or a cell, the other does.
    let column = |name: &str| csv.lines().next().unwrap().split(',').position(|head| head == name).unwrap();
    let (figure, against, cell) = (column("figure"), column("against"), column("cell"));
    let field = |line: &str, at: usize| line.split(',').nth(at).unwrap().to_owned();
    for line in csv.lines().skip(1).filter(|line| !line.contains('"')) {
        let same = |found: &&serde_json::Value| {
            found["figure"] == field(line, figure)
                && found["against"] == field(line, against)
                && found["cell"] == field(line, cell)
        };
        assert!(comparisons.iter().any(|found| same(&found)), "{line}");
    }
    let summary = fs::read_to_string(run.folder.join("SUMMARY.md")).unwrap();
    for words in
        [", by throughput: ", ", by hit ratio: ", ", by read p99: ", "write-through vs read-through", "3 figures"]
    {
        assert!(summary.contains(words), "{words}: {summary}");
    }
    let page = fs::read_to_string(run.folder.join("report.html")).unwrap();
    let told = [summary.as_str(), page.as_str(), &told_of(&run)];
    for words in ["of the reference.", "against the reference cell", "ratio to reference", "its reference is"] {
        assert!(told.iter().all(|text| !text.contains(words)), "`{words}` of a run whose every two cells are compared");
    }
    let charts: Vec<&str> =
        summary.lines().filter_map(|line| line.split_once("](charts/ratios")?.1.strip_suffix(".png)")).collect();
    assert_eq!(charts, ["", "-hit-ratio", "-read-p99"]);
}
