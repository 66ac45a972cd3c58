//! Who writes a record: one process at a time.

use crate::RecordError;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::Write;
use std::path::Path;

/// The file that is locked. It stays: only the lock on it means something, and the kernel releases that with the process.
const FILE: &str = ".lock";

/// Held by the writer of a record for as long as it writes, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Drop for Lock {
    /// A process that another thread is just starting has a copy of the file until it runs its own program: closing ours alone would
    /// leave the lock to it for that long.
    fn drop(&mut self) {
        let _ = self.file.unlock();
    }
}

impl Lock {
    /// Locks the record in `folder`.
    ///
    /// # Errors
    /// [`RecordError::Busy`] if a living process holds it.
    pub(crate) fn take(folder: &Path) -> Result<Self, RecordError> {
        let path = folder.join(FILE);
        let fail = |source| RecordError::io("lock", &path, source);
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        // Whoever made the record may be somebody else: a link in the lock's place would have us empty another file.
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, rustix::fs::OFlags::NOFOLLOW.bits() as i32);
        let mut file = options.open(&path).map_err(fail)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let holder = fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok());
                return Err(RecordError::Busy { path: folder.to_owned(), holder });
            }
            // A file system without locks is no reason not to measure.
            Err(TryLockError::Error(error)) if error.kind() == std::io::ErrorKind::Unsupported => {}
            Err(TryLockError::Error(error)) => return Err(fail(error)),
        }
        // For whoever is refused; nothing depends on it.
        file.set_len(0).and_then(|()| writeln!(file, "{}", std::process::id())).map_err(fail)?;
        Ok(Self { file })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_is_given_back_is_free_whoever_has_a_copy_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let lock = Lock::take(folder.path()).unwrap();
        let copy = lock.file.try_clone().unwrap();
        assert!(matches!(Lock::take(folder.path()), Err(RecordError::Busy { .. })));
        drop(lock);
        assert!(Lock::take(folder.path()).is_ok());
        drop(copy);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_the_locks_place_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let precious = folder.path().join("precious");
        fs::write(&precious, "kept").unwrap();
        std::os::unix::fs::symlink(&precious, folder.path().join(FILE)).unwrap();
        assert!(Lock::take(folder.path()).is_err());
        assert_eq!(fs::read_to_string(&precious).unwrap(), "kept");
    }
}
