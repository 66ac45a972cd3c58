//! Writing an interval log.

use crate::{Histogram, StatsError};
use hdrhistogram::serialization::V2DeflateSerializer;
use hdrhistogram::serialization::interval_log::{IntervalLogWriterBuilder, Tag};
use std::fmt;
use std::io::{self, Write};
use std::time::{Duration, SystemTime};

const FORMAT: &str = "[Histogram log format version 1.3]";
/// Other logs have their maxima in ms or in whatever their writer liked; nothing but people reads that column.
const UNIT: &str = "[Values and Interval_Max are in nanoseconds]";
const LEGEND: &[u8] = b"\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n";

/// Why an interval is not in the log.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LogWriteError {
    /// It cannot be written down; the log is as it was.
    #[error(transparent)]
    Refused(#[from] StatsError),
    /// The log could not be written, and may end within a line.
    #[error("the interval log could not be written: {0}")]
    Io(#[from] io::Error),
}

/// Writes the intervals of a log, a line each of a few hundred bytes to a few thousand. The writer keeps one line in memory,
/// however long the log. What stands above the lines is [`interval_log_head`]: the moment that the intervals are counted from
/// may not be known before the first of them has ended, so that it can be put before them later.
pub struct IntervalLogWriter<W> {
    out: W,
    line: Vec<u8>,
    serializer: V2DeflateSerializer,
}

impl<W: Write> IntervalLogWriter<W> {
    /// Writes lines to `out`, each at once: give a buffer where that is a file.
    pub fn new(out: W) -> Self {
        Self { out, line: Vec::new(), serializer: V2DeflateSerializer::new() }
    }

    /// Adds an interval: its start, counted from the log's own, its length (both are kept to the millisecond), and what
    /// was counted in it. The format has no place for [`Histogram::overflowed`].
    ///
    /// # Errors
    /// [`LogWriteError::Refused`] for a tag with a comma, a space or a line break in it, and for counts that HDR V2
    /// cannot hold; [`LogWriteError::Io`] as `out` has it.
    pub fn push(
        &mut self,
        tag: Option<&str>,
        start: Duration,
        length: Duration,
        times: &Histogram,
    ) -> Result<(), LogWriteError> {
        let refused = |text: &str| StatsError::BadHistogram(format!("`{text}` cannot be the tag of an interval"));
        let tag = tag.map(|text| Tag::new(text).ok_or_else(|| refused(text))).transpose()?;
        // Into memory first: `out` sees whole lines alone, or none.
        self.line.clear();
        let written = IntervalLogWriterBuilder::new()
            .begin_log_with(&mut self.line, &mut self.serializer)
            .map_err(|error| error.to_string())
            .and_then(|mut log| {
                log.write_histogram(times.hdr(), start, length, tag).map_err(|error| error.to_string())
            });
        written.map_err(StatsError::BadHistogram)?;
        Ok(self.out.write_all(&self.line)?)
    }

    /// Where the lines went.
    pub fn into_inner(self) -> W {
        self.out
    }
}

impl<W> fmt::Debug for IntervalLogWriter<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntervalLogWriter").finish_non_exhaustive()
    }
}

/// What stands above a log's intervals: `comments`, the format's version, the moment that the intervals' starts are counted
/// from, the legend.
#[must_use]
pub fn interval_log_head(start: SystemTime, comments: &[&str]) -> Vec<u8> {
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
    head
}
