//! Figures from outside: scipy's, by scripts/golden/workload.py, and the published shares of true Zipf popularity.

use cachemark_workload::predict::{Popularity, lru};
use cachemark_workload::{KeyDistribution, Permutation, Seed, chi_square_survival};
use serde::Deserialize;
use serde::de::DeserializeOwned;

#[derive(Deserialize)]
struct Golden<T> {
    cases: Vec<T>,
}

fn cases<T: DeserializeOwned>(json: &str) -> Vec<T> {
    let cases = serde_json::from_str::<Golden<T>>(json).unwrap().cases;
    assert!(cases.len() > 10);
    cases
}

fn assert_near(seen: f64, expected: f64, relative: f64, what: &str) {
    assert!((seen - expected).abs() <= relative * expected.abs(), "{what}: {seen}, expected {expected}");
}

#[derive(Deserialize)]
struct ZipfCase {
    keys: u64,
    exponent: f64,
    probabilities: Vec<(usize, f64)>,
    top_1_percent: f64,
    top_10_percent: f64,
}

fn share_of_first(probabilities: &[f64], part: usize) -> f64 {
    probabilities[..probabilities.len() / part].iter().sum()
}

#[test]
fn zipf_probabilities_are_those_of_scipy() {
    for case in cases::<ZipfCase>(include_str!("golden/zipf.json")) {
        let what = format!("{} keys, exponent {}", case.keys, case.exponent);
        let probabilities = KeyDistribution::Zipf { exponent: case.exponent }.probabilities(case.keys);
        for (rank, expected) in case.probabilities {
            assert_near(probabilities[rank], expected, 1e-11, &what);
        }
        assert_near(share_of_first(&probabilities, 100), case.top_1_percent, 1e-11, &what);
        assert_near(share_of_first(&probabilities, 10), case.top_10_percent, 1e-11, &what);
    }
}

#[test]
fn drawn_shares_are_those_of_true_zipf_popularity() {
    // Shares of the most popular key, 1 % and 10 % of the keys at exponent 0.99, in percent.
    for (keys, published) in [(1_000, [12.9, 38.2, 68.5]), (10_000, [9.8, 51.8, 75.6]), (100_000, [7.8, 60.5, 80.0])] {
        let draws = 1_000_000;
        let zipf = KeyDistribution::Zipf { exponent: 0.99 };
        let (sampler, mut rng) = (zipf.sampler(keys).unwrap(), Seed::new(keys).rng());
        let permutation = Permutation::new(keys, Seed::new(1));
        let mut by_key = vec![0u64; keys as usize];
        (0..draws).for_each(|_| by_key[permutation.apply(sampler.sample(&mut rng)) as usize] += 1);
        let by_rank = cachemark_workload::counts_by_rank(&by_key, &permutation);
        let share = |ranks: u64| by_rank[..ranks as usize].iter().sum::<u64>() as f64 * 100.0 / draws as f64;
        for (seen, expected) in [share(1), share(keys / 100), share(keys / 10)].into_iter().zip(published) {
            assert!((seen - expected).abs() < 0.2, "{keys} keys: {seen} %, published {expected} %");
        }
    }
}

#[derive(Deserialize)]
struct ChiSquareCase {
    statistic: f64,
    degrees: u32,
    survival: f64,
}

#[test]
fn the_tail_of_chi_square_is_that_of_scipy() {
    for ChiSquareCase { statistic, degrees, survival } in cases(include_str!("golden/chi_square.json")) {
        assert_near(chi_square_survival(statistic, degrees), survival, 1e-9, &format!("{statistic} of {degrees}"));
    }
}

#[derive(Deserialize)]
struct LruCase {
    keys: u64,
    exponent: f64,
    room: u64,
    kept: f64,
    characteristic_time: f64,
    hit_ratio: f64,
}

#[test]
fn the_characteristic_time_is_that_of_another_root_finder() {
    for case in cases::<LruCase>(include_str!("golden/lru.json")) {
        let what = format!("{} keys, exponent {}, room {}, kept {}", case.keys, case.exponent, case.room, case.kept);
        let popularity = Popularity::of(KeyDistribution::Zipf { exponent: case.exponent }, case.keys);
        let prediction = lru(&popularity, case.room, |_| case.kept);
        assert_near(prediction.characteristic_time, case.characteristic_time, 1e-9, &what);
        assert_near(prediction.hit_ratio, case.hit_ratio, 1e-9, &what);
    }
}
