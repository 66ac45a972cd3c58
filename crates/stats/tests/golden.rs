//! Figures from outside (scripts/golden/stats.py) against ours, to 1e-12.

use cachemark_stats::{
    Direction, Histogram, Interval, RunRow, RunRule, Summary, compare_runs, hodges_lehmann, holm_adjusted,
    median_interval, pseudo_median_interval, quantile_type7, relabelled_p, shift, shift_interval, sign_test,
    signed_rank,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
struct Golden<Case> {
    cases: Vec<Case>,
}

fn cases<Case: DeserializeOwned>(json: &str) -> Vec<Case> {
    let golden: Golden<Case> = serde_json::from_str(json).expect("a golden file is JSON of its own shape");
    assert!(!golden.cases.is_empty());
    golden.cases
}

/// Equal to 1e-12, relative to figures above 1.
#[track_caller]
fn assert_near(ours: f64, golden: f64, what: &str) {
    assert!((ours - golden).abs() <= 1e-12 * golden.abs().max(1.0), "{what}: {ours} is not {golden}");
}

#[derive(Deserialize)]
struct SignedRankCase {
    name: String,
    differences: Vec<f64>,
    positive_rank_sum: f64,
    p: f64,
}

#[test]
fn signed_rank_p_values_are_exact() {
    for case in cases::<SignedRankCase>(include_str!("golden/signed_rank.json")) {
        let test = signed_rank(&case.differences).expect("golden samples are good");
        assert_eq!(test.positive_rank_sum, case.positive_rank_sum, "{}", case.name);
        assert_near(test.p, case.p, &case.name);
    }
}

#[derive(Deserialize)]
struct SignTestCase {
    above: usize,
    below: usize,
    ties: usize,
    p: f64,
}

#[test]
fn sign_tests_are_scipy_s_binomial_test() {
    for case in cases::<SignTestCase>(include_str!("golden/sign_test.json")) {
        let SignTestCase { above, below, ties, p } = case;
        let differences = [vec![2.5; above], vec![-0.5; below], vec![0.0; ties]].concat();
        let test = sign_test(&differences).expect("golden samples are good");
        assert_eq!((test.above, test.below, test.ties), (above, below, ties));
        assert_near(test.p, p, &format!("{above} of {}", above + below));
    }
}

#[derive(Deserialize)]
struct PseudoMedianCase {
    name: String,
    values: Vec<f64>,
    hodges_lehmann: f64,
    interval: Option<Interval>,
}

#[test]
fn pseudo_medians_and_their_intervals_are_exact() {
    for case in cases::<PseudoMedianCase>(include_str!("golden/pseudo_median.json")) {
        let estimate = hodges_lehmann(&case.values).expect("golden samples are good");
        assert_near(estimate, case.hodges_lehmann, &case.name);
        let interval = pseudo_median_interval(&case.values, 0.95).expect("golden samples are good");
        assert_eq!(interval.is_some(), case.interval.is_some(), "{}", case.name);
        if let (Some(ours), Some(golden)) = (interval, case.interval) {
            assert_near(ours.low, golden.low, &case.name);
            assert_near(ours.high, golden.high, &case.name);
            assert_near(ours.confidence, golden.confidence, &case.name);
        }
    }
}

#[derive(Deserialize)]
struct MedianCase {
    name: String,
    values: Vec<f64>,
    interval: Option<Interval>,
}

#[test]
fn intervals_of_medians_are_those_of_scipy() {
    for case in cases::<MedianCase>(include_str!("golden/median.json")) {
        let interval = median_interval(&case.values, 0.95).expect("golden samples are good");
        assert_eq!(interval.is_some(), case.interval.is_some(), "{}", case.name);
        if let (Some(ours), Some(golden)) = (interval, case.interval) {
            assert_eq!((ours.low, ours.high), (golden.low, golden.high), "{}", case.name);
            assert_near(ours.confidence, golden.confidence, &case.name);
        }
    }
}

#[derive(Deserialize)]
struct ShiftCase {
    name: String,
    from: Vec<f64>,
    to: Vec<f64>,
    shift: f64,
    interval: Option<Interval>,
}

#[test]
fn shifts_and_their_intervals_are_exact() {
    for case in cases::<ShiftCase>(include_str!("golden/shift.json")) {
        assert_near(shift(&case.from, &case.to).expect("golden samples are good"), case.shift, &case.name);
        let interval = shift_interval(&case.from, &case.to, 0.95).expect("golden samples are good");
        assert_eq!(interval.is_some(), case.interval.is_some(), "{}", case.name);
        if let (Some(ours), Some(golden)) = (interval, case.interval) {
            assert_near(ours.low, golden.low, &case.name);
            assert_near(ours.high, golden.high, &case.name);
            assert_near(ours.confidence, golden.confidence, &case.name);
        }
    }
}

#[derive(Deserialize)]
struct DriftCase {
    stored: Vec<f64>,
    from: Vec<f64>,
    to: Vec<f64>,
    ratio: f64,
    low: f64,
    high: f64,
    p: f64,
}

#[test]
fn the_drift_of_stored_runs_is_student_s_t() {
    for case in cases::<DriftCase>(include_str!("golden/drift.json")) {
        let what = format!("{} stored runs", case.stored.len());
        let row =
            RunRow { direction: Direction::LowerIsBetter, baseline: case.from, compared: case.to, stored: case.stored };
        let found = compare_runs(&[row], &RunRule { alpha: 0.05, margin: 0.05 }).expect("golden samples are good")[0];
        let interval = found.interval.expect("four stored runs are enough");
        assert_near(found.estimate, case.ratio, &what);
        assert_near(interval.low, case.low, &what);
        assert_near(interval.high, case.high, &what);
        assert_near(found.adjusted_p.expect("there is one"), case.p, &what);
    }
}

#[derive(Deserialize)]
struct RelabelCase {
    first: usize,
    rows: Vec<Vec<f64>>,
    adjusted: Vec<f64>,
}

#[test]
fn relabelling_adjusts_as_its_definition_says() {
    for case in cases::<RelabelCase>(include_str!("golden/relabel.json")) {
        let adjusted = relabelled_p(&case.rows, case.first).expect("golden samples are good");
        assert_eq!(adjusted.len(), case.adjusted.len());
        for (ours, golden) in adjusted.iter().zip(&case.adjusted) {
            assert_near(*ours, *golden, &format!("{} rows", case.rows.len()));
        }
    }
}

#[derive(Deserialize)]
struct HolmCase {
    p: Vec<f64>,
    adjusted: Vec<f64>,
}

#[test]
fn holm_adjusts_as_statsmodels_does() {
    for case in cases::<HolmCase>(include_str!("golden/holm.json")) {
        let adjusted = holm_adjusted(&case.p).expect("golden p values are probabilities");
        assert_eq!(adjusted.len(), case.adjusted.len());
        for (ours, golden) in adjusted.iter().zip(&case.adjusted) {
            assert_near(*ours, *golden, &format!("{:?}", case.p));
        }
    }
}

#[derive(Deserialize)]
struct SummaryCase {
    values: Vec<f64>,
    summary: Summary,
    p37: f64,
}

#[test]
fn summaries_are_numpy_s() {
    for case in cases::<SummaryCase>(include_str!("golden/summary.json")) {
        let (ours, golden) = (Summary::of(&case.values).expect("golden samples are good"), case.summary);
        let what = format!("{} values", golden.count);
        assert_eq!((ours.count, ours.min, ours.max), (golden.count, golden.min, golden.max));
        assert_near(ours.lower_quartile, golden.lower_quartile, &what);
        assert_near(ours.median, golden.median, &what);
        assert_near(ours.upper_quartile, golden.upper_quartile, &what);
        assert_near(ours.mean, golden.mean, &what);
        assert_near(ours.mad, golden.mad, &what);
        let mut sorted = case.values.clone();
        sorted.sort_by(f64::total_cmp);
        assert_near(quantile_type7(&sorted, 0.37).expect("0.37 is a quantile"), case.p37, &what);
    }
}

#[derive(Deserialize)]
struct HistogramCase {
    name: String,
    lowest: f64,
    digits: i32,
    v2_deflate_hex: String,
    count: u64,
    quantiles: Vec<(f64, u64)>,
    max: u64,
    mean: f64,
}

fn bytes_of(hex: &str) -> Vec<u8> {
    let byte = |at| u8::from_str_radix(&hex[at..at + 2], 16).expect("golden bytes are hex");
    (0..hex.len()).step_by(2).map(byte).collect()
}

#[test]
fn histograms_of_another_library_are_read_within_their_precision() {
    for case in cases::<HistogramCase>(include_str!("golden/histogram.json")) {
        let histogram = Histogram::from_v2_deflate(&bytes_of(&case.v2_deflate_hex)).expect("golden bytes are V2");
        assert_eq!((histogram.count(), histogram.overflowed()), (case.count, 0), "{}", case.name);
        // A bucket of theirs may be wider than ours (by their digits, and by the least value they tell from others),
        // and what it holds lies at its upper edge, then at that of ours.
        let precision = 0.1_f64.powi(case.digits) + 0.001;
        let above = |ours: u64, exact: f64| (ours as f64 - exact) / (exact + case.lowest / precision);
        for (q, exact) in case.quantiles {
            let ours = histogram.quantile(q).expect("2000 samples are enough for these");
            let error = above(ours, exact as f64);
            assert!((0.0..=precision).contains(&error), "{}: p{q} is {ours}, not {exact}", case.name);
        }
        let error = above(histogram.max().expect("not empty"), case.max as f64);
        assert!((0.0..=precision).contains(&error), "{}: {error}", case.name);
        let mean = histogram.mean().expect("not empty");
        assert!((mean / case.mean - 1.0).abs() <= precision, "{}: mean {mean}, not {}", case.name, case.mean);
    }
}
