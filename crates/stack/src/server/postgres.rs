//! A private Postgres: a fresh cluster, reached over loopback by its one user.

use super::restarts::{Restarts, Warm};
use super::settings::SYNCHRONOUS_COMMIT;
use super::starting::Attempt;
use super::{Compose, Login, ServerKind, Site, Start};
use crate::password::Password;
use crate::{StackError, folder, programs};
use rustix::process::Signal;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Its one user, over loopback alone, with a password that is never sent as it is.
const LOGINS: &str = "host all postgres 127.0.0.1/32 scram-sha-256\n";

pub(super) const KIND: ServerKind = ServerKind {
    name: "postgres",
    title: "Postgres",
    flag: "--database-url",
    variable: "DATABASE_URL",
    compose: Some(Compose {
        port_variable: "CACHEMARK_POSTGRES_PORT",
        port: "15432",
        url: |password, port| format!("postgres://cachemark:{password}@127.0.0.1:{port}/cachemark"),
    }),
    program: "postgres",
    package: "postgresql",
    oldest: None,
    connections_limit: "max_connections (or that of its user or database)",
    least_connections: 200,
    settings: &[SYNCHRONOUS_COMMIT],
    disk: "its data lie on a disk that others use too, and filling that would harm them",
    find: programs::of_postgres,
    prepare,
    attempt,
    // On SIGTERM it waits for its clients.
    signal: Signal::INT,
    restarts: Restarts {
        empty: Err("its rows are on disk, and no restart takes them; ask for one that leaves it what it held"),
        warm: Ok(Warm::ByItself),
    },
};

fn prepare(start: &Start<'_>, password: &Password) -> Result<(), StackError> {
    make_cluster(start.site, &start.program.with_file_name("initdb"), &data(start.site), password)?;
    write_logins(start.site)
}

fn data(site: &Site<'_>) -> PathBuf {
    site.data().join("postgres")
}

fn attempt(start: &Start<'_>, login: &Login) -> Result<Attempt, StackError> {
    let Start { site, program, options, .. } = *start;
    let port = login.port.number();
    let mut command = Command::new(program);
    command.arg("-D").arg(data(site));
    command.arg("-c").arg(setting("hba_file", &logins(site)));
    let settings = [
        format!("port={port}"),
        "listen_addresses=127.0.0.1".into(),
        "unix_socket_directories=".into(),
        "shared_buffers=256MB".into(),
        format!("max_connections={}", options.connections),
        "max_wal_size=4GB".into(),
        // A query of one row gains nothing from compilation, and would now and then pay for it.
        "jit=off".into(),
        format!("synchronous_commit={}", if options.settings.flag(SYNCHRONOUS_COMMIT.name) { "on" } else { "off" }),
    ];
    for setting in settings {
        command.arg("-c").arg(setting);
    }
    // The cluster knows its password from its making, and is asked for nothing here that takes it.
    Ok(Attempt {
        command,
        input: String::new(),
        url: format!("postgres://postgres:{}@127.0.0.1:{port}/postgres", login.password.text()),
        question: greeting(),
        answer: b"R",
        _login: None,
    })
}

fn logins(site: &Site<'_>) -> PathBuf {
    site.folder.join("postgres.hba")
}

/// Writes who may log in. The file lies in our own folder: the servers' account reads it, and cannot change it.
fn write_logins(site: &Site<'_>) -> Result<(), StackError> {
    let path = logins(site);
    let failed = |source| StackError::io("write who may log in to postgres", source);
    folder::write_new(&path, 0o640, LOGINS).map_err(failed)?;
    if let Some(account) = site.account {
        std::os::unix::fs::chown(&path, None, Some(account.group)).map_err(failed)?;
    }
    Ok(())
}

/// A setting whose value is a path.
fn setting(name: &str, path: &Path) -> OsString {
    let mut text = OsString::from(format!("{name}="));
    text.push(path);
    text
}

/// Makes the cluster without syncing it to the disk: it lives no longer than the run. While it runs, commits are
/// synced as its settings say.
fn make_cluster(site: &Site<'_>, initdb: &Path, data: &Path, password: &Password) -> Result<(), StackError> {
    let secret = site.secret("postgres", &format!("{}\n", password.text()))?;
    let mut command = Command::new(initdb);
    command.arg("-D").arg(data).args(["-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C"]);
    command.args(["-A", "scram-sha-256", "--pwfile"]).arg(secret.path());
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
