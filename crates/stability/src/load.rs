//! What is offered, and what happens to it.

use cachemark_workload::{ArrivalProcess, Arrivals, Seed, Share, WorkloadError};
use std::time::Duration;

/// Offered load over time, in arrivals per second: Poisson arrivals that wait for no answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Load {
    steps: Vec<(Duration, f64)>,
}

/// What brings the system down: at that moment the cache loses this share of its entries, each with the same chance, as one does that loses some
/// of its nodes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trigger {
    /// When, from the beginning.
    pub at: Duration,
    /// The share, 0 to 1.
    pub share: f64,
}

impl Load {
    /// The same rate all the time.
    #[must_use]
    pub fn steady(rate: f64) -> Self {
        Self { steps: vec![(Duration::ZERO, rate)] }
    }

    /// The same with another rate from that moment on. Moments never descend.
    #[must_use]
    pub fn then(mut self, from: Duration, rate: f64) -> Self {
        self.steps.push((from, rate));
        self
    }

    /// The rate at that moment.
    #[must_use]
    pub fn at(&self, moment: Duration) -> f64 {
        self.steps.iter().rev().find(|(from, _)| *from <= moment).map_or(0.0, |(_, rate)| *rate)
    }

    /// The least rate of all.
    #[must_use]
    pub fn least(&self) -> f64 {
        self.steps.iter().map(|(_, rate)| *rate).fold(f64::INFINITY, f64::min)
    }

    /// The moments at which operations arrive before `end`.
    ///
    /// # Errors
    /// A rate that is none.
    pub(crate) fn arrivals(
        &self,
        end: Duration,
        seed: Seed,
    ) -> Result<impl Iterator<Item = Duration> + use<>, WorkloadError> {
        let mut parts = Vec::new();
        for (place, (from, rate)) in self.steps.iter().enumerate() {
            let until = self.steps.get(place + 1).map_or(end, |(next, _)| (*next).min(end));
            let arrivals =
                Arrivals::new(ArrivalProcess::Poisson, *rate, seed.nth(place as u64), Share { index: 0, of: 1 })?;
            parts.push((*from, until, arrivals));
        }
        Ok(parts.into_iter().flat_map(|(from, until, arrivals)| {
            arrivals.map(move |ns| from + Duration::from_nanos(ns)).take_while(move |at| *at < until)
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn each_step_has_its_rate() {
        let load = Load::steady(1_000.0).then(10 * SECOND, 100.0);
        let arrivals: Vec<Duration> = load.arrivals(30 * SECOND, Seed::new(3)).unwrap().collect();
        assert!(arrivals.is_sorted());
        let before = arrivals.iter().filter(|at| **at < 10 * SECOND).count();
        // Standard deviations 100 and 45.
        assert!((9_500..10_500).contains(&before), "{before}");
        assert!((1_775..2_225).contains(&(arrivals.len() - before)), "{}", arrivals.len() - before);
        assert_eq!((load.at(9 * SECOND), load.at(10 * SECOND), load.least()), (1_000.0, 100.0, 100.0));
    }

    #[test]
    fn what_is_no_rate_is_refused() {
        assert!(Load::steady(0.0).arrivals(SECOND, Seed::new(1)).is_err());
    }
}
