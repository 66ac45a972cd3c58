//! The JSON Schemas of a record's files, as they are published in this crate's `schema`.

/// Of a record's environment.json.
pub const ENVIRONMENT: &str = include_str!("../schema/environment.schema.json");
/// Of a trial's histograms.json.
pub const HISTOGRAMS: &str = include_str!("../schema/histograms.schema.json");
/// Of a record's manifest.json.
pub const MANIFEST: &str = include_str!("../schema/manifest.schema.json");
/// Of a trial's series.json.
pub const SERIES: &str = include_str!("../schema/series.schema.json");
/// Of stability.json.
pub const STABILITY: &str = include_str!("../schema/stability.schema.json");
/// Of a trial's summary.json.
pub const SUMMARY: &str = include_str!("../schema/summary.schema.json");
