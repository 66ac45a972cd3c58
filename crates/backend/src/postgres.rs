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
//! * **Read cost** is a `pg_sleep` in the same statement, before the row is looked up: the lane and a server process
//!   are held that long. The server sleeps whole milliseconds: a cost is rounded up to the next.

mod address;
mod claim;
mod connect;
mod copy;
mod failure;
mod probe;
mod room;
mod shared_sessions;
mod statement;

pub use address::{PostgresEndpoint, Schema, SchemaError};

use crate::budget::Budget;
use crate::lane::{Again, LaneStats, Lanes, Repeat, Unanswered};
use crate::timeouts::Timeouts;
use cachemark_core::{
    Applied, Descriptor, Key, OpContext, PartKind, Row, Setting, Settings, Store, StoreChange, StoreError, Value,
    Version,
};
use connect::Connector;
use sqlx::PgConnection;
use statement::{Change, Statements};
use std::sync::Arc;
use std::time::Duration;

const LANES: Setting = Setting::lanes("lanes", 256, 8, "Connections held for each driver thread.");

/// What PostgreSQL says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    settings: &[LANES],
    colour: [0x33, 0x67, 0x91],
    ..Descriptor::of(PartKind::Store, "postgres", "A PostgreSQL server, over TCP or a Unix socket.")
};

/// The largest value in bytes: a field is less than 2^30.
const LARGEST_VALUE: usize = (1 << 30) - 8192;

/// How a PostgreSQL server is used.
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    /// Where it is.
    pub endpoint: PostgresEndpoint,
    /// The schema that holds our table. It is made if it is not there, and belongs to one user of the server at a time.
    pub schema: Schema,
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
    /// The defaults of [`DESCRIPTOR`], for one driver thread, over a server that isn't ours, in the schema `cachemark`.
    #[must_use]
    pub fn new(endpoint: PostgresEndpoint) -> Self {
        let (schema, timeouts) = (Schema::default(), Timeouts::default());
        Self { endpoint, schema, lanes: 8, drivers: 1, timeouts, read_cost: None, make_table: true, owned: false }
    }

    /// The same with the settings of [`DESCRIPTOR`].
    #[must_use]
    pub fn with_settings(self, settings: &Settings) -> Self {
        // The range of the setting is 1 to 256.
        Self { lanes: settings.integer(LANES.name) as usize, ..self }
    }
}

/// A PostgreSQL server as a store; see the [module](self) for how it is used.
#[derive(Debug)]
pub struct Postgres {
    options: PostgresOptions,
    /// What the server knows our connections by.
    name: String,
    statements: Arc<Statements>,
    lanes: Lanes<PgConnection>,
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
        let lanes = |groups, per_group| {
            let connector = connector.clone();
            Lanes::new(groups, per_group, limit, move || {
                let connector = connector.clone();
                async move { connector.lane().await }
            })
            .to(&options.endpoint)
        };
        let (lanes, probing) = (lanes(options.drivers, options.lanes), lanes(1, 1));
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
            let changed = budget.bound(change.run(&self.statements, lane.start())).await;
            let changed = changed.map(|answer| answer.map_err(|error| self.unanswered(&error)));
            if let Some(changed) = lane.settle_or_again(changed, &mut again) {
                return changed;
            }
        }
    }

    async fn find(
        &self,
        lanes: &Lanes<PgConnection>,
        driver: u16,
        budget: &Budget,
        key: &Key,
        cost: Option<Duration>,
    ) -> Result<Row, StoreError> {
        let mut again = Again::new(Repeat::Harmless);
        loop {
            let mut lane = lanes.lane(driver, budget).await?;
            let found = budget.bound(self.statements.read(lane.start(), key, cost)).await;
            let found = found.map(|answer| answer.map_err(|error| self.unanswered(&error)));
            if let Some(found) = lane.settle_or_again(found, &mut again) {
                return found;
            }
        }
    }

    fn unanswered(&self, error: &sqlx::Error) -> Unanswered<StoreError> {
        failure::explain(&self.options.endpoint, error)
    }
}

impl Store for Postgres {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
        self.find(&self.lanes, ctx.driver(), &self.budget(ctx), key, self.options.read_cost).await
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
            let applied = budget.bound(statement::apply(&self.statements, lane.start(), changes)).await;
            let applied = applied.map(|answer| answer.map_err(|error| self.unanswered(&error)));
            if let Some(applied) = lane.settle_or_again(applied, &mut again) {
                return applied;
            }
        }
    }
}
