//! The marker in a stack's folder: whose it is, and which processes belong to it.

use crate::account::Account;
use crate::process::ProcessId;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

const FILE: &str = "cachemark-stack.json";
/// What the folders of stacks begin with.
pub(crate) const FOLDER_PREFIX: &str = "cachemark-stack-";

/// What the marker says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Marker {
    /// Names the machine's start: process ids of another start mean nothing.
    pub(crate) boot_id: String,
    /// The run that the servers belong to; none if they were brought up to stay.
    pub(crate) holder: Option<ProcessId>,
    pub(crate) servers: Vec<MarkedServer>,
}

/// A server, as its stack's marker names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarkedServer {
    pub(crate) name: String,
    pub(crate) process: ProcessId,
    pub(crate) port: u16,
    pub(crate) url: String,
}

/// The machine's start, by the kernel's name for it; empty where there is none.
pub(crate) fn boot_id() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

impl Marker {
    pub(crate) fn write(&self, folder: &Path) -> io::Result<()> {
        // Whole or absent: a torn marker would hide its servers.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        file.as_file().sync_all()?;
        file.persist(folder.join(FILE))?;
        Ok(())
    }

    pub(crate) fn read(folder: &Path) -> Option<Self> {
        serde_json::from_slice(&fs::read(folder.join(FILE)).ok()?).ok()
    }
}

fn is_ours(user: u32) -> bool {
    user == rustix::process::geteuid().as_raw() || Account::for_servers().is_some_and(|account| account.user == user)
}

/// Every folder with a marker, with what it says.
pub(crate) fn all() -> Vec<(PathBuf, Marker)> {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else { return Vec::new() };
    let mut found: Vec<_> = entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().starts_with(FOLDER_PREFIX))
        // Anyone may write a marker into the temporary folder: one of another user is not believed.
        .filter(|entry| entry.metadata().is_ok_and(|folder| is_ours(folder.uid())))
        .filter_map(|entry| Some((entry.path(), Marker::read(&entry.path())?)))
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}
