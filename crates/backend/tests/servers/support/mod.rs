//! Private servers for tests: each on a free port of the loopback, its files in a directory that goes with it, ended by
//! its process id.

mod late;
mod pgbouncer;
mod postgres;
mod server;
mod subject;

pub(crate) use self::late::LateProxy;
pub(crate) use self::pgbouncer::PgBouncer;
pub(crate) use self::postgres::PostgresServer;
pub(crate) use self::server::{Server, until_closed};
pub(crate) use self::subject::{Backend, Breakable, Subject};
