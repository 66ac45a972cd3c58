//! A private Memcached: one thread (several lengthen the tail on few cores), items of up to 2 MiB, bounded memory.

use super::starting::Attempt;
use super::{Server, Site};
use crate::StackError;
use crate::password::Password;
use std::path::Path;
use std::process::Command;

/// The user that it knows.
const USER: &str = "cachemark";

pub(super) fn start(site: &Site<'_>, program: &Path) -> Result<Server, StackError> {
    let mebibytes = (site.options.cache_memory_bytes >> 20).max(1);
    let command = |port: u16, logins: &Path| {
        let mut command = Command::new(program);
        command.args(["-l", "127.0.0.1", "-p", &port.to_string(), "-U", "0"]);
        command.args(["-t", "1", "-I", "2m", "-m", &mebibytes.to_string()]);
        command.args(["-c", &site.options.memcached_connections.to_string()]);
        command.arg("-Y").arg(logins);
        command
    };
    site.start("memcached", |port| {
        let password = Password::random().map_err(|source| StackError::io("make a password", source))?;
        let password = password.text();
        let logins = site.secret("memcached", &format!("{USER}:{password}\n"))?;
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
