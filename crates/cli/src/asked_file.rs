//! Files that a flag asks for, besides what goes to stdout.

use crate::exit::Failure;
use cachemark_results::{RecordError, write_whole};
use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

/// A file, and the flag that asks for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AskedFile<'a> {
    flag: &'static str,
    path: &'a Path,
}

impl<'a> AskedFile<'a> {
    pub(crate) fn new(flag: &'static str, path: &'a Path) -> Self {
        Self { flag, path }
    }

    /// Refuses a file that could not be written, before anything is run.
    pub(crate) fn check(&self) -> Result<(), Failure> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(self.refused(&format!("there is no folder {}; make it first", folder.display())));
        }
        if matches!(Place::of(self.path), Place::Folder) {
            return Err(self.refused("it is a folder; name a file in it"));
        }
        Ok(())
    }

    /// What is wrong with it, as wrong usage.
    pub(crate) fn refused(&self, what: &str) -> Failure {
        Failure::Usage(format!("{} {}: {what}", self.flag, self.path.display()))
    }

    /// Writes it.
    pub(crate) fn write(&self, text: &str) -> Result<(), Failure> {
        let failed = |source| Failure::AskedFile { flag: self.flag, file: self.path.to_owned(), source };
        match Place::of(self.path) {
            Place::File(whole) => write_whole(&whole, text.as_bytes()).map_err(|error| match error {
                // What helps a record helps none of this.
                RecordError::Io { source, .. } => failed(source),
                other => other.into(),
            }),
            Place::Stream => {
                let opened = OpenOptions::new().append(true).open(self.path);
                opened.and_then(|mut stream| stream.write_all(text.as_bytes())).map_err(failed)
            }
            Place::Folder => Err(self.refused("it is a folder; name a file")),
        }
    }
}

/// What the path leads to.
enum Place {
    /// A file, there already or not: it is replaced whole. Of a link, the file that it leads to.
    File(PathBuf),
    /// A pipe or a device, or this process's own output: it is written through, for there is nothing to put in its place.
    Stream,
    /// Nothing can be written there.
    Folder,
}

impl Place {
    fn of(path: &Path) -> Self {
        let Ok(found) = std::fs::metadata(path) else { return Self::File(path.to_owned()) };
        match () {
            () if found.is_dir() => Self::Folder,
            () if !found.is_file() || is_open_file(path) => Self::Stream,
            () => Self::File(path.canonicalize().unwrap_or_else(|_| path.to_owned())),
        }
    }
}

/// Whether the path is that of a file which a process has open, as `/dev/stdout` is: what others write to it stays.
fn is_open_file(path: &Path) -> bool {
    let parts: Vec<&str> = path.to_str().unwrap_or_default().split('/').filter(|part| !part.is_empty()).collect();
    path.is_absolute()
        && matches!(parts[..], ["dev", "stdin" | "stdout" | "stderr"] | ["dev", "fd", _] | ["proc", _, "fd", _])
}
