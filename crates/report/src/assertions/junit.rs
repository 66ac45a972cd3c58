//! The outcome of assertions as JUnit XML: one test case for each assertion and cell.

use super::{AssertionOutcome, CheckedAssertion};
use crate::ReportError;
use crate::junit::{Case, End, Suite, to_xml};
use cachemark_results::Run;

/// The outcome of a record's assertions as JUnit XML. What was not measured is a failure of that type.
///
/// # Errors
/// [`ReportError::Junit`] if it cannot be put together.
pub fn junit_xml(run: &Run, checked: &[CheckedAssertion]) -> Result<String, ReportError> {
    let manifest = &run.manifest;
    let cases = checked.iter().flat_map(|assertion| cases(run, assertion)).collect();
    to_xml(&manifest.name, &[Suite { name: &manifest.name, started_utc: &manifest.started_utc, cases }])
}

/// A case for each cell; one of the run where an assertion selects none.
fn cases<'a>(run: &'a Run, assertion: &'a CheckedAssertion) -> Vec<Case<'a>> {
    let name = assertion.text.as_str();
    if assertion.cells.is_empty() {
        let said = assertion.why.as_deref().unwrap_or_default();
        return vec![Case { of: &run.manifest.name, name, end: end(assertion.outcome), said }];
    }
    let case = |cell: &'a super::CheckedCell| Case { of: &cell.cell, name, end: end(cell.outcome), said: &cell.said };
    assertion.cells.iter().map(case).collect()
}

fn end(outcome: AssertionOutcome) -> End {
    match outcome {
        AssertionOutcome::Pass => End::Passed,
        failed => End::Failed(failed.words()),
    }
}
