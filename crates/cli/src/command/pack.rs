//! `cachemark pack`: a finished record's trials in one file.

use crate::args::PackArgs;
use crate::exit::{Exit, Failure};
use crate::output::say;
use cachemark_results::{Thoroughness, pack};
use serde_json::json;

pub(crate) fn run(args: &PackArgs) -> Result<Exit, Failure> {
    let done = pack(&args.folder, if args.slim { Thoroughness::Slim } else { Thoroughness::Whole })?;
    if args.json {
        let told = json!({
            "pack": done.file.to_string_lossy(),
            "trials": done.trials,
            "bytes": done.packed.bytes,
            "unpacked_bytes": done.packed.unpacked_bytes,
            "sha256": done.packed.sha256,
            "left_out": done.packed.left_out,
            "already": done.already,
        });
        say(&format!("{told:#}"));
        return Ok(Exit::Pass);
    }
    let (file, trials, bytes) = (done.file.display(), done.trials, done.packed.bytes);
    let was = if done.already { "was packed already" } else { "packed" };
    say(&format!("{file}: {was}: {trials} trials, {bytes} bytes of {}", done.packed.unpacked_bytes));
    for what in &done.packed.left_out {
        say(&format!("left out: {what}"));
    }
    Ok(Exit::Pass)
}
