//! Is a difference found as often as was said before the run? Runs are simulated from seeds of their own, with the noise of trials
//! and the drift of blocks that `simulation.rs` has, and judged as a report judges them.

use cachemark_stats::power::{BlockNoise, MOST_BLOCKS, Sought, WANTED_POWER};
use cachemark_stats::{ALPHA, DELTA, Direction, FamilyRule, Verdict, compare, judge_family};
use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal, StudentT};
use rand_xoshiro::Xoshiro256PlusPlus;
use std::collections::BTreeMap;

/// How a trial's log figure strays: its deviation times what is drawn here.
type Shape = fn(&mut Xoshiro256PlusPlus) -> f64;

fn normal(rng: &mut Xoshiro256PlusPlus) -> f64 {
    StandardNormal.sample(rng)
}

/// Five degrees of freedom, scaled to a deviation of 1: now and then a trial lies far out.
fn heavy_tailed(rng: &mut Xoshiro256PlusPlus) -> f64 {
    StudentT::new(5.0).expect("5 degrees of freedom").sample(rng) / (5.0_f64 / 3.0).sqrt()
}

/// A machine on which the log ratio of two runs of the same strays by `deviation` from block to block.
struct Machine {
    rng: Xoshiro256PlusPlus,
    deviation: f64,
    shape: Shape,
}

impl Machine {
    fn new(seed: u64, deviation: f64) -> Self {
        Self { rng: Xoshiro256PlusPlus::seed_from_u64(seed), deviation, shape: normal }
    }

    /// Cells whose true factors are those, by cell, then by block; every block has a pace of its own.
    fn run(&mut self, factors: &[f64], blocks: u32) -> Vec<Vec<Option<f64>>> {
        let of_trial = self.deviation / std::f64::consts::SQRT_2;
        let mut cells = vec![Vec::new(); factors.len()];
        for _ in 0..blocks {
            let pace = 0.3 * normal(&mut self.rng);
            for (cell, factor) in cells.iter_mut().zip(factors) {
                cell.push(Some(1e4 * factor * (pace + of_trial * (self.shape)(&mut self.rng)).exp()));
            }
        }
        cells
    }

    /// Whether a slow-down of that size is called worse among so many comparisons.
    fn finds(&mut self, difference: f64, family: usize, blocks: u32) -> bool {
        let mut factors = vec![1.0; family + 2];
        factors[2] = 1.0 + difference;
        let cells = self.run(&factors, blocks);
        let against = |cell: &Vec<Option<f64>>| compare("", &cells[0], cell, Direction::LowerIsBetter).expect("values");
        let rule = FamilyRule { aa_half_width: against(&cells[1]).half_width(), ..FamilyRule::with_blocks(blocks) };
        let family: Vec<_> = cells[2..].iter().map(against).collect();
        judge_family(&family, &rule).expect("a good rule")[0].verdict == Verdict::Worse
    }

    /// The noise that a pilot of so many A/A blocks sees.
    fn pilot(&mut self, blocks: u32) -> BlockNoise {
        let cells = self.run(&[1.0, 1.0], blocks);
        let pairs = cells[0].iter().flatten().zip(cells[1].iter().flatten());
        let ratios: Vec<f64> = pairs.map(|(one, other)| other / one).collect();
        BlockNoise::of(&ratios).expect("good ratios").expect("blocks enough")
    }
}

fn sought(difference: f64, noise: BlockNoise, family: usize) -> Sought {
    Sought { difference, noise, family, alpha: ALPHA, delta: DELTA, seed: 7 }
}

fn share(runs: u32, mut holds: impl FnMut() -> bool) -> f64 {
    f64::from((0..runs).map(|_| u32::from(holds())).sum::<u32>()) / f64::from(runs)
}

#[test]
fn what_is_said_at_a_stated_noise_is_what_is_found() {
    for (deviation, difference, family, blocks) in [
        (0.05, 0.1, 1, 8),
        (0.1, 0.1, 1, 8),
        (0.1, 0.1, 1, 20),
        (0.2, 0.1, 1, 20),
        (0.1, 0.1, 6, 12),
        (0.05, 0.05, 1, 12),
    ] {
        let said = sought(difference, BlockNoise { deviation, degrees: None }, family).power(blocks).unwrap();
        let mut machine = Machine::new(11, deviation);
        let found = share(1_500, || machine.finds(difference, family, blocks));
        assert!(
            (said - found).abs() <= 0.07,
            "{deviation}, {difference}, {family}, {blocks}: {said} said, {found} found"
        );
    }
}

#[test]
fn the_blocks_that_are_asked_for_find_it() {
    for (deviation, difference, family) in [(0.03, 0.1, 1), (0.1, 0.1, 1), (0.08, 0.1, 3), (0.1, 0.2, 1)] {
        let known = sought(difference, BlockNoise { deviation, degrees: None }, family);
        let blocks = known.blocks_for(WANTED_POWER, MOST_BLOCKS).unwrap().unwrap();
        let mut machine = Machine::new(12, deviation);
        let found = share(1_500, || machine.finds(difference, family, blocks));
        assert!(found >= WANTED_POWER - 0.02, "{deviation}, {difference}, {family}: {found} over {blocks} blocks");
    }
}

/// The whole way: a pilot sees some noise, as many blocks are run as it asks for, and the slow-down is found or not.
#[test]
fn a_pilot_of_eight_blocks_asks_for_as_many_as_find_it() {
    for shape in [normal as Shape, heavy_tailed] {
        let mut machine = Machine { shape, ..Machine::new(13, 0.08) };
        // Noise that is about the same asks for about as many: steps of a tenth keep the test short.
        let mut asked = BTreeMap::new();
        let found = share(400, || {
            let noise = machine.pilot(8);
            let step = (noise.deviation.ln() * 10.0).round();
            let blocks = *asked.entry(step as i32).or_insert_with(|| {
                let noise = BlockNoise { deviation: (step / 10.0).exp(), ..noise };
                sought(0.1, noise, 1).blocks_for(WANTED_POWER, MOST_BLOCKS).unwrap()
            });
            machine.finds(0.1, 1, blocks.unwrap_or(MOST_BLOCKS))
        });
        assert!(found >= WANTED_POWER, "{found}");
    }
}

/// The gate of a pipeline: two builds, one comparison, as many blocks as a pilot asks for at a noise that is common, or the most.
#[test]
fn a_build_that_changed_nothing_is_called_worse_in_one_run_of_forty_at_most() {
    for (shape, deviation, blocks) in
        [(normal as Shape, 0.1, 8), (normal, 0.1, 14), (normal, 0.1, MOST_BLOCKS), (heavy_tailed, 0.1, 14)]
    {
        let mut machine = Machine { shape, ..Machine::new(14, deviation) };
        let falsely = share(4_000, || machine.finds(0.0, 1, blocks));
        // Half of 5 %, for the other half is called better; 0.6 points are what 4,000 runs stray by.
        assert!(falsely <= 0.025 + 0.006, "{deviation}, {blocks}: {falsely}");
    }
}
