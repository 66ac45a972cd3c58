//! A histogram as JSON: only the buckets that hold something. Nothing is lost: what is read equals what was written.

use serde::{Deserialize, Serialize};

use super::{HIGHEST_NS, Histogram};
use crate::StatsError;

/// The written form of a [`Histogram`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
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

impl From<Histogram> for SparseHistogram {
    fn from(histogram: Histogram) -> Self {
        Self::from(&histogram)
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
        if sparse.overflowed > histogram.inner.count_at(HIGHEST_NS) {
            return refuse(format!("{} times overflowed, and the last bucket holds fewer", sparse.overflowed));
        }
        histogram.overflowed = sparse.overflowed;
        Ok(histogram)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(json: &str) -> String {
        match serde_json::from_str::<Histogram>(json) {
            Ok(_) => panic!("{json} was read"),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn it_is_compact() {
        let mut histogram = Histogram::new();
        histogram.record_n(5_000, 3);
        histogram.record(7);
        let json = serde_json::to_string(&histogram).expect("a histogram is always JSON");
        assert_eq!(json, r#"{"overflowed":0,"buckets_ns":[[7,1],[5003,3]]}"#);
    }

    #[test]
    fn overflow_and_the_last_bucket_survive() {
        let mut histogram = Histogram::new();
        [0, HIGHEST_NS, u64::MAX].into_iter().for_each(|ns| histogram.record(ns));
        let json = serde_json::to_string(&histogram).expect("a histogram is always JSON");
        let read: Histogram = serde_json::from_str(&json).expect("what we wrote can be read");
        assert_eq!(read, histogram);
        assert_eq!(read.overflowed(), 1);
    }

    #[test]
    fn damage_is_refused() {
        assert!(refused(r#"{"overflowed":0,"buckets_ns":[[5000,3]]}"#).contains("upper edge"));
        assert!(refused(r#"{"overflowed":0,"buckets_ns":[[9000000000000000,3]]}"#).contains("upper edge"));
        assert!(refused(r#"{"overflowed":0,"buckets_ns":[[8,1],[7,1]]}"#).contains("out of order"));
        assert!(refused(r#"{"overflowed":0,"buckets_ns":[[7,1],[7,1]]}"#).contains("out of order"));
        assert!(refused(r#"{"overflowed":0,"buckets_ns":[[7,0]]}"#).contains("cannot hold 0"));
        assert!(refused(r#"{"overflowed":0,"buckets_ns":[[7,18446744073709551615],[8,1]]}"#).contains("cannot hold 1"));
        assert!(refused(r#"{"overflowed":1,"buckets_ns":[[7,1]]}"#).contains("overflowed"));
        assert!(refused(r#"{"overflowed":0,"buckets_ns":[],"unit":"us"}"#).contains("unknown field"));
    }
}
