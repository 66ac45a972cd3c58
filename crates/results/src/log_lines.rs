//! The lines of an interval log while its trial runs.

use crate::RecordError;
use std::fs::File;
use std::io::{self, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// Takes the lines of a trial's interval log, see [`RunWriter::log_lines`](crate::RunWriter::log_lines). They wait in a file
/// of the record's own file system that has no name: it is gone when this is dropped, or the process ends.
#[derive(Debug)]
pub struct LogLines {
    file: BufWriter<File>,
    /// Where the log is to be.
    path: PathBuf,
}

impl LogLines {
    pub(crate) fn new(beside: &Path, path: PathBuf) -> Result<Self, RecordError> {
        let file = tempfile::tempfile_in(beside).map_err(|source| RecordError::io("write", &path, source))?;
        Ok(Self { file: BufWriter::new(file), path })
    }

    /// Where the log is to be: what an error of writing is to name.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// A copy of the lines so far. More can be written after it.
    ///
    /// # Errors
    /// If the file cannot be written or read.
    pub fn copied(&mut self) -> io::Result<Vec<u8>> {
        self.file.flush()?;
        let file = self.file.get_mut();
        file.rewind()?;
        let mut lines = Vec::new();
        file.read_to_end(&mut lines)?;
        file.seek(SeekFrom::End(0))?;
        Ok(lines)
    }

    /// The lines, from the first.
    pub(crate) fn into_reader(mut self) -> Result<File, RecordError> {
        let whole = self.file.flush().and_then(|()| self.file.rewind());
        whole.map_err(|source| RecordError::io("write", &self.path, source))?;
        let (file, _) = self.file.into_parts();
        Ok(file)
    }
}

impl Write for LogLines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
