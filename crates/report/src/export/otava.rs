//! A CSV file as Apache Otava reads it: a column of times, one of what was measured, and one a metric; a line a run. The line of a run is
//! appended to those before, without its header (<https://otava.apache.org>).

use super::Exported;
use cachemark_results::Run;

pub(super) fn text(run: &Run, exported: &[Exported<'_>]) -> String {
    let revision = run.environment.as_ref().and_then(|environment| environment.tool.revision.clone());
    let mut headers = vec!["time".to_owned(), "revision".to_owned()];
    let mut line = vec![run.manifest.started_utc.clone(), revision.unwrap_or_default()];
    for Exported { cell, figure, summary } in exported {
        headers.push(crate::csv_files::guarded(&format!("{}.{}", cell.cell.id, figure.name)));
        line.push(summary.median.to_string());
    }
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    // Into memory, and of as many fields as there are headers: neither fails.
    let written = writer.write_record(&headers).and_then(|()| writer.write_record(&line));
    debug_assert!(written.is_ok(), "{written:?}");
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default().trim_end().to_owned()
}
