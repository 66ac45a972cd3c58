//! Where programs are.

use std::fs;
use std::path::{Path, PathBuf};

/// Where Debian keeps the programs of each version of Postgres.
const POSTGRES_VERSIONS: &str = "/usr/lib/postgresql";

/// The program called `name`, in PATH.
pub(crate) fn in_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// One of Postgres's programs: beside the `initdb` in PATH, or of the newest version that Debian has.
pub(crate) fn of_postgres(name: &str) -> Option<PathBuf> {
    postgres().map(|folder| folder.join(name)).filter(|program| program.is_file())
}

fn postgres() -> Option<PathBuf> {
    if let Some(initdb) = in_path("initdb") {
        return initdb.parent().map(Path::to_owned);
    }
    let versions = fs::read_dir(POSTGRES_VERSIONS).ok()?;
    let version = |folder: &Path| folder.file_name()?.to_str()?.parse::<u32>().ok();
    versions
        .flatten()
        .map(|entry| entry.path())
        .filter(|folder| folder.join("bin/initdb").is_file())
        .max_by_key(|folder| version(folder))
        .map(|folder| folder.join("bin"))
}
