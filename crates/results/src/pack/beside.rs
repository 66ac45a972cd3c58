//! The trials' folders of a record that is packed: left beside the pack by a kill, or laid there by somebody.

use super::content::{Thoroughness, content};
use super::{FILES, SUMMARY, TRIALS, Unpacked, path_of, sha256};
use crate::atomic::{make_folder_whole, write_whole};
use crate::write::INTERVAL_LOG;
use crate::{RecordError, crash};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What a pack holds: the SHA-256 of each file.
pub(super) type Digests = BTreeMap<(u32, &'static str), String>;

impl Unpacked {
    pub(super) fn digests(&self) -> Result<Digests, RecordError> {
        let mut digests = Digests::new();
        self.each(|number, file, content| {
            let mut bytes = Vec::new();
            content.read_to_end(&mut bytes)?;
            digests.insert((number, file), sha256(&bytes));
            Ok(true)
        })?;
        Ok(digests)
    }
}

/// The first file of a trial's folder that is more than the pack has of it, or something else. Of a pack that leaves things
/// out nothing is, if `thoroughness` leaves them out too: that much was asked for.
pub(super) fn first_unpacked(
    folder: &Path,
    digests: &Digests,
    numbers: &[u32],
    thoroughness: Thoroughness,
) -> Result<Option<PathBuf>, RecordError> {
    for &number in numbers {
        // No log of another run goes because this pack has none: the trial beside it must be the pack's.
        let mut same_trial = false;
        for file in [SUMMARY].into_iter().chain(FILES.into_iter().filter(|file| *file != SUMMARY)) {
            let path = folder.join(path_of(number, file));
            if !path.exists() {
                continue;
            }
            let packed = match content(folder, number, file, thoroughness)? {
                Some(bytes) => digests.get(&(number, file)) == Some(&sha256(&bytes)),
                None => file == INTERVAL_LOG && same_trial,
            };
            if !packed {
                return Ok(Some(path));
            }
            same_trial |= file == SUMMARY;
        }
    }
    Ok(None)
}

/// Removes the files that are in the pack, and the folders that are then empty.
pub(super) fn remove(folder: &Path, numbers: &[u32]) -> Result<(), RecordError> {
    let gone = |path: &Path, result: io::Result<()>| match result {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(RecordError::io("remove", path, error)),
        _ => Ok(()),
    };
    let trials = folder.join(TRIALS);
    for number in numbers {
        // The summary is the last: what is left after a kill can still be told to be this trial's.
        for file in FILES {
            let path = folder.join(path_of(*number, file));
            crash::point();
            gone(&path, fs::remove_file(&path))?;
        }
        remove_if_empty(&trials.join(format!("{number:04}")))?;
    }
    remove_if_empty(&trials)
}

/// What somebody else laid into it is left alone.
fn remove_if_empty(folder: &Path) -> Result<(), RecordError> {
    match fs::remove_dir(folder) {
        Err(error) if !matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::DirectoryNotEmpty) => {
            Err(RecordError::io("remove", folder, error))
        }
        _ => Ok(()),
    }
}

/// Makes the trials' folders anew from the pack: all of them, or none.
pub(super) fn unpack(folder: &Path, pack: &Unpacked) -> Result<(), RecordError> {
    make_folder_whole(&folder.join(TRIALS), |inside| {
        let mut failed = None;
        pack.each(|number, file, content| {
            let mut bytes = Vec::new();
            content.read_to_end(&mut bytes)?;
            let trial = inside.join(format!("{number:04}"));
            let made = fs::create_dir_all(&trial).map_err(|source| RecordError::io("make", &trial, source));
            failed = made.and_then(|()| write_whole(&trial.join(file), &bytes)).err();
            Ok(failed.is_none())
        })?;
        failed.map_or(Ok(()), Err)
    })
}
