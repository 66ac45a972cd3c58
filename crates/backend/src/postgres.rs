//! PostgreSQL as a store: the system of record behind a network.
//!
//! * **Connections** are held in lanes, `lanes` for each driver thread. A pool would send a ping at every return, which
//!   halves the throughput of reads by key.
//! * **Table** and semantics are those of [`crate::sqlite`]: one row for a key, in a schema of our own, which every
//!   statement names. Keys are compared as bytes (collation C). One statement for each operation, prepared when a lane is
//!   connected; one for a batch of changes too, prepared when a lane has its first.
//! * **Acknowledged** means that the server said it is ready again, after the commit; what that outlives is the
//!   server's `fsync` and `synchronous_commit`, which the probe tells.
//! * **Deadlines.** A call that times out closes its connection. The server notices when it next writes to it, so a
//!   timed-out write may yet be committed: it is unknown.
//! * **Client.** Operations go over one of two Rust clients, sqlx or tokio-postgres, or over none (`direct`), which are measured as arms
//!   of their own. Statements, timeouts and what errors mean are the same; but `direct` looks whether the session has ended before it
//!   sends anything, so that what was asked then can be asked again. Whatever is no operation (schema, claims, the probe, the preload)
//!   goes over sqlx.
//! * **Read cost** is a `pg_sleep` in the same statement, before the row is looked up: the lane and a server process
//!   are held that long. The server sleeps whole milliseconds: a cost is rounded up to the next.

mod address;
mod claim;
mod client_error;
mod connect;
mod copy;
mod direct;
mod failure;
mod options;
mod over_tokio;
mod probe;
mod room;
mod session;
mod shared_sessions;
mod statement;

pub use address::{PostgresEndpoint, Schema, SchemaError};
pub use options::{PostgresClient, PostgresOptions};

use crate::budget::Budget;
use crate::lane::{Again, LaneStats, Lanes, Repeat, Timed, Unanswered};
use cachemark_core::{
    Applied, Descriptor, Key, OpContext, PartKind, Row, Store, StoreChange, StoreError, Value, Version,
};
use client_error::{ClientError, Wrong};
use connect::Connector;
use session::Session;
use sqlx::PgConnection;
use statement::{Change, Statements};
use std::pin::pin;
use std::sync::Arc;

/// What PostgreSQL says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    settings: &[options::LANES, options::CLIENT],
    colour: [0x33, 0x67, 0x91],
    ..Descriptor::of(PartKind::Store, "postgres", "A PostgreSQL server, over TCP or a Unix socket.")
};

/// The largest value in bytes: a field is less than 2^30.
const LARGEST_VALUE: usize = (1 << 30) - 8192;

/// A PostgreSQL server as a store; see the [module](self) for how it is used.
#[derive(Debug)]
pub struct Postgres {
    options: PostgresOptions,
    /// What the server knows our connections by.
    name: String,
    statements: Arc<Statements>,
    lanes: Lanes<Timed<Session>>,
    probing: Lanes<PgConnection>,
}

impl Postgres {
    /// Makes the schema and the table if they are not there, unless it is told not to. Connections for operations are made by the operations.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the server is not reached, [`StoreError::Rejected`] if it turns us away or does
    /// not let us make the schema.
    pub async fn connect(options: PostgresOptions) -> Result<Self, StoreError> {
        let connector = Connector::new(&options);
        let limit = options.timeouts.connect;
        if options.make_table {
            // As long as an operation: a server that still sees off the crowd of an earlier store is slow to answer, and there.
            connector.make_table(options.timeouts.operation).await?;
        }
        let (for_operations, for_probe) = (connector.clone(), connector.clone());
        let lanes = Lanes::new(options.drivers, options.lanes, limit, move || {
            let connector = for_operations.clone();
            async move { connector.session().await.map(Timed::from) }
        });
        let probing = Lanes::new(1, 1, limit, move || {
            let connector = for_probe.clone();
            async move { connector.lane().await }
        });
        let (lanes, probing) = (lanes.to(&options.endpoint), probing.to(&options.endpoint));
        let (name, statements) = (connector.name().to_owned(), Arc::clone(connector.statements()));
        Ok(Self { name, statements, options, lanes, probing })
    }

    /// What queueing for lanes cost.
    #[must_use]
    pub fn lanes(&self) -> LaneStats {
        self.lanes.stats()
    }

    /// Closes every connection that is not in use; those in use are closed when they are free.
    fn disconnect(&self) {
        self.lanes.disconnect();
        self.probing.disconnect();
    }

    fn budget(&self, ctx: &OpContext) -> Budget {
        Budget::of(ctx, Some(self.options.timeouts.operation))
    }

    async fn change(&self, ctx: &OpContext, change: Change<'_>) -> Result<Version, StoreError> {
        // A second time would make another version.
        let (budget, mut again) = (self.budget(ctx), Again::new(Repeat::Harmful));
        loop {
            let mut lane = self.lanes.lane(ctx.driver(), &budget).await?;
            let changed = {
                let (session, timer) = lane.start_timed();
                budget.bound_by(timer, pin!(session.change(&self.statements, change))).await
            };
            let changed = changed.map(|answer| answer.map_err(|error| self.failed(&error)));
            if let Some(changed) = lane.settle_or_again(changed, &mut again) {
                return changed;
            }
        }
    }

    /// What an error of an operation means.
    fn failed(&self, error: &ClientError) -> Unanswered<StoreError> {
        let told = self.unanswered(error);
        Unanswered { undone: told.undone || error.unsent(), ..told }
    }

    fn unanswered<'e>(&self, error: impl Into<Wrong<'e>>) -> Unanswered<StoreError> {
        failure::explain(&self.options.endpoint, &error.into())
    }
}

impl Store for Postgres {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
        let (budget, mut again) = (self.budget(ctx), Again::new(Repeat::Harmless));
        loop {
            let mut lane = self.lanes.lane(ctx.driver(), &budget).await?;
            let found = {
                let (session, timer) = lane.start_timed();
                budget.bound_by(timer, pin!(session.read(&self.statements, key, self.options.read_cost))).await
            };
            let found = found.map(|answer| answer.map_err(|error| self.failed(&error)));
            if let Some(found) = lane.settle_or_again(found, &mut again) {
                return found;
            }
        }
    }

    async fn write(&self, ctx: &OpContext, key: &Key, value: Value) -> Result<Version, StoreError> {
        if value.len() > LARGEST_VALUE {
            return Err(StoreError::TooLarge { len: value.len(), limit: LARGEST_VALUE });
        }
        self.change(ctx, Change::Write { key, value: &value }).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<Version, StoreError> {
        self.change(ctx, Change::Delete { key }).await
    }

    /// One statement, of which the server makes a transaction.
    async fn apply(&self, ctx: &OpContext, changes: &[StoreChange]) -> Result<Vec<Applied>, StoreError> {
        StoreChange::check_all(changes)?;
        let lens = changes.iter().filter_map(|change| change.value.as_ref().map(Value::len));
        if let Some(len) = lens.max().filter(|len| *len > LARGEST_VALUE) {
            return Err(StoreError::TooLarge { len, limit: LARGEST_VALUE });
        }
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        // A second time changes nothing.
        let (budget, mut again) = (self.budget(ctx), Again::new(Repeat::Harmless));
        loop {
            let mut lane = self.lanes.lane(ctx.driver(), &budget).await?;
            let applied = {
                let (session, timer) = lane.start_timed();
                budget.bound_by(timer, pin!(session.apply(&self.statements, changes))).await
            };
            let applied = applied.map(|answer| answer.map_err(|error| self.failed(&error)));
            if let Some(applied) = lane.settle_or_again(applied, &mut again) {
                return applied;
            }
        }
    }
}
