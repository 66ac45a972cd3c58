//! Stored runs of one definition on one machine: they tell how runs drift.

use cachemark_report::compare::is_same_machine;
use cachemark_results::{Run, Status, read_manifest, records_in};
use std::path::Path;

/// No more are read, the latest first: an old drift may be another's, and each takes its time to read.
const MOST: usize = 20;

/// Where stored runs are.
pub(super) struct History<'a> {
    pub(super) folder: &'a Path,
    /// The records that are compared, which do not count.
    pub(super) given: &'a [&'a Path],
}

impl History<'_> {
    /// The complete runs of the definition and the machine of `run`. One that cannot be read is passed over: nobody has asked for it.
    pub(super) fn like(&self, run: &Run) -> Vec<Run> {
        let given: Vec<_> = self.given.iter().filter_map(|folder| folder.canonicalize().ok()).collect();
        let is_given = |folder: &Path| folder.canonicalize().is_ok_and(|folder| given.contains(&folder));
        let is_alike = |folder: &Path| {
            read_manifest(folder).is_ok_and(|manifest| {
                manifest.definition_hash == run.manifest.definition_hash
                    && manifest.kind == run.manifest.kind
                    && manifest.status == Status::Complete
            })
        };
        let folders = records_in(self.folder).into_iter().rev();
        let alike = folders.filter(|folder| !is_given(folder) && is_alike(folder));
        alike
            .filter_map(|folder| Run::open(&folder).ok())
            .filter(|stored| is_same_machine(run, stored))
            .take(MOST)
            .collect()
    }
}
