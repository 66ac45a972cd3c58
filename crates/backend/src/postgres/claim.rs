//! A schema as one run's place.

use super::{PostgresEndpoint, Schema};
use crate::claim::{Claim, ClaimError, Lock};
use sqlx::{ConnectOptions, Connection, Error, PgConnection, Row};

/// The first half of the advisory lock's number: "cach".
const OURS: i32 = 0x6361_6368;
/// The longest name of a session that the server keeps, in bytes.
const LONGEST_NAME: usize = 63;

const HOLDER: &str = "SELECT l.pid, coalesce(a.application_name, ''), coalesce(host(a.client_addr), 'a local socket'), \
     coalesce(to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"'), '') \
     FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid \
     WHERE l.locktype = 'advisory' AND l.classid::int8 = $1 AND l.objid::int8 = $2 AND l.objsubid = 2 AND l.granted \
     AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())";

impl PostgresEndpoint {
    /// Claims `schema` for a run, until the claim is released or the process ends. `who` names the session, for whoever
    /// looks at the server.
    ///
    /// # Errors
    /// [`ClaimError`] if another run has it, or the server does not let us.
    pub async fn claim(&self, schema: &Schema, who: &str) -> Result<Claim, ClaimError> {
        let mut name = who.to_owned();
        name.truncate(name.floor_char_boundary(LONGEST_NAME));
        Claim::take(PostgresLock { endpoint: self.clone(), name, number: number(schema), session: None }).await
    }
}

/// A number for the schema, the same in every build: FNV-1a, without the sign.
fn number(schema: &Schema) -> i32 {
    let hash = schema
        .to_string()
        .bytes()
        .fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
    (hash & 0x7fff_ffff) as i32
}

struct PostgresLock {
    endpoint: PostgresEndpoint,
    name: String,
    number: i32,
    /// The session that holds the lock.
    session: Option<PgConnection>,
}

impl PostgresLock {
    async fn take(&mut self) -> Result<Option<String>, Error> {
        let options = self.endpoint.connection().clone().application_name(&self.name).disable_statement_logging();
        let mut session = options.connect().await?;
        let taken: bool = sqlx::query_scalar("SELECT pg_try_advisory_lock($1, $2)")
            .bind(OURS)
            .bind(self.number)
            .fetch_one(&mut session)
            .await?;
        if taken {
            self.session = Some(session);
            return Ok(None);
        }
        let found = sqlx::query(HOLDER).bind(i64::from(OURS)).bind(i64::from(self.number)).fetch_optional(&mut session);
        let found = found.await?;
        let _ = session.close().await;
        let Some(row) = found else { return Ok(Some("it ended a moment ago".to_owned())) };
        let (process, name): (i32, String) = (row.try_get(0)?, row.try_get(1)?);
        let (from, since): (String, String) = (row.try_get(2)?, row.try_get(3)?);
        let name = if name.is_empty() { "a session of another user".to_owned() } else { name };
        let since = if since.is_empty() { since } else { format!(" since {since}") };
        Ok(Some(format!("{name}{since}, from {from}, served by the server's process {process}")))
    }
}

impl Lock for PostgresLock {
    const UNLESS: &'static str = "";

    async fn keep(&mut self) -> Result<Option<String>, String> {
        if let Some(session) = &mut self.session {
            if session.ping().await.is_ok() {
                return Ok(None);
            }
            // The server has closed it, and freed the lock.
            self.session = None;
        }
        self.take().await.map_err(|error| self.endpoint.told(&error.to_string()))
    }

    async fn free(&mut self) {
        if let Some(session) = self.session.take() {
            let _ = session.close().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_have_numbers_of_their_own() {
        let of = |name: &str| number(&Schema::new(name).unwrap());
        assert_ne!(of("cachemark"), of("cachemark_b"));
        assert!(of("cachemark") >= 0);
    }
}
