//! How a connection is opened.

use super::{SqliteOptions, failure, statement};
use crate::lane::LaneError;
use cachemark_core::StoreError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, SqliteConnection};
use std::path::Path;
use std::time::Duration;

/// How much of the file is read through the page cache without a copy, in bytes. More than any database of a sweep:
/// SQLite maps no more than the file.
const MAPPED: &str = "268435456";

/// When SQLite syncs to disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synchronous {
    /// At checkpoints.
    Normal,
    /// At every commit.
    Full,
    /// Never.
    Off,
}

impl Synchronous {
    /// The one called `name` in settings.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Normal, Self::Full, Self::Off].into_iter().find(|one| one.name() == name)
    }

    /// The word for it in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Normal => "normal",
            Self::Full => "full",
            Self::Off => "off",
        }
    }
}

/// Opens connections, all alike.
#[derive(Debug, Clone)]
pub(super) struct Opener {
    synchronous: SqliteSynchronous,
    busy_timeout: Duration,
}

impl Opener {
    pub(super) fn new(options: &SqliteOptions) -> Self {
        let synchronous = match options.synchronous {
            Synchronous::Normal => SqliteSynchronous::Normal,
            Synchronous::Full => SqliteSynchronous::Full,
            Synchronous::Off => SqliteSynchronous::Off,
        };
        Self { synchronous, busy_timeout: options.busy_timeout }
    }

    fn options(&self, file: &Path) -> SqliteConnectOptions {
        SqliteConnectOptions::new()
            .filename(file)
            .busy_timeout(self.busy_timeout)
            .foreign_keys(false)
            // A log line for each statement would be most of the statement's cost.
            .disable_statement_logging()
    }

    /// Opens a connection for operations.
    pub(super) async fn open(&self, file: &Path) -> Result<SqliteConnection, LaneError> {
        self.options(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(self.synchronous)
            .pragma("mmap_size", MAPPED)
            .connect()
            .await
            .map_err(|error| match &error {
                // The file was reached, and is not one that can be used.
                sqlx::Error::Database(refused) => LaneError::Rejected(refused.to_string()),
                _ => LaneError::Unavailable(error.to_string()),
            })
    }

    /// Makes the table, and the database around it, if they are not there.
    pub(super) async fn make_table(&self, file: &Path) -> Result<(), StoreError> {
        let options = self.options(file).create_if_missing(true).journal_mode(SqliteJournalMode::Wal);
        let made = async {
            let mut connection = options.connect().await?;
            connection.execute(statement::CREATE).await?;
            connection.close().await
        };
        made.await.map_err(|error| StoreError::Unavailable(error.to_string()))
    }

    /// Opens a database that is only to be filled: nothing is kept safe until it is closed.
    pub(super) async fn open_for_filling(&self, file: &Path) -> Result<SqliteConnection, StoreError> {
        let options = self
            .options(file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off);
        let filling = async {
            let mut connection = options.connect().await?;
            connection.execute(statement::CREATE).await?;
            Ok(connection)
        };
        filling.await.map_err(|error: sqlx::Error| failure::explain(&error, failure::Kind::Read))
    }
}
