//! Laws that hold for any values: of histograms, of the paired estimates, of Holm's adjustment.

use cachemark_stats::{HIGHEST_NS, Histogram, hodges_lehmann, holm_adjusted, pseudo_median_interval, signed_rank};
use proptest::prelude::*;

/// Times from 0 to beyond the range, each order of magnitude as likely as the next.
fn times() -> impl Strategy<Value = Vec<u64>> {
    let time = (0_u32..64).prop_flat_map(|bits| (0..=u64::MAX >> bits).prop_map(|ns| ns));
    prop::collection::vec(time, 0..200)
}

fn histogram_of(values: &[u64]) -> Histogram {
    let mut histogram = Histogram::new();
    values.iter().for_each(|&value| histogram.record(value));
    histogram
}

/// Differences on a grid of 1/1024, so that sums, halves and small shifts of them are exact.
fn differences() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec((-1_000_000_i32..1_000_000).prop_map(|grid| f64::from(grid) / 1024.0), 6..25)
}

/// The estimate and both ends of the interval.
fn location(values: &[f64]) -> (f64, f64, f64) {
    let estimate = hodges_lehmann(values).expect("a good sample");
    let interval = pseudo_median_interval(values, 0.95).expect("a good sample").expect("six values are enough");
    (estimate, interval.low, interval.high)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn merge_is_union(a in times(), b in times()) {
        let mut merged = histogram_of(&a);
        merged.merge(&histogram_of(&b));
        prop_assert_eq!(merged, histogram_of(&[a, b].concat()));
    }

    #[test]
    fn quantiles_rise_within_bounds_and_near_the_truth(
        mut values in times(),
        mut qs in prop::collection::vec(0.0..1.0, 1..20),
    ) {
        let histogram = histogram_of(&values);
        values.sort_unstable();
        qs.sort_by(f64::total_cmp);
        let mut before = 0;
        for q in qs {
            let Some(value) = histogram.quantile(q) else { continue };
            prop_assert!(value >= before);
            before = value;
            prop_assert!(Some(value) >= histogram.min() && Some(value) <= histogram.max());
            let rank = ((q * values.len() as f64).ceil() as usize).max(1);
            let exact = values[rank - 1].min(HIGHEST_NS);
            prop_assert!(value >= exact && value - exact <= exact / 1000, "{} became {}", exact, value);
        }
    }

    #[test]
    fn a_spectrum_rises(values in times(), points in 0_usize..50) {
        let histogram = histogram_of(&values);
        let spectrum = histogram.spectrum(points);
        prop_assert_eq!(spectrum.len(), if values.len() < 10 { 0 } else { points });
        prop_assert!(spectrum.is_sorted_by(|a, b| a.quantile <= b.quantile && a.value_ns <= b.value_ns));
        prop_assert!(spectrum.iter().all(|point| point.quantile <= 1.0 - 10.0 / values.len() as f64));
    }

    #[test]
    fn json_after_parse_is_the_same(values in times()) {
        let histogram = histogram_of(&values);
        let json = serde_json::to_string(&histogram).expect("a histogram is always JSON");
        prop_assert_eq!(serde_json::from_str::<Histogram>(&json).expect("what we wrote can be read"), histogram);
    }

    #[test]
    fn v2_after_parse_is_the_same(values in times()) {
        // The format has no place for overflow.
        let values: Vec<u64> = values.into_iter().map(|value| value.min(HIGHEST_NS)).collect();
        let histogram = histogram_of(&values);
        let bytes = histogram.to_v2_deflate().expect("small counts can be written");
        prop_assert_eq!(Histogram::from_v2_deflate(&bytes), Ok(histogram));
    }

    #[test]
    fn random_bytes_are_refused(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        prop_assert!(Histogram::from_v2_deflate(&bytes).is_err());
    }

    #[test]
    fn the_interval_contains_the_estimate(values in differences()) {
        let (estimate, low, high) = location(&values);
        prop_assert!(low <= estimate && estimate <= high);
    }

    #[test]
    fn order_does_not_matter(
        (values, shuffled) in differences().prop_flat_map(|values| (Just(values.clone()), Just(values).prop_shuffle())),
    ) {
        prop_assert_eq!(location(&values), location(&shuffled));
        prop_assert_eq!(signed_rank(&values), signed_rank(&shuffled));
    }

    #[test]
    fn scale_shift_and_sign_carry_over(values in differences(), power in -8_i32..8, shift in -1000_i32..1000) {
        let (estimate, low, high) = location(&values);
        let with = |change: &dyn Fn(f64) -> f64| values.iter().map(|&value| change(value)).collect::<Vec<f64>>();
        let factor = 2_f64.powi(power);
        let scaled = with(&|value| value * factor);
        prop_assert_eq!(location(&scaled), (estimate * factor, low * factor, high * factor));
        prop_assert_eq!(signed_rank(&scaled), signed_rank(&values));
        let shift = f64::from(shift);
        prop_assert_eq!(location(&with(&|value| value + shift)), (estimate + shift, low + shift, high + shift));
        let negated = with(&|value| -value);
        prop_assert_eq!(location(&negated), (-estimate, -high, -low));
        let p_of = |values: &[f64]| signed_rank(values).expect("a good sample").p;
        prop_assert!((p_of(&values) - p_of(&negated)).abs() < 1e-12);
    }

    #[test]
    fn the_interval_leaves_out_zero_just_when_the_test_refuses_it(values in differences()) {
        let mut sizes: Vec<f64> = values.iter().map(|value| value.abs()).collect();
        sizes.sort_by(f64::total_cmp);
        // With ties or zeros the two need not agree: the interval is then the more cautious.
        prop_assume!(sizes[0] > 0.0 && sizes.windows(2).all(|pair| pair[0] < pair[1]));
        let (_, low, high) = location(&values);
        let p = signed_rank(&values).expect("a good sample").p;
        prop_assert_eq!(low > 0.0 || high < 0.0, p <= 0.05, "p is {}", p);
    }

    #[test]
    fn holm_keeps_the_order_and_never_lowers(
        p in prop::collection::vec(0.0..=1.0, 1..30),
        at in any::<prop::sample::Index>(),
    ) {
        let adjusted = holm_adjusted(&p).expect("probabilities");
        let mut both: Vec<(f64, f64)> = p.iter().copied().zip(adjusted.iter().copied()).collect();
        both.sort_by(|a, b| a.0.total_cmp(&b.0));
        prop_assert!(both.is_sorted_by(|a, b| a.1 <= b.1));
        prop_assert!(both.iter().all(|(p, adjusted)| adjusted >= p && *adjusted <= 1.0));
        // More evidence for one comparison makes no other harder.
        let mut lower = p.clone();
        lower[at.index(p.len())] /= 2.0;
        let after = holm_adjusted(&lower).expect("probabilities");
        prop_assert!(after.iter().zip(&adjusted).all(|(after, before)| after <= before));
    }
}
