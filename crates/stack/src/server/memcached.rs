//! A private Memcached: one thread (several lengthen the tail on few cores), items of up to 2 MiB, bounded memory.

use super::settings::CACHE_MEMORY_MIB;
use super::starting::Attempt;
use super::{Compose, Server, ServerKind, Start};
use crate::password::Password;
use crate::{StackError, programs};
use rustix::process::Signal;
use std::path::Path;
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
    find: programs::in_path,
    start,
    signal: Signal::TERM,
};

fn start(server: &Start<'_>) -> Result<Server, StackError> {
    let Start { site, name, program, options } = *server;
    let mebibytes = options.settings.integer(CACHE_MEMORY_MIB.name).max(1);
    let command = |port: u16, logins: &Path| {
        let mut command = Command::new(program);
        command.args(["-l", "127.0.0.1", "-p", &port.to_string(), "-U", "0"]);
        command.args(["-t", "1", "-I", "2m", "-m", &mebibytes.to_string()]);
        command.args(["-c", &options.connections.to_string()]);
        command.arg("-Y").arg(logins);
        command
    };
    site.start(name, |port| {
        let password = Password::random().map_err(|source| StackError::io("make a password", source))?;
        let password = password.text();
        let logins = site.secret(name, &format!("{USER}:{password}\n"))?;
        let value = format!("{USER} {password}");
        Ok(Attempt {
            command: command(port, &logins.path()),
            input: String::new(),
            url: format!("memcached://{USER}:{password}@127.0.0.1:{port}"),
            question: format!("set login 0 0 {}\r\n{value}\r\n", value.len()).into_bytes(),
            answer: b"STORED",
            _login: Some(logins),
        })
    })
}
