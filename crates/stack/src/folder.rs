//! Folders of our own in the temporary folder, which everybody may write to. What stands in one is made by us alone: its
//! names lead to no file of anybody else's, and what is read there was written by us.

use crate::account::Account;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

/// Makes a folder whose name begins with `prefix` in the temporary folder, for us alone. An `account` may pass through it
/// to what is made for it inside, and do nothing else there.
pub(crate) fn make(prefix: &str, account: Option<Account>) -> io::Result<PathBuf> {
    let private = Permissions::from_mode(0o700);
    let folder = tempfile::Builder::new().prefix(prefix).permissions(private).tempdir()?;
    if let Some(Account { group, .. }) = account {
        chown(folder.path(), None, Some(group))?;
        fs::set_permissions(folder.path(), Permissions::from_mode(0o710))?;
    }
    Ok(folder.keep())
}

/// Makes a folder inside of one of ours that is `account`'s alone; ours, if there is none.
pub(crate) fn make_for(account: Option<Account>, path: &Path) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)?;
    give(account, path)
}

/// Writes a new file with `mode`, whatever the umask.
pub(crate) fn write_new(path: &Path, mode: u32, text: &str) -> io::Result<()> {
    let mut file = options().create_new(true).mode(mode).open(path)?;
    file.set_permissions(Permissions::from_mode(mode))?;
    file.write_all(text.as_bytes())
}

/// Opens a log that is written anew, readable by us alone. A server writes to it through what it inherits.
pub(crate) fn log(path: &Path) -> io::Result<File> {
    options().create(true).truncate(true).mode(0o600).open(path)
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).custom_flags(rustix::fs::OFlags::NOFOLLOW.bits() as i32);
    options
}

fn give(account: Option<Account>, path: &Path) -> io::Result<()> {
    match account {
        Some(Account { user, group }) => chown(path, Some(user), Some(group)),
        None => Ok(()),
    }
}

/// A secret in a file that one account may read, in a folder that it alone may enter. Both go with this value.
#[derive(Debug)]
pub(crate) struct SecretFile {
    folder: PathBuf,
}

impl SecretFile {
    /// Writes `text` into a new folder at `path`, which lies in one of ours, and hands both over to `account`.
    pub(crate) fn new(account: Option<Account>, path: &Path, text: &str) -> io::Result<Self> {
        DirBuilder::new().mode(0o700).create(path)?;
        let secret = Self { folder: path.to_owned() };
        write_new(&secret.path(), 0o600, text)?;
        // The folder last: as long as it is ours, nobody puts something else where the file is.
        give(account, &secret.path())?;
        give(account, path)?;
        Ok(secret)
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join("secret")
    }
}

impl Drop for SecretFile {
    fn drop(&mut self) {
        // What stays behind goes with the stack's folder.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{MetadataExt, symlink};

    #[test]
    fn a_folder_is_ours_alone_whatever_the_umask() {
        let folder = make("cachemark-test-", None).unwrap();
        assert_eq!(folder.metadata().unwrap().mode() & 0o777, 0o700);
        let secret = SecretFile::new(None, &folder.join("login"), "s3cret").unwrap();
        assert_eq!(fs::read_to_string(secret.path()).unwrap(), "s3cret");
        assert_eq!(secret.path().metadata().unwrap().mode() & 0o777, 0o600);
        assert_eq!(folder.join("login").metadata().unwrap().mode() & 0o777, 0o700);
        drop(secret);
        assert!(!folder.join("login").exists());
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn no_link_is_followed() {
        let folder = make("cachemark-test-", None).unwrap();
        let (other, name) = (folder.join("other"), folder.join("redis.log"));
        fs::write(&other, "precious").unwrap();
        symlink(&other, &name).unwrap();
        assert!(log(&name).is_err() && write_new(&name, 0o600, "x").is_err());
        assert_eq!(fs::read_to_string(&other).unwrap(), "precious");
        fs::remove_dir_all(folder).unwrap();
    }
}
