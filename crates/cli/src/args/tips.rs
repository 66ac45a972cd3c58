//! What a command line that was refused was meant to be.

use crate::presets::built_in::PRESETS;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Says on stderr what clap cannot know: that a word alone was a workload.
#[expect(clippy::print_stderr, reason = "errors go to stderr whatever the log shows")]
pub(crate) fn after(error: &clap::Error) {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidArg) else { return };
    if error.kind() == ErrorKind::UnknownArgument && is_workload(word) {
        eprintln!("\n  tip: a workload goes behind its flag: --workload {}", crate::provenance::quoted(word));
    }
}

fn is_workload(word: &str) -> bool {
    !word.starts_with('-')
        && !word.contains("://")
        && (word.ends_with(".toml") || PRESETS.iter().any(|preset| preset.name == word))
}
