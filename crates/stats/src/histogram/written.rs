//! A histogram as JSON: HDR V2, deflated, in base64, as interval logs of other tools hold it too. A tenth of the bytes of
//! the pairs that records of version 1 have, which are still read.

use super::{Histogram, SparseHistogram};
use crate::StatsError;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

/// The written form of a [`Histogram`]: one of the two, `hdr_v2` wherever it can hold the counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenHistogram {
    /// How many of the times lay above one hour.
    overflowed: u64,
    /// HDR V2, deflated, in base64; values in ns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    hdr_v2: Option<String>,
    /// Pairs of a bucket's upper edge in ns and its count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    buckets_ns: Option<Vec<(u64, u64)>>,
}

impl From<Histogram> for WrittenHistogram {
    fn from(histogram: Histogram) -> Self {
        let SparseHistogram { overflowed, buckets_ns } = SparseHistogram::from(&histogram);
        match histogram.to_v2_deflate() {
            Ok(bytes) => Self { overflowed, hdr_v2: Some(STANDARD.encode(bytes)), buckets_ns: None },
            // A count of 2^63 or more, for which HDR V2 has no room.
            Err(_) => Self { overflowed, hdr_v2: None, buckets_ns: Some(buckets_ns) },
        }
    }
}

impl TryFrom<WrittenHistogram> for Histogram {
    type Error = StatsError;

    /// Strict, since a record that was changed by hand or by a fault must not pass.
    fn try_from(written: WrittenHistogram) -> Result<Self, StatsError> {
        let refuse = |what: String| Err(StatsError::BadHistogram(what));
        match written {
            WrittenHistogram { overflowed, hdr_v2: Some(text), buckets_ns: None } => {
                let Ok(bytes) = STANDARD.decode(text) else { return refuse("hdr_v2 is not base64".to_owned()) };
                Self::from_v2_deflate(&bytes)?.with_overflowed(overflowed)
            }
            WrittenHistogram { overflowed, hdr_v2: None, buckets_ns: Some(buckets_ns) } => {
                SparseHistogram { overflowed, buckets_ns }.try_into()
            }
            _ => refuse("it has to have one of hdr_v2 and buckets_ns".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::HIGHEST_NS;
    use super::*;

    fn read(json: &str) -> Result<Histogram, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn what_was_written_comes_back_and_is_small() {
        let mut histogram = Histogram::new();
        (0..5_000_u64).for_each(|step| histogram.record(10_000 + step * step));
        [0, HIGHEST_NS, u64::MAX].into_iter().for_each(|ns| histogram.record(ns));
        let json = serde_json::to_string(&histogram).expect("a histogram is always JSON");
        assert_eq!(read(&json), Ok(histogram.clone()));
        let pairs = serde_json::to_string(&SparseHistogram::from(&histogram)).expect("pairs are always JSON");
        assert!(json.len() * 4 < pairs.len(), "{} bytes beside {}", json.len(), pairs.len());
        assert_eq!(read(&pairs), Ok(histogram));
    }

    #[test]
    fn counts_that_v2_cannot_hold_are_written_as_pairs() {
        let mut histogram = Histogram::new();
        histogram.record_n(7, u64::MAX / 2 + 1);
        let json = serde_json::to_string(&histogram).expect("a histogram is always JSON");
        assert_eq!(json, r#"{"overflowed":0,"buckets_ns":[[7,9223372036854775808]]}"#);
        assert_eq!(read(&json), Ok(histogram));
    }

    #[test]
    fn damage_is_refused() {
        let refused = |json: &str| read(json).unwrap_err();
        assert!(refused(r#"{"overflowed":0}"#).contains("one of"));
        assert!(refused(r#"{"overflowed":0,"hdr_v2":"AAAA","buckets_ns":[]}"#).contains("one of"));
        assert!(refused(r#"{"overflowed":0,"hdr_v2":"not base64"}"#).contains("base64"));
        assert!(refused(r#"{"overflowed":0,"hdr_v2":"AAAA"}"#).contains("not usable"));
        let mut json = serde_json::to_value(Histogram::new()).expect("a histogram is always JSON");
        json["overflowed"] = 1.into();
        assert!(refused(&json.to_string()).contains("overflowed"));
        assert!(refused(r#"{"overflowed":0,"buckets_ns":[[5000,3]]}"#).contains("upper edge"));
        assert!(refused(r#"{"overflowed":0,"buckets_ns":[],"unit":"us"}"#).contains("unknown field"));
    }
}
