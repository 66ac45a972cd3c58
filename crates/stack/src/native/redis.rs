//! A private Redis: no persistence, one thread, bounded memory.

use super::starting::answers;
use super::{Server, Site};
use crate::StackError;
use std::path::Path;
use std::process::Command;

pub(super) fn start(site: &Site<'_>, program: &Path) -> Result<Server, StackError> {
    let options = site.options;
    let command = |port: u16| {
        let mut command = Command::new(program);
        command.args(["--bind", "127.0.0.1", "--port", &port.to_string()]);
        // A cache keeps nothing over a restart, and saving would fall on some trials and not on others.
        command.args(["--save", "", "--appendonly", "no", "--daemonize", "no", "--io-threads", "1"]);
        command.args(["--maxmemory", &options.cache_memory_bytes.to_string()]);
        command.args(["--maxclients", &options.redis_connections.to_string()]);
        command.args(["--maxmemory-policy", &options.redis_eviction]);
        command.arg("--dir").arg(site.folder);
        command
    };
    site.start(
        "redis",
        command,
        |port| format!("redis://127.0.0.1:{port}/"),
        |port| answers(port, b"PING\r\n", b"+PONG"),
    )
}
