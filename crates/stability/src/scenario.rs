//! What is simulated.

use cachemark_workload::KeyDistribution;
use std::time::Duration;

/// How long a read keeps a worker of the store.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Cost {
    /// Always so long.
    Fixed(Duration),
    /// Exponentially distributed, with this mean.
    Exponential(Duration),
}

impl Cost {
    /// The mean.
    #[must_use]
    pub fn mean(self) -> Duration {
        match self {
            Self::Fixed(cost) | Self::Exponential(cost) => cost,
        }
    }
}

/// A workload over a cache and a store, with what each call takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Scenario {
    /// How many keys there are. All are in the cache when a run begins.
    pub keys: u64,
    /// How often each is asked for.
    pub distribution: KeyDistribution,
    /// The share of reads, 0 to 1; the others are writes.
    pub read_ratio: f64,
    /// The deadline of an operation: the unit in which recovery is told.
    pub timeout: Duration,
    /// How many reads the store does at once.
    pub workers: u32,
    /// What one of them costs it.
    pub read_cost: Cost,
    /// What a write takes; writes have no line.
    pub write_cost: Duration,
    /// What the cache takes to be asked.
    pub hit: Duration,
    /// What it takes to be filled.
    pub fill: Duration,
}

impl Scenario {
    /// The published example: 30 workers at 100 ms each, 20,000 keys, operations of a second.
    pub const REFERENCE: Self = Self {
        keys: 20_000,
        distribution: KeyDistribution::Zipf { exponent: 0.99 },
        read_ratio: 1.0,
        timeout: Duration::from_secs(1),
        workers: 30,
        read_cost: Cost::Exponential(Duration::from_millis(100)),
        write_cost: Duration::ZERO,
        hit: Duration::ZERO,
        fill: Duration::ZERO,
    };

    /// The same ten times as fast and a third as large: 10 workers at 10 ms, 3,000 keys, operations of 100 ms. The most popular keys that the
    /// store can read within a deadline (100 of 3,000, 300 of 20,000) are asked for as often: 59 % of the time. So the cache comes back as
    /// fast, in deadlines.
    pub const SCALED: Self = Self {
        keys: 3_000,
        timeout: Duration::from_millis(100),
        workers: 10,
        read_cost: Cost::Fixed(Duration::from_millis(10)),
        ..Self::REFERENCE
    };

    /// How many reads a second the store does at most.
    #[must_use]
    pub fn capacity(&self) -> f64 {
        f64::from(self.workers) / self.read_cost.mean().as_secs_f64()
    }

    /// The same with the workers that a store has which does `capacity` reads a second, and one that comes alone in `alone`: as many as are
    /// at work then (Little's law), one at least. What a read costs follows from them.
    #[must_use]
    pub fn with_capacity(self, capacity: f64, alone: Duration) -> Self {
        let workers = (capacity * alone.as_secs_f64()).round().clamp(1.0, 1e6);
        let cost = Duration::from_secs_f64(workers / capacity);
        let read_cost = match self.read_cost {
            Cost::Fixed(_) => Cost::Fixed(cost),
            Cost::Exponential(_) => Cost::Exponential(cost),
        };
        Self { workers: workers as u32, read_cost, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scaled_preset_keeps_what_matters() {
        let brought_back = |scenario: Scenario| {
            let reads = scenario.capacity() * scenario.timeout.as_secs_f64();
            scenario.distribution.probabilities(scenario.keys)[..reads.round() as usize].iter().sum::<f64>()
        };
        let (whole, scaled) = (brought_back(Scenario::REFERENCE), brought_back(Scenario::SCALED));
        assert!((whole - 0.587).abs() < 0.001 && (scaled - 0.594).abs() < 0.001, "{whole} {scaled}");
        assert_eq!((Scenario::REFERENCE.capacity(), Scenario::SCALED.capacity()), (300.0, 1_000.0));
    }

    #[test]
    fn workers_follow_from_capacity_and_a_read_alone() {
        let of = |capacity, ms| {
            let made = Scenario::SCALED.with_capacity(capacity, Duration::from_millis(ms));
            (made.workers, made.read_cost.mean())
        };
        assert_eq!(of(300.0, 10), (3, Duration::from_millis(10)));
        // Slower than one alone would be, if it does more of them one after the other than it could.
        assert_eq!(of(50.0, 2), (1, Duration::from_millis(20)));
        assert_eq!(of(1_000.0, 16).0, 16);
    }
}
