//! The statements, one for each operation. The search path says in which schema the table is.

use cachemark_core::{Key, Row, Value, Version};
use sqlx::{Error, PgConnection, Row as _};
use std::time::Duration;

pub(super) const CREATE: &str = "CREATE TABLE IF NOT EXISTS cachemark_rows (\
     key text COLLATE \"C\" PRIMARY KEY, version bigint NOT NULL, deleted boolean NOT NULL, value bytea NOT NULL)";

const READ: &str = "SELECT version, deleted, value FROM cachemark_rows WHERE key = $1";

/// One row always, of nulls if the key has none: so the sleep comes in any case.
const READ_AT_COST: &str = "WITH cost AS MATERIALIZED (SELECT pg_sleep($2)) \
     SELECT found.version, found.deleted, found.value FROM cost LEFT JOIN cachemark_rows AS found ON found.key = $1";

const WRITE: &str = "INSERT INTO cachemark_rows AS row (key, version, deleted, value) VALUES ($1, 1, false, $2) \
     ON CONFLICT (key) DO UPDATE SET version = row.version + 1, deleted = false, value = excluded.value \
     RETURNING version";

// The value goes: a deleted row is only its version.
const DELETE: &str =
    "UPDATE cachemark_rows SET version = version + 1, deleted = true, value = '' WHERE key = $1 RETURNING version";

/// What every lane prepares.
pub(super) const PREPARED: [&str; 4] = [READ, READ_AT_COST, WRITE, DELETE];

/// Reads the row of `key`, at `cost` if there is one.
pub(super) async fn read(connection: &mut PgConnection, key: &Key, cost: Option<Duration>) -> Result<Row, Error> {
    let query = match cost {
        None => sqlx::query(READ).bind(key.as_str()),
        Some(cost) => sqlx::query(READ_AT_COST).bind(key.as_str()).bind(slept(cost)),
    };
    let Some(row) = query.fetch_optional(connection).await? else { return Ok(Row::NEVER) };
    let Some(number) = row.try_get::<Option<i64>, _>(0)? else { return Ok(Row::NEVER) };
    let value = if row.try_get(1)? { None } else { Some(Value::new(row.try_get::<Vec<u8>, _>(2)?)) };
    Ok(Row { version: version(number), value })
}

/// The seconds to ask `pg_sleep` for, so that it sleeps `cost`, rounded up to whole milliseconds. It waits in steps of whole
/// milliseconds until the time asked for is over: asked for a whole number of them it is a trifle short after as many
/// steps, and takes one more (1 ms came out at 2.1 ms). Half a millisecond less ends with the last step.
fn slept(cost: Duration) -> f64 {
    let millis = cost.as_micros().div_ceil(1000).max(1);
    (millis as f64 - 0.5) / 1000.0
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
    /// Makes the change and returns the row's new version. Ends when the server is ready again, after the commit.
    pub(super) async fn run(self, connection: &mut PgConnection) -> Result<Version, Error> {
        let query = match self {
            Self::Write { key, value } => sqlx::query_scalar(WRITE).bind(key.as_str()).bind(value.as_bytes()),
            Self::Delete { key } => sqlx::query_scalar(DELETE).bind(key.as_str()),
        };
        Ok(query.fetch_optional(connection).await?.map_or(Version::NONE, version))
    }
}

/// Versions are counted up from 1, so they are never negative.
fn version(number: i64) -> Version {
    Version(number.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cost_is_whole_milliseconds_less_half_a_step() {
        let seconds = |micros| slept(Duration::from_micros(micros));
        assert_eq!((seconds(1), seconds(1000), seconds(1001), seconds(2000)), (0.0005, 0.0005, 0.0015, 0.0015));
    }
}
