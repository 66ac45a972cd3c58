//! The rules that strategies have in common, read from their settings.

use crate::policy::Expiry;
use crate::settings::{ON_CACHE_READ_ERROR, ON_CACHE_WRITE_ERROR, ON_WRITE};
use cachemark_core::Settings;
use std::time::Duration;

/// What a committed write does to the cache's entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnWrite {
    /// Deletes it.
    Invalidate,
    /// Replaces it, whatever is there.
    Replace,
    /// Replaces it unless the cache holds a newer version.
    ReplaceOlder,
    /// Leaves it alone.
    Leave,
}

/// How a strategy updates the cache where its settings say `update`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Update {
    /// By a plain set, as applications do.
    Plain,
    /// By a versioned set.
    Versioned,
}

/// What a read does when the cache fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnReadError {
    /// Asks the store, and leaves the cache alone.
    Open,
    /// Returns the error.
    Closed,
}

/// What a committed write reports when the cache fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OnWriteError {
    /// Success, with the kind of the failure.
    Acknowledge,
    /// `OpError::AfterCommit`.
    Report,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Rules {
    pub(crate) on_write: OnWrite,
    pub(crate) on_read_error: OnReadError,
    pub(crate) on_write_error: OnWriteError,
    pub(crate) expiry: Expiry,
    /// How long an entry that says that the row was deleted takes the place of the one that a delete removes; none where it is
    /// only removed.
    pub(crate) tombstone_ttl: Option<Duration>,
}

impl Rules {
    /// The words have been checked against the descriptor, so only the ones that are not the default are looked for.
    pub(crate) fn new(settings: &Settings, update: Update) -> Self {
        let on_write = match (settings.text(ON_WRITE.name), update) {
            ("update", Update::Plain) => OnWrite::Replace,
            ("update", Update::Versioned) => OnWrite::ReplaceOlder,
            ("none", _) => OnWrite::Leave,
            _ => OnWrite::Invalidate,
        };
        let on_read_error = match settings.text(ON_CACHE_READ_ERROR.name) {
            "closed" => OnReadError::Closed,
            _ => OnReadError::Open,
        };
        let on_write_error = match settings.text(ON_CACHE_WRITE_ERROR.name) {
            "error" => OnWriteError::Report,
            _ => OnWriteError::Acknowledge,
        };
        Self { on_write, on_read_error, on_write_error, expiry: Expiry::new(settings), tombstone_ttl: None }
    }

    /// Of a strategy that removes the entry on a write, and has no setting that says otherwise.
    pub(crate) fn invalidating(settings: &Settings) -> Self {
        Self { on_write: OnWrite::Invalidate, ..Self::new(settings, Update::Plain) }
    }

    /// Of one that leaves it alone.
    pub(crate) fn leaving(settings: &Settings) -> Self {
        Self { on_write: OnWrite::Leave, ..Self::new(settings, Update::Plain) }
    }

    /// The same with other lifetimes.
    pub(crate) fn with(self, expiry: Expiry) -> Self {
        Self { expiry, ..self }
    }
}
