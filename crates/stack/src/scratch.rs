//! A folder for what a run itself keeps on disk: a store in the process, a record that nobody wants.

use crate::StackError;
use crate::folder;
use crate::marker::{self, STORE_PREFIX};
use crate::process::ProcessId;
use std::path::{Path, PathBuf};

/// A folder in the temporary folder, ours alone. Dropping it, at a panic too, removes it; what a run that was killed leaves
/// behind is found and cleared as a stack's folder is.
#[derive(Debug)]
pub struct Scratch {
    folder: PathBuf,
}

impl Scratch {
    /// Makes one.
    ///
    /// # Errors
    /// If the temporary folder cannot be written to.
    pub fn new() -> Result<Self, StackError> {
        let made = folder::make(STORE_PREFIX, None);
        let folder = made.map_err(|source| StackError::io("make a temporary folder", source))?;
        let scratch = Self { folder };
        marker::mark(scratch.path(), ProcessId::own(), Vec::new())?;
        Ok(scratch)
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A folder that stays behind is found by `cachemark stack status`.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
