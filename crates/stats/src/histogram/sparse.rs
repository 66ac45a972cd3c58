//! A histogram as pairs: only the buckets that hold something. Nothing is lost: what is read equals what was written.

use super::{HIGHEST_NS, Histogram};
use crate::StatsError;

/// A [`Histogram`] as pairs.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(test, derive(serde::Serialize))]
pub struct SparseHistogram {
    /// How many of the times lay above one hour.
    pub overflowed: u64,
    /// Pairs of a bucket's upper edge in ns and its count: edges ascending, counts above 0.
    pub buckets_ns: Vec<(u64, u64)>,
}

impl From<&Histogram> for SparseHistogram {
    fn from(histogram: &Histogram) -> Self {
        Self { overflowed: histogram.overflowed, buckets_ns: histogram.buckets().collect() }
    }
}

impl TryFrom<SparseHistogram> for Histogram {
    type Error = StatsError;

    /// Strict, since a record that was changed by hand or by a fault must not pass: edges that are not ours, out of
    /// order or twice, counts of 0, and more overflowed times than the last bucket holds are refused.
    fn try_from(sparse: SparseHistogram) -> Result<Self, StatsError> {
        let refuse = |what: String| Err(StatsError::BadHistogram(what));
        let mut histogram = Self::new();
        let last_edge = histogram.inner.highest_equivalent(HIGHEST_NS);
        let mut previous = None;
        let mut total = 0_u64;
        for &(edge, count) in &sparse.buckets_ns {
            if edge > last_edge || edge != histogram.inner.highest_equivalent(edge) {
                return refuse(format!("{edge} ns is not the upper edge of a bucket"));
            }
            if previous.is_some_and(|previous| previous >= edge) {
                return refuse(format!("the bucket at {edge} ns is out of order"));
            }
            match total.checked_add(count) {
                Some(sum) if count > 0 => total = sum,
                _ => return refuse(format!("the bucket at {edge} ns cannot hold {count}")),
            }
            previous = Some(edge);
            histogram.inner.saturating_record_n(edge.min(HIGHEST_NS), count);
        }
        histogram.with_overflowed(sparse.overflowed)
    }
}

impl Histogram {
    /// The same, with the number of times that lay above one hour, which none of the written forms has a bucket for.
    pub(super) fn with_overflowed(mut self, overflowed: u64) -> Result<Self, StatsError> {
        if overflowed > self.inner.count_at(HIGHEST_NS) {
            let what = format!("{overflowed} times overflowed, and the last bucket holds fewer");
            return Err(StatsError::BadHistogram(what));
        }
        self.overflowed = overflowed;
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(overflowed: u64, buckets_ns: &[(u64, u64)]) -> String {
        let sparse = SparseHistogram { overflowed, buckets_ns: buckets_ns.to_vec() };
        Histogram::try_from(sparse).expect_err("it is damaged").to_string()
    }

    #[test]
    fn damage_is_refused() {
        assert!(refused(0, &[(5000, 3)]).contains("upper edge"));
        assert!(refused(0, &[(9_000_000_000_000_000, 3)]).contains("upper edge"));
        assert!(refused(0, &[(8, 1), (7, 1)]).contains("out of order"));
        assert!(refused(0, &[(7, 1), (7, 1)]).contains("out of order"));
        assert!(refused(0, &[(7, 0)]).contains("cannot hold 0"));
        assert!(refused(0, &[(7, u64::MAX), (8, 1)]).contains("cannot hold 1"));
        assert!(refused(1, &[(7, 1)]).contains("overflowed"));
    }
}
