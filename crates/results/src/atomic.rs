//! Files that are whole or absent.

use crate::{RecordError, crash};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// What the names of unfinished files and folders begin with.
pub(crate) const PART: &str = ".part-";

/// Writes `bytes` to `path` so that a reader sees the old file, or the whole new one, whatever happens meanwhile:
/// temporary file beside it, fsync, rename, fsync of the folder.
///
/// # Errors
/// [`RecordError::Io`] with the path; the old file is then as it was.
pub fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), RecordError> {
    fill_whole(path, |file| crash::write_all(file, bytes))
}

/// As [`write_whole`], with all that `from` gives, which is never in memory at once.
pub(crate) fn copy_whole(path: &Path, mut from: impl Read) -> Result<(), RecordError> {
    fill_whole(path, |file| crash::copy(&mut from, file))
}

fn fill_whole(path: &Path, fill: impl FnOnce(&mut File) -> io::Result<()>) -> Result<(), RecordError> {
    let folder = folder_of(path);
    let fail = |source| RecordError::io("write", path, source);
    let mut temporary = tempfile::Builder::new().prefix(PART).tempfile_in(folder).map_err(fail)?;
    crash::point();
    fill(temporary.as_file_mut()).and_then(|()| temporary.as_file().sync_all()).map_err(fail)?;
    crash::point();
    set_readable(temporary.as_file()).map_err(fail)?;
    temporary.persist(path).map_err(|error| fail(error.error))?;
    crash::point();
    sync_folder(folder)
}

/// Makes the folder `to` appear whole: `fill` writes into a temporary folder beside it, which is then renamed.
pub(crate) fn make_folder_whole(
    to: &Path,
    fill: impl FnOnce(&Path) -> Result<(), RecordError>,
) -> Result<(), RecordError> {
    let parent = folder_of(to);
    let fail = |source| RecordError::io("make", to, source);
    let temporary = tempfile::Builder::new().prefix(PART).tempdir_in(parent).map_err(fail)?;
    crash::point();
    fill(temporary.path())?;
    set_folder_readable(temporary.path()).map_err(fail)?;
    sync_folder(temporary.path())?;
    crash::point();
    fs::rename(temporary.path(), to).map_err(fail)?;
    crash::point();
    // The folder now has its name: nothing is left to remove.
    let _ = temporary.keep();
    sync_folder(parent)
}

/// The folder that a path lies in. Of a bare name that is the current one, and not the empty path, which is none.
fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Temporary files are made for their owner alone; a record is for anyone who may read its folder.
#[cfg(unix)]
fn set_readable(file: &File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    file.set_permissions(fs::Permissions::from_mode(0o644))
}

#[cfg(unix)]
fn set_folder_readable(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn set_readable(_: &File) -> std::io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn set_folder_readable(_: &Path) -> std::io::Result<()> {
    Ok(())
}

pub(crate) fn sync_folder(folder: &Path) -> Result<(), RecordError> {
    File::open(folder).and_then(|file| file.sync_all()).map_err(|source| RecordError::io("write", folder, source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_fill_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let to = folder.path().join("1");
        let result = make_folder_whole(&to, |inside| {
            write_whole(&inside.join("a"), b"x")?;
            Err(RecordError::io("write", inside, std::io::Error::from(std::io::ErrorKind::StorageFull)))
        });
        assert!(result.unwrap_err().to_string().contains("free some space"));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_bare_name_lies_in_the_current_folder() {
        for (path, folder) in [("junit.xml", "."), ("a/junit.xml", "a"), ("/junit.xml", "/"), ("./junit.xml", ".")] {
            assert_eq!(folder_of(Path::new(path)), Path::new(folder), "{path}");
        }
    }

    #[test]
    fn a_file_is_replaced_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f");
        write_whole(&path, b"old").unwrap();
        write_whole(&path, b"newer").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"newer");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
