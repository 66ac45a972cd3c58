//! A private Memcached: one thread (several lengthen the tail on few cores), items of up to 2 MiB, bounded memory.

use super::restarts::Restarts;
use super::settings::CACHE_MEMORY_MIB;
use super::starting::Attempt;
use super::{Compose, Login, ServerKind, Start};
use crate::{StackError, programs};
use rustix::process::Signal;
use std::process::Command;

/// The user that it knows.
const USER: &str = "cachemark";

pub(super) const KIND: ServerKind = ServerKind {
    name: "memcached",
    title: "Memcached",
    flag: "--memcached-url",
    variable: "MEMCACHED_URL",
    compose: Some(Compose {
        port_variable: "CACHEMARK_MEMCACHED_PORT",
        port: "21211",
        url: |password, port| format!("memcached://cachemark:{password}@127.0.0.1:{port}"),
    }),
    program: "memcached",
    package: "memcached",
    oldest: Some(([1, 6], "get 1.6 or later: older ones do not speak the meta protocol")),
    connections_limit: "-c",
    least_connections: 2048,
    settings: &[CACHE_MEMORY_MIB],
    disk: "it writes nothing to disk",
    find: programs::in_path,
    prepare: |_, _| Ok(()),
    attempt,
    signal: Signal::TERM,
    restarts: Restarts {
        empty: Ok(()),
        warm: Err(
            "it keeps its entries in memory alone, and they end with its process; ask for one that leaves it empty",
        ),
    },
};

fn attempt(start: &Start<'_>, login: &Login) -> Result<Attempt, StackError> {
    let Start { site, kind, program, options } = *start;
    let (port, password) = (login.port.number(), login.password.text());
    let mebibytes = options.settings.integer(CACHE_MEMORY_MIB.name).max(1);
    let logins = site.secret(kind.name, &format!("{USER}:{password}\n"))?;
    let mut command = Command::new(program);
    command.args(["-l", "127.0.0.1", "-p", &port.to_string(), "-U", "0"]);
    command.args(["-t", "1", "-I", "2m", "-m", &mebibytes.to_string()]);
    command.args(["-c", &options.connections.to_string()]);
    command.arg("-Y").arg(logins.path());
    let value = format!("{USER} {password}");
    Ok(Attempt {
        command,
        input: String::new(),
        url: format!("memcached://{USER}:{password}@127.0.0.1:{port}"),
        question: format!("set login 0 0 {}\r\n{value}\r\n", value.len()).into_bytes(),
        answer: b"STORED",
        _login: Some(logins),
    })
}
