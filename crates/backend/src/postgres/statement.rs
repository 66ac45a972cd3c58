//! The statements, one for each operation. Each names the schema in which the table is: a search path can be lost on the
//! way (a pooler drops what a session is started with), and the table would be made in somebody else's.

use super::Schema;
use cachemark_core::{Applied, Key, Row, StoreChange, Value, Version};
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, Error, PgConnection, Row as _, SqlSafeStr, SqlStr};
use std::collections::HashSet;
use std::time::Duration;

/// A key is looked up by its index, whatever the planner last knew of the table's size: a small one it would rather scan,
/// and change its mind in the middle of a run. Set once the session is there: what it is started with a pooler may drop
/// or refuse.
pub(super) const SESSION: &str = "SET enable_seqscan = off";

/// The statements over the table of one schema. Cloning one is cheap.
#[derive(Debug)]
pub(super) struct Statements {
    pub(super) create: SqlStr,
    pub(super) read: SqlStr,
    pub(super) read_at_cost: SqlStr,
    look: SqlStr,
    keys: SqlStr,
    pub(super) write: SqlStr,
    pub(super) delete: SqlStr,
    pub(super) apply: SqlStr,
    pub(super) truncate: SqlStr,
    pub(super) analyze: SqlStr,
    /// COPY takes its own form.
    pub(super) copy: String,
}

/// A statement made here, of constants and a checked name.
fn ours(text: String) -> SqlStr {
    AssertSqlSafe(std::sync::Arc::<str>::from(text)).into_sql_str()
}

impl Statements {
    pub(super) fn new(schema: &Schema) -> Self {
        let table = format!("{schema}.cachemark_rows");
        Self {
            create: ours(format!(
                "CREATE TABLE IF NOT EXISTS {table} (key text COLLATE \"C\" PRIMARY KEY, version bigint NOT NULL, \
                 deleted boolean NOT NULL, value bytea NOT NULL)"
            )),
            read: ours(format!("SELECT version, deleted, value FROM {table} WHERE key = $1")),
            // One row always, of nulls if the key has none: so the sleep comes in any case.
            read_at_cost: ours(format!(
                "WITH cost AS MATERIALIZED (SELECT pg_sleep($2)) SELECT found.version, found.deleted, found.value \
                 FROM cost LEFT JOIN {table} AS found ON found.key = $1"
            )),
            look: ours(format!("SELECT key, version, deleted, value FROM {table} WHERE key = ANY($1)")),
            keys: ours(format!("SELECT key FROM {table} ORDER BY key LIMIT $1")),
            write: ours(format!(
                "INSERT INTO {table} AS row (key, version, deleted, value) VALUES ($1, 1, false, $2) ON CONFLICT (key) \
                 DO UPDATE SET version = row.version + 1, deleted = false, value = excluded.value RETURNING version"
            )),
            // The value goes: a deleted row is only its version.
            delete: ours(format!(
                "UPDATE {table} SET version = version + 1, deleted = true, value = '' WHERE key = $1 RETURNING version"
            )),
            // The rows are locked in the order in which they come, which is the same for every session: by bytes, as the table has it.
            apply: ours(format!(
                "INSERT INTO {table} AS row (key, version, deleted, value) SELECT given.key, given.version, given.deleted, \
                 given.value FROM unnest($1::text[], $2::bigint[], $3::boolean[], $4::bytea[]) AS given (key, version, \
                 deleted, value) ORDER BY given.key COLLATE \"C\" ON CONFLICT (key) DO UPDATE SET version = excluded.version, \
                 deleted = excluded.deleted, value = excluded.value WHERE row.version < excluded.version RETURNING key"
            )),
            truncate: ours(format!("TRUNCATE {table}")),
            analyze: ours(format!("ANALYZE {table}")),
            // FREEZE spares the first readers the marking of every row as visible; it needs a table emptied in the same
            // transaction.
            copy: format!("COPY {table} (key, version, deleted, value) FROM STDIN (FORMAT binary, FREEZE)"),
        }
    }

    /// What every lane prepares.
    pub(super) fn prepared(&self) -> [&SqlStr; 4] {
        [&self.read, &self.read_at_cost, &self.write, &self.delete]
    }

    /// Reads the row of `key`, at `cost` if there is one.
    pub(super) async fn read(
        &self,
        connection: &mut PgConnection,
        key: &Key,
        cost: Option<Duration>,
    ) -> Result<Row, Error> {
        let query = match cost {
            None => sqlx::query(self.read.clone()).bind(key.as_str()),
            Some(cost) => sqlx::query(self.read_at_cost.clone()).bind(key.as_str()).bind(slept(cost)),
        };
        let Some(row) = query.fetch_optional(connection).await? else { return Ok(Row::NEVER) };
        let Some(number) = row.try_get::<Option<i64>, _>(0)? else { return Ok(Row::NEVER) };
        let value = if row.try_get(1)? { None } else { Some(Value::new(row.try_get::<Vec<u8>, _>(2)?)) };
        Ok(Row { version: version(number), value })
    }

    /// The first `most` keys.
    pub(super) async fn keys(&self, connection: &mut PgConnection, most: i64) -> Result<Vec<String>, Error> {
        sqlx::query_scalar(self.keys.clone()).bind(most).fetch_all(connection).await
    }

    /// The rows of those of `keys` that have one.
    pub(super) async fn look(
        &self,
        connection: &mut PgConnection,
        keys: &[String],
    ) -> Result<Vec<(String, Row)>, Error> {
        let found = sqlx::query(self.look.clone()).bind(keys).fetch_all(connection).await?;
        let row = |row: PgRow| {
            let value = if row.try_get(2)? { None } else { Some(Value::new(row.try_get::<Vec<u8>, _>(3)?)) };
            Ok((row.try_get(0)?, Row { version: version(row.try_get(1)?), value }))
        };
        found.into_iter().map(row).collect()
    }
}

/// Applies `changes` and says what became of each, in their order. They are no more than may be applied together.
pub(super) async fn apply(
    statements: &Statements,
    connection: &mut PgConnection,
    changes: &[StoreChange],
) -> Result<Vec<Applied>, Error> {
    let batch = Batch::of(changes);
    let put: Vec<String> = sqlx::query_scalar(statements.apply.clone())
        .bind(batch.keys)
        .bind(batch.versions)
        .bind(batch.deleted)
        .bind(batch.values)
        .fetch_all(connection)
        .await?;
    Ok(became(changes, &put.iter().map(String::as_str).collect()))
}

/// Changes as the columns that are asked for together.
pub(super) struct Batch<'a> {
    pub(super) keys: Vec<&'a str>,
    pub(super) versions: Vec<i64>,
    pub(super) deleted: Vec<bool>,
    pub(super) values: Vec<&'a [u8]>,
}

impl<'a> Batch<'a> {
    pub(super) fn of(changes: &'a [StoreChange]) -> Self {
        let value = |change: &'a StoreChange| change.value.as_ref().map_or(&[][..], Value::as_bytes);
        Self {
            keys: changes.iter().map(|change| change.key.as_str()).collect(),
            // Versions are below 2^63, which was looked at.
            versions: changes.iter().map(|change| change.version.0.cast_signed()).collect(),
            deleted: changes.iter().map(|change| change.value.is_none()).collect(),
            values: changes.iter().map(value).collect(),
        }
    }
}

/// What became of each of `changes`, of which those with the keys in `put` were newer than what was there.
pub(super) fn became(changes: &[StoreChange], put: &HashSet<&str>) -> Vec<Applied> {
    let of = |change: &StoreChange| {
        if put.contains(change.key.as_str()) { Applied::Put } else { Applied::Superseded }
    };
    changes.iter().map(of).collect()
}

/// The seconds to ask `pg_sleep` for, so that it sleeps `cost`, rounded up to whole milliseconds. It waits in steps of whole
/// milliseconds until the time asked for is over: asked for a whole number of them it is a trifle short after as many
/// steps, and takes one more (1 ms came out at 2.1 ms). Half a millisecond less ends with the last step.
pub(super) fn slept(cost: Duration) -> f64 {
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
    pub(super) async fn run(self, statements: &Statements, connection: &mut PgConnection) -> Result<Version, Error> {
        let query = match self {
            Self::Write { key, value } => {
                sqlx::query_scalar(statements.write.clone()).bind(key.as_str()).bind(value.as_bytes())
            }
            Self::Delete { key } => sqlx::query_scalar(statements.delete.clone()).bind(key.as_str()),
        };
        Ok(query.fetch_optional(connection).await?.map_or(Version::NONE, version))
    }
}

/// Versions are counted up from 1, so they are never negative.
pub(super) fn version(number: i64) -> Version {
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
