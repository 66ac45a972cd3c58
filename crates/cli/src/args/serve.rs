//! `cachemark serve`.

use super::address::listen_address;
use super::servers::AddressArgs;
use super::times::{cost, some_millis, some_time};
use crate::stack::StackKind;
use clap::Args as ClapArgs;
use std::net::SocketAddr;
use std::time::Duration;

#[derive(Debug, ClapArgs)]
pub(crate) struct ServeArgs {
    /// The strategy: cache-aside if neither it nor --arm is given.
    #[arg(long, value_name = "NAME", conflicts_with = "arm")]
    pub(crate) strategy: Option<String>,
    /// An arm of the workload, with its settings, in the place of a strategy.
    #[arg(long, value_name = "NAME")]
    pub(crate) arm: Option<String>,
    /// The cache; the stack's first if not given.
    #[arg(long, value_name = "NAME")]
    pub(crate) cache: Option<String>,
    /// The store; the stack's first if not given.
    #[arg(long, value_name = "NAME")]
    pub(crate) store: Option<String>,
    /// A cost added to each read at the store (none, 1ms).
    #[arg(long, value_name = "COST", value_parser = cost, default_value = "none")]
    pub(crate) read_cost: Duration,
    /// Independent copies of the strategy's in-process state; a client's session chooses its own.
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    pub(crate) instances: u64,
    /// Where the settings of strategy, cache and store, and the rows of --preload, come from.
    #[arg(long, value_name = "NAME|FILE", default_value = "default")]
    pub(crate) workload: String,
    /// Empty our table in the store and fill it with the workload's rows first.
    #[arg(long)]
    pub(crate) preload: bool,
    /// Where to listen; port 0 takes a free one. There is no authentication: think before leaving loopback.
    #[arg(long, value_name = "ADDRESS", value_parser = listen_address, default_value_t = cachemark_service::DEFAULT_ADDRESS)]
    pub(crate) listen: SocketAddr,
    /// The deadline of one operation.
    #[arg(long, value_name = "TIME", value_parser = some_millis, default_value = "1s")]
    pub(crate) deadline: Duration,
    /// The longest that a call to a cache server may take; a quarter of --deadline if not given.
    #[arg(long, value_name = "TIME", value_parser = some_millis)]
    pub(crate) cache_timeout: Option<Duration>,
    /// The longest value that is taken, in bytes.
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 20)]
    pub(crate) body_bytes: usize,
    /// How long a request's head may take, and how long a connection may be idle before one; then it is closed.
    #[arg(long, value_name = "TIME", value_parser = some_time, default_value = "15s")]
    pub(crate) head_read: Duration,
    /// How long a request's body may take, however steadily it comes; then 408.
    #[arg(long, value_name = "TIME", value_parser = some_time, default_value = "10s")]
    pub(crate) body_read: Duration,
    /// Where caches and stores run.
    #[arg(long, value_enum, default_value = "embedded")]
    pub(crate) stack: StackKind,
    #[command(flatten)]
    pub(crate) addresses: AddressArgs,
}
