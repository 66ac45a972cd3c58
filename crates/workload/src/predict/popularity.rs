//! How popular keys are, short enough for millions of them.

use crate::KeyDistribution;
use std::sync::OnceLock;

/// Neighbours in rank are taken for as popular as each other while their probabilities lie within this factor: what is summed
/// over them is smooth, so the error is of the second order, some 1e-6.
const ALIKE: f64 = 1.005;
/// So many keys are each taken for themselves.
const FEW: usize = 100_000;

/// The keys of a workload in runs of nearly equal probability. It is worked out once, when it is first needed: that takes a power
/// for each key.
#[derive(Debug)]
pub struct Popularity {
    distribution: KeyDistribution,
    keys: u64,
    runs: OnceLock<Vec<Run>>,
}

#[derive(Debug, Clone, Copy)]
struct Run {
    /// The mean of its keys.
    probability: f64,
    keys: f64,
}

impl Popularity {
    /// That of `keys` keys.
    #[must_use]
    pub fn of(distribution: KeyDistribution, keys: u64) -> Self {
        Self { distribution, keys, runs: OnceLock::new() }
    }

    /// The mean over operations of `f` of their keys' probability.
    #[must_use]
    pub fn mean(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.sum(|probability| probability * f(probability))
    }

    /// The sum of `f` of its probability over all keys.
    pub(super) fn sum(&self, f: impl Fn(f64) -> f64) -> f64 {
        // From the least popular up, so that small terms are not lost.
        self.runs().iter().rev().map(|run| run.keys * f(run.probability)).sum()
    }

    fn runs(&self) -> &[Run] {
        self.runs.get_or_init(|| runs(&self.distribution.probabilities(self.keys)))
    }
}

fn runs(probabilities: &[f64]) -> Vec<Run> {
    let factor = if probabilities.len() <= FEW { 1.0 } else { ALIKE };
    let alike = |a: &f64, b: &f64| *a <= factor * *b && *b <= factor * *a;
    let mut runs = Vec::new();
    let mut rest = probabilities;
    while let Some(first) = rest.first() {
        let length = rest.iter().take_while(|other| alike(first, other)).count().max(1);
        let (run, after) = rest.split_at(length);
        runs.push(Run { probability: run.iter().sum::<f64>() / length as f64, keys: length as f64 });
        rest = after;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_few_and_sums_over_them_are_those_over_the_keys() {
        let zipf = KeyDistribution::Zipf { exponent: 0.99 };
        let (popularity, all) = (Popularity::of(zipf, 200_000), zipf.probabilities(200_000));
        assert!(popularity.runs().len() < 3_000, "{}", popularity.runs().len());
        assert_eq!(popularity.sum(|_| 1.0), 200_000.0);
        for time in [10.0, 10_000.0, 1e6] {
            let f = |p: f64| -(-p * time).exp_m1();
            let exact: f64 = all.iter().rev().map(|&p| f(p)).sum();
            assert!((popularity.sum(f) / exact - 1.0).abs() < 1e-5, "time {time}");
        }
    }
}
