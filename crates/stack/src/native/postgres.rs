//! A private Postgres: a fresh cluster, reached over loopback by its one user.

use super::starting::answers;
use super::{Server, Site};
use crate::StackError;
use std::path::Path;
use std::process::{Command, Stdio};

pub(super) fn start(site: &Site<'_>, programs: &Path) -> Result<Server, StackError> {
    let data = site.folder.join("postgres");
    make_cluster(site, programs, &data)?;
    let options = site.options;
    let command = |port: u16| {
        let mut command = Command::new(programs.join("postgres"));
        command.arg("-D").arg(&data);
        let settings = [
            format!("port={port}"),
            "listen_addresses=127.0.0.1".into(),
            "unix_socket_directories=".into(),
            "shared_buffers=256MB".into(),
            format!("max_connections={}", options.postgres_connections),
            "max_wal_size=4GB".into(),
            // A query of one row gains nothing from compilation, and would now and then pay for it.
            "jit=off".into(),
            format!("synchronous_commit={}", if options.postgres_synchronous_commit { "on" } else { "off" }),
        ];
        for setting in settings {
            command.arg("-c").arg(setting);
        }
        command
    };
    site.start(
        "postgres",
        command,
        |port| format!("postgres://postgres@127.0.0.1:{port}/postgres"),
        |port| answers(port, &greeting(), b"R"),
    )
}

/// Makes the cluster without syncing it to the disk: it lives no longer than the run. While it runs, commits are
/// synced as its settings say.
fn make_cluster(site: &Site<'_>, programs: &Path, data: &Path) -> Result<(), StackError> {
    let mut command = Command::new(programs.join("initdb"));
    command.arg("-D").arg(data).args(["-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C"]);
    let failed = |source| StackError::io("run initdb", source);
    let output = site.prepare(&mut command).stdout(Stdio::null()).stderr(Stdio::piped()).output().map_err(failed)?;
    if output.status.success() {
        return Ok(());
    }
    let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    Err(StackError::io("run initdb", std::io::Error::other(message)))
}

/// The first message of a session: length, protocol 3.0, user and database. A server that is still starting answers it
/// with an error (`E`), one that takes sessions with an authentication request (`R`).
fn greeting() -> Vec<u8> {
    let names = b"user\0postgres\0database\0postgres\0\0";
    let length = u32::try_from(8 + names.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes()[..], &196_608_u32.to_be_bytes(), names].concat()
}
