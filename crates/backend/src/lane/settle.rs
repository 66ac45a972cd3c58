//! How an operation over a lane ends.

use super::{Lane, LaneError};
use crate::budget::Spent;
use cachemark_core::{CacheError, ErrorKind, StoreError};
use std::time::Duration;

/// The error of a cache or of a store, which have the same variants.
pub(crate) trait BackendError: From<LaneError> {
    /// No answer in time.
    fn timed_out(after: Duration) -> Self;

    /// The kind.
    fn kind(&self) -> ErrorKind;

    /// Whether the connection is of no more use, and why.
    fn fate(&self) -> Fate {
        match self.kind() {
            ErrorKind::ConnectionLost => Fate::Broken,
            ErrorKind::Timeout | ErrorKind::Corrupt => Fate::Doubtful,
            _ => Fate::Fit,
        }
    }
}

/// What an error says of the connection that it came over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It can serve the next operation.
    Fit,
    /// An answer may yet come, or what comes is not to be trusted.
    Doubtful,
    /// It is closed, and others to the same server most likely as well.
    Broken,
}

macro_rules! backend_error {
    ($error:ty) => {
        impl From<LaneError> for $error {
            fn from(error: LaneError) -> Self {
                match error {
                    LaneError::Queue(span) => Self::QueueTimeout(span),
                    LaneError::Over => Self::Deadline,
                    LaneError::Unavailable(why) => Self::Unavailable(why),
                    LaneError::Rejected(why) => Self::Rejected(why),
                }
            }
        }

        impl BackendError for $error {
            fn timed_out(after: Duration) -> Self {
                Self::Timeout(after)
            }

            fn kind(&self) -> ErrorKind {
                self.kind()
            }
        }
    };
}

backend_error!(CacheError);
backend_error!(StoreError);

impl<T> Lane<T> {
    /// Ends the operation that [`Lane::start`] began: the lane serves on if what came of it allows that.
    pub(crate) fn settle<A, E: BackendError>(&mut self, result: Result<Result<A, E>, Spent>) -> Result<A, E> {
        let result = result.unwrap_or_else(|spent| Err(E::timed_out(spent.0)));
        match result.as_ref().err().map_or(Fate::Fit, E::fate) {
            Fate::Fit => self.finish(),
            Fate::Doubtful => {}
            Fate::Broken => self.retire_group(),
        }
        result
    }
}
