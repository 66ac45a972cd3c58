//! The disk under a store's data: what a durable write costs is its affair, and no other folder's.

use crate::differences::Difference;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

/// File systems that are memory: nothing is made safe there, and a write that waits for its disk waits for none.
const IN_MEMORY: [&str; 2] = ["tmpfs", "ramfs"];
const SYNCS: usize = 15;
/// A disk that takes longer has told what is to be known before the last write.
const PATIENCE: Duration = Duration::from_secs(3);
/// Two medians of one disk differ by less, however busy it is (twentyfold was seen on one); those of a disk and of what waits
/// for none, by more.
const ANOTHER_DISK: f64 = 300.0;

/// What a store's data lie on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DataDisk {
    /// The store's name in cells.
    pub store: String,
    /// The type of the file system, as the kernel names it; none if it does not tell.
    pub file_system: Option<String>,
    /// How long until 4 KiB were safe there when the run began, in nanoseconds: the median of several writes. None if they
    /// could not be tried.
    pub sync_ns: Option<u64>,
}

impl DataDisk {
    /// Looks at `folder`, where the data of `store` are to lie. Takes as long as 15 synced writes, or 3 s.
    #[must_use]
    pub fn under(store: &str, folder: &Path) -> Self {
        let sync_ns =
            syncs(folder).ok().and_then(median).map(|time| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX));
        Self { store: store.to_owned(), file_system: file_system(folder), sync_ns }
    }

    /// Whether the data lie in memory: writes are then faster than any disk makes them.
    #[must_use]
    pub fn in_memory(&self) -> bool {
        self.file_system.as_deref().is_some_and(is_memory)
    }

    /// In what the disks `now` differ from the recorded ones; empty if they are the same, or were not recorded.
    #[must_use]
    pub fn differences(then: &[Self], now: &[Self]) -> Vec<Difference> {
        let mut found = Vec::new();
        for old in then {
            let Some(new) = now.iter().find(|new| new.store == old.store) else { continue };
            let name = |disk: &Self| disk.file_system.clone().unwrap_or_else(|| "not known".to_owned());
            if old.file_system != new.file_system {
                let name = |disk: &Self| format!("`{}`", name(disk));
                let what = format!("file system of {}'s data", old.store);
                found.push(Difference { what, then: name(old), now: name(new) });
            }
            if let (Some(was), Some(is)) = (old.sync_ns, new.sync_ns)
                && was.max(is) as f64 > ANOTHER_DISK * was.min(is).max(1) as f64
            {
                let millis = |ns: u64| format!("{:.3} ms", ns as f64 / 1e6);
                let what = format!("a safe write of {}'s", old.store);
                found.push(Difference { what, then: millis(was), now: millis(is) });
            }
        }
        found
    }
}

/// Whether a file system of this type is memory.
#[must_use]
pub fn is_memory(file_system: &str) -> bool {
    IN_MEMORY.contains(&file_system)
}

/// How long each of several writes of 4 KiB took to be safe in `folder`. The file has no name and is gone afterwards.
///
/// # Errors
/// If a file cannot be written there.
pub fn syncs(folder: &Path) -> io::Result<Vec<Duration>> {
    let mut file = tempfile::tempfile_in(folder)?;
    let mut times = Vec::new();
    let begun = Instant::now();
    while times.len() < SYNCS && begun.elapsed() < PATIENCE {
        file.seek(SeekFrom::Start(0))?;
        file.write_all(&[times.len() as u8; 4096])?;
        let written = Instant::now();
        file.sync_all()?;
        times.push(written.elapsed());
    }
    Ok(times)
}

fn median(mut times: Vec<Duration>) -> Option<Duration> {
    times.sort_unstable();
    times.get(times.len() / 2).copied()
}

/// The type of the file system that `folder` lies on, as the kernel names it (`ext4`, `tmpfs`); none if it does not tell.
#[must_use]
pub fn file_system(folder: &Path) -> Option<String> {
    let folder = fs::canonicalize(folder).ok()?;
    type_among(&fs::read_to_string("/proc/self/mountinfo").ok()?, &folder)
}

/// The type of the innermost mount that holds `folder`; of two at one place, of the later one, which hides the other.
fn type_among(mounts: &str, folder: &Path) -> Option<String> {
    let mount = |line: &str| {
        let (place, kind) = line.split_once(" - ")?;
        let place = unescaped(place.split(' ').nth(4)?);
        let holds = folder.starts_with(&place);
        holds.then(|| (place.len(), kind.split(' ').next().unwrap_or_default().to_owned()))
    };
    mounts.lines().filter_map(mount).max_by_key(|(depth, _)| *depth).map(|(_, kind)| kind)
}

/// A path as the kernel lists it: blanks and backslashes stand as three octal digits.
fn unescaped(listed: &str) -> String {
    let escapes = [("\\040", " "), ("\\011", "\t"), ("\\012", "\n"), ("\\134", "\\")];
    escapes.iter().fold(listed.to_owned(), |path, (escape, plain)| path.replace(escape, plain))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MOUNTS: &str = "22 1 254:0 / / rw,relatime - ext4 /dev/vda rw\n\
        30 22 0:25 / /run rw,nosuid shared:5 - tmpfs tmpfs rw\n\
        31 22 0:26 / /mnt/a\\040disk rw - xfs /dev/vdb rw\n\
        32 22 0:27 / /twice rw - ext4 /dev/vdc rw\n\
        33 32 0:28 / /twice rw - tmpfs tmpfs rw\n";

    #[test]
    fn the_innermost_mount_decides_and_the_later_of_two() {
        let of = |folder: &str| type_among(MOUNTS, Path::new(folder)).unwrap();
        assert_eq!([of("/var/tmp"), of("/run"), of("/run/user/0"), of("/runner")], ["ext4", "tmpfs", "tmpfs", "ext4"]);
        assert_eq!([of("/mnt/a disk/x"), of("/mnt/a"), of("/twice/x")], ["xfs", "ext4", "tmpfs"]);
        assert_eq!(type_among("", Path::new("/")), None);
    }

    fn disk(file_system: &str, sync_ns: u64) -> DataDisk {
        DataDisk { store: "sqlite".into(), file_system: Some(file_system.into()), sync_ns: Some(sync_ns) }
    }

    #[test]
    fn a_disk_is_another_by_its_kind_or_by_far_another_time() {
        let then = [disk("ext4", 1_000_000)];
        let lines = |now: DataDisk| -> Vec<String> {
            DataDisk::differences(&then, &[now]).iter().map(ToString::to_string).collect()
        };
        assert_eq!(lines(disk("ext4", 250_000_000)), [""; 0]);
        assert_eq!(lines(disk("ext4", 4_000)), [""; 0]);
        assert_eq!(
            lines(disk("tmpfs", 2_000)),
            [
                "file system of sqlite's data: the record says `ext4`, now it is `tmpfs`",
                "a safe write of sqlite's: the record says 1.000 ms, now it is 0.002 ms"
            ]
        );
        assert_eq!(DataDisk::differences(&[], &then), [], "an older record says nothing of it");
    }

    #[test]
    fn memory_is_told_from_a_disk() {
        assert!(disk("tmpfs", 1).in_memory() && !disk("ext4", 1).in_memory());
        let folder = tempfile::tempdir().unwrap();
        let here = DataDisk::under("sqlite", folder.path());
        assert!(here.file_system.is_some() && here.sync_ns.is_some(), "{here:?}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing stays behind");
    }
}
