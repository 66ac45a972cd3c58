//! How a PostgreSQL server is used.

use super::{PostgresEndpoint, Schema};
use crate::timeouts::Timeouts;
use cachemark_core::{Setting, Settings};
use std::time::Duration;

pub(super) const LANES: Setting = Setting::lanes("lanes", 256, 8, "Connections held for each driver thread.");

pub(super) const CLIENT: Setting = Setting::choice(
    "client",
    &["sqlx", "tokio-postgres", "direct"],
    "The Rust client that operations go over; direct is none: each operation writes and reads the protocol's messages itself, which \
     takes the least of the processor. Schema, preload and the server's own figures go over sqlx in any case.",
)
.quiet();

/// What operations go over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PostgresClient {
    /// sqlx.
    Sqlx,
    /// tokio-postgres.
    TokioPostgres,
    /// None: operations write and read the protocol's messages themselves. It measures the server, where the others measure what a
    /// program of Rust has of it.
    Direct,
}

impl PostgresClient {
    /// The word for it in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlx => "sqlx",
            Self::TokioPostgres => "tokio-postgres",
            Self::Direct => "direct",
        }
    }

    fn of(settings: &Settings) -> Self {
        // The setting takes no other word than these and the default.
        let named = |client: &Self| client.name() == settings.text(CLIENT.name);
        [Self::TokioPostgres, Self::Direct].into_iter().find(named).unwrap_or(Self::Sqlx)
    }
}

/// How a PostgreSQL server is used.
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    /// Where it is.
    pub endpoint: PostgresEndpoint,
    /// The schema that holds our table. It is made if it is not there, and belongs to one user of the server at a time.
    pub schema: Schema,
    /// What operations go over.
    pub client: PostgresClient,
    /// Connections for each driver thread, 1 or more. One more is for the probe.
    pub lanes: usize,
    /// Driver threads, 1 or more.
    pub drivers: usize,
    /// How long it is waited for.
    pub timeouts: Timeouts,
    /// Added to each read by the server, rounded up to whole milliseconds.
    pub read_cost: Option<Duration>,
    /// Whether schema and table are made where they are not there. Whoever only looks makes none: without a table nothing can be asked.
    pub make_table: bool,
    /// The server is ours alone: a reset ends with a checkpoint, so that none that it caused falls into what follows.
    pub owned: bool,
}

impl PostgresOptions {
    /// The defaults of [`DESCRIPTOR`](super::DESCRIPTOR), for one driver thread, over a server that isn't ours, in the schema `cachemark`.
    #[must_use]
    pub fn new(endpoint: PostgresEndpoint) -> Self {
        let (schema, timeouts) = (Schema::default(), Timeouts::default());
        Self {
            endpoint,
            schema,
            client: PostgresClient::Sqlx,
            lanes: 8,
            drivers: 1,
            timeouts,
            read_cost: None,
            make_table: true,
            owned: false,
        }
    }

    /// The same with the settings of [`DESCRIPTOR`](super::DESCRIPTOR).
    #[must_use]
    pub fn with_settings(self, settings: &Settings) -> Self {
        // The range of the setting is 1 to 256.
        Self { lanes: settings.integer(LANES.name) as usize, client: PostgresClient::of(settings), ..self }
    }
}
