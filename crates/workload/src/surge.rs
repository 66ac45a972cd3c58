//! Surges of arrivals: stretches of time in which so many times as many come.

use crate::WorkloadError;

/// A stretch of time in which arrivals come `factor` times as fast. Times are nanoseconds from the first moment of the arrivals on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Surge {
    /// When it begins.
    pub from_ns: u64,
    /// When it is over: later.
    pub until_ns: u64,
    /// How many times as fast, above 0.
    pub factor: f64,
}

/// Bends time, so that arrivals of one rate throughout come faster in surges: where the rate is `factor` times as high, `factor` ns of
/// the even schedule pass in one. A Poisson process stays one, of a rate that varies; constant gaps stay constant between the
/// surges' ends. Without surges nothing is changed, to the last bit.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bent {
    /// Those to come, the last first.
    to_come: Vec<Surge>,
    /// The last moment at which the rate changed, by the even schedule and as it is bent, and the rate's factor from then on.
    even_ns: f64,
    bent_ns: f64,
    factor: Option<f64>,
}

impl Bent {
    pub(crate) fn new(mut surges: Vec<Surge>) -> Result<Self, WorkloadError> {
        surges.sort_by_key(|surge| surge.from_ns);
        let sound = |surge: &Surge| surge.from_ns < surge.until_ns && surge.factor > 0.0 && surge.factor.is_finite();
        let apart = surges.windows(2).all(|pair| pair[0].until_ns <= pair[1].from_ns);
        match surges.iter().find(|surge| !sound(surge)).or(surges.get(1).filter(|_| !apart)) {
            Some(wrong) => Err(WorkloadError::Surge { from_ns: wrong.from_ns, until_ns: wrong.until_ns }),
            None => {
                surges.reverse();
                Ok(Self { to_come: surges, ..Self::default() })
            }
        }
    }

    /// When an arrival comes that the even schedule has at `even_ns`. Never asked for one before the last.
    pub(crate) fn bend(&mut self, even_ns: f64) -> f64 {
        loop {
            let factor = self.factor.unwrap_or(1.0);
            let bent_ns = self.bent_ns + (even_ns - self.even_ns) / factor;
            let Some(&next) = self.to_come.last() else { return bent_ns };
            let change_ns = if self.factor.is_some() { next.until_ns } else { next.from_ns } as f64;
            if bent_ns < change_ns {
                return bent_ns;
            }
            self.even_ns += (change_ns - self.bent_ns) * factor;
            self.bent_ns = change_ns;
            self.factor = if self.factor.is_some() {
                self.to_come.pop();
                None
            } else {
                Some(next.factor)
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ArrivalProcess, Arrivals, Seed, Share};

    const S: u64 = 1_000_000_000;

    fn surge(from_ns: u64, until_ns: u64, factor: f64) -> Surge {
        Surge { from_ns, until_ns, factor }
    }

    fn arrivals(process: ArrivalProcess, rate: f64, (index, of): (u32, u32), surges: &[Surge]) -> Arrivals {
        let arrivals = Arrivals::new(process, rate, Seed::new(3), Share { index, of }).unwrap();
        arrivals.with_surges(surges.to_vec()).unwrap()
    }

    fn within(all: &[u64], from_ns: u64, until_ns: u64) -> usize {
        all.iter().filter(|&&at| (from_ns..until_ns).contains(&at)).count()
    }

    #[test]
    fn constant_arrivals_come_faster_in_a_surge_and_as_ever_outside() {
        let surges = [surge(2 * S, 3 * S, 10.0), surge(3 * S, 4 * S, 2.0)];
        let all: Vec<u64> =
            arrivals(ArrivalProcess::Constant, 100.0, (0, 1), &surges).take_while(|&at| at < 6 * S).collect();
        assert!(all.is_sorted());
        let counts: Vec<_> = (0..6).map(|second| within(&all, second * S, (second + 1) * S)).collect();
        assert_eq!(counts, [100, 100, 1000, 200, 100, 100]);
        let gaps: Vec<_> = all.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps[250..1100].iter().all(|gap| gap.abs_diff(1_000_000) <= 1), "even amid the surge");
    }

    #[test]
    fn poisson_shares_have_the_rate_inside_and_outside_together() {
        let (rate, surges) = (2_000.0, [surge(S, 3 * S, 5.0)]);
        let shares = (0..3).flat_map(|index| {
            arrivals(ArrivalProcess::Poisson, rate, (index, 3), &surges).take_while(|&at| at < 6 * S)
        });
        let all: Vec<u64> = shares.collect();
        // Six standard deviations.
        let near = |count: usize, mean: f64| (count as f64 - mean).abs() < 6.0 * mean.sqrt();
        assert!(near(within(&all, 0, S), rate), "{}", within(&all, 0, S));
        assert!(near(within(&all, S, 3 * S), 10.0 * rate), "{}", within(&all, S, 3 * S));
        assert!(near(within(&all, 3 * S, 6 * S), 3.0 * rate), "{}", within(&all, 3 * S, 6 * S));
        // Amid the surge it is a Poisson process still: the counts' variance is their mean.
        let counts: Vec<_> =
            (0..200).map(|step| within(&all, S + step * 10_000_000, S + (step + 1) * 10_000_000) as f64).collect();
        let mean = counts.iter().sum::<f64>() / counts.len() as f64;
        let variance = counts.iter().map(|count| (count - mean).powi(2)).sum::<f64>() / counts.len() as f64;
        assert!((variance / mean - 1.0).abs() < 0.6, "index of dispersion {}", variance / mean);
    }

    #[test]
    fn without_surges_and_before_the_first_nothing_changes() {
        for process in [ArrivalProcess::Constant, ArrivalProcess::Poisson] {
            let plain = Arrivals::new(process, 7_777.0, Seed::new(3), Share { index: 1, of: 2 }).unwrap();
            let plain: Vec<u64> = plain.take(20_000).collect();
            let same: Vec<u64> = arrivals(process, 7_777.0, (1, 2), &[]).take(20_000).collect();
            assert_eq!(plain, same);
            let bent: Vec<u64> = arrivals(process, 7_777.0, (1, 2), &[surge(S, 2 * S, 3.0)]).take(20_000).collect();
            let before = within(&plain, 0, S);
            assert_eq!(plain[..before], bent[..before]);
            assert!(bent[before + 10] < plain[before + 10], "{process:?}");
        }
    }

    #[test]
    fn surges_that_overlap_or_have_no_length_are_refused() {
        let new = |surges: &[Surge]| {
            let arrivals =
                Arrivals::new(ArrivalProcess::Constant, 1.0, Seed::new(1), Share { index: 0, of: 1 }).unwrap();
            arrivals.with_surges(surges.to_vec()).map(drop)
        };
        for wrong in [
            vec![surge(5, 5, 2.0)],
            vec![surge(5, 9, 0.0)],
            vec![surge(5, 9, f64::INFINITY)],
            vec![surge(5, 9, 2.0), surge(8, 12, 2.0)],
        ] {
            assert!(matches!(new(&wrong), Err(WorkloadError::Surge { .. })), "{wrong:?}");
        }
        assert!(new(&[surge(9, 12, 2.0), surge(5, 9, 2.0)]).is_ok(), "in any order");
    }
}
