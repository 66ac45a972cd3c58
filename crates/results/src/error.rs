//! What can go wrong with a record.

use std::io;
use std::path::{Path, PathBuf};

/// An error of reading or writing a record.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// The file system refused.
    #[error("cannot {action} {}: {source}{}", path.display(), remedy(action, source))]
    Io {
        /// `read`, `write`, `make`, `lock`, `remove`.
        action: &'static str,
        /// What.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The file is not of the record's form.
    #[error("{} is not a record of cachemark: {detail}", path.display())]
    Malformed {
        /// Which file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// The folder holds no record.
    #[error(
        "there is no record in {}: it {}{}",
        folder.display(),
        if !folder.exists() { "does not exist" } else if folder.is_dir() { "has no manifest.json" } else { "is no folder" },
        nearest.as_ref().map(|record| format!(" (a record is the folder of one run, as {} is)", record.display())).unwrap_or_default()
    )]
    Missing {
        /// Where one was looked for.
        folder: PathBuf,
        /// The latest record that is a folder in it, if there is one.
        nearest: Option<PathBuf>,
    },
    /// Another process is writing the record.
    #[error(
        "{} is being written by {}: wait for that to end, or stop it first",
        path.display(), holder.map_or_else(|| "another process".to_owned(), |pid| format!("process {pid}"))
    )]
    Busy {
        /// The record's folder.
        path: PathBuf,
        /// The process that writes it, as far as it has said so.
        holder: Option<u32>,
    },
    /// Another version of the form.
    #[error(
        "{} has schema version {found}; this build reads {} to {}: use the cachemark that wrote it, or run again",
        path.display(), crate::OLDEST_VERSION, crate::SCHEMA_VERSION
    )]
    Version {
        /// Which file.
        path: PathBuf,
        /// Its version.
        found: u64,
    },
}

impl RecordError {
    /// Why the manifest of `folder` cannot be read.
    pub(crate) fn of_manifest(folder: &Path, source: io::Error) -> Self {
        if matches!(source.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) {
            return Self::Missing { folder: folder.to_owned(), nearest: crate::latest_in(folder) };
        }
        Self::io("read", &folder.join("manifest.json"), source)
    }

    pub(crate) fn io(action: &'static str, path: &Path, source: io::Error) -> Self {
        Self::Io { action, path: path.to_owned(), source }
    }
}

fn remedy(action: &str, source: &io::Error) -> &'static str {
    use io::ErrorKind::{AlreadyExists, NotADirectory, PermissionDenied, ReadOnlyFilesystem, StorageFull};
    match (source.kind(), action) {
        (StorageFull, _) => " (free some space or choose another --out; what was finished before is whole)",
        (AlreadyExists | NotADirectory, "make") => {
            " (there is a file of that name in the way: choose another folder with --out)"
        }
        (PermissionDenied, "read") => "",
        // A new record is made; whatever else is written is a part of one that is there.
        (PermissionDenied | ReadOnlyFilesystem, "make") => " (choose another folder with --out)",
        (PermissionDenied | ReadOnlyFilesystem, _) => {
            " (copy the record to a folder that you may write, and use it there)"
        }
        _ => "",
    }
}
