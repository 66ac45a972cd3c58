//! An empty cache with room for all keys that fills, without a TTL and without writes.

/// The chance that the read after `reads` reads hits: its key was among them. The sum of p (1 - exp(-p n)).
///
/// The exponential stands for (1 - p)^n: the same but for keys so popular that both are near 0.
#[must_use]
pub fn cold_hit_ratio(probabilities: &[f64], reads: u64) -> f64 {
    let reads = reads as f64;
    probabilities.iter().rev().map(|&p| -p * (-p * reads).exp_m1()).sum()
}

/// The hit ratio over the first `reads` reads, which is what a counter shows: 1 - (keys seen) / n, with the sum of
/// 1 - exp(-p n) keys seen. 0 for no reads.
#[must_use]
pub fn cold_mean_hit_ratio(probabilities: &[f64], reads: u64) -> f64 {
    if reads == 0 {
        return 0.0;
    }
    let reads = reads as f64;
    let seen: f64 = probabilities.iter().rev().map(|&p| -(-p * reads).exp_m1()).sum();
    1.0 - seen / reads
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeyDistribution;

    #[test]
    fn the_values_of_the_reference_come_out() {
        let probabilities = KeyDistribution::Zipf { exponent: 0.99 }.probabilities(10_000);
        for (reads, expected) in [(100, 0.34), (1_000, 0.58), (10_000, 0.81), (100_000, 0.98)] {
            let ratio = cold_hit_ratio(&probabilities, reads);
            assert!((ratio - expected).abs() < 0.005, "after {reads} reads: {ratio}");
        }
    }

    #[test]
    fn it_rises_from_nothing_and_its_mean_lags_behind() {
        let probabilities = KeyDistribution::Zipf { exponent: 0.8 }.probabilities(100);
        assert_eq!((cold_hit_ratio(&probabilities, 0), cold_mean_hit_ratio(&probabilities, 0)), (0.0, 0.0));
        for reads in [10, 100, 1_000] {
            assert!(cold_mean_hit_ratio(&probabilities, reads) < cold_hit_ratio(&probabilities, reads));
        }
        assert!((cold_hit_ratio(&probabilities, 1_000_000) - 1.0).abs() < 1e-9);
    }
}
