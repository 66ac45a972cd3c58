//! The disks of the results folder and of the folder where stores of ours keep their data: room, and how long it takes until
//! a write is safe.
//!
//! A sweep's record takes some MiB, mostly histograms; below 1 GiB a few sweeps fill the disk, which is a warning, and
//! below 64 MiB one may, which fails. Each trial's files are synced before the next begins, and a Postgres that waits for
//! its commits waits as long for each: above 10 ms a write through the cache measures the disk alone, which is a warning,
//! and above 1 s a trial's record takes longer than the trial: that fails.
//! Data in memory (tmpfs) are a warning: writes wait for no disk there, and are some three times as fast.

use super::{Finding, Ground, Level};
use cachemark_results::disk::{file_system, is_memory, syncs};
use std::path::Path;
use std::time::Duration;

const MIB: f64 = 1_048_576.0;
const COMFORT: f64 = 1024.0 * MIB;
const NEED: f64 = 64.0 * MIB;

/// A folder that is looked at: the names of its checks, and how another is given.
#[derive(Debug, Clone, Copy)]
struct Place {
    room: &'static str,
    fsync: &'static str,
    given_by: &'static str,
}

const RESULTS: Place = Place { room: "disk-space", fsync: "fsync", given_by: "--out" };
const DATA: Place = Place { room: "data-disk-space", fsync: "data-fsync", given_by: "TMPDIR" };

pub(super) fn check(ground: &Ground) -> Vec<Finding> {
    let (results, data) = (existing(&ground.out), std::env::temp_dir());
    let mut findings = vec![];
    for (place, folder) in [(RESULTS, results), (DATA, &*data)] {
        let room = rustix::fs::statvfs(folder).ok().map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize));
        findings.extend([judge_room(place, folder, room), judge_syncs(place, folder, syncs(folder))]);
    }
    findings.push(judge_file_system(&data, file_system(&data)));
    findings
}

fn judge_file_system(folder: &Path, kind: Option<String>) -> Finding {
    const CHECK: &str = "data-file-system";
    let Some(kind) = kind else { return Finding::unknown(CHECK, format!("{}: not told", folder.display())) };
    let level = if is_memory(&kind) { Level::Warn } else { Level::Ok };
    Finding::new(CHECK, level, format!("{kind} at {}", folder.display()))
        .advise("it is memory, and writes there wait for no disk: name a folder on a disk with TMPDIR")
        .with("file_system", kind)
}

/// The folder, or the nearest one above it that is there: a record's folder is made when it is needed.
fn existing(out: &Path) -> &Path {
    out.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."))
}

fn judge_room(place: Place, folder: &Path, room: Option<u64>) -> Finding {
    let Some(room) = room else {
        return Finding::unknown(place.room, format!("{}: cannot be asked", folder.display()));
    };
    let bytes = room as f64;
    let seen = format!("{:.0} MiB are free at {}", bytes / MIB, folder.display());
    Finding::new(place.room, Level::at_least(bytes, COMFORT, NEED), seen)
        .advise(format!("make room, or give another folder with {}", place.given_by))
        .with("free_bytes", room)
}

fn judge_syncs(place: Place, folder: &Path, syncs: std::io::Result<Vec<Duration>>) -> Finding {
    let mut syncs = match syncs {
        Ok(syncs) if !syncs.is_empty() => syncs,
        Ok(_) => return Finding::unknown(place.fsync, "no write was tried"),
        Err(error) => {
            let seen = format!("{}: a file cannot be written: {error}", folder.display());
            let advice = format!("give a folder that may be written to with {}", place.given_by);
            return Finding::new(place.fsync, Level::Fail, seen).advise(advice);
        }
    };
    syncs.sort_unstable();
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    let (median, worst) = (syncs[syncs.len() / 2], syncs[syncs.len() - 1]);
    let folder = folder.display();
    let seen = format!("a write to {folder} is safe after {:.2} ms (at worst {:.2} ms)", millis(median), millis(worst));
    Finding::new(place.fsync, Level::at_most(millis(median), 10.0, 1000.0), seen)
        .advise(format!("name a folder on another disk with {}", place.given_by))
        .with("median_ns", u64::try_from(median.as_nanos()).unwrap_or(u64::MAX))
        .with("worst_ns", u64::try_from(worst.as_nanos()).unwrap_or(u64::MAX))
        .with("samples", syncs.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_less_room_the_worse() {
        let levels = [Some(2 << 30), Some(512 << 20), Some(1 << 20), None]
            .map(|room| judge_room(RESULTS, Path::new("."), room).level);
        assert_eq!(levels, [Level::Ok, Level::Warn, Level::Fail, Level::Unknown]);
    }

    #[test]
    fn the_median_write_decides() {
        let judged =
            |ms: [u64; 3]| judge_syncs(RESULTS, Path::new("."), Ok(ms.map(Duration::from_millis).to_vec())).level;
        assert_eq!(judged([1, 2, 900]), Level::Ok);
        assert_eq!(judged([20, 1, 30]), Level::Warn);
        assert_eq!(judged([2000, 1, 3000]), Level::Fail);
        let refused = judge_syncs(RESULTS, Path::new("/x"), Err(std::io::ErrorKind::PermissionDenied.into()));
        assert_eq!(refused.level, Level::Fail);
        assert!(refused.seen.starts_with("/x: a file cannot be written"), "{}", refused.seen);
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_looked_for_above() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(existing(&folder.path().join("a/b")), folder.path());
    }

    #[test]
    fn data_in_memory_are_a_warning() {
        let judged = |kind: Option<&str>| judge_file_system(Path::new("/x"), kind.map(str::to_owned));
        assert_eq!(
            [Some("ext4"), Some("tmpfs"), None].map(|kind| judged(kind).level),
            [Level::Ok, Level::Warn, Level::Unknown]
        );
        assert!(judged(Some("tmpfs")).advice.unwrap().contains("TMPDIR"));
    }
}
