//! The statements, one for each operation.

use cachemark_core::{Applied, Key, Row, StoreChange, Value, Version};
use sqlx::sqlite::SqliteRow;
use sqlx::{Error, QueryBuilder, Row as _, Sqlite, SqliteConnection};
use std::collections::{HashMap, HashSet};

pub(super) const CREATE: &str = "CREATE TABLE IF NOT EXISTS cachemark_rows (\
     key TEXT PRIMARY KEY NOT NULL, version INTEGER NOT NULL, deleted INTEGER NOT NULL, value BLOB NOT NULL) \
     WITHOUT ROWID";

const READ: &str = "SELECT version, deleted, value FROM cachemark_rows WHERE key = ?1";

const WRITE: &str = "INSERT INTO cachemark_rows (key, version, deleted, value) VALUES (?1, 1, 0, ?2) \
     ON CONFLICT (key) DO UPDATE SET version = version + 1, deleted = 0, value = excluded.value RETURNING version";

// The value goes: a deleted row is only its version.
const DELETE: &str =
    "UPDATE cachemark_rows SET version = version + 1, deleted = 1, value = x'' WHERE key = ?1 RETURNING version";

/// Reads the row of `key`.
pub(super) async fn read(connection: &mut SqliteConnection, key: &Key) -> Result<Row, Error> {
    let Some(row) = sqlx::query(READ).bind(key.as_str()).fetch_optional(connection).await? else {
        return Ok(Row::NEVER);
    };
    let version = version(row.try_get(0)?);
    let value = if row.try_get(1)? { None } else { Some(Value::new(row.try_get::<Vec<u8>, _>(2)?)) };
    Ok(Row { version, value })
}

/// The rows of those of `keys` that have one. No more keys than a statement may have parameters (32,766).
pub(super) async fn look(connection: &mut SqliteConnection, keys: &[Key]) -> Result<HashMap<String, Row>, Error> {
    let mut query =
        QueryBuilder::<Sqlite>::new("SELECT key, version, deleted, value FROM cachemark_rows WHERE key IN (");
    let mut places = query.separated(", ");
    for key in keys {
        places.push_bind(key.as_str());
    }
    let found = query.push(")").build().persistent(false).fetch_all(connection).await?;
    let row = |row: SqliteRow| {
        let value = if row.try_get(2)? { None } else { Some(Value::new(row.try_get::<Vec<u8>, _>(3)?)) };
        Ok((row.try_get(0)?, Row { version: version(row.try_get(1)?), value }))
    };
    found.into_iter().map(row).collect()
}

/// Applies `changes` and says what became of each, in their order. They are no more than may be applied together, which is a quarter
/// of what a statement may have parameters for; one statement is one transaction.
pub(super) async fn apply(connection: &mut SqliteConnection, changes: &[StoreChange]) -> Result<Vec<Applied>, Error> {
    let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO cachemark_rows (key, version, deleted, value) ");
    query.push_values(changes, |mut row, change| {
        // Versions are below 2^63, which was looked at.
        row.push_bind(change.key.as_str()).push_bind(change.version.0.cast_signed()).push_bind(change.value.is_none());
        row.push_bind(change.value.as_ref().map_or(&[][..], Value::as_bytes));
    });
    query.push(
        " ON CONFLICT (key) DO UPDATE SET version = excluded.version, deleted = excluded.deleted, value = excluded.value \
         WHERE version < excluded.version RETURNING key",
    );
    // To the end of the statement: see `Change::run`.
    let found = query.build().persistent(false).fetch_all(connection).await?;
    let put = found.into_iter().map(|row: SqliteRow| row.try_get(0)).collect::<Result<HashSet<String>, Error>>()?;
    let became = |change: &StoreChange| {
        if put.contains(change.key.as_str()) { Applied::Put } else { Applied::Superseded }
    };
    Ok(changes.iter().map(became).collect())
}

/// A change of one row.
#[derive(Debug, Clone, Copy)]
pub(super) enum Change<'a> {
    /// Inserts, overwrites or revives.
    Write {
        /// The row's key.
        key: &'a Key,
        /// Its value from now on.
        value: &'a Value,
    },
    /// Marks deleted.
    Delete {
        /// The row's key.
        key: &'a Key,
    },
}

impl Change<'_> {
    /// Makes the change and returns the row's new version.
    pub(super) async fn run(self, connection: &mut SqliteConnection) -> Result<Version, Error> {
        let query = match self {
            Self::Write { key, value } => sqlx::query_scalar(WRITE).bind(key.as_str()).bind(value.as_bytes()),
            Self::Delete { key } => sqlx::query_scalar(DELETE).bind(key.as_str()),
        };
        // To the end of the statement, though it has one row at most: SQLite commits when the statement ends, and
        // stopping at the first row would hide a commit that failed.
        let versions: Vec<i64> = query.fetch_all(connection).await?;
        Ok(versions.first().map_or(Version::NONE, |&number| version(number)))
    }
}

/// Versions are counted up from 1, so they are never negative.
fn version(number: i64) -> Version {
    Version(number.unsigned_abs())
}
