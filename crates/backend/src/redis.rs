//! Redis as a cache (Valkey too).
//!
//! * **Modes**, always labelled, because they are not like for like. `dedicated`: `lanes` connections for each driver
//!   thread, one operation at a time over each, as redis-benchmark does (`direct`). `shared`: one connection for each driver
//!   thread, which all of its operations share; commands that come together go out together, so it pipelines by itself.
//! * **Values** are [`Entry::encode`]'s bytes. TTLs are milliseconds, rounded up.
//! * **The versioned set** is a Lua script that compares the version in the header of what is there, byte by byte: as
//!   numbers, Lua's doubles would lose the low bits, and its string order follows the server's locale.
//! * **Leases** are Lua scripts too, and stand in the entry's own place (`lease`). A touch is GETEX, which servers have from
//!   6.2 on.
//! * **Deadlines.** A dedicated connection whose operation timed out is closed. A shared one stays: the client pairs
//!   answers with questions, drops the late one, and every other operation would be lost with it.
//! * TCP_NODELAY is on, and the client's own response timeout (500 ms by default) is off: [`Timeouts`] rule.

mod address;
mod answer;
mod claim;
mod command;
mod connection;
mod direct;
mod failure;
mod info;
mod lease;
mod probe;
mod reply;
mod room;
mod spoil;
mod stream;

pub use address::RedisEndpoint;

use crate::budget::Budget;
use crate::lane::{Again, LaneStats, Lanes, SharedLanes, Timed, Unanswered};
use crate::timeouts::Timeouts;
use cachemark_core::{
    Acts, Cache, CacheError, Capabilities, Descriptor, Entry, Key, LeaseToken, Leased, OpContext, PartKind, SetOutcome,
    Setting, Settings,
};
use command::Command;
use connection::{Connection, Way};
use direct::Direct;
use lease::Leases;
use redis::{RedisError, Script, Value};
use std::pin::pin;
use std::sync::Mutex;
use std::time::Duration;

const MODE: Setting = Setting::choice(
    "mode",
    &["dedicated", "shared"],
    "One operation at a time over each connection, or all of a driver thread's over one, pipelined by the client.",
);
const LANES: Setting =
    Setting::lanes("lanes", 1024, 16, "Connections held for each driver thread in mode `dedicated`.")
        .acting(Acts::With(MODE.name, "dedicated"));

/// What Redis says of itself.
pub const DESCRIPTOR: Descriptor = Descriptor {
    settings: &[MODE, LANES],
    model: |_| crate::server_memory::model(),
    colour: [0xd8, 0x2c, 0x20],
    ..Descriptor::of(PartKind::Cache, "redis", "A Redis server, over TCP or a Unix socket.")
};

/// What Valkey, which speaks its protocol, says of itself.
pub const VALKEY: Descriptor = Descriptor {
    name: "valkey",
    summary: "A Valkey server, over TCP or a Unix socket.",
    colour: [0x63, 0x59, 0xc4],
    ..DESCRIPTOR
};

/// What Redis can do. Its largest value is 512 MiB (`proto-max-bulk-len` by default).
pub const CAPABILITIES: Capabilities = Capabilities {
    ttl: true,
    versioned_set: true,
    lease: true,
    touch: true,
    shared: true,
    largest_entry: Some(512 << 20),
    ..Capabilities::NONE
};

/// How operations use connections.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RedisMode {
    /// One operation at a time over each connection.
    Dedicated,
    /// All operations of a driver thread over one connection.
    Shared,
}

impl RedisMode {
    /// The word for it in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Dedicated => "dedicated",
            Self::Shared => "shared",
        }
    }
}

/// How a Redis server is used.
#[derive(Debug, Clone)]
pub struct RedisOptions {
    /// Where it is.
    pub endpoint: RedisEndpoint,
    /// How connections are used.
    pub mode: RedisMode,
    /// Connections for each driver thread in mode `dedicated`, 1 or more.
    pub lanes: usize,
    /// Driver threads, 1 or more.
    pub drivers: usize,
    /// How long it is waited for.
    pub timeouts: Timeouts,
    /// The server is ours alone: clearing flushes it, where otherwise only keys under `cm:` are removed.
    pub owned: bool,
}

impl RedisOptions {
    /// The defaults of [`DESCRIPTOR`], for one driver thread, over a server that isn't ours.
    #[must_use]
    pub fn new(endpoint: RedisEndpoint) -> Self {
        let (mode, timeouts) = (RedisMode::Dedicated, Timeouts::default());
        Self { endpoint, mode, lanes: 16, drivers: 1, timeouts, owned: false }
    }

    /// The same with the settings of [`DESCRIPTOR`].
    #[must_use]
    pub fn with_settings(self, settings: &Settings) -> Self {
        let shared = settings.text(MODE.name) == RedisMode::Shared.name();
        let mode = if shared { RedisMode::Shared } else { RedisMode::Dedicated };
        // The range of the setting is 1 to 1024.
        Self { mode, lanes: settings.integer(LANES.name) as usize, ..self }
    }
}

/// A Redis server as a cache; see the [module](self) for how it is used.
#[derive(Debug)]
pub struct Redis {
    options: RedisOptions,
    connections: Connections,
    probing: Lanes<Connection>,
    set_if_newer: Script,
    leases: Leases,
    /// The memory that the server was set to before it was cut, in bytes; none before anybody asked.
    room: Mutex<Option<u64>>,
}

#[derive(Debug)]
enum Connections {
    Dedicated(Lanes<Timed<Direct>>),
    Shared(SharedLanes<Connection>),
}

impl Redis {
    /// Makes sure that the server answers. Connections for operations are made by the operations.
    ///
    /// # Errors
    /// [`CacheError::Unavailable`] if the server is not reached, [`CacheError::Rejected`] if it turns us away.
    pub async fn connect(options: RedisOptions) -> Result<Self, CacheError> {
        let (drivers, limit) = (options.drivers, options.timeouts.connect);
        let connections = match options.mode {
            RedisMode::Dedicated => {
                let endpoint = options.endpoint.clone();
                let connect = move || {
                    let endpoint = endpoint.clone();
                    async move { Direct::open_answering(&endpoint).await.map(Timed::from) }
                };
                Connections::Dedicated(Lanes::new(drivers, options.lanes, limit, connect).to(&options.endpoint))
            }
            RedisMode::Shared => {
                let endpoint = options.endpoint.clone();
                let connect = move || {
                    let endpoint = endpoint.clone();
                    async move { Connection::open_answering(&endpoint).await }
                };
                Connections::Shared(SharedLanes::new(drivers, limit, connect).to(&options.endpoint))
            }
        };
        let for_probe = options.endpoint.clone();
        let probing = Lanes::new(1, 1, limit, move || {
            let endpoint = for_probe.clone();
            async move { Connection::open(&endpoint).await }
        })
        .to(&options.endpoint);
        let (set_if_newer, leases) = (command::set_if_newer(), Leases::new());
        let redis = Self { options, connections, probing, set_if_newer, leases, room: Mutex::default() };
        redis.greet().await?;
        Ok(redis)
    }

    /// The first question: something that listens may be no Redis.
    async fn greet(&self) -> Result<(), CacheError> {
        let budget = Budget::lasting(self.options.timeouts.operation);
        let mut lane = self.probing.lane(0, &budget).await?;
        let ping = redis::cmd("PING");
        let answer = budget.bound(ping.query_async::<Value>(&mut lane.start().client)).await;
        let endpoint = &self.options.endpoint;
        match answer {
            Ok(Ok(_)) => lane.finish(),
            Ok(Err(error)) => return Err(failure::explain_connect(endpoint, &error).into()),
            Err(spent) => {
                let text = format!("it takes connections, and gave no answer within {:?}", spent.0);
                return Err(CacheError::Unavailable(endpoint.told(&text)));
            }
        }
        Ok(())
    }

    /// What queueing for lanes cost. In mode `shared` nothing queues here, and only `connects` and
    /// `found_closed` are counted.
    #[must_use]
    pub fn lanes(&self) -> LaneStats {
        match &self.connections {
            Connections::Dedicated(lanes) => lanes.stats(),
            Connections::Shared(lanes) => {
                LaneStats { connects: lanes.connects(), found_closed: lanes.found_closed(), ..LaneStats::default() }
            }
        }
    }

    async fn ask(&self, ctx: &OpContext, command: Command<'_>) -> Result<Value, CacheError> {
        let budget = Budget::of(ctx, Some(self.options.timeouts.operation));
        let lanes = match &self.connections {
            Connections::Dedicated(lanes) => lanes,
            // Boxed, so that a dedicated connection's operations need no room for it.
            Connections::Shared(lanes) => return Box::pin(self.ask_shared(lanes, ctx, budget, &command)).await,
        };
        let mut again = Again::new(command.repeat());
        loop {
            let mut lane = lanes.lane(ctx.driver(), &budget).await?;
            let asked = {
                let (connection, timer) = lane.start_timed();
                budget.bound_by(timer, pin!(self.put(&command, connection))).await
            };
            if let Some(answer) = lane.settle_or_again(asked, &mut again) {
                return answer;
            }
        }
    }

    async fn ask_shared(
        &self,
        lanes: &SharedLanes<Connection>,
        ctx: &OpContext,
        budget: Budget,
        command: &Command<'_>,
    ) -> Result<Value, CacheError> {
        let mut again = Again::new(command.repeat());
        loop {
            let mut lane = lanes.lane(ctx.driver(), &budget).await?;
            let asked = budget.bound(self.put(command, &mut lane.connection)).await;
            let unanswered = match asked.unwrap_or_else(|spent| Err(CacheError::Timeout(spent.0).into())) {
                Ok(answer) => return Ok(answer),
                Err(unanswered) => unanswered,
            };
            if let Some(error) = lanes.settle(ctx.driver(), &lane, unanswered, &mut again) {
                return Err(error);
            }
        }
    }

    async fn put(&self, command: &Command<'_>, way: &mut impl Way) -> Result<Value, Unanswered<CacheError>> {
        let before = way.sent();
        let answer = way.ask(command).await;
        answer.map_err(|error| self.unanswered(way, before, &error))
    }

    /// What an error means of a question before which `before` bytes had been sent over the connection.
    fn unanswered(&self, way: &impl Way, before: u64, error: &RedisError) -> Unanswered<CacheError> {
        let undone = way.kept_from_sending(before, error);
        Unanswered { error: failure::explain(&self.options.endpoint, error), undone }
    }
}

impl Cache for Redis {
    fn capabilities(&self) -> Capabilities {
        CAPABILITIES
    }

    async fn get(&self, ctx: &OpContext, key: &Key) -> Result<Option<Entry>, CacheError> {
        let answer = self.ask(ctx, Command::get(key)).await?;
        self.leases.note(&answer);
        command::entry(answer)
    }

    async fn set(&self, ctx: &OpContext, key: &Key, entry: Entry, ttl: Option<Duration>) -> Result<(), CacheError> {
        let encoded = crate::encoded::within(&entry, CAPABILITIES.largest_entry)?;
        self.ask(ctx, Command::set(key, &encoded, ttl)).await.map(drop)
    }

    async fn set_if_newer(
        &self,
        ctx: &OpContext,
        key: &Key,
        entry: Entry,
        ttl: Option<Duration>,
    ) -> Result<SetOutcome, CacheError> {
        let encoded = crate::encoded::within(&entry, CAPABILITIES.largest_entry)?;
        let answer = self.ask(ctx, Command::set_if_newer(&self.set_if_newer, key, &encoded, ttl)).await?;
        answer::stored(&answer)
    }

    async fn get_or_lease(&self, ctx: &OpContext, key: &Key, lease: Duration) -> Result<Leased, CacheError> {
        let token = self.leases.token();
        let answer = self.ask(ctx, Command::get_or_lease(&self.leases, key, token, lease)).await?;
        self.leases.note(&answer);
        let leased = answer::leased(answer, token)?;
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
        let encoded = crate::encoded::within(&entry, CAPABILITIES.largest_entry)?;
        let answer = self.ask(ctx, Command::set_leased(&self.leases, key, token, &encoded, ttl)).await?;
        answer::stored(&answer)
    }

    async fn get_and_touch(&self, ctx: &OpContext, key: &Key, ttl: Duration) -> Result<Option<Entry>, CacheError> {
        let answer = self.ask(ctx, Command::get_and_touch(key, ttl)).await?;
        self.leases.note(&answer);
        command::entry(answer)
    }

    async fn delete(&self, ctx: &OpContext, key: &Key) -> Result<(), CacheError> {
        self.ask(ctx, Command::delete(key)).await.map(drop)
    }
}
