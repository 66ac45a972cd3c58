//! The files of a store's directory.

use cachemark_core::StoreError;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

const SUFFIX: &str = ".sqlite3";

/// Which database file is the current one, and which have been.
#[derive(Debug)]
pub(super) struct Files {
    directory: PathBuf,
    generation: Mutex<u64>,
}

impl Files {
    /// Looks for the newest database in `directory`, which is made if need be, and removes what is older.
    pub(super) fn open(directory: &Path) -> Result<Self, StoreError> {
        let newest = fs::create_dir_all(directory).and_then(|()| newest(directory)).map_err(|error| {
            StoreError::Unavailable(format!("the directory {} of SQLite: {error}", directory.display()))
        })?;
        let files = Self { directory: directory.to_owned(), generation: Mutex::new(newest.unwrap_or(0)) };
        files.remove_others();
        // Templates are not trusted beyond the process that made them.
        files.remove(|name| name.starts_with("template-"));
        Ok(files)
    }

    fn generation(&self) -> MutexGuard<'_, u64> {
        self.generation.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The database that operations use.
    pub(super) fn current(&self) -> PathBuf {
        self.rows(*self.generation())
    }

    fn rows(&self, generation: u64) -> PathBuf {
        self.directory.join(format!("rows-{generation}{SUFFIX}"))
    }

    /// Goes on to a copy of `template`. Blocks; the copy is on disk when this returns, so that no operation pays for
    /// it.
    pub(super) fn advance(&self, template: &Path) -> io::Result<()> {
        let next = self.rows(*self.generation() + 1);
        let half_made = next.with_extension("part");
        fs::copy(template, &half_made)?;
        fs::File::open(&half_made)?.sync_data()?;
        fs::rename(&half_made, &next)?;
        *self.generation() += 1;
        self.remove_others();
        Ok(())
    }

    /// Removes the databases before the current one. One that an abandoned thread still has open lives on without a
    /// name until it is closed. What cannot be removed is only in the way of the disk.
    fn remove_others(&self) {
        let current = self.current();
        let keep = current.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        // The log and its index are named after the database.
        self.remove(|name| name.starts_with("rows-") && !name.starts_with(keep));
    }

    fn remove(&self, unwanted: impl Fn(&str) -> bool) {
        let Ok(entries) = fs::read_dir(&self.directory) else { return };
        for entry in entries.flatten().filter(|entry| entry.file_name().to_str().is_some_and(&unwanted)) {
            drop(fs::remove_file(entry.path()));
        }
    }
}

/// Where the template of the given number stands.
pub(super) fn template(directory: &Path, number: usize) -> PathBuf {
    directory.join(format!("template-{number}{SUFFIX}"))
}

/// The highest generation that is there.
fn newest(directory: &Path) -> io::Result<Option<u64>> {
    let mut newest = None;
    for entry in fs::read_dir(directory)? {
        let name = entry?.file_name();
        let generation = name
            .to_str()
            .and_then(|name| name.strip_prefix("rows-")?.strip_suffix(SUFFIX))
            .and_then(|number| number.parse::<u64>().ok());
        newest = newest.max(generation);
    }
    Ok(newest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let mut names: Vec<_> =
            fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn advancing_copies_the_template_and_leaves_the_newest_only() {
        let directory = tempfile::tempdir().unwrap();
        let files = Files::open(directory.path()).unwrap();
        fs::write(template(directory.path(), 0), "rows").unwrap();
        for suffix in ["", "-wal", "-shm"] {
            fs::write(directory.path().join(format!("rows-0.sqlite3{suffix}")), "old").unwrap();
        }
        files.advance(&template(directory.path(), 0)).unwrap();
        assert_eq!(names(directory.path()), ["rows-1.sqlite3", "template-0.sqlite3"]);
        assert_eq!(fs::read(files.current()).unwrap(), b"rows");
    }

    #[test]
    fn opening_again_goes_on_with_the_newest() {
        let directory = tempfile::tempdir().unwrap();
        for name in ["rows-9.sqlite3", "rows-10.sqlite3", "rows-10.sqlite3-wal", "notes.txt", "template-0.sqlite3"] {
            fs::write(directory.path().join(name), "").unwrap();
        }
        let files = Files::open(directory.path()).unwrap();
        assert_eq!(files.current(), directory.path().join("rows-10.sqlite3"));
        assert_eq!(names(directory.path()), ["notes.txt", "rows-10.sqlite3", "rows-10.sqlite3-wal"]);
    }
}
