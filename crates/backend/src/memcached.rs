//! Memcached as a cache, over its meta protocol.
//!
//! * **Connections** are held in lanes, `lanes` for each driver thread, one operation at a time over each, which writes and reads
//!   by itself (`connection`). What the client crate knows of answers is used, and its connections and its pool are not: the pool's
//!   queue cannot be measured and its limit is for a process.
//! * **Values** are [`Entry::encode`]'s bytes, which are never empty (an empty value means something else to some
//!   clients). The low half of the version stands in the client flags, so that the look before a versioned set needs no
//!   value.
//! * **TTLs** are whole seconds of a clock that may be one second behind: a TTL is rounded up and one second is added,
//!   so that an entry never goes early; it goes up to two seconds late. Above 30 days the server takes a date, which it
//!   counts to the year 2038: longer TTLs end there.
//! * **The versioned set** looks, then stores on condition that nothing changed since (compare-and-set, or add), and
//!   looks again if something did: two round trips at least. [`Memcached::versioned_sets`] counts them.
//! * **Leases** are the server's own stubs, set by their number (`lease`). They last as long as a TTL would: up to two seconds
//!   more than was asked for.
//! * Start the server with one thread (`-t 1`) for tails, and `-I 2m` for values of a mebibyte.

mod address;
mod answer;
mod busy;
mod claim;
mod command;
mod connection;
mod failure;
mod lease;
mod login;
mod probe;
mod reply;
mod room;
mod spoil;
mod text;
mod versioned;

pub use address::{MemcachedAddress, MemcachedEndpoint};
pub use versioned::VersionedSets;

use crate::budget::Budget;
use crate::lane::{Again, LaneStats, Lanes, Repeat, Timed, Unanswered};
use crate::timeouts::Timeouts;
use cachemark_core::{
    Cache, CacheError, Capabilities, Descriptor, Entry, Key, LeaseToken, Leased, OpContext, PartKind, SetOutcome,
    Setting, Settings,
};
use command::{Command, Condition, Set};
use connection::Connection;
use lease::Leases;
use memcache::exp::ReturnCode;
use probe::Inspections;
use reply::Answer;
use std::pin::pin;
use std::sync::Mutex;
use std::time::Duration;
use versioned::Versioned;

const LANES: Setting = Setting::lanes("lanes", 1024, 16, "Connections held for each driver thread.");

/// What Memcached says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    settings: &[LANES],
    model: |_| crate::server_memory::model(),
    colour: [0x28, 0x8d, 0x6d],
    ..Descriptor::of(PartKind::Cache, "memcached", "A Memcached server, over TCP.")
};

/// What the server keeps beside a value, at most: its header, the longest key, flags, the mark of its end.
const OVERHEAD: usize = 512;

/// What a Memcached with its default item size (1 MiB) can do. One that runs with another says so when it is connected
/// to.
pub const CAPABILITIES: Capabilities = Capabilities {
    ttl: true,
    versioned_set: true,
    lease: true,
    touch: true,
    shared: true,
    largest_entry: Some((1 << 20) - OVERHEAD),
    ttl_step: Some(Duration::from_secs(1)),
};

/// How a Memcached server is used.
#[derive(Debug, Clone)]
pub struct MemcachedOptions {
    /// Where it is.
    pub endpoint: MemcachedEndpoint,
    /// Connections for each driver thread, 1 or more.
    pub lanes: usize,
    /// Driver threads, 1 or more.
    pub drivers: usize,
    /// How long it is waited for.
    pub timeouts: Timeouts,
    /// The server is ours alone: clearing flushes it, where otherwise only keys under `cm:` are looked for and removed.
    pub owned: bool,
}

impl MemcachedOptions {
    /// The defaults of [`DESCRIPTOR`], for one driver thread, over a server that isn't ours.
    #[must_use]
    pub fn new(endpoint: MemcachedEndpoint) -> Self {
        Self { endpoint, lanes: 16, drivers: 1, timeouts: Timeouts::default(), owned: false }
    }

    /// The same with the settings of [`DESCRIPTOR`].
    #[must_use]
    pub fn with_settings(self, settings: &Settings) -> Self {
        // The range of the setting is 1 to 1024.
        Self { lanes: settings.integer(LANES.name) as usize, ..self }
    }
}

/// A Memcached server as a cache; see the [module](self) for how it is used.
#[derive(Debug)]
pub struct Memcached {
    options: MemcachedOptions,
    capabilities: Capabilities,
    lanes: Lanes<Timed<Connection>>,
    probing: Lanes<text::TextConnection>,
    versioned: Versioned,
    leases: Leases,
    inspections: Inspections,
    /// The memory that the server was set to before it was cut, in mebibytes; none before anybody asked.
    room: Mutex<Option<u64>>,
}

impl Memcached {
    /// Asks the server for its largest item. Connections for operations are made by the operations.
    ///
    /// # Errors
    /// [`CacheError::Unavailable`] if the server is not reached, [`CacheError::Rejected`] if it turns us away.
    pub async fn connect(options: MemcachedOptions) -> Result<Self, CacheError> {
        let (drivers, limit) = (options.drivers, options.timeouts.connect);
        let (for_lanes, for_probe) = (options.endpoint.clone(), options.endpoint.clone());
        let lanes = Lanes::new(drivers, options.lanes, limit, move || {
            let endpoint = for_lanes.clone();
            async move { Connection::open(&endpoint).await.map(Timed::from) }
        })
        .to(&options.endpoint);
        let probing = Lanes::new(1, 1, limit, move || {
            let endpoint = for_probe.clone();
            async move { text::TextConnection::open(&endpoint).await }
        })
        .to(&options.endpoint);
        let (versioned, leases, inspections) = (Versioned::default(), Leases::default(), Inspections::default());
        let (capabilities, room) = (CAPABILITIES, Mutex::default());
        let mut memcached = Self { options, capabilities, lanes, probing, versioned, leases, inspections, room };
        memcached.capabilities.largest_entry = Some(memcached.greet().await?.saturating_sub(OVERHEAD));
        Ok(memcached)
    }

    /// What queueing for lanes cost.
    #[must_use]
    pub fn lanes(&self) -> LaneStats {
        self.lanes.stats()
    }

    /// What versioned sets cost.
    #[must_use]
    pub fn versioned_sets(&self) -> VersionedSets {
        self.versioned.snapshot()
    }

    /// The same, with the server's address where its connection was lost.
    fn told(&self, Unanswered { error, undone }: Unanswered<CacheError>) -> Unanswered<CacheError> {
        let error = match error {
            CacheError::ConnectionLost(text) => CacheError::ConnectionLost(self.options.endpoint.told(&text)),
            other => other,
        };
        Unanswered { error, undone }
    }

    fn budget(&self, ctx: &OpContext) -> Budget {
        Budget::of(ctx, Some(self.options.timeouts.operation))
    }

    /// Asks for the entry that may be in the answer.
    async fn ask_for_entry(&self, ctx: &OpContext, command: Command<'_>) -> Result<Option<Entry>, CacheError> {
        let answer = self.ask(ctx, command).await?;
        self.leases.note(&answer);
        answer::entry(answer)
    }

    async fn ask(&self, ctx: &OpContext, command: Command<'_>) -> Result<Answer, CacheError> {
        let (budget, mut again) = (self.budget(ctx), Again::new(command.repeat()));
        loop {
            let mut lane = self.lanes.lane(ctx.driver(), &budget).await?;
            let asked = {
                let (connection, timer) = lane.start_timed();
                budget.bound_by(timer, pin!(connection.ask(&command))).await
            };
            let asked = asked.map(|answer| answer.map_err(|unanswered| self.told(unanswered)));
            if let Some(answer) = lane.settle_or_again(asked, &mut again) {
                return answer;
            }
        }
    }
}

impl Cache for Memcached {
    fn capabilities(&self) -> Capabilities {
        self.capabilities
    }

    async fn get(&self, ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        self.ask_for_entry(ctx, Command::Get(key)).await
    }

    async fn set(&self, ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        let encoded = crate::encoded::within(&entry, self.capabilities.largest_entry)?;
        let set = Set { key, version: entry.version, encoded: &encoded, ttl, condition: Condition::Always };
        match self.ask(ctx, Command::Set(set)).await?.code {
            ReturnCode::Hd => Ok(()),
            other => Err(answer::unexpected(other)),
        }
    }

    async fn set_if_newer(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
    ) -> Result<SetOutcome, CacheError> {
        let encoded = crate::encoded::within(&entry, self.capabilities.largest_entry)?;
        // What the first time stored, the second would call superseded.
        let (budget, mut again) = (self.budget(ctx), Again::new(Repeat::Harmful));
        loop {
            let mut lane = self.lanes.lane(ctx.driver(), &budget).await?;
            let outcome = {
                let (connection, timer) = lane.start_timed();
                let setting = pin!(self.versioned.set(connection, key, entry.version, &encoded, ttl));
                budget.bound_by(timer, setting).await
            };
            let outcome = outcome.map(|outcome| outcome.map_err(|unanswered| self.told(unanswered)));
            if let Some(outcome) = lane.settle_or_again(outcome, &mut again) {
                return outcome;
            }
        }
    }

    async fn get_or_lease(&self, ctx: &OpContext, key: &Key, lease: Duration) -> Result<Leased, CacheError> {
        let answer = self.ask(ctx, Command::GetOrLease(key, lease)).await?;
        self.leases.note(&answer);
        let leased = answer::leased(answer)?;
        self.leases.made.note(&leased);
        Ok(leased)
    }

    async fn set_leased(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
        token: LeaseToken,
    ) -> Result<SetOutcome, CacheError> {
        let encoded = crate::encoded::within(&entry, self.capabilities.largest_entry)?;
        let condition = Condition::Unchanged(token.0);
        let set = Set { key, version: entry.version, encoded: &encoded, ttl, condition };
        match self.ask(ctx, Command::Set(set)).await?.code {
            ReturnCode::Hd => Ok(SetOutcome::Stored),
            ReturnCode::Ex | ReturnCode::Nf | ReturnCode::Ns => {
                self.leases.note_refused();
                Ok(SetOutcome::Superseded)
            }
            other => Err(answer::unexpected(other)),
        }
    }

    async fn get_and_touch(&self, ctx: &OpContext, key: &Key, ttl: Duration) -> Result<Option<Entry>, CacheError> {
        self.ask_for_entry(ctx, Command::GetAndTouch(key, ttl)).await
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        match self.ask(ctx, Command::Delete(key)).await?.code {
            ReturnCode::Hd | ReturnCode::Nf => Ok(()),
            other => Err(answer::unexpected(other)),
        }
    }
}
