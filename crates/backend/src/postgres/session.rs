//! A connection for operations, over the client that the settings name.

use super::client_error::ClientError;
use super::direct::Direct;
use super::over_tokio::TokioSession;
use super::statement::{self, Change, Statements};
use cachemark_core::{Applied, Key, Row, StoreChange, Version};
use sqlx::PgConnection;
use std::time::Duration;

/// A connection whose statements are prepared. What a client crate does for an operation is boxed: its future would be room that
/// every layer above reserves and moves, over `direct` too.
pub(super) enum Session {
    Sqlx(PgConnection),
    /// Boxed: lanes move what they hold.
    Tokio(Box<TokioSession>),
    Direct(Box<Direct>),
}

impl Session {
    /// Reads the row of `key`, at `cost` if there is one.
    pub(super) async fn read(
        &mut self,
        statements: &Statements,
        key: &Key,
        cost: Option<Duration>,
    ) -> Result<Row, ClientError> {
        match self {
            Self::Sqlx(connection) => Ok(Box::pin(statements.read(connection, key, cost)).await?),
            Self::Tokio(session) => Ok(Box::pin(session.read(key, cost)).await?),
            Self::Direct(session) => Ok(session.read(key, cost).await?),
        }
    }

    /// Makes the change and returns the row's new version. Ends when the server is ready again, after the commit.
    pub(super) async fn change(&mut self, statements: &Statements, change: Change<'_>) -> Result<Version, ClientError> {
        match self {
            Self::Sqlx(connection) => Ok(Box::pin(change.run(statements, connection)).await?),
            Self::Tokio(session) => Ok(Box::pin(session.change(change)).await?),
            Self::Direct(session) => Ok(session.change(change).await?),
        }
    }

    /// Applies `changes` and says what became of each, in their order.
    pub(super) async fn apply(
        &mut self,
        statements: &Statements,
        changes: &[StoreChange],
    ) -> Result<Vec<Applied>, ClientError> {
        match self {
            Self::Sqlx(connection) => Ok(statement::apply(statements, connection, changes).await?),
            Self::Tokio(session) => Ok(session.apply(statements, changes).await?),
            Self::Direct(session) => Ok(session.apply(statements, changes).await?),
        }
    }

    /// Runs a statement whose rows nobody wants.
    pub(super) async fn run(&mut self, text: &'static str) -> Result<(), ClientError> {
        match self {
            Self::Sqlx(connection) => Ok(sqlx::query(text).execute(connection).await.map(drop)?),
            Self::Tokio(session) => Ok(session.run(text).await?),
            Self::Direct(session) => Ok(session.run(text).await?),
        }
    }
}
