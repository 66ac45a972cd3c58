//! Reading an interval log.

use crate::{Histogram, StatsError};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hdrhistogram::serialization::interval_log::{IntervalLogHistogram, IntervalLogIterator, LogEntry};
use std::borrow::Cow;
use std::time::Duration;

/// One interval of a log.
#[derive(Debug, Clone, PartialEq)]
pub struct LogInterval {
    /// What it was tagged with, if it was: one log may hold several series, each under a tag of its own.
    pub tag: Option<String>,
    /// When it began: from the log's own time, where it has one ([`IntervalLogReader::start_time`]), else from whenever
    /// the writer counted from.
    pub start: Duration,
    /// How long it was.
    pub length: Duration,
    /// What was counted in it.
    pub times: Histogram,
}

/// Reads the intervals of a log in turn, tagged or not. The first damaged line ends it with an error.
///
/// Read are the histograms of HDR V2, deflated or not, whatever their range and precision; logs of the formats before (1.0
/// and 1.1) hold others, and are refused. Ours are read without loss. Of one with other buckets each count goes where the
/// lower edge of its bucket lies, as every library adds such a histogram: figures of merged intervals are those that the
/// public readers give.
#[derive(Debug, Clone)]
pub struct IntervalLogReader<'a> {
    left: &'a [u8],
    line: usize,
    start_time: Option<Duration>,
    base_time: Option<Duration>,
}

impl<'a> IntervalLogReader<'a> {
    /// A reader of the bytes of a log.
    #[must_use]
    pub fn new(log: &'a [u8]) -> Self {
        Self { left: log, line: 0, start_time: None, base_time: None }
    }

    /// When the run began, since 1970 in UTC, by the last such line that was read; none before there was one.
    #[must_use]
    pub fn start_time(&self) -> Option<Duration> {
        self.start_time
    }

    /// What the intervals' starts are counted from, since 1970 in UTC, by the last such line that was read.
    #[must_use]
    pub fn base_time(&self) -> Option<Duration> {
        self.base_time
    }

    /// The next line with its end, of which a log that was cut short may have none.
    fn next_line(&mut self) -> Option<Cow<'a, [u8]>> {
        if self.left.is_empty() {
            return None;
        }
        self.line += 1;
        let end = self.left.iter().position(|&byte| byte == b'\n');
        let (line, left) = self.left.split_at(end.map_or(self.left.len(), |end| end + 1));
        self.left = left;
        Some(if end.is_some() { Cow::Borrowed(line) } else { Cow::Owned([line, b"\n"].concat()) })
    }

    /// The interval that a line holds, if it holds one. Each line is parsed by itself: over several, the parser takes a
    /// tag without its comma to go on in the lines below.
    fn interval(&mut self, line: &[u8]) -> Result<Option<LogInterval>, String> {
        match IntervalLogIterator::new(line).next() {
            Some(Ok(LogEntry::Interval(interval))) => return decoded(&interval).map(Some),
            Some(Ok(LogEntry::StartTime(time))) => self.start_time = Some(time),
            Some(Ok(LogEntry::BaseTime(time))) => self.base_time = Some(time),
            // To the parser a time that it cannot read is a comment.
            None if line.starts_with(b"#[StartTime:") || line.starts_with(b"#[BaseTime:") => {
                return Err("its time is not in seconds with a fraction".to_owned());
            }
            None => {}
            Some(Err(_)) if line.trim_ascii().is_empty() => {}
            Some(Err(_)) => return Err("it is neither an interval nor a comment".to_owned()),
        }
        Ok(None)
    }
}

impl Iterator for IntervalLogReader<'_> {
    type Item = Result<LogInterval, StatsError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let line = self.next_line()?;
            match self.interval(&line) {
                Ok(Some(interval)) => return Some(Ok(interval)),
                Ok(None) => {}
                Err(what) => {
                    self.left = &[];
                    return Some(Err(StatsError::BadIntervalLog { line: self.line, what }));
                }
            }
        }
    }
}

fn decoded(interval: &IntervalLogHistogram<'_>) -> Result<LogInterval, String> {
    let bytes = STANDARD
        .decode(interval.encoded_histogram())
        .map_err(|error| format!("its histogram is not base64: {error}"))?;
    Ok(LogInterval {
        tag: interval.tag().map(|tag| tag.as_str().to_owned()),
        start: interval.start_timestamp(),
        length: interval.duration(),
        times: Histogram::from_v2_by_lower_edge(&bytes).map_err(|error| error.to_string())?,
    })
}
