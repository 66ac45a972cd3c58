//! How fields are printed that have no form of their own in TOML.

use reqwest::header::HeaderName;
use serde::{Serialize, Serializer};
use std::fmt::Display;
use std::time::Duration;

pub(super) fn text<S: Serializer>(value: &impl Display, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

pub(super) fn millis<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX).serialize(serializer)
}

pub(super) fn headers<V: Serialize, S: Serializer>(
    headers: &[(HeaderName, V)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(headers.iter().map(|(name, value)| (name.as_str(), value)))
}
