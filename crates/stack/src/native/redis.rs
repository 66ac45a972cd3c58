//! A private Redis: no persistence, one thread, bounded memory.

use super::starting::Attempt;
use super::{Server, Site};
use crate::StackError;
use crate::password::Password;
use std::path::Path;
use std::process::Command;

pub(super) fn start(site: &Site<'_>, program: &Path) -> Result<Server, StackError> {
    let options = site.options;
    let command = |port: u16| {
        let mut command = Command::new(program);
        // First, what comes on its standard input: the password. Its command line can be read by everybody.
        command.arg("-");
        command.args(["--bind", "127.0.0.1", "--port", &port.to_string()]);
        // A cache keeps nothing over a restart, and saving would fall on some trials and not on others.
        command.args(["--save", "", "--appendonly", "no", "--daemonize", "no", "--io-threads", "1"]);
        command.args(["--maxmemory", &options.cache_memory_bytes.to_string()]);
        command.args(["--maxclients", &options.redis_connections.to_string()]);
        command.args(["--maxmemory-policy", &options.redis_eviction]);
        command.arg("--dir").arg(site.data());
        command
    };
    site.start("redis", |port| {
        let password = Password::random().map_err(|source| StackError::io("make a password", source))?;
        let password = password.text();
        Ok(Attempt {
            command: command(port),
            input: format!("requirepass {password}\n"),
            url: format!("redis://:{password}@127.0.0.1:{port}/"),
            question: format!("AUTH {password}\r\nPING\r\n").into_bytes(),
            answer: b"+OK\r\n+PONG",
            _login: None,
        })
    })
}
