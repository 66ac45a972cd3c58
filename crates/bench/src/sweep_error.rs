//! Why a sweep could not go on.

use crate::target::TargetError;
use cachemark_core::FaultError;
use cachemark_results::RecordError;
use cachemark_workload::WorkloadError;

/// Why a sweep could not go on. What was finished before is on disk.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SweepError {
    /// A backend failed outside of an operation.
    #[error("{0}")]
    Target(#[from] TargetError),
    /// The record could not be written.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A search that is resumed comes to another load than it did before.
    #[error("the search comes to {is} as its trial {number}, and the record's is of {was}: search again")]
    Strayed {
        /// The trial.
        number: u32,
        /// The cell that it was of.
        was: String,
        /// The cell that it would be of.
        is: String,
    },
    /// A fault of the definition cannot be done to the servers that there are: nothing was measured.
    #[error(transparent)]
    Fault(#[from] FaultError),
    /// The workload cannot be made.
    #[error(transparent)]
    Workload(#[from] WorkloadError),
}
