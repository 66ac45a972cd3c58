//! Stacks that are there: in use, brought up to stay, or left behind by a run that was killed.

use crate::marker::{self, Marker, boot_id};
use crate::server::polite_signal;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

/// A stack that was found by its marker, or a folder that a run keeps for itself, without servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundStack {
    /// Its folder.
    pub folder: PathBuf,
    /// Whose it is.
    pub holder: Holder,
    /// Its servers.
    pub servers: Vec<FoundServer>,
}

/// Whose a stack is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holder {
    /// A run with this process id, which is alive.
    Run(u32),
    /// Nobody: brought up to stay, by `cachemark stack up`.
    Nobody,
    /// A run that has ended without taking its servers with it.
    Gone,
}

/// A server of a stack that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundServer {
    /// `redis`, `memcached` or `postgres`.
    pub name: String,
    /// Its process id.
    pub pid: u32,
    /// Whether it runs.
    pub alive: bool,
    /// Its port on loopback.
    pub port: u16,
}

/// Every stack and folder of ours that a marker in the temporary folder tells of. A marker that another user wrote, or
/// could have, is not believed.
#[must_use]
pub fn stacks() -> Vec<FoundStack> {
    marker::all().into_iter().map(|(folder, marker)| found(folder, &marker)).collect()
}

fn found(folder: PathBuf, marker: &Marker) -> FoundStack {
    let same_boot = marker.boot_id == boot_id();
    let holder = match marker.holder {
        None => Holder::Nobody,
        Some(run) if same_boot && run.is_alive() => Holder::Run(run.pid),
        Some(_) => Holder::Gone,
    };
    let server = |server: &marker::MarkedServer| FoundServer {
        name: server.name.clone(),
        pid: server.process.pid,
        alive: same_boot && server.is_alive(),
        port: server.port,
    };
    FoundStack { folder, holder, servers: marker.servers.iter().map(server).collect() }
}

/// Ends the servers of every stack that no living run holds and removes its folder; returns what was cleared. Nothing
/// is touched that is not, by process id and start time, the very process that a marker names.
#[must_use]
pub fn clear() -> Vec<FoundStack> {
    let mut cleared = Vec::new();
    for (folder, marker) in marker::all() {
        let stack = found(folder.clone(), &marker);
        if matches!(stack.holder, Holder::Run(_)) {
            continue;
        }
        if marker.boot_id == boot_id() {
            for server in marker.servers.iter().filter(|server| server.is_alive()) {
                server.process.end(polite_signal(&server.name), Duration::from_secs(5));
            }
        }
        // What cannot be removed is found again, with servers that are gone.
        let _ = fs::remove_dir_all(&folder);
        cleared.push(stack);
    }
    cleared
}
