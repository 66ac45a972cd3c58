//! The disk of the results folder: room, and how long it takes until a write is safe.
//!
//! A sweep's record takes some MiB, mostly histograms; below 1 GiB a few sweeps fill the disk, which is a warning, and
//! below 64 MiB one may, which fails. Each trial's files are synced before the next begins, and a Postgres that waits for
//! its commits waits as long for each: above 10 ms a write through the cache measures the disk alone, which is a warning,
//! and above 1 s a trial's record takes longer than the trial: that fails.

use super::{Finding, Ground, Level};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::time::{Duration, Instant};

const MIB: f64 = 1_048_576.0;
const COMFORT: f64 = 1024.0 * MIB;
const NEED: f64 = 64.0 * MIB;
const SYNCS: usize = 15;
/// A disk that takes longer has told what is to be known before the last write.
const PATIENCE: Duration = Duration::from_secs(3);

pub(super) fn check(ground: &Ground) -> Vec<Finding> {
    let folder = existing(&ground.out);
    let room = rustix::fs::statvfs(folder).ok().map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    vec![judge_room(folder, room), judge_syncs(folder, syncs(folder))]
}

/// The folder, or the nearest one above it that is there: a record's folder is made when it is needed.
fn existing(out: &Path) -> &Path {
    out.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."))
}

fn judge_room(folder: &Path, room: Option<u64>) -> Finding {
    const CHECK: &str = "disk-space";
    let Some(room) = room else { return Finding::unknown(CHECK, format!("{}: cannot be asked", folder.display())) };
    let bytes = room as f64;
    let seen = format!("{:.0} MiB are free at {}", bytes / MIB, folder.display());
    Finding::new(CHECK, Level::at_least(bytes, COMFORT, NEED), seen)
        .advise("make room, or give another folder with --out")
        .with("free_bytes", room)
}

fn judge_syncs(folder: &Path, syncs: std::io::Result<Vec<Duration>>) -> Finding {
    const CHECK: &str = "fsync";
    let mut syncs = match syncs {
        Ok(syncs) if !syncs.is_empty() => syncs,
        Ok(_) => return Finding::unknown(CHECK, "no write was tried"),
        Err(error) => {
            let seen = format!("{}: a file cannot be written: {error}", folder.display());
            return Finding::new(CHECK, Level::Fail, seen).advise("give a folder that may be written to with --out");
        }
    };
    syncs.sort_unstable();
    let millis = |time: Duration| time.as_secs_f64() * 1e3;
    let (median, worst) = (syncs[syncs.len() / 2], syncs[syncs.len() - 1]);
    let seen = format!("a write is safe after {:.2} ms (at worst {:.2} ms)", millis(median), millis(worst));
    Finding::new(CHECK, Level::at_most(millis(median), 10.0, 1000.0), seen)
        .advise("put the results on another disk with --out; figures of durable writes are this disk's")
        .with("median_ns", u64::try_from(median.as_nanos()).unwrap_or(u64::MAX))
        .with("worst_ns", u64::try_from(worst.as_nanos()).unwrap_or(u64::MAX))
        .with("samples", syncs.len())
}

/// How long each of several small writes took to be safe. The file has no name and is gone afterwards.
fn syncs(folder: &Path) -> std::io::Result<Vec<Duration>> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_less_room_the_worse() {
        let levels =
            [Some(2 << 30), Some(512 << 20), Some(1 << 20), None].map(|room| judge_room(Path::new("."), room).level);
        assert_eq!(levels, [Level::Ok, Level::Warn, Level::Fail, Level::Unknown]);
    }

    #[test]
    fn the_median_write_decides() {
        let judged = |ms: [u64; 3]| judge_syncs(Path::new("."), Ok(ms.map(Duration::from_millis).to_vec())).level;
        assert_eq!(judged([1, 2, 900]), Level::Ok);
        assert_eq!(judged([20, 1, 30]), Level::Warn);
        assert_eq!(judged([2000, 1, 3000]), Level::Fail);
        let refused = judge_syncs(Path::new("/x"), Err(std::io::ErrorKind::PermissionDenied.into()));
        assert_eq!(refused.level, Level::Fail);
        assert!(refused.seen.starts_with("/x: a file cannot be written"), "{}", refused.seen);
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_looked_for_above() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(existing(&folder.path().join("a/b")), folder.path());
        assert_eq!(syncs(folder.path()).unwrap().len(), SYNCS);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "nothing stays behind");
    }
}
