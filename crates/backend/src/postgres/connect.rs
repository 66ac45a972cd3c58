//! How a connection is made.

use super::{PostgresOptions, Schema, failure, statement};
use crate::lane::LaneError;
use cachemark_core::StoreError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Executor, PgConnection};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Makes connections, all alike.
#[derive(Clone)]
pub(super) struct Connector {
    options: PgConnectOptions,
    schema: Schema,
    name: String,
}

/// Numbers the stores of this process.
static STORES: AtomicU64 = AtomicU64::new(0);

impl Connector {
    pub(super) fn new(options: &PostgresOptions) -> Self {
        let connect = options.endpoint.connection().clone();
        let name = format!("cachemark-{}-{}", std::process::id(), STORES.fetch_add(1, Ordering::Relaxed));
        let connect = connect
            // A name of its own for each store: the probe tells this store's connections from others by it.
            .application_name(&name)
            // So the statements are constants, whatever the schema.
            .options([("search_path", &options.schema)])
            // A key is looked up by its index, whatever the planner last knew of the table's size: a small one it would
            // rather scan, and change its mind in the middle of a run.
            .options([("enable_seqscan", "off")])
            // A log line for each statement would cost more than the statement.
            .disable_statement_logging();
        Self { options: connect, schema: options.schema.clone(), name }
    }

    /// What the server knows this store's connections by.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// Connects and prepares the statements, so that no operation pays for that.
    pub(super) async fn lane(&self) -> Result<PgConnection, LaneError> {
        let connecting = async {
            let mut connection = self.options.connect().await?;
            for statement in statement::PREPARED {
                connection.prepare(sqlx::SqlStr::from_static(statement)).await?;
            }
            Ok(connection)
        };
        connecting.await.map_err(|error| failure::explain_connect(&error))
    }

    /// Makes the schema and the table if they are not there.
    pub(super) async fn make_table(&self, limit: Duration) -> Result<(), StoreError> {
        let making = async {
            let mut connection = self.options.connect().await?;
            // Asked first, because making a schema that is there needs the right to make one.
            let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)")
                .bind(self.schema.to_string())
                .fetch_one(&mut connection)
                .await?;
            if !there {
                // The name is checked where it is made.
                connection.execute(AssertSqlSafe(format!("CREATE SCHEMA IF NOT EXISTS {}", self.schema))).await?;
            }
            connection.execute(statement::CREATE).await?;
            connection.close().await
        };
        match tokio::time::timeout(limit, making).await {
            Ok(made) => Ok(made.map_err(|error| failure::explain_connect(&error))?),
            Err(_) => Err(StoreError::Unavailable(format!("no connection within {limit:?}"))),
        }
    }
}
