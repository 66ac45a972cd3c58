//! What a pack holds of each trial.

use super::{SUMMARY, path_of, slim};
use crate::RecordError;
use std::fs;
use std::io;
use std::path::Path;

/// What is packed of each trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Thoroughness {
    /// Everything, byte by byte.
    Whole,
    /// For a copy that has to be small: no interval logs, no histograms of hops, and the other histograms to two digits
    /// (1 %). Every page can still be made from it. The manifest, and so the page, says what is missing.
    Slim,
}

/// What the pack is to hold of a trial's file; none if there is no such file, or it is left out.
pub(super) fn content(
    folder: &Path,
    number: u32,
    file: &'static str,
    thoroughness: Thoroughness,
) -> Result<Option<Vec<u8>>, RecordError> {
    let path = folder.join(path_of(number, file));
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        // A trial over HTTP, or of an older version, has no interval log.
        Err(error) if error.kind() == io::ErrorKind::NotFound && file != SUMMARY => return Ok(None),
        Err(source) => return Err(RecordError::io("read", &path, source)),
    };
    match thoroughness {
        Thoroughness::Whole => Ok(Some(bytes)),
        Thoroughness::Slim => slim::slimmed(&path, file, bytes),
    }
}
