//! JUnit XML, as pipelines show it: one test case for each assertion and cell.

use super::{AssertionOutcome, CheckedAssertion};
use crate::ReportError;
use cachemark_results::Run;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;

/// One test case.
struct Case<'a> {
    /// The cell, or the run where an assertion selects none.
    of: &'a str,
    name: &'a str,
    outcome: AssertionOutcome,
    said: &'a str,
}

/// The outcome of a record's assertions as JUnit XML. What was not measured is a failure of that type.
///
/// # Errors
/// [`ReportError::Junit`] if it cannot be put together.
pub fn junit_xml(run: &Run, checked: &[CheckedAssertion]) -> Result<String, ReportError> {
    let cases: Vec<Case<'_>> = checked.iter().flat_map(|assertion| cases(run, assertion)).collect();
    let failures = cases.iter().filter(|case| case.outcome != AssertionOutcome::Pass).count();
    let (tests, failures) = (cases.len().to_string(), failures.to_string());
    let name = plain(&run.manifest.name);
    let counts = [("name", name.as_str()), ("tests", &tests), ("failures", &failures), ("errors", "0")];
    let started = run.manifest.started_utc.trim_end_matches('Z');
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let written = writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None))).and_then(|()| {
        let suites = writer.create_element("testsuites").with_attributes(counts);
        suites.write_inner_content(|writer| {
            let suite = writer.create_element("testsuite").with_attributes(counts);
            suite
                .with_attribute(("timestamp", plain(started).as_str()))
                .write_inner_content(|writer| cases.iter().try_for_each(|case| write(writer, case)))?;
            Ok(())
        })?;
        Ok(())
    });
    written.map_err(ReportError::Junit)?;
    Ok(String::from_utf8_lossy(&writer.into_inner()).into_owned() + "\n")
}

fn cases<'a>(run: &'a Run, assertion: &'a CheckedAssertion) -> Vec<Case<'a>> {
    let name = assertion.text.as_str();
    if assertion.cells.is_empty() {
        let said = assertion.why.as_deref().unwrap_or_default();
        return vec![Case { of: &run.manifest.name, name, outcome: assertion.outcome, said }];
    }
    let case = |cell: &'a super::CheckedCell| Case { of: &cell.cell, name, outcome: cell.outcome, said: &cell.said };
    assertion.cells.iter().map(case).collect()
}

fn write(writer: &mut Writer<Vec<u8>>, case: &Case<'_>) -> io::Result<()> {
    let (of, name, said) = (plain(case.of), plain(case.name), plain(case.said));
    let names = [("classname", of.as_str()), ("name", name.as_str())];
    let element = writer.create_element("testcase").with_attributes(names);
    if case.outcome == AssertionOutcome::Pass {
        let told = |writer: &mut Writer<Vec<u8>>| {
            writer.create_element("system-out").write_text_content(BytesText::new(&said)).map(drop)
        };
        return element.write_inner_content(told).map(drop);
    }
    let told = |writer: &mut Writer<Vec<u8>>| {
        let message = format!("{}: {said}", case.outcome.words());
        let about = [("type", case.outcome.words()), ("message", message.as_str())];
        let text = format!("{name}, in {of}: {message}");
        writer.create_element("failure").with_attributes(about).write_text_content(BytesText::new(&text)).map(drop)
    };
    element.write_inner_content(told).map(drop)
}

/// Text without the characters that XML cannot hold, escaped or not.
fn plain(text: &str) -> String {
    let held = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    text.chars().map(|c| if held(c) { c } else { '\u{fffd}' }).collect()
}
