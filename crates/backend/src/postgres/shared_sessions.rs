//! Whether each connection has a session of the server to itself.
//!
//! A pooler in transaction mode (PgBouncer's `pool_mode = transaction`) gives a session to whoever has something to ask:
//! statements that were prepared and settings that were made over one connection are met by another, or by none.

use super::Connector;
use crate::lane::LaneError;
use sqlx::{AssertSqlSafe, Connection, Error, Executor, PgConnection, Row as _};

/// Refuses a server whose sessions are shared. `first` leaves a mark in its session, and gives it back; if a second
/// connection then begins a transaction in a session with that mark, the two share it.
pub(super) async fn refuse(connector: &Connector, first: &mut PgConnection) -> Result<(), LaneError> {
    let shared = are_shared(connector, first).await.map_err(|error| connector.explain(&error))?;
    if !shared {
        return Ok(());
    }
    Err(LaneError::Rejected(connector.told(
        "connections share the sessions of the server, as behind PgBouncer with pool_mode = transaction: statements that \
         were prepared would be lost; take pool_mode = session, or the server's own port",
    )))
}

async fn are_shared(connector: &Connector, first: &mut PgConnection) -> Result<bool, Error> {
    let mark = connector.name();
    first.execute(AssertSqlSafe(format!("SET cachemark.session = '{mark}'"))).await?;
    let mut second = connector.open().await?;
    second.execute("BEGIN").await?;
    let found = second.fetch_one("SELECT coalesce(current_setting('cachemark.session', true), '')").await?;
    let shared = found.try_get::<String, _>(0)? == mark;
    second.execute("COMMIT").await?;
    first.execute("RESET cachemark.session").await?;
    second.close().await?;
    Ok(shared)
}
