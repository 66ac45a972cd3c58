//! A cache or a store, as far as faults are concerned: something that is asked by name and answers with a value.

use super::{PostgresServer, Server};
use cachemark_backend::memcached::{Memcached, MemcachedEndpoint, MemcachedOptions};
use cachemark_backend::postgres::{Postgres, PostgresClient, PostgresEndpoint, PostgresOptions, Schema};
use cachemark_backend::redis::{Redis, RedisEndpoint, RedisMode, RedisOptions};
use cachemark_backend::{AnyCache, AnyStore, LaneStats};
use cachemark_core::{Cache, Entry, ErrorKind, Key, OpContext, SetOutcome, Store, Value, Version};
use sqlx::{Connection, PgConnection};

/// A server that can be broken.
pub(crate) trait Breakable {
    fn port(&self) -> u16;
    /// Ends it at once.
    fn kill(&mut self);
    /// Starts it again on the same port.
    fn restart(&mut self);
    fn freeze(&self);
    fn thaw(&self);
}

impl Breakable for Server {
    fn port(&self) -> u16 {
        self.port()
    }
    fn kill(&mut self) {
        self.kill();
    }
    fn restart(&mut self) {
        self.restart();
    }
    fn freeze(&self) {
        self.freeze();
    }
    fn thaw(&self) {
        self.thaw();
    }
}

impl Breakable for PostgresServer {
    fn port(&self) -> u16 {
        self.port()
    }
    fn kill(&mut self) {
        self.stop();
    }
    fn restart(&mut self) {
        self.stop();
        self.launch();
    }
    fn freeze(&self) {
        self.freeze();
    }
    fn thaw(&self) {
        self.thaw();
    }
}

/// Which backend is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Backend {
    RedisDedicated,
    RedisShared,
    Memcached,
    Postgres,
    PostgresOverTokio,
    PostgresDirect,
}

/// Connections for each driver thread.
const LANES: usize = 4;
const DRIVERS: usize = 2;

impl Backend {
    pub(crate) fn is_postgres(self) -> bool {
        self.client_of_postgres().is_some()
    }

    fn client_of_postgres(self) -> Option<PostgresClient> {
        match self {
            Self::RedisDedicated | Self::RedisShared | Self::Memcached => None,
            Self::Postgres => Some(PostgresClient::Sqlx),
            Self::PostgresOverTokio => Some(PostgresClient::TokioPostgres),
            Self::PostgresDirect => Some(PostgresClient::Direct),
        }
    }

    pub(crate) fn start(self) -> Box<dyn Breakable> {
        match self {
            Self::RedisDedicated | Self::RedisShared => Box::new(Server::redis(&[])),
            Self::Memcached => Box::new(Server::memcached(&[])),
            Self::Postgres | Self::PostgresOverTokio | Self::PostgresDirect => Box::new(PostgresServer::start()),
        }
    }

    /// Starts one that closes connections which are idle for a second.
    pub(crate) fn start_impatient(self) -> Box<dyn Breakable> {
        match self {
            Self::RedisDedicated | Self::RedisShared => Box::new(Server::redis(&["--timeout", "1"])),
            Self::Memcached => Box::new(Server::memcached(&["-o", "idle_timeout=1"])),
            Self::Postgres | Self::PostgresOverTokio | Self::PostgresDirect => {
                Box::new(PostgresServer::start_with("-c idle_session_timeout=1000"))
            }
        }
    }

    /// How many connections a server of this kind behind `port` has, by its own word.
    pub(crate) async fn connections(self, port: u16) -> u64 {
        let room = match self {
            Self::RedisDedicated | Self::RedisShared => redis_at(port).room().await,
            Self::Memcached => memcached_at(port).room().await,
            // Of its connections, room leaves out those of this process.
            Self::Postgres | Self::PostgresOverTokio | Self::PostgresDirect => return sessions(port).await,
        };
        room.expect("the server answers").taken
    }

    /// Connects to a server of this kind behind `port`.
    pub(crate) async fn connect(self, port: u16) -> Result<Subject, ErrorKind> {
        match self {
            Self::RedisDedicated | Self::RedisShared => {
                let mode = if self == Self::RedisShared { RedisMode::Shared } else { RedisMode::Dedicated };
                let options =
                    RedisOptions { mode, lanes: LANES, drivers: DRIVERS, ..RedisOptions::new(redis_at(port)) };
                let redis = Redis::connect(options).await.map_err(|error| error.kind())?;
                Ok(Subject::Cache(redis.into()))
            }
            Self::Memcached => {
                let options =
                    MemcachedOptions { lanes: LANES, drivers: DRIVERS, ..MemcachedOptions::new(memcached_at(port)) };
                let memcached = Memcached::connect(options).await.map_err(|error| error.kind())?;
                Ok(Subject::Cache(memcached.into()))
            }
            Self::Postgres | Self::PostgresOverTokio | Self::PostgresDirect => {
                let schema = Schema::new(&PostgresServer::schema()).unwrap();
                let options = PostgresOptions {
                    schema,
                    client: self.client_of_postgres().expect("it is one"),
                    lanes: LANES,
                    drivers: DRIVERS,
                    ..PostgresOptions::new(postgres_at(port))
                };
                let postgres = Postgres::connect(options).await.map_err(|error| error.kind())?;
                Ok(Subject::Store(postgres.into()))
            }
        }
    }
}

fn redis_at(port: u16) -> RedisEndpoint {
    RedisEndpoint::parse(&format!("redis://127.0.0.1:{port}")).unwrap()
}

fn memcached_at(port: u16) -> MemcachedEndpoint {
    MemcachedEndpoint::parse(&format!("127.0.0.1:{port}")).unwrap()
}

/// How many sessions of clients a Postgres has besides the one that asks.
async fn sessions(port: u16) -> u64 {
    let url = format!("postgres://postgres:s3cret@127.0.0.1:{port}/postgres");
    let mut session = PgConnection::connect(&url).await.unwrap();
    let others =
        "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()";
    let count: i64 = sqlx::query_scalar(others).fetch_one(&mut session).await.unwrap();
    session.close().await.unwrap();
    count.unsigned_abs()
}

fn postgres_at(port: u16) -> PostgresEndpoint {
    PostgresEndpoint::parse(&format!("postgres://postgres:s3cret@127.0.0.1:{port}/postgres")).unwrap()
}

/// Something that is asked by name.
pub(crate) enum Subject {
    Cache(AnyCache),
    Store(AnyStore),
}

fn key(name: &str) -> Key {
    Key::new(name).unwrap()
}

impl Subject {
    /// Puts the name itself under `name`.
    pub(crate) async fn put(&self, ctx: &OpContext, name: &str) -> Result<(), ErrorKind> {
        let value = Value::new(name.as_bytes().to_vec());
        match self {
            Self::Cache(cache) => {
                let entry = Entry::live(Version(1), value);
                cache.set(ctx, &key(name), entry, None).await.map_err(|error| error.kind())
            }
            Self::Store(store) => store.write(ctx, &key(name), value).await.map(drop).map_err(|error| error.kind()),
        }
    }

    /// What is under `name`; it must be the name, if anything.
    pub(crate) async fn ask(&self, ctx: &OpContext, name: &str) -> Result<bool, ErrorKind> {
        let found = match self {
            Self::Cache(cache) => {
                let entry = cache.get(ctx, &key(name)).await.map_err(|error| error.kind())?;
                entry.and_then(|entry| entry.value().cloned())
            }
            Self::Store(store) => store.read(ctx, &key(name)).await.map_err(|error| error.kind())?.value,
        };
        if let Some(value) = &found {
            assert_eq!(value.as_bytes(), name.as_bytes(), "an answer to another question");
        }
        Ok(found.is_some())
    }

    /// What is said of an operation that fails; none if it does not.
    pub(crate) async fn complaint(&self, ctx: &OpContext, name: &str) -> Option<(ErrorKind, String)> {
        match self {
            Self::Cache(cache) => cache.get(ctx, &key(name)).await.err().map(|error| (error.kind(), error.to_string())),
            Self::Store(store) => {
                store.read(ctx, &key(name)).await.err().map(|error| (error.kind(), error.to_string()))
            }
        }
    }

    /// Puts the name itself under `name`, at version 7, if nothing newer is there; what a store has no word for, it writes.
    pub(crate) async fn put_newer(&self, ctx: &OpContext, name: &str) -> Result<(), ErrorKind> {
        match self {
            Self::Cache(cache) => {
                let entry = Entry::live(Version(7), Value::new(name.as_bytes().to_vec()));
                let outcome = cache.set_if_newer(ctx, &key(name), entry, None).await.map_err(|error| error.kind())?;
                assert_eq!(outcome, SetOutcome::Stored);
                Ok(())
            }
            Self::Store(_) => self.put(ctx, name).await,
        }
    }

    /// Deletes what is under `name`.
    pub(crate) async fn delete(&self, ctx: &OpContext, name: &str) -> Result<(), ErrorKind> {
        match self {
            Self::Cache(cache) => cache.delete(ctx, &key(name)).await.map_err(|error| error.kind()),
            Self::Store(store) => store.delete(ctx, &key(name)).await.map(drop).map_err(|error| error.kind()),
        }
    }

    /// Asks the server for its own figures, over the probe's connection.
    pub(crate) async fn probe(&self) -> Result<(), ErrorKind> {
        match self {
            Self::Cache(cache) => cache.probe().counters().await.map(drop).map_err(|error| error.kind()),
            Self::Store(store) => store.probe().counters().await.map(drop).map_err(|error| error.kind()),
        }
    }

    pub(crate) fn lanes(&self) -> LaneStats {
        match self {
            Self::Cache(cache) => cache.lanes(),
            Self::Store(store) => store.lanes(),
        }
    }
}
