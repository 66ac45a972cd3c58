//! When operations arrive, if they do not wait for each other's answers (an open loop).

use crate::seed::unit;
use crate::surge::{Bent, Surge};
use crate::{Seed, WorkloadError};
use rand_xoshiro::Xoshiro256PlusPlus;

/// The greatest offered load, in arrivals per second: one a nanosecond.
pub const HIGHEST_RATE: f64 = 1e9;

const NS: f64 = 1e9;

/// How arrivals are spread over time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ArrivalProcess {
    /// Equal gaps.
    Constant,
    /// Independent, exponentially distributed gaps: what many clients that know nothing of each other offer together.
    Poisson,
}

impl ArrivalProcess {
    /// Every process, by the name in definitions.
    pub const ALL: [(&'static str, Self); 2] = [("constant", Self::Constant), ("poisson", Self::Poisson)];

    /// The name in definitions.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Constant => "constant",
            Self::Poisson => "poisson",
        }
    }
}

/// One of the equal shares that a load is split into, each driven by a thread of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Which, from 0.
    pub index: u32,
    /// Of how many.
    pub of: u32,
}

/// The arrivals of one share, in nanoseconds from the first moment on, never descending and without end.
///
/// They depend on process, rate, seed and share alone: the schedule is fixed before the first operation. Constant
/// arrivals are dealt to the shares in turn. Poisson shares are processes of their own, each with its part of the rate:
/// together they are one process with the whole rate (superposition).
#[derive(Debug, Clone)]
pub struct Arrivals {
    gap_ns: f64,
    share: Share,
    state: State,
    bent: Bent,
}

#[derive(Debug, Clone)]
enum State {
    /// How many have come. Times are products, not sums: no rounding adds up.
    Constant(u64),
    Poisson {
        at_ns: f64,
        rng: Xoshiro256PlusPlus,
    },
}

impl Arrivals {
    /// The arrivals of `share` of a load of `rate` per second.
    ///
    /// # Errors
    /// A rate that is not above 0 and at most [`HIGHEST_RATE`], or a share that does not exist.
    pub fn new(process: ArrivalProcess, rate: f64, seed: Seed, share: Share) -> Result<Self, WorkloadError> {
        if !(rate > 0.0 && rate <= HIGHEST_RATE) {
            return Err(WorkloadError::Rate(rate));
        }
        if share.index >= share.of {
            return Err(WorkloadError::Share { index: share.index, of: share.of });
        }
        let state = match process {
            ArrivalProcess::Constant => State::Constant(0),
            ArrivalProcess::Poisson => {
                State::Poisson { at_ns: 0.0, rng: seed.child("arrivals").nth(u64::from(share.index)).rng() }
            }
        };
        Ok(Self { gap_ns: NS / rate, share, state, bent: Bent::default() })
    }

    /// The same, faster in `surges`. What comes outside of them is as it would be, but later ones of the even schedule come sooner.
    ///
    /// # Errors
    /// Surges that overlap, have no length, or no factor above 0.
    pub fn with_surges(self, surges: Vec<Surge>) -> Result<Self, WorkloadError> {
        Ok(Self { bent: Bent::new(surges)?, ..self })
    }

    /// The next arrival.
    pub fn next_ns(&mut self) -> u64 {
        let of = f64::from(self.share.of);
        let even_ns = match &mut self.state {
            State::Constant(come) => {
                let number = *come as f64 * of + f64::from(self.share.index);
                *come += 1;
                number * self.gap_ns
            }
            State::Poisson { at_ns, rng } => {
                *at_ns -= (1.0 - unit(rng)).ln() * self.gap_ns * of;
                *at_ns
            }
        };
        self.bent.bend(even_ns) as u64
    }
}

impl Iterator for Arrivals {
    type Item = u64;

    fn next(&mut self) -> Option<u64> {
        Some(self.next_ns())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arrivals(process: ArrivalProcess, rate: f64, index: u32, of: u32) -> Arrivals {
        Arrivals::new(process, rate, Seed::new(5), Share { index, of }).unwrap()
    }

    #[test]
    fn constant_shares_interleave_into_one_even_schedule() {
        let mut all: Vec<u64> =
            (0..3).flat_map(|index| arrivals(ArrivalProcess::Constant, 1_000.0, index, 3).take(4)).collect();
        all.sort_unstable();
        assert_eq!(all, (0..12).map(|number| number * 1_000_000).collect::<Vec<_>>());
    }

    #[test]
    fn an_hour_of_thirds_of_a_second_does_not_drift() {
        let last = arrivals(ArrivalProcess::Constant, 3.0, 0, 1).nth(3 * 3600).unwrap();
        assert!(last.abs_diff(3_600_000_000_000) <= 1, "{last}");
    }

    /// The gaps of a Poisson process have mean 1/rate and the same standard deviation; the count in a time t has mean and
    /// variance rate x t. Of 100,000 gaps the mean's standard error is 0.3 %.
    #[test]
    fn poisson_shares_together_have_the_rate_and_the_spread() {
        let of = 2;
        let mut all: Vec<u64> =
            (0..of).flat_map(|index| arrivals(ArrivalProcess::Poisson, 10_000.0, index, of).take(50_000)).collect();
        all.sort_unstable();
        let whole_s = 4;
        let mut counts = vec![0_u64; whole_s * 1_000];
        for ns in all.iter().filter(|&&ns| ns < whole_s as u64 * 1_000_000_000) {
            counts[(ns / 1_000_000) as usize] += 1;
        }
        let mean = counts.iter().sum::<u64>() as f64 / counts.len() as f64;
        let variance = counts.iter().map(|&count| (count as f64 - mean).powi(2)).sum::<f64>() / counts.len() as f64;
        assert!((mean - 10.0).abs() < 0.3, "mean {mean}");
        assert!((variance / mean - 1.0).abs() < 0.12, "index of dispersion {}", variance / mean);
        let own: Vec<u64> = arrivals(ArrivalProcess::Poisson, 10_000.0, 0, of).take(1_000).collect();
        assert!(
            own.is_sorted()
                && own == arrivals(ArrivalProcess::Poisson, 10_000.0, 0, of).take(1_000).collect::<Vec<_>>()
        );
    }

    #[test]
    fn what_is_no_rate_or_no_share_is_refused() {
        let new = |rate, index, of| Arrivals::new(ArrivalProcess::Poisson, rate, Seed::new(1), Share { index, of });
        for rate in [0.0, -1.0, f64::NAN, f64::INFINITY, 2e9] {
            assert!(matches!(new(rate, 0, 1), Err(WorkloadError::Rate(_))), "{rate}");
        }
        assert!(matches!(new(1.0, 1, 1), Err(WorkloadError::Share { index: 1, of: 1 })));
        assert!(new(1.0, 0, 0).is_err());
    }
}
