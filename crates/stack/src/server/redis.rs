//! A private Redis: no persistence but over a warm restart, one thread, bounded memory.

use super::restarts::{Restarts, Warm};
use super::settings::{CACHE_MEMORY_MIB, REDIS_EVICTION};
use super::starting::Attempt;
use super::{Compose, Login, ServerKind, Start};
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
    disk: "it writes nothing to disk while it serves",
    find: programs::in_path,
    prepare: |_, _| Ok(()),
    attempt,
    signal: Signal::TERM,
    restarts: Restarts { empty: Ok(()), warm: Ok(Warm::Saved { ask: save_and_end, refusal: b'-', file: saved }) },
};

fn attempt(start: &Start<'_>, login: &Login) -> Result<Attempt, StackError> {
    let Start { site, kind, program, options } = *start;
    let (port, password) = (login.port.number(), login.password.text());
    let memory = options.settings.integer(CACHE_MEMORY_MIB.name) << 20;
    let mut command = Command::new(program);
    // First, what comes on its standard input: the password. Its command line can be read by everybody.
    command.arg("-");
    command.args(["--bind", "127.0.0.1", "--port", &port.to_string()]);
    // A cache keeps nothing over a restart, unless it is asked to, and saving would fall on some trials and not on others.
    command.args(["--save", "", "--appendonly", "no", "--daemonize", "no", "--io-threads", "1"]);
    command.args(["--maxmemory", &memory.to_string()]);
    command.args(["--maxclients", &options.connections.to_string()]);
    command.args(["--maxmemory-policy", options.settings.text(REDIS_EVICTION.name)]);
    command.arg("--dir").arg(site.data()).args(["--dbfilename", &saved(kind.name)]);
    Ok(Attempt {
        command,
        input: format!("requirepass {password}\n"),
        url: format!("redis://:{password}@127.0.0.1:{port}/"),
        question: format!("AUTH {password}\r\nPING\r\n").into_bytes(),
        answer: b"+OK\r\n+PONG",
        _login: None,
    })
}

/// The file in the servers' data that it saves what it holds to.
fn saved(name: &str) -> String {
    format!("{name}.rdb")
}

/// What has it save what it holds and end. It answers only if it cannot.
fn save_and_end(login: &Login) -> Vec<u8> {
    format!("AUTH {}\r\nSHUTDOWN SAVE\r\n", login.password.text()).into_bytes()
}
