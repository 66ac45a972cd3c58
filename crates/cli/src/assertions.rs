//! What came of a run's assertions: told, and written for pipelines.

use crate::asked_file::AskedFile;
use crate::exit::{Exit, Failure};
use crate::output::show;
use cachemark_report::assertions::{AssertionOutcome, CheckedAssertion, junit_xml};
use cachemark_report::sheet::printable;
use cachemark_report::{assertion_sentence, assertion_sheet};
use cachemark_results::Run;
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;

/// Refuses a JUnit file that could not be written, or would say nothing, before anything is run.
pub(crate) fn check_junit(junit: Option<&Path>, assertions: usize) -> Result<(), Failure> {
    let Some(file) = junit else { return Ok(()) };
    let file = AskedFile::new("--junit", file);
    file.check()?;
    if assertions == 0 {
        return Err(file.refused("there is no assertion to report; give one with --assert, or in the definition"));
    }
    Ok(())
}

/// Shows how the assertions came out.
pub(crate) fn tell(checked: &[CheckedAssertion]) {
    if !checked.is_empty() {
        show(&assertion_sheet(checked));
    }
}

/// Says on stderr which did not hold and with what figures, and gives the exit code if some did not.
pub(crate) fn conclude(checked: &[CheckedAssertion]) -> Option<Exit> {
    let failed: Vec<&CheckedAssertion> =
        checked.iter().filter(|assertion| assertion.outcome != AssertionOutcome::Pass).collect();
    let sentence = assertion_sentence(checked).filter(|_| !failed.is_empty())?;
    let lines = failed.into_iter().flat_map(what_failed);
    for line in [format!("error: {sentence}")].into_iter().chain(lines) {
        // Nobody is left to tell if stderr is gone; the exit code says it too.
        let _ = writeln!(std::io::stderr().lock(), "{}", printable(&line));
    }
    Some(Exit::AssertionFailed)
}

/// So many cells of an assertion are told one by one; the table and the page have all.
const TOLD: usize = 8;

/// One line for each cell in which an assertion does not hold.
fn what_failed(assertion: &CheckedAssertion) -> Vec<String> {
    let text = &assertion.text;
    if assertion.cells.is_empty() {
        return vec![format!("  {text}: {}", assertion.why.as_deref().unwrap_or("no figure of it was measured"))];
    }
    let failed = assertion.cells.iter().filter(|cell| cell.outcome != AssertionOutcome::Pass);
    let more = failed.clone().count().saturating_sub(TOLD);
    let mut lines: Vec<String> =
        failed.take(TOLD).map(|cell| format!("  {text}: {}: {}", cell.cell, cell.said)).collect();
    if more > 0 {
        lines.push(format!("  {text}: and in {more} more cells"));
    }
    lines
}

/// Writes the JUnit file, if one was asked for.
pub(crate) fn write_junit(file: Option<&Path>, run: &Run, checked: &[CheckedAssertion]) -> Result<(), Failure> {
    let Some(file) = file else { return Ok(()) };
    AskedFile::new("--junit", file).write(&junit_xml(run, checked)?)
}

/// The same as data.
pub(crate) fn as_json(checked: &[CheckedAssertion]) -> Value {
    let name = |outcome: AssertionOutcome| outcome.words().replace(' ', "-");
    let cells = |assertion: &CheckedAssertion| -> Vec<Value> {
        let cell = |cell: &cachemark_report::assertions::CheckedCell| {
            let figure = cell.figure.as_ref();
            json!({
                "cell": cell.cell,
                "outcome": name(cell.outcome),
                "median": figure.map(|figure| figure.median),
                "least": figure.map(|figure| figure.min),
                "greatest": figure.map(|figure| figure.max),
                "trials": figure.map_or(0, |figure| figure.count),
                "said": cell.said,
            })
        };
        assertion.cells.iter().map(cell).collect()
    };
    let one = |assertion: &CheckedAssertion| {
        json!({
            "assertion": assertion.text,
            "outcome": name(assertion.outcome),
            "why": assertion.why,
            "cells": cells(assertion),
        })
    };
    checked.iter().map(one).collect()
}
