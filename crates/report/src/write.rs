//! Pages into the record's folder, each whole or absent.

use crate::ReportError;
use crate::analysis::analyse;
use crate::charts::{self, Source};
use crate::scene::{to_png, to_svg};
use crate::{data, page, summary};
use cachemark_results::{Run, write_whole};
use std::path::PathBuf;

/// What was written, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    /// The page.
    pub html: PathBuf,
    /// The summary in Markdown.
    pub summary: PathBuf,
    /// The charts, each as SVG and as PNG.
    pub charts: Vec<PathBuf>,
    /// The figures as CSV: one row a trial; one row a comparison.
    pub data: Vec<PathBuf>,
}

/// Makes report.html, SUMMARY.md, figures.csv, comparisons.csv and charts/ in the record's folder, in place of those
/// before. It works for a record that is not complete, too: the pages say so.
///
/// # Errors
/// [`ReportError`] if a part of the record cannot be read, or a page cannot be drawn or written.
pub fn write_report(run: &Run) -> Result<Pages, ReportError> {
    let analysis = analyse(run);
    let charts = charts::all(Source { run, analysis: &analysis })?;
    let folder = run.folder.join("charts");
    std::fs::create_dir_all(&folder).map_err(|source| ReportError::folder(&folder, source))?;
    let mut pages = Pages {
        html: run.folder.join("report.html"),
        summary: run.folder.join("SUMMARY.md"),
        charts: Vec::new(),
        data: Vec::new(),
    };
    let mut figures = Vec::new();
    for chart in charts.iter() {
        let svg = to_svg(&chart.name, &chart.alt, &chart.scene)?;
        let png = to_png(&chart.name, &chart.scene)?;
        for (ending, bytes) in [("svg", svg.as_bytes()), ("png", png.as_slice())] {
            let path = folder.join(format!("{}.{ending}", chart.name));
            write_whole(&path, bytes)?;
            pages.charts.push(path);
        }
        figures.push(page::Figure::new(chart, svg));
    }
    let files = [("figures.csv", data::figures(run)?), ("comparisons.csv", data::comparisons(&analysis)?)];
    for (name, text) in &files {
        let path = run.folder.join(name);
        write_whole(&path, text.as_bytes())?;
        pages.data.push(path);
    }
    write_whole(&pages.html, page::html(run, &analysis, figures, &files)?.as_bytes())?;
    write_whole(&pages.summary, summary::markdown(run, &analysis, &charts).as_bytes())?;
    Ok(pages)
}
