//! The places where a writer may be killed. Elsewhere than in this crate's own tests there is nothing to them.

use std::fs::File;
use std::io::{self, Read, Write};

/// A kill may come here.
#[cfg(not(test))]
pub(crate) fn point() {}

/// Writes all of `bytes`.
#[cfg(not(test))]
pub(crate) fn write_all(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    file.write_all(bytes)
}

/// Writes all that `from` gives.
#[cfg(not(test))]
pub(crate) fn copy(from: &mut impl Read, file: &mut File) -> io::Result<()> {
    io::copy(from, file).map(drop)
}

/// Ends the process at the point that the test asks for, as a kill does: nothing is closed or removed.
#[cfg(test)]
pub(crate) fn point() {
    use std::sync::atomic::{AtomicU32, Ordering};
    static PASSED: AtomicU32 = AtomicU32::new(0);
    let Some(at) = std::env::var(tests::AT).ok().and_then(|at| at.parse::<u32>().ok()) else { return };
    if PASSED.fetch_add(1, Ordering::Relaxed) + 1 == at {
        std::process::abort();
    }
}

/// Writes half, passes a point, writes the rest.
#[cfg(test)]
pub(crate) fn write_all(file: &mut File, bytes: &[u8]) -> io::Result<()> {
    let (first, rest) = bytes.split_at(bytes.len() / 2);
    file.write_all(first)?;
    point();
    file.write_all(rest)
}

/// Writes something, passes a point, writes the rest.
#[cfg(test)]
pub(crate) fn copy(from: &mut impl Read, file: &mut File) -> io::Result<()> {
    io::copy(&mut from.take(5), file)?;
    point();
    io::copy(from, file).map(drop)
}

#[cfg(test)]
#[path = "../tests/sample/mod.rs"]
mod sample;

#[cfg(test)]
mod tests {
    use super::sample;
    use crate::{Manifest, Run, RunWriter, Status, Thoroughness, latest_in, pack};
    use std::fs;
    use std::io::Write;
    use std::path::Path;
    use std::process::Command;

    const HEAD: &[u8] = b"#a log\n";
    const LINES: &[u8] = b"one\ntwo\n";

    /// The number of the point at which the process is to end.
    pub(super) const AT: &str = "CACHEMARK_TEST_CRASH_AT";
    const OUT: &str = "CACHEMARK_TEST_CRASH_OUT";
    const NAME: &str = "crash::tests::whatever_the_writer_had_done_when_it_was_killed_nothing_torn_is_read";

    fn write_record(out: &Path) {
        let writer = RunWriter::create(out, &sample::manifest(), "name = \"sample\"\n").unwrap();
        writer.environment(&sample::environment()).unwrap();
        writer.trial(&sample::trial(1), &sample::series(), &sample::histograms()).unwrap();
        let mut lines = writer.log_lines(2).unwrap();
        lines.write_all(LINES).unwrap();
        writer.trial_with_log(&sample::trial(2), &sample::series(), &sample::histograms(), HEAD, lines).unwrap();
        writer.manifest(&Manifest { status: Status::Complete, ..sample::manifest() }).unwrap();
    }

    /// Everything that can be read is what was written; what was half-written goes when the record is taken over.
    fn check(out: &Path) -> usize {
        let Some(folder) = latest_in(out) else { return 0 };
        let run = Run::open(&folder).unwrap();
        assert!(run.environment.is_some() || run.trials.is_empty());
        for trial in &run.trials {
            assert_eq!(*trial, sample::trial(trial.number));
            assert_eq!(run.series(trial).unwrap(), sample::series());
            assert_eq!(run.histograms(trial).unwrap(), sample::histograms());
            assert_eq!(run.interval_log(trial).unwrap(), (trial.number == 2).then(|| [HEAD, LINES].concat()));
        }
        assert_eq!(run.definition().unwrap(), "name = \"sample\"\n");
        drop(RunWriter::reopen(&folder).unwrap());
        for place in [folder.clone(), folder.join("trials")] {
            // There are no trials/ where they are packed.
            let left = fs::read_dir(place).into_iter().flatten().flatten().map(|entry| entry.file_name());
            assert!(left.into_iter().all(|name| !name.to_string_lossy().starts_with(crate::atomic::PART)));
        }
        run.trials.len()
    }

    #[test]
    fn whatever_the_writer_had_done_when_it_was_killed_nothing_torn_is_read() {
        if let Some(out) = std::env::var_os(OUT) {
            return write_record(Path::new(&out));
        }
        let mut seen = Vec::new();
        for at in 1.. {
            let out = tempfile::tempdir().unwrap();
            let mut writer = Command::new(std::env::current_exe().unwrap());
            writer.args(["--exact", NAME]).env(OUT, out.path()).env(AT, at.to_string());
            let whole = writer.output().unwrap().status.success();
            seen.push(check(out.path()));
            if whole {
                break;
            }
        }
        // Eleven files with four points each and three folders with three, and the writer that was left alone.
        assert_eq!(seen.len(), 11 * 4 + 3 * 3 + 1);
        assert!(seen.is_sorted() && seen[0] == 0 && seen.contains(&1) && seen.ends_with(&[2]), "{seen:?}");
    }
    const PACK: &str = "CACHEMARK_TEST_CRASH_PACK";
    const PACKER: &str = "crash::tests::whatever_the_packer_had_done_when_it_was_killed_nothing_is_lost";

    #[test]
    fn whatever_the_packer_had_done_when_it_was_killed_nothing_is_lost() {
        if let Some(folder) = std::env::var_os(PACK) {
            pack(Path::new(&folder), Thoroughness::Whole).unwrap();
            return;
        }
        let mut was_raw = Vec::new();
        for at in 1.. {
            let out = tempfile::tempdir().unwrap();
            write_record(out.path());
            let folder = latest_in(out.path()).unwrap();
            let mut packer = Command::new(std::env::current_exe().unwrap());
            packer.args(["--exact", PACKER]).env(PACK, &folder).env(AT, at.to_string());
            let whole = packer.output().unwrap().status.success();
            assert_eq!(check(out.path()), 2, "killed at point {at}");
            was_raw.push(Run::open(&folder).unwrap().manifest.packed.is_none());
            assert!(!whole || !folder.join("trials").exists());
            // What was begun is ended by packing again.
            pack(&folder, Thoroughness::Whole).unwrap();
            assert!(check(out.path()) == 2 && !folder.join("trials").exists(), "packed again after point {at}");
            if whole {
                break;
            }
        }
        // The manifest names the pack at one point, and every raw file is there until then.
        assert!(was_raw.is_sorted_by(|a, b| a >= b) && was_raw[0] && !was_raw[was_raw.len() - 1], "{was_raw:?}");
        assert!(was_raw.iter().filter(|raw| !**raw).count() > 8, "also while the raw files are removed: {was_raw:?}");
    }

    const SLIMMER: &str =
        "crash::tests::whatever_was_done_when_a_whole_pack_was_made_slim_and_killed_every_trial_is_read";

    #[test]
    fn whatever_was_done_when_a_whole_pack_was_made_slim_and_killed_every_trial_is_read() {
        if let Some(folder) = std::env::var_os(PACK) {
            pack(Path::new(&folder), Thoroughness::Slim).unwrap();
            return;
        }
        let slim = |folder: &Path| Run::open(folder).unwrap().manifest.packed.map(|packed| !packed.left_out.is_empty());
        let mut seen = Vec::new();
        for at in 1.. {
            let out = tempfile::tempdir().unwrap();
            write_record(out.path());
            let folder = latest_in(out.path()).unwrap();
            pack(&folder, Thoroughness::Whole).unwrap();
            let mut slimmer = Command::new(std::env::current_exe().unwrap());
            slimmer.args(["--exact", SLIMMER]).env(PACK, &folder).env(AT, at.to_string());
            let whole = slimmer.output().unwrap().status.success();
            assert_eq!(
                Run::open(&folder).unwrap().trials,
                [sample::trial(1), sample::trial(2)],
                "killed at point {at}"
            );
            seen.push(slim(&folder));
            pack(&folder, Thoroughness::Slim).unwrap();
            assert_eq!(slim(&folder), Some(true), "packed again after point {at}");
            assert!(!folder.join("trials").exists() && Run::open(&folder).unwrap().trials.len() == 2);
            if whole {
                break;
            }
        }
        // Packed whole, then in folders, then slim.
        seen.dedup();
        assert_eq!(seen, [Some(false), None, Some(true)]);
    }
}
