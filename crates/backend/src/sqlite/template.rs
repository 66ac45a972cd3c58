//! Templates: a preload made once, copied for every reset.

use super::connect::Opener;
use super::failure::{Kind, explain};
use super::files;
use cachemark_core::{PreloadRows, StoreError};
use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::Mutex;

/// Rows for each insert: two parameters a row stay far below SQLite's limit of 32766.
const BATCH: u64 = 500;

/// The templates that this process has made, by the identity of their rows: nothing else of a store is in them. A clone
/// shares them, so that stores that are opened one after another, or at once, make each once. Those of an earlier process
/// are not trusted: how an identity maps to rows is the program's business, and the program may have changed.
#[derive(Debug, Clone)]
pub struct Templates {
    directory: PathBuf,
    made: Arc<Mutex<BTreeMap<String, PathBuf>>>,
}

impl Templates {
    /// None yet. They are to stand in `directory`, which is made if it is not there; it is for these alone, or else is the
    /// directory of the one store that uses them.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        Self { directory: directory.into(), made: Arc::default() }
    }

    /// The template for `rows`, made now if this is the first time.
    pub(super) async fn of(&self, opener: &Opener, rows: &dyn PreloadRows) -> Result<PathBuf, StoreError> {
        // Held while one is made: whoever wants the same waits for it.
        let mut made = self.made.lock().await;
        let identity = rows.identity();
        if let Some(path) = made.get(&identity) {
            return Ok(path.clone());
        }
        let path = files::template(&self.directory, made.len());
        std::fs::create_dir_all(&self.directory).map_err(|error| unavailable(&self.directory, &error))?;
        remove(&path)?;
        fill(opener, &path, rows).await?;
        made.insert(identity, path.clone());
        Ok(path)
    }
}

async fn fill(opener: &Opener, path: &Path, rows: &dyn PreloadRows) -> Result<(), StoreError> {
    let mut connection = opener.open_for_filling(path).await?;
    let filled = async {
        insert_all(&mut connection, rows).await?;
        // Kept in the file's header: a copy opens in WAL mode at once.
        connection.execute("PRAGMA journal_mode = WAL").await?;
        connection.close().await
    };
    filled.await.map_err(|error| explain(&error, Kind::Read))
}

/// Inserts every row, at version 1, in one transaction.
async fn insert_all(connection: &mut SqliteConnection, rows: &dyn PreloadRows) -> Result<(), sqlx::Error> {
    connection.execute("BEGIN").await?;
    let count = rows.count();
    for first in (0..count).step_by(BATCH as usize) {
        let batch = first..count.min(first + BATCH);
        let places = vec!["(?,1,0,?)"; (batch.end - batch.start) as usize].join(",");
        // Only the number of places varies.
        let statement =
            AssertSqlSafe(format!("INSERT INTO cachemark_rows (key, version, deleted, value) VALUES {places}"));
        let mut query = sqlx::query(statement);
        for (key, value) in batch.map(|index| rows.row(index)) {
            query = query.bind(key.as_str().to_owned()).bind(value.as_bytes().to_vec());
        }
        query.execute(&mut *connection).await?;
    }
    connection.execute("COMMIT").await?;
    Ok(())
}

/// Removes what an earlier process may have left under the name.
fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(unavailable(path, &error)),
        _ => Ok(()),
    }
}

fn unavailable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("{}: {error}", path.display()))
}
