//! JUnit XML, as pipelines show it.

use crate::ReportError;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use std::io;

/// Test cases that belong together.
pub(crate) struct Suite<'a> {
    pub(crate) name: &'a str,
    /// When what is told of began, UTC, RFC 3339.
    pub(crate) started_utc: &'a str,
    pub(crate) cases: Vec<Case<'a>>,
}

/// One test case.
pub(crate) struct Case<'a> {
    /// What it is of.
    pub(crate) of: &'a str,
    pub(crate) name: &'a str,
    pub(crate) end: End,
    pub(crate) said: &'a str,
}

/// How a test case ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Passed,
    /// Failed, with the type of the failure.
    Failed(&'static str),
    /// Neither passed nor failed: it could not be told.
    Skipped,
}

/// The suites as XML.
///
/// # Errors
/// [`ReportError::Junit`] if it cannot be put together.
pub(crate) fn to_xml(name: &str, suites: &[Suite<'_>]) -> Result<String, ReportError> {
    let name = plain(name);
    let mut writer = Writer::new_with_indent(Vec::new(), b' ', 2);
    let written = writer.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None))).and_then(|()| {
        let counts = Counts::of(suites.iter().flat_map(|suite| &suite.cases));
        let all = writer.create_element("testsuites").with_attributes(counts.attributes(&name));
        all.write_inner_content(|writer| suites.iter().try_for_each(|suite| write_suite(writer, suite)))?;
        Ok(())
    });
    written.map_err(ReportError::Junit)?;
    Ok(String::from_utf8_lossy(&writer.into_inner()).into_owned() + "\n")
}

/// How many cases there are.
struct Counts {
    tests: String,
    failures: String,
    /// None, if all could be told.
    skipped: Option<String>,
}

impl Counts {
    fn of<'a>(cases: impl Iterator<Item = &'a Case<'a>> + Clone) -> Self {
        let count = |of: fn(End) -> bool| cases.clone().filter(|case| of(case.end)).count();
        let skipped = count(|end| end == End::Skipped);
        Self {
            tests: count(|_| true).to_string(),
            failures: count(|end| matches!(end, End::Failed(_))).to_string(),
            skipped: (skipped > 0).then(|| skipped.to_string()),
        }
    }

    fn attributes<'a>(&'a self, name: &'a str) -> impl Iterator<Item = (&'a str, &'a str)> {
        let counted = [("name", name), ("tests", &*self.tests), ("failures", &*self.failures), ("errors", "0")];
        counted.into_iter().chain(self.skipped.as_deref().map(|skipped| ("skipped", skipped)))
    }
}

fn write_suite(writer: &mut Writer<Vec<u8>>, suite: &Suite<'_>) -> io::Result<()> {
    let (name, started) = (plain(suite.name), plain(suite.started_utc.trim_end_matches('Z')));
    let counts = Counts::of(suite.cases.iter());
    let element = writer.create_element("testsuite").with_attributes(counts.attributes(&name));
    let element = element.with_attribute(("timestamp", started.as_str()));
    element.write_inner_content(|writer| suite.cases.iter().try_for_each(|case| write_case(writer, case))).map(drop)
}

fn write_case(writer: &mut Writer<Vec<u8>>, case: &Case<'_>) -> io::Result<()> {
    let (of, name, said) = (plain(case.of), plain(case.name), plain(case.said));
    let names = [("classname", of.as_str()), ("name", name.as_str())];
    let element = writer.create_element("testcase").with_attributes(names);
    let written = match case.end {
        End::Passed => element.write_inner_content(|writer| {
            writer.create_element("system-out").write_text_content(BytesText::new(&said)).map(drop)
        }),
        End::Skipped => element.write_inner_content(|writer| {
            writer.create_element("skipped").with_attribute(("message", said.as_str())).write_empty().map(drop)
        }),
        End::Failed(kind) => element.write_inner_content(|writer| {
            let message = format!("{kind}: {said}");
            let about = [("type", kind), ("message", message.as_str())];
            let text = format!("{name}, in {of}: {message}");
            writer.create_element("failure").with_attributes(about).write_text_content(BytesText::new(&text)).map(drop)
        }),
    };
    written.map(drop)
}

/// Text without the characters that XML cannot hold, escaped or not.
fn plain(text: &str) -> String {
    let held = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    text.chars().map(|c| if held(c) { c } else { '\u{fffd}' }).collect()
}
