//! The marker in a folder of ours: whose it is, and which processes belong to it.

use crate::StackError;
use crate::process::ProcessId;
use rustix::fs::{CWD, FileType, Mode, OFlags, Stat, fstat, openat};
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

const FILE: &str = "cachemark-stack.json";
/// What the folders of stacks begin with.
pub(crate) const STACK_PREFIX: &str = "cachemark-stack-";
/// What the folders begin with that a run keeps for itself.
pub(crate) const STORE_PREFIX: &str = "cachemark-store-";
/// No marker is longer, in bytes.
const LONGEST: u64 = 1 << 20;

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

/// A server, as its stack's marker names it. How to log in there is in no file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct MarkedServer {
    pub(crate) name: String,
    pub(crate) process: ProcessId,
    /// The user that it runs as.
    pub(crate) user: u32,
    pub(crate) port: u16,
}

impl MarkedServer {
    /// Whether it runs: the very process, as the user that it was started as.
    pub(crate) fn is_alive(&self) -> bool {
        self.process.is_alive() && self.process.user() == Some(self.user)
    }
}

/// The machine's start, by the kernel's name for it; empty where there is none.
pub(crate) fn boot_id() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

/// Writes the marker of a folder, in place of the one before.
pub(crate) fn mark(folder: &Path, holder: Option<ProcessId>, servers: Vec<MarkedServer>) -> Result<(), StackError> {
    let marker = Marker { boot_id: boot_id(), holder, servers };
    marker.write(folder).map_err(|source| StackError::io("mark a folder of ours", source))
}

impl Marker {
    fn write(&self, folder: &Path) -> io::Result<()> {
        // Whole or absent: a torn marker would hide its servers.
        let mut file = tempfile::NamedTempFile::new_in(folder)?;
        serde_json::to_writer_pretty(&mut file, self)?;
        file.as_file().sync_all()?;
        file.persist(folder.join(FILE))?;
        Ok(())
    }

    /// The marker in `folder`, if we wrote it: anybody may make a folder with a marker in the temporary folder, and one that
    /// was believed would have us end whatever it names. So both must be ours, where nobody else may write. They are
    /// looked at once they are open: a name may lead elsewhere a moment later.
    fn read(folder: &Path) -> Option<Self> {
        // A pipe in the marker's place must not keep us waiting.
        let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC;
        let folder = openat(CWD, folder, flags | OFlags::DIRECTORY, Mode::empty()).ok()?;
        fstat(&folder).ok().filter(is_ours_alone)?;
        let file = openat(&folder, FILE, flags, Mode::empty()).ok()?;
        let is_file = |stat: &Stat| FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        fstat(&file).ok().filter(is_ours_alone).filter(is_file)?;
        let mut text = Vec::new();
        File::from(file).take(LONGEST).read_to_end(&mut text).ok()?;
        serde_json::from_slice(&text).ok()
    }
}

fn is_ours_alone(stat: &Stat) -> bool {
    const WRITABLE_BY_OTHERS: u32 = 0o022;
    stat.st_uid == rustix::process::geteuid().as_raw() && stat.st_mode & WRITABLE_BY_OTHERS == 0
}

/// Every folder of ours with a marker, with what it says.
pub(crate) fn all() -> Vec<(PathBuf, Marker)> {
    let Ok(entries) = fs::read_dir(std::env::temp_dir()) else { return Vec::new() };
    let named = |entry: &fs::DirEntry| {
        let name = entry.file_name();
        [STACK_PREFIX, STORE_PREFIX].iter().any(|prefix| name.to_string_lossy().starts_with(prefix))
    };
    let mut found: Vec<_> = entries
        .flatten()
        .filter(named)
        .filter_map(|entry| Some((entry.path(), Marker::read(&entry.path())?)))
        .collect();
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}
