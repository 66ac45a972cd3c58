//! Interval logs: one histogram for each interval of a run, as text that the readers of HDR histograms in other languages
//! take too (log format 1.3, histograms in HDR V2, deflated, in base64).
//!
//! ```text
//! #[Histogram log format version 1.3]
//! #[StartTime: 1441812279.474 (seconds since epoch)]
//! "StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"
//! 0.127,1.007,2.769,HISTFAAAAEV42pNp...
//! Tag=read,1.134,0.999,0.442,HISTFAAAAEJ42pNp...
//! ```
//!
//! [`interval_log_head`] and [`IntervalLogWriter`] write one, an interval after another; [`IntervalLogReader`] reads it the
//! same way: whoever merges the intervals holds two histograms, however long the log.
//!
//! A log has no word for its unit. Ours are in nanoseconds; values of others are taken as they are. The one thing that
//! minds is [`HIGHEST_NS`](crate::HIGHEST_NS), one hour in ns: a log in microseconds or milliseconds reaches it later
//! still, at 1000 hours or more, and what lies above is counted in [`Histogram::overflowed`](crate::Histogram::overflowed).

mod read;
mod write;

pub use read::{IntervalLogReader, LogInterval};
pub use write::{IntervalLogWriter, LogWriteError, interval_log_head};
