//! Times in nanoseconds, counted in buckets of 3 significant digits.
//!
//! The buckets are those of an HDR histogram (Gil Tene's): below 2048 ns each value has its own, above that a bucket is
//! never wider than a thousandth of its values. The range is fixed, 0 ns to one hour, so the memory is fixed too, and
//! any two histograms can be merged. A figure read from a histogram (a quantile, the maximum) is the upper edge of its
//! bucket: at most 0.1 % above what was recorded, never below it.

mod counts;
mod sample_rule;
mod sparse;
mod spectrum;
mod v2;
mod written;

use serde::{Deserialize, Serialize};

pub use counts::Counts;
pub use sample_rule::samples_needed;
use sparse::SparseHistogram;
pub use spectrum::SpectrumPoint;
pub use v2::not_deflated;
use written::WrittenHistogram;

/// The highest time that is told from others, in ns: one hour.
pub const HIGHEST_NS: u64 = 3_600_000_000_000;

const SIGNIFICANT_DIGITS: u8 = 3;

/// A histogram of times in ns.
///
/// Creating one costs about 264 KiB, all of it at once and zeroed, so make it when its first value comes, and not for
/// each operation, outcome and clock that might never be seen.
///
/// In JSON it is `{"overflowed": n, "hdr_v2": "..."}`, the histogram in HDR V2, deflated, in base64
/// ([`Histogram::to_v2_deflate`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "WrittenHistogram", try_from = "WrittenHistogram")]
pub struct Histogram {
    inner: hdrhistogram::Histogram<u64>,
    overflowed: u64,
}

impl Histogram {
    /// An empty histogram, with its memory allocated.
    pub fn new() -> Self {
        let inner = hdrhistogram::Histogram::new_with_bounds(1, HIGHEST_NS, SIGNIFICANT_DIGITS)
            .expect("1 ns to one hour at 3 digits is a range that HDR histograms allow");
        Self { inner, overflowed: 0 }
    }

    /// Counts one time. One above [`HIGHEST_NS`] is counted as [`HIGHEST_NS`], and in [`Histogram::overflowed`].
    #[inline]
    pub fn record(&mut self, ns: u64) {
        self.record_n(ns, 1);
    }

    /// Counts the same time `count` times.
    #[inline]
    pub fn record_n(&mut self, ns: u64, count: u64) {
        if ns > HIGHEST_NS {
            self.overflowed = self.overflowed.saturating_add(count);
        }
        // This saturates at the bucket of one hour; the line above keeps that from being silent.
        self.inner.saturating_record_n(ns.min(HIGHEST_NS), count);
    }

    /// Adds every count of `other` to this one, as if its values had been recorded here.
    pub fn merge(&mut self, other: &Self) {
        self.inner.add(&other.inner).expect("all our histograms have the same buckets");
        self.overflowed = self.overflowed.saturating_add(other.overflowed);
    }

    /// How many times were counted, those that overflowed among them.
    pub fn count(&self) -> u64 {
        self.inner.len()
    }

    /// Whether nothing was counted.
    pub fn is_empty(&self) -> bool {
        self.inner.is_empty()
    }

    /// How many times lay above [`HIGHEST_NS`]. Where this isn't 0, the maximum, the mean and the quantiles that reach
    /// that far are lower bounds, and a page that shows them has to say so.
    pub fn overflowed(&self) -> u64 {
        self.overflowed
    }

    /// The least time in ns (the lower edge of its bucket), if any was counted.
    pub fn min(&self) -> Option<u64> {
        (!self.is_empty()).then(|| self.inner.min())
    }

    /// The greatest time in ns (the upper edge of its bucket), if any was counted.
    pub fn max(&self) -> Option<u64> {
        (!self.is_empty()).then(|| self.inner.max())
    }

    /// The mean time in ns, each value taken as the middle of its bucket, if any was counted.
    pub fn mean(&self) -> Option<f64> {
        (!self.is_empty()).then(|| self.inner.mean())
    }

    /// The time in ns below or at which the share `q` of all times lies.
    ///
    /// `None` where fewer than 10 / (1 - q) times were counted, and for a `q` outside 0 to 1. The rule: a quantile
    /// stands on the values beyond it, count * (1 - q) of them. With ten of them its own sampling error is about a
    /// third of that number; with one it is just the maximum under another name. So p99 takes 1000 samples, p99.9 takes
    /// 10 000, and the quantile 1 is always refused: ask [`Histogram::max`].
    pub fn quantile(&self, q: f64) -> Option<u64> {
        (self.count() >= samples_needed(q)?).then(|| self.inner.value_at_quantile(q))
    }

    /// The same with its values to two digits: each goes up to the edge of a bucket eight times as wide, at most 0.8 % above
    /// it. So is its written form a quarter as long.
    #[must_use]
    pub fn rounded_up(&self) -> Self {
        let mut rounded = Self::new();
        for (edge, count) in self.buckets() {
            // The 8 leading bits stay, the others become ones.
            let below = (u64::BITS - edge.leading_zeros()).saturating_sub(8);
            rounded.inner.saturating_record_n((edge | ((1 << below) - 1)).min(HIGHEST_NS), count);
        }
        rounded.overflowed = self.overflowed;
        rounded
    }

    /// Forgets everything that was counted; the memory is kept.
    pub fn reset(&mut self) {
        self.inner.reset();
        self.overflowed = 0;
    }

    /// The histogram as the library has it, for its own writers.
    pub(crate) fn hdr(&self) -> &hdrhistogram::Histogram<u64> {
        &self.inner
    }

    /// The buckets that hold something, in ascending order: the upper edge in ns, and the count.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        self.inner.iter_recorded().map(|step| (step.value_iterated_to(), step.count_at_value()))
    }
}

impl Default for Histogram {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(values: impl IntoIterator<Item = u64>) -> Histogram {
        let mut histogram = Histogram::new();
        values.into_iter().for_each(|value| histogram.record(value));
        histogram
    }

    #[test]
    fn an_empty_histogram_has_no_figures() {
        let empty = Histogram::new();
        assert!(empty.is_empty());
        assert_eq!((empty.min(), empty.max(), empty.mean(), empty.quantile(0.5)), (None, None, None, None));
        assert_eq!(empty.buckets().count(), 0);
    }

    #[test]
    fn values_above_an_hour_are_counted_and_told() {
        let histogram = of([1, HIGHEST_NS, HIGHEST_NS + 1, u64::MAX]);
        assert_eq!((histogram.count(), histogram.overflowed()), (4, 2));
        let edge = HIGHEST_NS..=HIGHEST_NS + HIGHEST_NS / 1000;
        assert!(histogram.max().is_some_and(|max| edge.contains(&max)));
    }

    #[test]
    fn zero_is_a_time() {
        let histogram = of([0, 0, 1]);
        assert_eq!((histogram.min(), histogram.max()), (Some(0), Some(1)));
        assert_eq!(histogram.buckets().collect::<Vec<_>>(), [(0, 2), (1, 1)]);
    }

    #[test]
    fn a_quantile_needs_ten_samples_beyond_it() {
        assert_eq!(of(1..=999).quantile(0.99), None);
        assert_eq!(of(1..=1000).quantile(0.99), Some(990));
        assert_eq!(of(1..=19).quantile(0.5), None);
        assert_eq!(of(1..=20).quantile(0.5), Some(10));
        assert_eq!(of(1..=1000).quantile(1.0), None);
        assert_eq!(of(1..=1000).quantile(-0.1), None);
        assert_eq!(of(1..=1000).quantile(f64::NAN), None);
    }

    #[test]
    fn buckets_are_a_thousandth_wide_at_most() {
        for value in [2_047, 2_049, 1_234_567, 987_654_321, HIGHEST_NS] {
            let upper = of([value]).max().expect("one value was recorded");
            assert!(upper >= value && (upper - value) as f64 <= value as f64 / 1000.0, "{value} became {upper}");
        }
    }

    #[test]
    fn rounding_up_moves_no_value_down_and_none_by_a_hundredth() {
        let values = [0, 1, 255, 256, 2_047, 5_001, 123_456_789, HIGHEST_NS];
        for value in values {
            let (exact, rounded) = (of([value]).max(), of([value]).rounded_up().max());
            assert!(rounded >= exact && rounded <= exact.map(|max| max + max / 127), "{exact:?} became {rounded:?}");
        }
        let mut all = of(values.into_iter().chain(1_000_000..1_001_000));
        all.record(HIGHEST_NS + 1);
        let rounded = all.rounded_up();
        assert_eq!((rounded.count(), rounded.overflowed()), (all.count(), 1));
        assert!(rounded.buckets().count() < all.buckets().count());
        assert_eq!(rounded.rounded_up(), rounded);
    }

    #[test]
    fn memory_is_what_the_docs_say() {
        let histogram = Histogram::new();
        assert_eq!(histogram.inner.distinct_values() * size_of::<u64>() / 1024, 264);
    }
}
