//! Reading a pack.

use super::{FILES, PACK, limits, parsed, sha256};
use crate::RecordError;
use crate::schema::packed::Packed;
use crate::write::INTERVAL_LOG;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The trials of a pack, in memory but for their interval logs, which are long and seldom asked for.
#[derive(Debug, Clone)]
pub(crate) struct Unpacked {
    path: PathBuf,
    said: Packed,
    /// The pack as it is on disk, its digest checked.
    pack: Vec<u8>,
    files: BTreeMap<(u32, &'static str), Vec<u8>>,
}

impl Unpacked {
    /// Reads the pack in `folder`, of which the manifest has `said` what it is.
    ///
    /// # Errors
    /// [`RecordError::Io`] if it cannot be read; [`RecordError::Malformed`] if it is not what the manifest says, or holds
    /// more than it says, or more than a pack may hold.
    pub(crate) fn open(folder: &Path, said: &Packed) -> Result<Self, RecordError> {
        let path = folder.join(PACK);
        if let Some(reason) = limits::refused(said) {
            return Err(RecordError::Malformed { path, detail: reason });
        }
        let mut pack = Vec::new();
        let file = File::open(&path).map_err(|source| RecordError::io("read", &path, source))?;
        let read = file.take(said.bytes.saturating_add(1)).read_to_end(&mut pack);
        read.map_err(|source| RecordError::io("read", &path, source))?;
        Self::of(path, said.clone(), pack)
    }

    /// The pack with these bytes.
    pub(super) fn of(path: PathBuf, said: Packed, pack: Vec<u8>) -> Result<Self, RecordError> {
        let digest = sha256(&pack);
        if pack.len() as u64 != said.bytes || digest != said.sha256 {
            let detail = format!(
                "its SHA-256 is {digest} and the manifest says {}: it is damaged, or belongs to another record; take it again \
                 from where the record came from",
                said.sha256
            );
            return Err(RecordError::Malformed { path, detail });
        }
        let mut unpacked = Self { path, said, pack, files: BTreeMap::new() };
        let mut files = BTreeMap::new();
        unpacked.each(|number, file, content| {
            let mut bytes = Vec::new();
            if file != INTERVAL_LOG {
                content.read_to_end(&mut bytes)?;
            }
            match files.insert((number, file), bytes) {
                None => Ok(true),
                Some(_) => Err(std::io::Error::other(format!("it holds {file} of trial {number} twice"))),
            }
        })?;
        unpacked.files = files;
        Ok(unpacked)
    }

    /// The numbers of its trials, ascending.
    pub(crate) fn numbers(&self) -> Vec<u32> {
        let mut numbers: Vec<u32> = self.files.keys().map(|(number, _)| *number).collect();
        numbers.dedup();
        numbers
    }

    /// A file of a trial, which is not its interval log.
    ///
    /// # Errors
    /// [`RecordError::Malformed`] if the pack has none.
    pub(crate) fn file(&self, number: u32, file: &'static str) -> Result<&[u8], RecordError> {
        let missing = || RecordError::Malformed { path: self.inside(number, file), detail: "it is not there".into() };
        self.files.get(&(number, file)).map(Vec::as_slice).ok_or_else(missing)
    }

    /// The interval log of a trial, if it has one.
    ///
    /// # Errors
    /// [`RecordError::Malformed`].
    pub(crate) fn interval_log(&self, number: u32) -> Result<Option<Vec<u8>>, RecordError> {
        if !self.files.contains_key(&(number, INTERVAL_LOG)) {
            return Ok(None);
        }
        let mut log = None;
        self.each(|at, file, content| {
            if (at, file) == (number, INTERVAL_LOG) {
                let mut bytes = Vec::new();
                content.read_to_end(&mut bytes)?;
                log = Some(bytes);
            }
            Ok(log.is_none())
        })?;
        Ok(log)
    }

    /// How a file within is named in errors.
    pub(crate) fn inside(&self, number: u32, file: &str) -> PathBuf {
        self.path.join(super::path_of(number, file))
    }

    /// Hands each file to `take`, in the order of the archive, until that returns false.
    pub(super) fn each(
        &self,
        mut take: impl FnMut(u32, &'static str, &mut dyn Read) -> std::io::Result<bool>,
    ) -> Result<(), RecordError> {
        let refuse =
            |error: std::io::Error| RecordError::Malformed { path: self.path.clone(), detail: error.to_string() };
        let decoder = zstd::stream::read::Decoder::with_buffer(self.pack.as_slice()).map_err(refuse)?;
        let mut archive = tar::Archive::new(Bounded { from: decoder, left: self.said.unpacked_bytes });
        for entry in archive.entries().map_err(refuse)? {
            let mut entry = entry.map_err(refuse)?;
            let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            let ours = parsed(&path).filter(|_| entry.header().entry_type().is_file());
            let (number, file) = ours.ok_or_else(|| RecordError::Malformed {
                path: self.path.clone(),
                detail: format!("it holds `{}`, which is none of {}", path.escape_debug(), FILES.join(", ")),
            })?;
            if !take(number, file, &mut entry).map_err(refuse)? {
                return Ok(());
            }
        }
        // The archive ends before the stream does: a damaged end, or more than was said, would pass unseen.
        std::io::copy(archive.into_inner().by_ref(), &mut std::io::sink()).map(drop).map_err(refuse)
    }
}

/// Reads up to a number of bytes; that there are more is an error, and not the end.
struct Bounded<R> {
    from: R,
    left: u64,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        // One more than is left shows that there are more.
        let most = usize::try_from(self.left.saturating_add(1)).unwrap_or(usize::MAX).min(buffer.len());
        let read = self.from.read(&mut buffer[..most])?;
        self.left = self.left.checked_sub(read as u64).ok_or_else(|| {
            std::io::Error::other("it unpacks to more bytes than the manifest says, and was not unpacked further")
        })?;
        Ok(read)
    }
}
