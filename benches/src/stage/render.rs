//! From a record on disk to its pages.

use cachemark_report::{register_fonts, write_report};
use cachemark_results::Run;
use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

/// The record, within the repository: what the first command of the README made.
const RECORD: &str = "../results/published/embedded-default";
/// The files of it that pages are made from.
const FILES: [&str; 4] = ["manifest.json", "definition.toml", "environment.json", "trials.tar.zst"];

pub(super) fn run(count: u64) -> Duration {
    register_fonts();
    let folder = tempfile::tempdir().expect("a temporary folder");
    for file in FILES {
        let from = Path::new(env!("CARGO_MANIFEST_DIR")).join(RECORD).join(file);
        fs::copy(from, folder.path().join(file)).expect("the repository has it");
    }
    let run = Run::open(folder.path()).expect("it is a record");
    let began = Instant::now();
    for _ in 0..count {
        write_report(&run).expect("it can be drawn and written");
    }
    began.elapsed()
}
