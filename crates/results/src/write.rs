//! Writing a record.

use crate::atomic::{PART, copy_whole, make_folder_whole, write_whole};
use crate::lock::Lock;
use crate::log_lines::LogLines;
use crate::{Environment, Histograms, Manifest, RecordError, Run, Series, Trial, Warning};
use serde::Serialize;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

/// The name of a trial's interval log.
pub(crate) const INTERVAL_LOG: &str = "intervals.hlog";

/// The writer of one record, and the only one: it holds the record's lock until it is dropped, or its process ends. Each
/// file and each trial is whole on disk when its call returns, or absent.
#[derive(Debug)]
pub struct RunWriter {
    folder: PathBuf,
    _lock: Lock,
}

impl RunWriter {
    /// Makes a new folder under `out`, named after the manifest, with manifest and definition in it from the first.
    ///
    /// # Errors
    /// [`RecordError::Io`] if the folder cannot be made or written.
    pub fn create(out: &Path, manifest: &Manifest, definition: &str) -> Result<Self, RecordError> {
        fs::create_dir_all(out).map_err(|source| RecordError::io("make", out, source))?;
        let mut lock = None;
        let folder = make_new_folder(out, manifest, |inside| {
            // The lock stays with the folder when that gets its name: nobody sees the record without it.
            lock = Some(Lock::take(inside)?);
            let trials = inside.join("trials");
            fs::create_dir(&trials).map_err(|source| RecordError::io("make", &trials, source))?;
            write_whole(&inside.join("definition.toml"), definition.as_bytes())?;
            write_json(&inside.join("manifest.json"), manifest)
        })?;
        let lock = lock.map_or_else(|| Lock::take(&folder), Ok)?;
        Ok(Self { folder, _lock: lock })
    }

    /// Takes over the record in `folder`, whose writer has ended, and removes what that left half-written.
    ///
    /// # Errors
    /// [`RecordError::Busy`] if a living process is writing it; [`RecordError::Missing`] if there is none;
    /// [`RecordError::Io`] if it cannot be written.
    pub fn reopen(folder: &Path) -> Result<Self, RecordError> {
        // Before the lock, which would leave its file in a folder that is no record.
        fs::metadata(folder.join("manifest.json")).map_err(|source| RecordError::of_manifest(folder, source))?;
        let lock = Lock::take(folder)?;
        for place in ["", "trials", "charts"] {
            remove_parts(&folder.join(place))?;
        }
        Ok(Self { folder: folder.to_owned(), _lock: lock })
    }

    /// The record's folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes the manifest, in place of the one before.
    ///
    /// # Errors
    /// [`RecordError::Io`].
    pub fn manifest(&self, manifest: &Manifest) -> Result<(), RecordError> {
        write_json(&self.folder.join("manifest.json"), manifest)
    }

    /// Writes the environment, in place of the one before.
    ///
    /// # Errors
    /// [`RecordError::Io`].
    pub fn environment(&self, environment: &Environment) -> Result<(), RecordError> {
        write_json(&self.folder.join("environment.json"), environment)
    }

    /// Writes a finished trial that has no interval log.
    ///
    /// # Errors
    /// [`RecordError::Io`]; nothing of the trial is then on disk.
    pub fn trial(&self, trial: &Trial, series: &Series, histograms: &Histograms) -> Result<(), RecordError> {
        self.files(trial, series, histograms, None::<&[u8]>)
    }

    /// Where the lines of a trial's interval log go while it runs: a file beside the record's trials, so that a long log takes
    /// no memory, without a name, so that nothing is left of a trial that is given up.
    ///
    /// # Errors
    /// [`RecordError::Io`].
    pub fn log_lines(&self, trial: u32) -> Result<LogLines, RecordError> {
        LogLines::new(&self.folder.join("trials"), self.trial_folder(trial).join(INTERVAL_LOG))
    }

    /// Writes a finished trial with its interval log: `head`, then the lines.
    ///
    /// # Errors
    /// [`RecordError::Io`]; nothing of the trial is then on disk.
    pub fn trial_with_log(
        &self,
        trial: &Trial,
        series: &Series,
        histograms: &Histograms,
        head: &[u8],
        lines: LogLines,
    ) -> Result<(), RecordError> {
        self.files(trial, series, histograms, Some(head.chain(lines.into_reader()?)))
    }

    fn files(
        &self,
        trial: &Trial,
        series: &Series,
        histograms: &Histograms,
        interval_log: Option<impl Read>,
    ) -> Result<(), RecordError> {
        make_folder_whole(&self.trial_folder(trial.number), |inside| {
            write_json(&inside.join("summary.json"), trial)?;
            write_json(&inside.join("series.json"), series)?;
            write_json_compact(&inside.join("histograms.json"), histograms)?;
            interval_log.map_or(Ok(()), |log| copy_whole(&inside.join(INTERVAL_LOG), log))
        })
    }

    fn trial_folder(&self, number: u32) -> PathBuf {
        self.folder.join("trials").join(format!("{number:04}"))
    }
}

/// Adds to what speaks against the run in `folder`, whose writer has ended.
///
/// # Errors
/// As [`RunWriter::reopen`] and [`Run::open`].
pub fn add_concerns(folder: &Path, concerns: Vec<Warning>) -> Result<(), RecordError> {
    if concerns.is_empty() {
        return Ok(());
    }
    let writer = RunWriter::reopen(folder)?;
    let mut manifest = Run::open(folder)?.manifest;
    manifest.concerns.extend(concerns);
    writer.manifest(&manifest)
}

/// Gives the run in `folder`, whose writer has ended, another heading of its pages; an empty one takes it away.
///
/// # Errors
/// As [`RunWriter::reopen`] and [`Run::open`].
pub fn set_title(folder: &Path, title: &str) -> Result<(), RecordError> {
    let writer = RunWriter::reopen(folder)?;
    let manifest = Run::open(folder)?.manifest;
    writer.manifest(&Manifest { title: title.to_owned(), ..manifest })
}

/// Gives the run in `folder`, whose writer has ended, other notes; empty ones take them away.
///
/// # Errors
/// As [`RunWriter::reopen`] and [`Run::open`].
pub fn set_notes(folder: &Path, notes: &str) -> Result<(), RecordError> {
    let writer = RunWriter::reopen(folder)?;
    let manifest = Run::open(folder)?.manifest;
    writer.manifest(&Manifest { notes: notes.to_owned(), ..manifest })
}

/// `<utc>-<name>-<hash>`, with a number behind it should two runs of one definition begin in one second.
fn make_new_folder(
    out: &Path,
    manifest: &Manifest,
    mut fill: impl FnMut(&Path) -> Result<(), RecordError>,
) -> Result<PathBuf, RecordError> {
    use std::io::ErrorKind::{AlreadyExists, DirectoryNotEmpty};
    let stamp: String = manifest.started_utc.chars().filter(|c| c.is_ascii_digit() || *c == 'T').take(15).collect();
    let hash: String = manifest.definition_hash.chars().take(8).collect();
    let name = format!("{stamp}Z-{}-{hash}", manifest.name);
    for attempt in 1.. {
        let folder = out.join(if attempt == 1 { name.clone() } else { format!("{name}-{attempt}") });
        if folder.exists() {
            continue;
        }
        match make_folder_whole(&folder, &mut fill) {
            Ok(()) => return Ok(folder),
            // Another run was quicker with the name.
            Err(RecordError::Io { source, .. }) if matches!(source.kind(), AlreadyExists | DirectoryNotEmpty) => {}
            Err(error) => return Err(error),
        }
    }
    unreachable!("the loop ends by return")
}

/// Removes what a writer that was killed had not finished in `folder`.
fn remove_parts(folder: &Path) -> Result<(), RecordError> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for entry in entries.flatten().filter(|entry| entry.file_name().to_string_lossy().starts_with(PART)) {
        let path = entry.path();
        let removed = if path.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.map_err(|source| RecordError::io("remove", &path, source))?;
    }
    Ok(())
}

fn write_json<T: Serialize>(path: &Path, value: &T) -> Result<(), RecordError> {
    let mut text = serde_json::to_vec_pretty(value).map_err(|error| unserialisable(path, &error))?;
    text.push(b'\n');
    write_whole(path, &text)
}

/// Histograms are long lists of numbers: one a line would be ten times the file.
fn write_json_compact<T: Serialize>(path: &Path, value: &T) -> Result<(), RecordError> {
    let text = serde_json::to_vec(value).map_err(|error| unserialisable(path, &error))?;
    write_whole(path, &text)
}

fn unserialisable(path: &Path, error: &serde_json::Error) -> RecordError {
    RecordError::Malformed { path: path.to_owned(), detail: error.to_string() }
}
