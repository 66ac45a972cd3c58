//! Whole sweeps with known truth: does the interval cover it, how often is a verdict false, how often is a real
//! slow-down found? Seeded, so the figures are the same on every run; the bounds are those that the method promises.

use cachemark_stats::{
    Direction, FamilyRule, Interval, StatsError, Verdict, compare, judge_family, median_interval,
    pseudo_median_interval,
};
use rand::{RngExt, SeedableRng};
use rand_distr::{Distribution, Normal, StudentT};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Draws the log of the noise of one trial.
type Noise<'a> = &'a dyn Fn(&mut Xoshiro256PlusPlus) -> f64;

/// Service times in ns of cells whose true factors against the first one are `factors`, by cell, then by block. The
/// machine drifts: each block has a pace of its own, which wanders, and within a block it goes on changing from trial
/// to trial, so the order of the cells, fresh for each block, matters.
fn sweep(rng: &mut Xoshiro256PlusPlus, factors: &[f64], blocks: usize, noise: Noise<'_>) -> Vec<Vec<Option<f64>>> {
    let step = Normal::new(0.0, 0.2).expect("a finite deviation");
    let mut pace = 0.0;
    let mut cells = vec![Vec::with_capacity(blocks); factors.len()];
    for _ in 0..blocks {
        pace += step.sample(rng);
        let slope = 0.01 * step.sample(rng);
        let mut places: Vec<usize> = (0..factors.len()).collect();
        for last in (1..places.len()).rev() {
            places.swap(last, rng.random_range(0..=last));
        }
        for ((cell, place), factor) in cells.iter_mut().zip(places).zip(factors) {
            let log_time = pace + slope * place as f64 + noise(rng);
            cell.push(Some(50_000.0 * factor * log_time.exp()));
        }
    }
    cells
}

/// The verdicts of a sweep on all cells but the first two, which are the reference cell and its A/A control.
fn verdicts(cells: &[Vec<Option<f64>>]) -> Vec<Verdict> {
    let against =
        |cell: &Vec<Option<f64>>| compare("cell", &cells[0], cell, Direction::LowerIsBetter).expect("good values");
    let blocks = u32::try_from(cells[0].len()).expect("few blocks");
    let rule = FamilyRule { aa_half_width: against(&cells[1]).half_width(), ..FamilyRule::with_blocks(blocks) };
    let family: Vec<_> = cells[2..].iter().map(against).collect();
    judge_family(&family, &rule).expect("a good rule").into_iter().map(|judgement| judgement.verdict).collect()
}

/// The share of `runs` sweeps for which `holds`.
fn share(seed: u64, runs: u32, mut holds: impl FnMut(&mut Xoshiro256PlusPlus) -> bool) -> f64 {
    let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
    let held = (0..runs).filter(|_| holds(&mut rng)).count();
    held as f64 / f64::from(runs)
}

fn heavy_tailed(rng: &mut Xoshiro256PlusPlus) -> f64 {
    0.05 * StudentT::new(3.0).expect("3 degrees of freedom").sample(rng)
}

fn five_percent(rng: &mut Xoshiro256PlusPlus) -> f64 {
    Normal::new(0.0, 0.05).expect("a finite deviation").sample(rng)
}

/// Laplace noise, with one trial in twenty slowed by half: what a neighbour on the machine does.
fn disturbed(rng: &mut Xoshiro256PlusPlus) -> f64 {
    let size = -0.03 * (1.0 - rng.random::<f64>()).ln();
    let laplace = if rng.random::<bool>() { size } else { -size };
    laplace + if rng.random_range(0..20) == 0 { 0.4 } else { 0.0 }
}

#[test]
fn the_interval_covers_the_truth_as_often_as_it_says() {
    for (name, noise) in [("heavy-tailed", &heavy_tailed as Noise<'_>), ("disturbed", &disturbed)] {
        for blocks in [6, 8, 10, 20] {
            let covered = share(1, 3_000, |rng| {
                let cells = sweep(rng, &[1.0, 1.3], blocks, noise);
                let comparison = compare("cell", &cells[0], &cells[1], Direction::LowerIsBetter).expect("good values");
                comparison.interval.expect("six blocks are enough").contains(1.3)
            });
            assert!((0.93..=0.98).contains(&covered), "{name}, {blocks} blocks: {covered}");
        }
    }
}

/// A skewed figure, as a percentile over blocks is: the median's interval holds its median, the pseudo-median's does not.
#[test]
fn the_median_of_a_skewed_figure_is_covered() {
    let median = std::f64::consts::LN_2;
    for (blocks, of_pseudo_median) in [(8, 0.90..=1.0), (20, 0.87..=0.94), (40, 0.75..=0.87)] {
        let covered = |interval: fn(&[f64], f64) -> Result<Option<Interval>, StatsError>| {
            share(4, 2_000, |rng| {
                let skewed: Vec<f64> = (0..blocks).map(|_| -(1.0 - rng.random::<f64>()).ln()).collect();
                interval(&skewed, 0.95).expect("good values").is_some_and(|found| found.contains(median))
            })
        };
        let (ours, other) = (covered(median_interval), covered(pseudo_median_interval));
        assert!(ours >= 0.94, "{blocks} blocks: {ours}");
        assert!(of_pseudo_median.contains(&other), "{blocks} blocks: {other}");
    }
}

#[test]
fn cells_that_do_not_differ_are_seldom_told_apart() {
    for (name, noise) in [("heavy-tailed", &heavy_tailed as Noise<'_>), ("disturbed", &disturbed)] {
        for blocks in [8, 10] {
            let falsely = share(2, 500, |rng| {
                let cells = sweep(rng, &[1.0; 8], blocks, noise);
                verdicts(&cells).iter().any(|verdict| matches!(verdict, Verdict::Better | Verdict::Worse))
            });
            assert!(falsely <= 0.08, "{name}, {blocks} blocks: {falsely}");
        }
    }
}

#[test]
fn a_slow_down_of_ten_percent_is_called_worse() {
    for blocks in [8, 10] {
        let found =
            share(3, 500, |rng| verdicts(&sweep(rng, &[1.0, 1.0, 1.1], blocks, &five_percent)) == [Verdict::Worse]);
        assert!(found >= 0.80, "{blocks} blocks: {found}");
    }
}

#[test]
fn among_six_comparisons_it_takes_twelve_blocks_to_find_it() {
    let mut factors = [1.0; 8];
    factors[2] = 1.1;
    let found = share(5, 500, |rng| verdicts(&sweep(rng, &factors, 12, &five_percent))[0] == Verdict::Worse);
    assert!(found >= 0.80, "{found}");
}

#[test]
fn a_difference_of_two_percent_under_little_noise_is_equivalent() {
    let one_percent = |rng: &mut Xoshiro256PlusPlus| 0.2 * five_percent(rng);
    let equivalent =
        share(4, 300, |rng| verdicts(&sweep(rng, &[1.0, 1.0, 1.02], 10, &one_percent)) == [Verdict::Equivalent]);
    assert!(equivalent >= 0.95, "{equivalent}");
}
