//! Times as they are counted while operations run.

use super::{HIGHEST_NS, Histogram};

/// Below this each value has a bucket of its own; above, twice as wide values have half as many buckets.
const OF_THEIR_OWN: u64 = 2048;
const HALVES: u32 = OF_THEIR_OWN.ilog2() - 1;
const BUCKETS: usize = place(HIGHEST_NS) + 1;

/// The counts of a [`Histogram`] and nothing else of it: what is kept where every operation is counted.
///
/// A histogram keeps its total, least and greatest beside its counts, and stays right when they overflow, which is three times the
/// work. All of that can be told from the counts, once.
#[derive(Debug, Clone)]
pub struct Counts {
    buckets: Box<[u64; BUCKETS]>,
    overflowed: u64,
}

impl Counts {
    /// Nothing counted, with its memory allocated: as much as a histogram's.
    #[must_use]
    pub fn new() -> Self {
        let buckets = vec![0; BUCKETS].try_into().expect("there are as many");
        Self { buckets, overflowed: 0 }
    }

    /// Counts one time, as [`Histogram::record`] does.
    #[inline]
    pub fn record(&mut self, ns: u64) {
        self.overflowed += u64::from(ns > HIGHEST_NS);
        self.buckets[place(ns.min(HIGHEST_NS))] += 1;
    }

    /// Adds every count of `other` to this one.
    pub fn merge(&mut self, other: &Self) {
        for (mine, theirs) in self.buckets.iter_mut().zip(&*other.buckets) {
            *mine += theirs;
        }
        self.overflowed += other.overflowed;
    }

    /// Forgets everything that was counted; the memory is kept.
    pub fn reset(&mut self) {
        self.buckets.fill(0);
        self.overflowed = 0;
    }

    /// The histogram that would be, had everything been recorded there.
    #[must_use]
    pub fn histogram(&self) -> Histogram {
        let mut histogram = Histogram::new();
        for (place, &count) in self.buckets.iter().enumerate().filter(|(_, count)| **count > 0) {
            histogram.record_n(least(place), count);
        }
        histogram.overflowed = self.overflowed;
        histogram
    }
}

impl Default for Counts {
    fn default() -> Self {
        Self::new()
    }
}

/// The place of a value's bucket among all, of which there are [`BUCKETS`] up to [`HIGHEST_NS`].
#[inline]
const fn place(ns: u64) -> usize {
    // By how many bits the value is longer than those that have buckets of their own.
    let longer = (ns | (OF_THEIR_OWN - 1)).ilog2() - HALVES;
    ((longer as usize) << HALVES) + (ns >> longer) as usize
}

/// The least value of the bucket at `place`.
fn least(place: usize) -> u64 {
    let longer = (place >> HALVES).saturating_sub(1);
    ((place - (longer << HALVES)) as u64) << longer
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(values: &[u64]) -> Counts {
        let mut counts = Counts::new();
        values.iter().for_each(|&ns| counts.record(ns));
        counts
    }

    fn recorded(values: &[u64]) -> Histogram {
        let mut histogram = Histogram::new();
        values.iter().for_each(|&ns| histogram.record(ns));
        histogram
    }

    /// Of every length in bits alike.
    fn time() -> impl Strategy<Value = u64> {
        (any::<u64>(), 0..64u32).prop_map(|(bits, shorter)| bits >> shorter)
    }

    proptest! {
        #[test]
        fn they_make_the_histogram_that_the_times_would(
            some in prop::collection::vec(time(), 0..50), more in prop::collection::vec(time(), 0..50),
        ) {
            let (all, expected) = ([&some[..], &more[..]].concat(), recorded(&some));
            let mut counts = of(&some);
            prop_assert_eq!(counts.histogram(), expected.clone());
            prop_assert_eq!(counts.histogram().to_v2_deflate(), expected.to_v2_deflate());
            counts.merge(&of(&more));
            prop_assert_eq!(counts.histogram(), recorded(&all));
            counts.reset();
            prop_assert_eq!(counts.histogram(), Histogram::new());
        }
    }

    #[test]
    fn buckets_are_those_of_a_histogram_at_every_edge() {
        for bit in 0..64 {
            let edge = 1u64 << bit;
            for ns in [edge - 1, edge, edge + 1, edge + edge / 1024] {
                assert_eq!(of(&[ns]).histogram(), recorded(&[ns]), "{ns}");
            }
        }
        for ns in [HIGHEST_NS, HIGHEST_NS + 1] {
            assert_eq!(of(&[ns]).histogram(), recorded(&[ns]), "{ns}");
        }
    }
}
