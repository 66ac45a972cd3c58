//! Writing an interval log.

use crate::{Histogram, StatsError};
use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{IntervalLogWriterBuilder, Tag};
use std::time::{Duration, SystemTime};

const FORMAT: &str = "[Histogram log format version 1.3]";
/// Other logs have their maxima in ms or in whatever their writer liked; nothing but people reads that column.
const UNIT: &str = "[Values and Interval_Max are in nanoseconds]";
const LEGEND: &[u8] = b"\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n";

/// Writes an interval log into memory: a few hundred bytes to a few thousand for each interval.
#[derive(Debug, Default)]
pub struct IntervalLogWriter {
    lines: Vec<u8>,
}

impl IntervalLogWriter {
    /// A log without intervals.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an interval: its start, counted from the log's own, its length (both are kept to the millisecond), and what
    /// was counted in it. The format has no place for [`Histogram::overflowed`].
    ///
    /// # Errors
    /// [`StatsError::BadHistogram`] for a tag with a comma, a space or a line break in it, and for counts that HDR V2
    /// cannot hold; the log is then as it was.
    pub fn push(
        &mut self,
        tag: Option<&str>,
        start: Duration,
        length: Duration,
        times: &Histogram,
    ) -> Result<(), StatsError> {
        let refused = |text: &str| StatsError::BadHistogram(format!("`{text}` cannot be the tag of an interval"));
        let tag = tag.map(|text| Tag::new(text).ok_or_else(|| refused(text))).transpose()?;
        let whole = self.lines.len();
        let mut serializer = V2DeflateSerializer::new();
        let written = IntervalLogWriterBuilder::new()
            .begin_log_with(&mut self.lines, &mut serializer)
            .map_err(|error| error.to_string())
            .and_then(|mut log| {
                log.write_histogram(times.hdr(), start, length, tag).map_err(|error| error.to_string())
            });
        written.map_err(|what| {
            self.lines.truncate(whole);
            StatsError::BadHistogram(what)
        })
    }

    /// The log, whole: `comments`, the format's version, the moment that the intervals' starts are counted from, the
    /// legend, then the intervals in the order in which they came.
    #[must_use]
    pub fn finish(mut self, start: SystemTime, comments: &[&str]) -> Vec<u8> {
        let mut head = Vec::new();
        let mut builder = IntervalLogWriterBuilder::new();
        for comment in comments.iter().chain(&[FORMAT, UNIT]) {
            builder.add_comment(comment);
        }
        // With both times given, and the same, no reader has to guess whether an interval's start is absolute.
        builder.with_start_time(start).with_base_time(start);
        let begun = builder.begin_log_with(&mut head, &mut V2DeflateSerializer::new()).map(drop);
        debug_assert!(begun.is_ok(), "writing to memory does not fail");
        head.extend_from_slice(LEGEND);
        // In place: a log of many hours is not held twice.
        self.lines.splice(0..0, head);
        self.lines
    }
}
