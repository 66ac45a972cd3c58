//! Pages to look at, made for it.

use crate::sample::Sample;
use cachemark_report::write_report;
use cachemark_results::{Freshness, Run};
use std::fs;
use std::path::{Path, PathBuf};

/// A page in a folder that goes with it.
pub(crate) struct Made {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) html: PathBuf,
}

/// As the default sweep: three read ratios, four strategies and the control, eight blocks, freshness watched.
pub(crate) fn default_sweep() -> Made {
    let tweak = |cell: &cachemark_results::Cell, trial: &mut cachemark_results::Trial| {
        let stale = if cell.strategy == "cache-aside" { 12 } else { 0 };
        trial.freshness = Some(Freshness { reads: 5_000, judged: 5_000, stale, ..Freshness::default() });
    };
    of(&Sample { reads: 1000, tweak, ..Sample::default() })
}

pub(crate) fn of(sample: &Sample) -> Made {
    let folder = tempfile::tempdir().unwrap();
    let html = write_report(&sample.write(folder.path())).unwrap().html;
    Made { folder, html }
}

/// The page of the published record of the default sweep, made anew.
pub(crate) fn published_default() -> Made {
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../results/published/embedded-default");
    let folder = tempfile::tempdir().unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap).filter(|entry| entry.path().is_file()) {
        fs::copy(entry.path(), folder.path().join(entry.file_name())).unwrap();
    }
    let html = write_report(&Run::open(folder.path()).unwrap()).unwrap().html;
    Made { folder, html }
}

impl Made {
    /// The page with a change to its text, beside it.
    pub(crate) fn with(&self, name: &str, change: impl Fn(String) -> String) -> PathBuf {
        let path = self.html.with_file_name(name);
        let text = fs::read_to_string(&self.html).unwrap();
        let changed = change(text.clone());
        assert_ne!(text, changed, "{name} changes nothing");
        fs::write(&path, changed).unwrap();
        path
    }
}
