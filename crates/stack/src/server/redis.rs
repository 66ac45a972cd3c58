//! A private Redis: no persistence, one thread, bounded memory.

use super::settings::{CACHE_MEMORY_MIB, REDIS_EVICTION};
use super::starting::Attempt;
use super::{Compose, Server, ServerKind, Start};
use crate::password::Password;
use crate::{StackError, programs};
use rustix::process::Signal;
use std::process::Command;

pub(super) const KIND: ServerKind = ServerKind {
    name: "redis",
    title: "Redis",
    flag: "--redis-url",
    variable: "REDIS_URL",
    compose: Some(Compose {
        port_variable: "CACHEMARK_REDIS_PORT",
        port: "16379",
        url: |password, port| format!("redis://:{password}@127.0.0.1:{port}/"),
    }),
    program: "redis-server",
    package: "redis-server",
    oldest: None,
    connections_limit: "maxclients",
    least_connections: 10_000,
    settings: &[CACHE_MEMORY_MIB, REDIS_EVICTION],
    find: programs::in_path,
    start,
    signal: Signal::TERM,
};

fn start(server: &Start<'_>) -> Result<Server, StackError> {
    let Start { site, name, program, options } = *server;
    let memory = options.settings.integer(CACHE_MEMORY_MIB.name) << 20;
    let command = |port: u16| {
        let mut command = Command::new(program);
        // First, what comes on its standard input: the password. Its command line can be read by everybody.
        command.arg("-");
        command.args(["--bind", "127.0.0.1", "--port", &port.to_string()]);
        // A cache keeps nothing over a restart, and saving would fall on some trials and not on others.
        command.args(["--save", "", "--appendonly", "no", "--daemonize", "no", "--io-threads", "1"]);
        command.args(["--maxmemory", &memory.to_string()]);
        command.args(["--maxclients", &options.connections.to_string()]);
        command.args(["--maxmemory-policy", options.settings.text(REDIS_EVICTION.name)]);
        command.arg("--dir").arg(site.data());
        command
    };
    site.start(name, |port| {
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
