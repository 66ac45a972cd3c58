//! What is asked: keys, operation mixes, value sizes, and predictions of hit ratios. Pure: no clock, no thread, no file.
//!
//! | module | what it holds |
//! |---|---|
//! | `seed` | [`Seed`]: one seed, sub-seeds by label |
//! | `distribution` | [`KeyDistribution`]: how often each rank of popularity is asked for, one law a file |
//! | `permutation` | [`Permutation`]: from rank to key index, without collisions |
//! | `keyspace` | [`Keyspace`]: from key index to key |
//! | `value` | [`ValueSize`], [`Payloads`]: how long values are, and what is in them |
//! | `operation`, `mix` | [`Operation`], [`Mix`]: what is done, and how often |
//! | `spec` | [`WorkloadSpec`]: all of the above, checked |
//! | `stream` | [`OpStream`]: the operations of one session |
//! | `key_pass` | [`KeyPass`]: one operation for each key |
//! | `arrivals` | [`Arrivals`]: when operations arrive in an open loop |
//! | `surge` | [`Surge`]: a stretch of time in which more arrive |
//! | `preload` | [`Preload`]: the rows a store holds before the first operation |
//! | `predict` | hit ratios from formulas: [`predict`] |
//! | `fit` | [`chi_square_fit`]: did the keys asked for follow the law declared? |
//! | `error` | [`WorkloadError`]: what is refused |
//!
//! The same seed gives the same operations, byte for byte, whichever strategy they run through:
//!
//! ```
//! use cachemark_workload::{KeyDistribution, Mix, OpStream, Seed, ValueSize, WorkloadSpec, digest_operations};
//!
//! let mix = Mix { read_ratio: 0.9, delete_ratio: 0.0 };
//! let spec = WorkloadSpec::new(10_000, KeyDistribution::Zipf { exponent: 0.99 }, mix, ValueSize::Fixed { bytes: 100 })?;
//! let stream = || OpStream::new(&spec, Seed::new(42), 0, 7).take(1_000);
//! assert_eq!(digest_operations(stream()), digest_operations(stream()));
//! # Ok::<(), cachemark_workload::WorkloadError>(())
//! ```

mod arrivals;
mod distribution;
mod error;
mod fit;
mod key_pass;
mod keyspace;
mod mix;
mod operation;
mod permutation;
pub mod predict;
mod preload;
mod seed;
mod spec;
mod stream;
mod surge;
mod value;

pub use arrivals::{ArrivalProcess, Arrivals, HIGHEST_RATE, Share};
pub use distribution::{KeyDistribution, LARGEST_EXPONENT, RankSampler, UniformRanks, ZipfRanks};
pub use error::WorkloadError;
pub use fit::{Fit, FitError, LEAST_EXPECTED, chi_square_fit, chi_square_survival, counts_by_rank};
pub use key_pass::KeyPass;
pub use keyspace::{Keyspace, MOST_KEYS};
pub use mix::Mix;
pub use operation::{ENCODED_LEN, Operation, OperationKind, digest_operations, encode_operations};
pub use permutation::Permutation;
pub use preload::{PRELOAD_TRIAL, Preload};
pub use seed::Seed;
pub use spec::WorkloadSpec;
pub use stream::OpStream;
pub use surge::Surge;
pub use value::{LARGEST_VALUE, Payloads, ValueSize};
