//! Where the servers' programs are.

use crate::StackError;
use std::fs;
use std::path::{Path, PathBuf};

/// Where Debian keeps the programs of each version of Postgres.
const POSTGRES_VERSIONS: &str = "/usr/lib/postgresql";

/// The program called `name`, in PATH.
pub(crate) fn in_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(name)).find(|program| program.is_file())
}

/// The program that a native stack would start as `redis-server`, `memcached` or `postgres`; of any other name, PATH's.
#[must_use]
pub fn program(name: &str) -> Option<PathBuf> {
    match name {
        "postgres" => postgres().map(|folder| folder.join(name)).filter(|program| program.is_file()),
        _ => in_path(name),
    }
}

/// The folder of Postgres's programs: PATH's, or the newest that Debian has.
pub(crate) fn postgres() -> Option<PathBuf> {
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

/// The programs asked for, or the names of all that are missing.
pub(crate) fn required(redis: bool, memcached: bool, with_postgres: bool) -> Result<Programs, StackError> {
    let programs = Programs {
        redis: redis.then(|| in_path("redis-server")).flatten(),
        memcached: memcached.then(|| in_path("memcached")).flatten(),
        postgres: with_postgres.then(postgres).flatten(),
    };
    let missing: Vec<_> = [
        ("redis-server", redis && programs.redis.is_none()),
        ("memcached", memcached && programs.memcached.is_none()),
        ("postgresql", with_postgres && programs.postgres.is_none()),
    ]
    .into_iter()
    .filter_map(|(name, lacking)| lacking.then_some(name))
    .collect();
    if missing.is_empty() { Ok(programs) } else { Err(StackError::Missing(missing)) }
}

/// The programs of a native stack; those that were not asked for are none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Programs {
    pub(crate) redis: Option<PathBuf>,
    pub(crate) memcached: Option<PathBuf>,
    /// The folder of `initdb` and `postgres`.
    pub(crate) postgres: Option<PathBuf>,
}
