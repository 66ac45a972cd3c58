//! Reading a record.

use crate::atomic::PART;
use crate::check;
use crate::pack::{HISTOGRAMS, SERIES, SUMMARY, TRIALS, Unpacked};
use crate::write::INTERVAL_LOG;
use crate::{
    AgeHistograms, Environment, Histograms, Manifest, OLDEST_VERSION, RecordError, SCHEMA_VERSION, Series, Trial,
};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A record on disk: manifest, environment and the summaries of all finished trials in memory; series and histograms
/// are read when asked for.
#[derive(Debug, Clone)]
pub struct Run {
    /// Where it is.
    pub folder: PathBuf,
    /// Its head.
    pub manifest: Manifest,
    /// The machine; none if the run ended before it was written.
    pub environment: Option<Environment>,
    /// Its finished trials, by number.
    pub trials: Vec<Trial>,
    /// Their files, if they are packed; else each has a folder.
    packed: Option<Arc<Unpacked>>,
}

impl Run {
    /// Reads the record in `folder`.
    ///
    /// # Errors
    /// [`RecordError`] if there is no record of a schema version that this build reads, or a file of it is not of its form.
    pub fn open(folder: &Path) -> Result<Self, RecordError> {
        let manifest = read_manifest(folder)?;
        let environment_path = folder.join("environment.json");
        let environment = if environment_path.exists() { Some(read_json(&environment_path)?) } else { None };
        let packed = manifest.packed.as_ref().map(|packed| Unpacked::open(folder, packed).map(Arc::new)).transpose()?;
        let mut trials: Vec<Trial> = match &packed {
            Some(pack) => {
                let summary = |number| parse_json(&pack.inside(number, SUMMARY), pack.file(number, SUMMARY)?);
                pack.numbers().into_iter().map(summary).collect::<Result<_, _>>()?
            }
            None => {
                let folders = trial_folders(folder)?;
                folders.iter().map(|trial| read_json(&trial.join(SUMMARY))).collect::<Result<_, _>>()?
            }
        };
        trials.sort_by_key(|trial| trial.number);
        let run = Self { folder: folder.to_owned(), manifest, environment, trials, packed };
        check::trials(&run.manifest, &run.trials, |trial| run.path_of(trial, SUMMARY))?;
        run.trials.iter().try_for_each(|trial| check::trial(trial, run.path_of(trial, SUMMARY)))?;
        Ok(run)
    }

    /// The course of a trial.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn series(&self, trial: &Trial) -> Result<Series, RecordError> {
        let series = self.part(trial, SERIES)?;
        check::series(&series, self.path_of(trial, SERIES))?;
        Ok(series)
    }

    /// The histograms of a trial.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn histograms(&self, trial: &Trial) -> Result<Histograms, RecordError> {
        self.part(trial, HISTOGRAMS)
    }

    /// How old the stale answers of a trial were, without its other histograms.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn stale_ages(&self, trial: &Trial) -> Result<AgeHistograms, RecordError> {
        let OnlyAges { stale_ages } = self.part(trial, HISTOGRAMS)?;
        Ok(stale_ages.unwrap_or_default())
    }

    /// The interval log of a trial, as it stands on disk: the times of the operations answered in each interval of the
    /// window, for [`cachemark_stats::IntervalLogReader`] or any reader of HDR histograms. A trial made by a cachemark
    /// before this one has none, nor has an older one over HTTP, nor one of a slim pack.
    ///
    /// # Errors
    /// [`RecordError::Io`] if it is there and cannot be read.
    pub fn interval_log(&self, trial: &Trial) -> Result<Option<Vec<u8>>, RecordError> {
        if let Some(pack) = &self.packed {
            return pack.interval_log(trial.number);
        }
        let path = self.trial_folder(trial).join(INTERVAL_LOG);
        match fs::read(&path) {
            Ok(log) => Ok(Some(log)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(source) => Err(RecordError::io("read", &path, source)),
        }
    }

    /// The resolved definition.
    ///
    /// # Errors
    /// [`RecordError`].
    pub fn definition(&self) -> Result<String, RecordError> {
        let path = self.folder.join("definition.toml");
        fs::read_to_string(&path).map_err(|source| RecordError::io("read", &path, source))
    }

    /// The finished trials of a cell, by block.
    pub fn trials_of<'a>(&'a self, cell: &'a str) -> impl Iterator<Item = &'a Trial> {
        self.trials.iter().filter(move |trial| trial.cell == cell)
    }

    fn part<T: DeserializeOwned>(&self, trial: &Trial, file: &'static str) -> Result<T, RecordError> {
        match &self.packed {
            Some(pack) => parse_json(&self.path_of(trial, file), pack.file(trial.number, file)?),
            None => read_json(&self.path_of(trial, file)),
        }
    }

    /// Where a file of a trial is, for errors too: in the pack, if there is one.
    fn path_of(&self, trial: &Trial, file: &str) -> PathBuf {
        match &self.packed {
            Some(pack) => pack.inside(trial.number, file),
            None => self.trial_folder(trial).join(file),
        }
    }

    fn trial_folder(&self, trial: &Trial) -> PathBuf {
        self.folder.join(TRIALS).join(format!("{:04}", trial.number))
    }
}

/// The head of the record in `folder`, without its trials.
///
/// # Errors
/// As [`Run::open`].
pub fn read_manifest(folder: &Path) -> Result<Manifest, RecordError> {
    fs::metadata(folder.join("manifest.json")).map_err(|source| RecordError::of_manifest(folder, source))?;
    let mut manifest: Manifest = read_json(&folder.join("manifest.json"))?;
    manifest.name_arms();
    Ok(manifest)
}

/// The record that began last in `out`, by its folder's name. One that was killed while it was made is none.
#[must_use]
pub fn latest_in(out: &Path) -> Option<PathBuf> {
    records_in(out).pop()
}

/// All records in `out`, by their folders' names: those that began first stand first. Empty if there is no such folder.
#[must_use]
pub fn records_in(out: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(out).into_iter().flatten().flatten();
    let named = entries.filter(|entry| !entry.file_name().to_string_lossy().starts_with(PART));
    let mut records: Vec<PathBuf> =
        named.map(|entry| entry.path()).filter(|path| path.join("manifest.json").is_file()).collect();
    records.sort();
    records
}

/// Folders whose name is a number; anything else is a part that was never finished.
fn trial_folders(folder: &Path) -> Result<Vec<PathBuf>, RecordError> {
    let trials = folder.join(TRIALS);
    let entries = fs::read_dir(&trials).map_err(|source| RecordError::io("read", &trials, source))?;
    Ok(entries
        .flatten()
        .filter(|entry| entry.file_name().to_string_lossy().parse::<u32>().is_ok())
        .map(|entry| entry.path())
        .collect())
}

/// Of `histograms.json` what is asked alone: to read all of it takes ten times as long.
#[derive(Deserialize)]
struct OnlyAges {
    #[serde(default)]
    stale_ages: Option<AgeHistograms>,
}

/// What every file of a record has.
#[derive(Deserialize)]
struct Versioned {
    schema_version: Option<u64>,
}

fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, RecordError> {
    parse_json(path, &fs::read(path).map_err(|source| RecordError::io("read", path, source))?)
}

fn parse_json<T: DeserializeOwned>(path: &Path, text: &[u8]) -> Result<T, RecordError> {
    let malformed =
        |error: serde_json::Error| RecordError::Malformed { path: path.to_owned(), detail: error.to_string() };
    // The version first: a file of another version would only give a confusing complaint about its fields. Nothing else is
    // kept of this look: a long series as a tree would take ten times its own memory.
    match serde_json::from_slice::<Versioned>(text).map_err(malformed)?.schema_version {
        Some(found) if (u64::from(OLDEST_VERSION)..=u64::from(SCHEMA_VERSION)).contains(&found) => {
            serde_json::from_slice(text).map_err(malformed)
        }
        Some(found) => Err(RecordError::Version { path: path.to_owned(), found }),
        None => Err(RecordError::Malformed { path: path.to_owned(), detail: "it has no schema_version".into() }),
    }
}
