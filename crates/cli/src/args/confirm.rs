//! The arguments of `cachemark confirm`.

use super::AddressArgs;
use super::times::window;
use crate::stack::StackKind;
use cachemark_report::confirm::least_blocks;
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug, Args)]
pub(crate) struct ConfirmArgs {
    /// The folder of a published record, or a file of it, such as its report.html.
    #[arg(value_name = "PUBLISHED")]
    pub(crate) published: PathBuf,
    /// How often every cell is run, 6 at least: an interval takes so many. As published if not given; fewer make intervals wider.
    #[arg(long, value_name = "NUMBER", value_parser = blocks, conflicts_with = "with")]
    pub(crate) blocks: Option<u64>,
    /// The measured window of a trial (500ms, 10s, 1m). As published if not given; a shorter one lets figures scatter more.
    #[arg(long, value_name = "TIME", value_parser = window, conflicts_with = "with")]
    pub(crate) duration: Option<Duration>,
    /// Where caches and stores run. As published if not given.
    #[arg(long, value_enum, conflicts_with = "with")]
    pub(crate) stack: Option<StackKind>,
    #[command(flatten)]
    pub(crate) addresses: AddressArgs,
    /// Run nothing: hold this record, of a run of the same definition, against the published one.
    #[arg(long, value_name = "RECORD", conflicts_with = "dry_run")]
    pub(crate) with: Option<PathBuf>,
    /// Where the new record's folder is made.
    #[arg(long, value_name = "DIR", default_value = "results", env = "CACHEMARK_OUT")]
    pub(crate) out: PathBuf,
    /// Print the cells, the time they will take and what shortening costs, and run nothing.
    #[arg(long)]
    pub(crate) dry_run: bool,
    /// Print the result as JSON.
    #[arg(long)]
    pub(crate) json: bool,
}

/// Blocks of which there can be an interval.
fn blocks(text: &str) -> Result<u64, String> {
    let least = u64::from(least_blocks());
    match text.parse() {
        Ok(blocks) if blocks >= least => Ok(blocks),
        Ok(_) => Err(format!("an interval takes {least} blocks, and without one no row can be confirmed")),
        Err(_) => Err(format!("`{text}` is no number of blocks")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fewer_blocks_than_an_interval_takes_are_refused() {
        assert_eq!(blocks("6"), Ok(6));
        assert!(blocks("5").unwrap_err().contains("takes 6 blocks"));
        assert!(blocks("some").is_err());
    }
}
