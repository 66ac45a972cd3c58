//! How a connection is made.

use super::client_error::Wrong;
use super::direct::Direct;
use super::over_tokio::{TokioSession, config};
use super::session::Session;
use super::statement::{SESSION, Statements};
use super::{PostgresClient, PostgresEndpoint, PostgresOptions, Schema, failure, shared_sessions};
use crate::lane::LaneError;
use cachemark_core::StoreError;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Error, Executor, PgConnection};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Makes connections, all alike.
#[derive(Clone)]
pub(super) struct Connector {
    endpoint: PostgresEndpoint,
    options: PgConnectOptions,
    client: PostgresClient,
    /// The same for tokio-postgres.
    config: Arc<tokio_postgres::Config>,
    schema: Schema,
    statements: Arc<Statements>,
    name: String,
}

/// Numbers the stores of this process.
static STORES: AtomicU64 = AtomicU64::new(0);

impl Connector {
    pub(super) fn new(options: &PostgresOptions) -> Self {
        let endpoint = options.endpoint.clone();
        let name = format!("cachemark-{}-{}", std::process::id(), STORES.fetch_add(1, Ordering::Relaxed));
        let connect = endpoint.connection().clone();
        let connect = connect
            // A name of its own for each store: the probe tells this store's connections from others by it.
            .application_name(&name)
            // Nothing here is a float, and poolers refuse what they don't know.
            .extra_float_digits(None)
            // A log line for each statement would cost more than the statement.
            .disable_statement_logging();
        let (client, config) = (options.client, Arc::new(config::of(&connect)));
        let (schema, statements) = (options.schema.clone(), Arc::new(Statements::new(&options.schema)));
        Self { endpoint, options: connect, client, config, schema, statements, name }
    }

    /// What the server knows this store's connections by.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn statements(&self) -> &Arc<Statements> {
        &self.statements
    }

    pub(super) fn told(&self, text: &str) -> String {
        self.endpoint.told(text)
    }

    /// What an error of making a connection means.
    pub(super) fn explain<'e>(&self, error: impl Into<Wrong<'e>>) -> LaneError {
        failure::explain_connect(&self.endpoint, &error.into())
    }

    pub(super) async fn open(&self) -> Result<PgConnection, Error> {
        self.options.connect().await
    }

    /// A connection for operations, over the client that is asked for.
    pub(super) async fn session(&self) -> Result<Session, LaneError> {
        let (config, statements) = (&self.config, &self.statements);
        match self.client {
            PostgresClient::Sqlx => Ok(Session::Sqlx(self.lane().await?)),
            PostgresClient::TokioPostgres => {
                let connected = TokioSession::connect(config, statements).await;
                Ok(Session::Tokio(Box::new(connected.map_err(|error| self.explain(&error))?)))
            }
            PostgresClient::Direct => {
                let connected = Direct::connect(config, statements).await;
                Ok(Session::Direct(Box::new(connected.map_err(|error| self.explain(&error))?)))
            }
        }
    }

    /// Connects over sqlx and prepares the statements, so that no operation pays for that.
    pub(super) async fn lane(&self) -> Result<PgConnection, LaneError> {
        let connecting = async {
            let mut connection = self.open().await?;
            connection.execute(SESSION).await?;
            for statement in self.statements.prepared() {
                connection.prepare(statement.clone()).await?;
            }
            Ok(connection)
        };
        connecting.await.map_err(|error: Error| self.explain(&error))
    }

    /// Makes the schema and the table if they are not there.
    pub(super) async fn make_table(&self, limit: Duration) -> Result<(), StoreError> {
        let making = async {
            let mut connection = self.open().await.map_err(|error| self.explain(&error))?;
            shared_sessions::refuse(self, &mut connection).await?;
            self.make_table_over(connection).await.map_err(|error| self.explain(&error))
        };
        match tokio::time::timeout(limit, making).await {
            Ok(made) => Ok(made?),
            Err(_) => Err(StoreError::Unavailable(self.told(&format!(
                "no session within {limit:?}: nothing answers there, or nothing that speaks the PostgreSQL protocol"
            )))),
        }
    }

    async fn make_table_over(&self, mut connection: PgConnection) -> Result<(), Error> {
        // Asked first, because making a schema that is there needs the right to make one.
        let there: bool = sqlx::query_scalar("SELECT EXISTS (SELECT FROM pg_namespace WHERE nspname = $1)")
            .bind(self.schema.to_string())
            .fetch_one(&mut connection)
            .await?;
        if !there {
            // The name is checked where it is made.
            connection.execute(AssertSqlSafe(format!("CREATE SCHEMA IF NOT EXISTS {}", self.schema))).await?;
        }
        connection.execute(self.statements.create.clone()).await?;
        connection.close().await
    }
}
