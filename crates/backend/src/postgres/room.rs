//! How many connections a PostgreSQL server has room for.

use super::{PostgresEndpoint, PostgresOptions};
use crate::room::{Room, of_lanes};
use sqlx::{ConnectOptions, Connection, Error, Row};

/// The narrowest of the limits: the server's, without what it keeps for others, and the user's and the database's own, if they
/// have any. What a user may not see of others is null, or (`reserved_connections`) not there before version 16. Connections of
/// this process, by the beginning of their name, are not counted: they are those of a store that was there before.
const ROOM: &str = "WITH me AS (SELECT rolsuper, rolconnlimit FROM pg_roles WHERE rolname = session_user), \
     others AS (SELECT usename, datname FROM pg_stat_activity WHERE datid IS NOT NULL AND pid <> pg_backend_pid() \
         AND coalesce(backend_type, 'client backend') = 'client backend' \
         AND NOT starts_with(coalesce(application_name, ''), $1)), \
     limits AS (SELECT current_setting('max_connections')::int8 - CASE WHEN rolsuper THEN 0 ELSE \
             current_setting('superuser_reserved_connections')::int8 \
             + coalesce(nullif(current_setting('reserved_connections', true), '')::int8, 0) END AS most, \
             (SELECT count(*) FROM others) AS taken FROM me \
         UNION ALL SELECT rolconnlimit, (SELECT count(*) FROM others WHERE usename = session_user) FROM me \
             WHERE rolconnlimit >= 0 AND NOT rolsuper \
         UNION ALL SELECT datconnlimit, (SELECT count(*) FROM others WHERE datname = current_database()) \
             FROM pg_database, me WHERE datname = current_database() AND datconnlimit >= 0 AND NOT rolsuper) \
     SELECT most, taken FROM limits ORDER BY most - taken LIMIT 1";

impl PostgresOptions {
    /// How many connections are held at most.
    #[must_use]
    pub fn connections(&self) -> u64 {
        of_lanes(self.lanes, self.drivers)
    }
}

impl PostgresEndpoint {
    /// How many connections the server has room for (`max_connections` and the like), if it tells. Those of this process are
    /// not counted as taken.
    pub async fn room(&self) -> Option<Room> {
        let asked = async {
            let mut session = self.connection().clone().disable_statement_logging().connect().await?;
            let ours = format!("cachemark-{}-", std::process::id());
            let found = sqlx::query(ROOM).bind(ours).fetch_optional(&mut session).await?;
            let _ = session.close().await;
            let Some(row) = found else { return Ok(None) };
            let (most, taken): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
            let count = |figure: i64| u64::try_from(figure).unwrap_or(0);
            Ok::<_, Error>(Some(Room { limit: count(most), taken: count(taken) }))
        };
        Room::told(asked).await
    }
}
