//! The arguments of `cachemark audit`.

use super::servers::AddressArgs;
use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// The cache to hold against the store: redis, valkey or memcached.
    #[arg(long, value_name = "NAME", default_value = "redis")]
    pub(crate) cache: String,
    #[command(flatten)]
    pub(crate) addresses: AddressArgs,
    /// The most rows that are looked at, in the order of their keys; what the cache has is looked at in any case.
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000_000)]
    pub(crate) keys: u64,
    /// Print what was found as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}
