//! How often a difference that is there gets its verdict, and how many blocks that takes.
//!
//! Runs are simulated, and judged as real ones are: [`compare()`] over the blocks, the A/A control among them, then
//! [`judge_family`] with Holm over the family. So what is said of a test is said of the very test that will be used. The
//! log figures of trials are drawn from a normal distribution; one comparison of the family has the difference, the others
//! none, and all share the reference cell.
//!
//! The noise is one that was measured, over few blocks: it may be larger than it looked. So each simulated run draws its own, of
//! those that would have looked like this: the deviation times sqrt(n / chi-squared of n degrees of freedom) (the posterior of a
//! variance under Jeffreys' prior; A. Gelman et al., "Bayesian Data Analysis", 3.2). A pilot of few blocks asks for more
//! for it, and is right as often as it says (`tests/power.rs`).

use crate::compare::{Direction, compare};
use crate::error::check_between_0_and_1;
use crate::holm::blocks_needed;
use crate::judge::{FamilyRule, judge_family};
use crate::{StatsError, Verdict};
use rand::SeedableRng;
use rand_distr::{ChiSquared, Distribution, StandardNormal};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The share of runs in which a difference is to be found, unless said otherwise.
pub const WANTED_POWER: f64 = 0.8;

/// No more blocks are reckoned with: a run of more takes hours, and longer trials help more.
pub const MOST_BLOCKS: u32 = 60;

/// The fewest blocks that tell the noise, as many as an interval takes.
pub const LEAST_NOISE_BLOCKS: usize = 6;

/// Runs that are simulated for one number of blocks: a share of them is off by a point or two.
const RUNS: u32 = 1_000;

/// A difference of just the margin is no more than what doesn't matter; it is the least beyond it that is looked for.
const JUST_BEYOND: f64 = 1e-9;

/// How far blocks stray where there is no difference.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BlockNoise {
    /// The standard deviation of the log of a block's ratio.
    pub deviation: f64,
    /// The degrees of freedom that it was measured with; none where it is known and not measured.
    pub degrees: Option<usize>,
}

impl BlockNoise {
    /// Of blocks whose ratios, one a block, are those of two runs of the same; none where they are fewer than
    /// [`LEAST_NOISE_BLOCKS`].
    ///
    /// # Errors
    /// A ratio that is not a finite number above zero.
    pub fn of(ratios: &[f64]) -> Result<Option<Self>, StatsError> {
        if let Some(block) = ratios.iter().position(|ratio| !(ratio.is_finite() && *ratio > 0.0)) {
            return Err(StatsError::NotPositive { block });
        }
        if ratios.len() < LEAST_NOISE_BLOCKS {
            return Ok(None);
        }
        let logs: Vec<f64> = ratios.iter().map(|ratio| ratio.ln()).collect();
        let mean = logs.iter().sum::<f64>() / logs.len() as f64;
        let degrees = logs.len() - 1;
        let variance = logs.iter().map(|log| (log - mean).powi(2)).sum::<f64>() / degrees as f64;
        Ok(Some(Self { deviation: variance.sqrt(), degrees: Some(degrees) }))
    }
}

/// A difference that a run is to find.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sought {
    /// Its size, as a ratio less 1: 0.1 is a ratio of 1.1, or of 1/1.1.
    pub difference: f64,
    /// How far blocks stray.
    pub noise: BlockNoise,
    /// The comparisons of its family, itself among them: at least 1.
    pub family: usize,
    /// As [`FamilyRule::alpha`].
    pub alpha: f64,
    /// As [`FamilyRule::delta`].
    pub delta: f64,
    /// The same seed gives the same answers.
    pub seed: u64,
}

impl Sought {
    /// The share of runs of so many blocks in which the difference gets its verdict.
    ///
    /// # Errors
    /// A rule that [`judge_family`] refuses, or noise or a difference that is not a finite number from 0 on.
    pub fn power(&self, blocks: u32) -> Result<f64, StatsError> {
        let Self { difference, noise: BlockNoise { deviation, degrees }, family, .. } = *self;
        for (name, value) in [("difference", difference), ("noise", deviation)] {
            if !(value.is_finite() && value >= 0.0) {
                return Err(StatsError::BadSetting { name, range: "a finite number from 0 on", value });
            }
        }
        let uncertainty = degrees.and_then(|degrees| Some((degrees as f64, ChiSquared::new(degrees as f64).ok()?)));
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(self.seed ^ u64::from(blocks));
        let mut found = 0;
        for _ in 0..RUNS {
            let wider = uncertainty.map_or(1.0, |(degrees, law)| (degrees / law.sample(&mut rng)).sqrt());
            // Of two trials, whose ratio has the whole of it.
            let of_trial = deviation * wider / std::f64::consts::SQRT_2;
            let mut cell = |ratio: f64| -> Vec<Option<f64>> {
                let log = ratio.ln() * (1.0 + JUST_BEYOND);
                let draw = |_| {
                    let normal: f64 = StandardNormal.sample(&mut rng);
                    Some((log + of_trial * normal).clamp(-LARGEST_LOG, LARGEST_LOG).exp())
                };
                (0..blocks).map(draw).collect()
            };
            let (reference, control) = (cell(1.0), cell(1.0));
            let compared = (0..family.max(1)).map(|place| cell(if place == 0 { 1.0 + difference } else { 1.0 }));
            let compared: Vec<_> = compared.collect();
            let against = |cell: &Vec<Option<f64>>| compare("", &reference, cell, Direction::LowerIsBetter);
            let comparisons = compared.iter().map(against).collect::<Result<Vec<_>, _>>()?;
            let aa_half_width = against(&control)?.half_width();
            let rule = FamilyRule { alpha: self.alpha, delta: self.delta, aa_half_width, blocks };
            found += u32::from(judge_family(&comparisons, &rule)?[0].verdict == Verdict::Worse);
        }
        Ok(f64::from(found) / f64::from(RUNS))
    }

    /// The fewest blocks, of `most` at most, in which the difference gets its verdict in `wanted` of the runs, with room for the luck of
    /// the simulation; none where `most` are too few.
    ///
    /// # Errors
    /// As [`power`](Self::power), and a share that does not lie between 0 and 1.
    pub fn blocks_for(&self, wanted: f64, most: u32) -> Result<Option<u32>, StatsError> {
        check_between_0_and_1("wanted", wanted)?;
        let room = (wanted * (1.0 - wanted) / f64::from(RUNS)).sqrt();
        let is_enough = |blocks: u32| Ok::<_, StatsError>(self.power(blocks)? >= (wanted + room).min(1.0));
        let mut few = blocks_needed(self.family, self.alpha).unwrap_or(u32::MAX).saturating_sub(1);
        let mut enough = few.saturating_add(1);
        // Doubled until they are enough: a run of many blocks takes long to simulate.
        while few < most {
            enough = enough.min(most);
            if is_enough(enough)? {
                break;
            }
            (few, enough) = (enough, enough.saturating_mul(2));
        }
        if few >= most {
            return Ok(None);
        }
        while enough - few > 1 {
            let middle = few.midpoint(enough);
            if is_enough(middle)? { enough = middle } else { few = middle }
        }
        Ok(Some(enough))
    }
}

/// A figure farther out has no ratio in floating point.
const LARGEST_LOG: f64 = 300.0;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ALPHA, DELTA};

    fn sought(difference: f64, deviation: f64) -> Sought {
        let noise = BlockNoise { deviation, degrees: None };
        Sought { difference, noise, family: 1, alpha: ALPHA, delta: DELTA, seed: 1 }
    }

    #[test]
    fn without_noise_the_fewest_blocks_that_have_a_verdict_find_anything() {
        for difference in [DELTA, 0.1, 3.0] {
            let sought = sought(difference, 0.0);
            assert_eq!((sought.power(6), sought.blocks_for(0.8, MOST_BLOCKS)), (Ok(1.0), Ok(Some(6))), "{difference}");
        }
        let of_three = Sought { family: 3, ..sought(0.1, 0.0) };
        assert_eq!((of_three.power(6), of_three.blocks_for(0.8, MOST_BLOCKS)), (Ok(0.0), Ok(Some(7))));
    }

    #[test]
    fn noise_of_a_hundred_percent_takes_more_blocks_than_anybody_runs() {
        let sought = sought(0.1, 1.0);
        assert!(sought.power(MOST_BLOCKS).unwrap() < 0.2);
        assert_eq!(sought.blocks_for(0.8, MOST_BLOCKS), Ok(None));
    }

    #[test]
    fn what_does_not_matter_is_never_found() {
        assert_eq!(sought(0.01, 0.001).power(20), Ok(0.0));
        assert_eq!(sought(0.01, 0.001).blocks_for(0.8, 20), Ok(None));
    }

    #[test]
    fn more_blocks_are_needed_for_less_among_more_and_where_the_noise_is_less_known() {
        let blocks = |sought: Sought| sought.blocks_for(0.8, MOST_BLOCKS).unwrap().unwrap();
        let plain = blocks(sought(0.1, 0.1));
        assert!((8..=16).contains(&plain), "{plain}");
        assert!(blocks(sought(0.08, 0.1)) > plain);
        assert!(blocks(Sought { family: 6, ..sought(0.1, 0.1) }) > plain);
        let measured = BlockNoise { deviation: 0.1, degrees: Some(7) };
        assert!(blocks(Sought { noise: measured, ..sought(0.1, 0.1) }) > plain);
        assert_eq!(sought(0.1, 0.1).power(12), sought(0.1, 0.1).power(12), "by the seed alone");
    }

    #[test]
    fn the_deviation_is_that_of_the_logs() {
        let e = std::f64::consts::E;
        let noise = BlockNoise::of(&[1.0 / e, e, 1.0 / e, e, 1.0 / e, e]).unwrap().unwrap();
        assert!((noise.deviation - (6.0_f64 / 5.0).sqrt()).abs() < 1e-12 && noise.degrees == Some(5), "{noise:?}");
        assert_eq!(BlockNoise::of(&[1.0; 5]), Ok(None));
        assert_eq!(BlockNoise::of(&[1.0; 8]), Ok(Some(BlockNoise { deviation: 0.0, degrees: Some(7) })));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for bad in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(BlockNoise::of(&[1.0, 1.0, bad]).is_err(), "{bad}");
        }
        for bad in [f64::NAN, -0.1, f64::INFINITY] {
            assert!(sought(bad, 0.1).power(8).is_err() && sought(0.1, bad).power(8).is_err(), "{bad}");
        }
        assert!(sought(0.1, 0.1).blocks_for(1.0, 20).is_err());
        assert_eq!(sought(0.1, 0.1).blocks_for(0.8, 5), Ok(None));
        assert_eq!(sought(0.1, 0.1).power(0), Ok(0.0));
    }
}
