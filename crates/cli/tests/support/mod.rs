//! Runs the binary in a folder of its own.

use assert_cmd::Command;
use cachemark_results::{Run, latest_in};
use std::path::Path;

/// The binary, with its records under `out`.
pub(crate) fn cachemark(out: &Path) -> Command {
    let mut command = Command::cargo_bin("cachemark").expect("the binary is built with its tests");
    command.env("CACHEMARK_OUT", out).env_remove("RUST_LOG");
    command
}

/// The record that was made last under `out`.
pub(crate) fn latest(out: &Path) -> Run {
    let folder = latest_in(out).expect("a record was made");
    Run::open(&folder).expect("the record can be read")
}
