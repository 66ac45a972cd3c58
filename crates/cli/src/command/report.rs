//! `cachemark report`: a record's pages, made again from its folder.

use crate::args::ReportArgs;
use crate::assertions;
use crate::exit::{Exit, Failure};
use crate::output::{say, show};
use cachemark_report::assertions::check_assertions;
use cachemark_results::{Run, latest_in};
use serde_json::{Value, json};
use std::path::Path;

pub(crate) fn run(args: &ReportArgs) -> Result<Exit, Failure> {
    let folder = match &args.folder {
        Some(folder) => folder.clone(),
        None => latest_in(&args.out).ok_or_else(|| {
            Failure::Usage(format!("there is no record in {}; run `cachemark sweep` first", args.out.display()))
        })?,
    };
    let exit = publish(&folder, args.json, args.junit.as_deref())?;
    // The record's assertions are judged again; that its figures are not to be trusted was told when it was made.
    Ok(if exit == Exit::AssertionFailed { exit } else { Exit::Pass })
}

/// Writes the pages of the record in `folder`, prints its table, and the path of its page last.
/// [`Exit::AssertionFailed`] if an assertion of it does not hold, else [`Exit::Untrusted`] if a trial of it warns that its
/// figures are not to be trusted.
pub(crate) fn publish(folder: &Path, as_json: bool, junit: Option<&Path>) -> Result<Exit, Failure> {
    let run = Run::open(folder)?;
    assertions::check_junit(junit, run.manifest.assertions.len())?;
    let checked = check_assertions(&run);
    let pages = cachemark_report::write_report(&run)?;
    let table = cachemark_report::terminal_table(&run);
    if as_json {
        let rows: Vec<Value> = table
            .rows
            .iter()
            .map(|row| table.headers.iter().cloned().zip(row.cells.iter().cloned().map(Value::from)).collect())
            .collect();
        let status = serde_json::to_value(run.manifest.status).unwrap_or_default();
        say(&format!(
            "{:#}",
            json!({
                "folder": folder,
                "status": status,
                "report": pages.html,
                "rows": rows,
                "assertions": assertions::as_json(&checked),
            })
        ));
    } else {
        show(&table);
        assertions::tell(&checked);
        say(&pages.html.display().to_string());
    }
    assertions::write_junit(junit, &run, &checked)?;
    if let Some(exit) = assertions::conclude(&checked) {
        return Ok(exit);
    }
    let grave = |code: &str| matches!(code, "bad-stamps" | "failures" | "not-drained");
    let mut warnings = run.trials.iter().flat_map(|trial| &trial.warnings);
    Ok(if warnings.any(|warning| grave(&warning.code)) { Exit::Untrusted } else { Exit::Pass })
}
