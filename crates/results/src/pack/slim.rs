//! A trial's files for a copy that has to be small.

use super::HISTOGRAMS;
use crate::write::INTERVAL_LOG;
use crate::{Histograms, RecordError};
use cachemark_stats::{Histogram, StatsError, not_deflated};
use serde_json::Value;
use std::path::Path;

/// What is not in a slim pack, for people.
pub(super) const LEFT_OUT: [&str; 3] = [
    "the interval logs",
    "the histograms of hops (their means and percentiles are in the summaries)",
    "the third digit of the times in histograms (percentiles in the summaries have it)",
];

/// Histograms that are deflated each for itself would hide from the pack's compression what they have in common.
fn inflate(value: &mut Value) -> Result<(), StatsError> {
    match value {
        Value::Object(fields) => {
            if let Some(Value::String(text)) = fields.get_mut("hdr_v2") {
                *text = not_deflated(text)?;
            }
            fields.values_mut().try_for_each(inflate)
        }
        Value::Array(items) => items.iter_mut().try_for_each(inflate),
        _ => Ok(()),
    }
}

/// The file as a slim pack has it; none if it is left out.
pub(super) fn slimmed(path: &Path, file: &str, bytes: Vec<u8>) -> Result<Option<Vec<u8>>, RecordError> {
    match file {
        INTERVAL_LOG => Ok(None),
        HISTOGRAMS => {
            let malformed =
                |error: serde_json::Error| RecordError::Malformed { path: path.to_owned(), detail: error.to_string() };
            let mut histograms: Histograms = serde_json::from_slice(&bytes).map_err(malformed)?;
            for bucket in &mut histograms.buckets {
                bucket.service_time = bucket.service_time.rounded_up();
                bucket.response_time = bucket.response_time.as_ref().map(Histogram::rounded_up);
                bucket.hops = None;
            }
            if let Some(ages) = &mut histograms.stale_ages {
                for histogram in [&mut ages.sure, &mut ages.at_least].into_iter().flatten() {
                    *histogram = histogram.rounded_up();
                }
            }
            let mut written = serde_json::to_value(&histograms).map_err(malformed)?;
            inflate(&mut written)
                .map_err(|error| RecordError::Malformed { path: path.to_owned(), detail: error.to_string() })?;
            serde_json::to_vec(&written).map(Some).map_err(malformed)
        }
        _ => Ok(Some(bytes)),
    }
}
