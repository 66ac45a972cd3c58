//! Why a record is not confirmed.

use std::path::PathBuf;

/// Why a record is not confirmed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfirmError {
    /// It searched for loads.
    #[error(
        "{} is a capacity search: it compares no arms, so it has no row to confirm; run its command again and read both answers",
        folder.display()
    )]
    Search {
        /// Which.
        folder: PathBuf,
    },
    /// Services were measured, which only its owner can start.
    #[error(
        "{} was measured over services that are not started from here: start them, run `{command}`, and give the record that comes of it with --with",
        folder.display()
    )]
    Services {
        /// Which.
        folder: PathBuf,
        /// How it was made.
        command: String,
    },
    /// It was stopped.
    #[error("{} did not come to its end: there are trials missing, so there is nothing to confirm yet", folder.display())]
    Unfinished {
        /// Which.
        folder: PathBuf,
    },
    /// None of its rows has an interval.
    #[error(
        "{} has no interval in any row (blocks: {blocks}; an interval takes {}): it says nothing that could be confirmed",
        folder.display(),
        super::least_blocks()
    )]
    NoInterval {
        /// Which.
        folder: PathBuf,
        /// How many blocks it has.
        blocks: usize,
    },
    /// Nothing is in both.
    #[error("{} and {} have no comparison in common: the second is no run of the first's definition", published.display(), here.display())]
    NoCommonRow {
        /// The published record.
        published: PathBuf,
        /// The other.
        here: PathBuf,
    },
}
