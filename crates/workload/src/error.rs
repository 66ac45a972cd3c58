//! What a workload refuses.

use crate::{HIGHEST_RATE, LARGEST_EXPONENT, LARGEST_VALUE, MOST_KEYS};
use cachemark_core::{KeyError, STAMP_LEN};

/// Why a workload cannot be.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum WorkloadError {
    /// No keys, or more than [`MOST_KEYS`].
    #[error("{keys} keys: a workload has 1 to {MOST_KEYS}")]
    Keys {
        /// The number that was asked for.
        keys: u64,
    },
    /// The prefix makes keys that no backend takes.
    #[error("the key prefix does not do: {0}")]
    Prefix(#[from] KeyError),
    /// A Zipf exponent below 0, above [`LARGEST_EXPONENT`], or no number.
    #[error("a Zipf exponent of {exponent}: it goes from 0 to {LARGEST_EXPONENT}")]
    Exponent {
        /// The exponent that was asked for.
        exponent: f64,
    },
    /// A ratio outside 0 to 1, or no number.
    #[error("a {name} of {ratio}: it goes from 0 to 1")]
    Ratio {
        /// Which ratio.
        name: &'static str,
        /// What was asked for.
        ratio: f64,
    },
    /// An offered load that is none.
    #[error("a rate of {0} arrivals per second: it is above 0 and at most {HIGHEST_RATE}")]
    Rate(f64),
    /// A share of a load that is split into fewer.
    #[error("share {index} (from 0) of {of}")]
    Share {
        /// Which was asked for.
        index: u32,
        /// How many there are.
        of: u32,
    },
    /// A surge of arrivals that has no length or no factor above 0, or that begins amid another.
    #[error("a surge from {from_ns} to {until_ns} ns: it has a length and a factor above 0, and is none amid another")]
    Surge {
        /// When it is to begin, in nanoseconds.
        from_ns: u64,
        /// When it is to be over.
        until_ns: u64,
    },
    /// A value too short for its stamp, or longer than every backend takes.
    #[error("values of {bytes} bytes: they have {STAMP_LEN} (the stamp) to {LARGEST_VALUE}")]
    ValueSize {
        /// The size that was asked for, in bytes.
        bytes: u32,
    },
}
