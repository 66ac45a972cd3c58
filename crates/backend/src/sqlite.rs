//! SQLite as a store: the embedded system of record.
//!
//! * **Connections** are sqlx's, each with a worker thread of its own; so an operation costs two wake-ups, which is
//!   most of what it costs. Readers are held in lanes, `read-lanes` for each driver thread. SQLite lets one writer in
//!   at a time, so there is one writer lane for the process: its queue is fair, where SQLite's own busy handler polls.
//! * **Table.** `key TEXT PRIMARY KEY .. WITHOUT ROWID`: one B-tree, so a read is one descent. TEXT and BLOB keys cost
//!   the same (both compare bytes); TEXT can be read in the sqlite3 shell. The value stands last, behind the columns
//!   that a reader of the version alone needs, because a large value continues on overflow pages.
//! * **Durability** is the `synchronous` setting under WAL: `normal` keeps the database whole in a power cut but may
//!   lose the last commits, `full` syncs each commit, `off` leaves it to the system. A crash of the process loses
//!   nothing.
//! * **Deadlines.** A statement cannot be recalled: a call that times out leaves its worker thread to finish, and its
//!   lane is thrown away. Whether a timed-out write was committed is unknown.
//! * **Files.** The directory holds `rows-N.sqlite3`, N counting resets, and one template for each preload, unless it shares
//!   templates with other stores. A reset
//!   goes on to a new file, so an abandoned worker thread can only ever touch the old one.

mod connect;
mod failure;
mod files;
mod probe;
mod statement;
mod template;

pub use connect::Synchronous;
pub use template::Templates;

use crate::budget::Budget;
use crate::lane::{Lane, LaneStats, Lanes};
use cachemark_core::{
    Applied, Descriptor, Key, OpContext, PartKind, Row, Setting, Settings, Store, StoreChange, StoreError, Value,
    Version,
};
use connect::Opener;
use failure::{Kind, explain};
use files::Files;
use futures::TryFutureExt;
use sqlx::SqliteConnection;
use statement::Change;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

const SYNCHRONOUS: Setting =
    Setting::choice("synchronous", &["normal", "full", "off"], "When SQLite syncs to disk (its pragma of that name).");
const READ_LANES: Setting = Setting::lanes("read-lanes", 256, 4, "Connections for reads, held for each driver thread.");

/// What SQLite says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    settings: &[SYNCHRONOUS, READ_LANES],
    colour: [0x0f, 0x80, 0xcc],
    ..Descriptor::of(PartKind::Store, "sqlite", "SQLite in this process, in WAL mode: many readers, one writer.")
};

/// The largest value in bytes: SQLite's limit for a row (10^9), less room for key and header.
const LARGEST_VALUE: usize = 999_990_000;

/// How a SQLite store is opened.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// The directory of the database and its templates; made if it is not there. For one process at a time.
    pub directory: PathBuf,
    /// When SQLite syncs to disk.
    pub synchronous: Synchronous,
    /// Connections for reads for each driver thread, 1 or more.
    pub read_lanes: usize,
    /// Driver threads, 1 or more.
    pub drivers: usize,
    /// Added to each read, after the row is found: its lane is held that long by a sleeping thread, as a server that
    /// worked for it would be. Costs a hop to a thread (about 35 us) beside the time asked for.
    pub read_cost: Option<Duration>,
    /// Templates that other stores of this process use too; none for the store's own, in its directory.
    pub templates: Option<Templates>,
    /// The longest that opening a connection may take.
    pub connect_timeout: Duration,
    /// How long a statement waits for a lock that another process, or an abandoned write, holds.
    pub busy_timeout: Duration,
}

impl SqliteOptions {
    /// The defaults of [`DESCRIPTOR`], for one driver thread.
    #[must_use]
    pub fn new(directory: impl Into<PathBuf>) -> Self {
        let read_lanes = Settings::defaults(DESCRIPTOR.settings).integer(READ_LANES.name);
        Self {
            directory: directory.into(),
            synchronous: Synchronous::Normal,
            read_lanes: read_lanes as usize,
            drivers: 1,
            read_cost: None,
            templates: None,
            connect_timeout: Duration::from_secs(5),
            busy_timeout: Duration::from_secs(5),
        }
    }

    /// The same with the settings of [`DESCRIPTOR`].
    #[must_use]
    pub fn with_settings(self, settings: &Settings) -> Self {
        let synchronous = Synchronous::named(settings.text(SYNCHRONOUS.name)).unwrap_or(self.synchronous);
        // The range of the setting is 1 to 256.
        Self { synchronous, read_lanes: settings.integer(READ_LANES.name) as usize, ..self }
    }
}

/// A SQLite store; see the [module](self) for how it works.
#[derive(Debug)]
pub struct Sqlite {
    options: SqliteOptions,
    files: Arc<Files>,
    opener: Opener,
    templates: Templates,
    readers: Lanes<SqliteConnection>,
    writer: Lanes<SqliteConnection>,
    probing: Lanes<SqliteConnection>,
}

impl Sqlite {
    /// Opens the newest database in the directory, or makes an empty one.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] if the directory or the database in it cannot be made or opened.
    pub async fn open(options: SqliteOptions) -> Result<Self, StoreError> {
        let files = Arc::new(Files::open(&options.directory)?);
        let opener = Opener::new(&options);
        opener.make_table(&files.current()).await?;
        let (timeout, drivers) = (options.connect_timeout, options.drivers);
        let lanes = |groups, per_group| {
            let (files, opener) = (Arc::clone(&files), opener.clone());
            Lanes::new(groups, per_group, timeout, move || {
                let (opener, file) = (opener.clone(), files.current());
                async move { opener.open(&file).await }
            })
            .to(&options.directory.display())
        };
        let (readers, writer, probing) = (lanes(drivers, options.read_lanes), lanes(1, 1), lanes(1, 1));
        let templates = options.templates.clone().unwrap_or_else(|| Templates::new(&options.directory));
        Ok(Self { options, files, opener, templates, readers, writer, probing })
    }

    /// What queueing for the readers' lanes cost.
    #[must_use]
    pub fn reader_lanes(&self) -> LaneStats {
        self.readers.stats()
    }

    /// What queueing for the writer's lane cost.
    #[must_use]
    pub fn writer_lane(&self) -> LaneStats {
        self.writer.stats()
    }

    /// Closes every connection that is not in use; those in use are closed when they are free.
    fn disconnect(&self) {
        [&self.readers, &self.writer, &self.probing].into_iter().for_each(Lanes::disconnect);
    }

    async fn change(&self, ctx: &OpContext, change: Change<'_>) -> Result<Version, StoreError> {
        let budget = Budget::of(ctx, None);
        let mut lane = self.writer.lane(0, &budget).await?;
        let changing = change.run(lane.start()).map_err(|error| explain(&error, Kind::Change));
        let changed = budget.bound(changing).await;
        lane.settle(changed)
    }

    /// Holds the lane for the read cost.
    async fn linger(&self, lane: Lane<SqliteConnection>, budget: &Budget) -> Result<(), StoreError> {
        let Some(cost) = self.options.read_cost else { return Ok(()) };
        // Tokio's timer has a step of a millisecond, too coarse for a cost of some hundred microseconds. The lane goes
        // along: a caller who gives up does not end the work of the server that this stands for.
        let working = tokio::task::spawn_blocking(move || {
            std::thread::sleep(cost);
            drop(lane);
        });
        match budget.bound(working).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(stopped)) => Err(StoreError::Unavailable(stopped.to_string())),
            Err(spent) => Err(StoreError::Timeout(spent.0)),
        }
    }
}

impl Store for Sqlite {
    async fn read(&self, ctx: &OpContext, key: &Key) -> Result<Row, StoreError> {
        let budget = Budget::of(ctx, None);
        let mut lane = self.readers.lane(ctx.driver(), &budget).await?;
        let reading = statement::read(lane.start(), key).map_err(|error| explain(&error, Kind::Read));
        let found = budget.bound(reading).await;
        let row = lane.settle(found)?;
        self.linger(lane, &budget).await?;
        Ok(row)
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

    /// One statement, which SQLite carries out as one transaction. There is one writer, so nothing is locked row by row.
    async fn apply(&self, ctx: &OpContext, changes: &[StoreChange]) -> Result<Vec<Applied>, StoreError> {
        StoreChange::check_all(changes)?;
        let lens = changes.iter().filter_map(|change| change.value.as_ref().map(Value::len));
        if let Some(len) = lens.max().filter(|len| *len > LARGEST_VALUE) {
            return Err(StoreError::TooLarge { len, limit: LARGEST_VALUE });
        }
        if changes.is_empty() {
            return Ok(Vec::new());
        }
        let budget = Budget::of(ctx, None);
        let mut lane = self.writer.lane(0, &budget).await?;
        let applying = statement::apply(lane.start(), changes).map_err(|error| explain(&error, Kind::Change));
        let applied = budget.bound(applying).await;
        lane.settle(applied)
    }
}
