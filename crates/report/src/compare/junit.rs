//! Comparisons as JUnit XML: a test case for each row, which fails if it is a regression, or no longer measured.

use super::{ComparedRow, RowVerdict, RunComparison, sentences};
use crate::ReportError;
use crate::junit::{Case, End, Suite, to_xml};
use crate::units;

/// The regressions of comparisons as JUnit XML. What could not be told is skipped: it is no failure, and no pass.
///
/// # Errors
/// [`ReportError::Junit`] if it cannot be put together.
pub fn comparisons_as_junit(comparisons: &[RunComparison]) -> Result<String, ReportError> {
    let titles: Vec<String> = comparisons.iter().map(sentences::title).collect();
    let texts: Vec<Vec<[String; 2]>> = comparisons
        .iter()
        .map(|comparison| comparison.rows.iter().map(|row| texts(row, comparison)).collect())
        .collect();
    let suites = comparisons.iter().zip(&titles).zip(&texts).map(|((comparison, title), texts)| Suite {
        name: title,
        started_utc: &comparison.started_utc,
        cases: comparison.rows.iter().zip(texts).map(|(row, texts)| case(row, texts)).collect(),
    });
    let suites: Vec<Suite<'_>> = suites.collect();
    to_xml("cachemark compare", &suites)
}

/// The name of a row's case, and what is said of it.
fn texts(row: &ComparedRow, comparison: &RunComparison) -> [String; 2] {
    let name = format!("{}: no regression beyond {}", row.figure.name, units::percent(comparison.margin));
    let why = row.why().map(|why| format!(": {why}")).unwrap_or_default();
    // What failed stands before it already.
    let verdict = match row.verdict() {
        RowVerdict::Regression => String::new(),
        other => format!(": {}", other.in_words()),
    };
    [name, format!("{} ({}){verdict}{why}", row.effect(), row.interval())]
}

fn case<'a>(row: &'a ComparedRow, [name, said]: &'a [String; 2]) -> Case<'a> {
    let end = match row.verdict() {
        RowVerdict::Regression => End::Failed("regression"),
        RowVerdict::NotMeasured if row.is_lost() => End::Failed("not measured"),
        RowVerdict::CannotTell | RowVerdict::Withheld | RowVerdict::NotMeasured => End::Skipped,
        RowVerdict::Worse | RowVerdict::Better | RowVerdict::Differs | RowVerdict::Equivalent => End::Passed,
    };
    Case { of: &row.cell, name, end, said }
}
