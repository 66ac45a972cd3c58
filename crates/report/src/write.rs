//! Pages into the record's folder, each whole or absent.

use crate::ReportError;
use crate::analysis::analyse;
use crate::charts::{self, Chart, Charts, Source, stability_chart};
use crate::scene::{to_png, to_svg};
use crate::{counted, csv_files, page, summary};
use cachemark_results::{Run, Stability, write_whole};
use std::path::{Path, PathBuf};

/// What was written, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    /// The page.
    pub html: PathBuf,
    /// The summary in Markdown.
    pub summary: PathBuf,
    /// The charts, each as SVG and as PNG.
    pub charts: Vec<PathBuf>,
    /// The figures as CSV: one row a trial; one row a comparison; and one row a cell and whatever else was counted.
    pub data: Vec<PathBuf>,
}

/// Which charts become files of their own; the page holds all of them in any case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pictures<'a> {
    /// Every chart, as SVG and as PNG.
    All,
    /// Those of these names, as PNG alone, and the page does not carry the CSV files that lie beside it, of which counted.csv is
    /// none: for a copy that has to be small.
    Png(&'a [String]),
}

/// Makes report.html, SUMMARY.md, figures.csv, comparisons.csv, counted.csv and charts/ in the record's folder, in place of those
/// before. It works for a record that is not complete, too: the pages say so.
///
/// # Errors
/// [`ReportError`] if a part of the record cannot be read, or a page cannot be drawn or written.
pub fn write_report(run: &Run) -> Result<Pages, ReportError> {
    write_report_with(run, Pictures::All)
}

/// The same with only some of the charts as files, which are then those that SUMMARY.md shows. Files of other charts that are
/// there stay.
///
/// # Errors
/// As [`write_report`]; [`ReportError::NoChart`] for a name that is none of the record's charts.
pub fn write_report_with(run: &Run, pictures: Pictures<'_>) -> Result<Pages, ReportError> {
    let analysis = analyse(run);
    let Charts { drawn: charts, left_out } = charts::all(Source { run, analysis: &analysis })?;
    check(pictures, &charts)?;
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
        let mut files = Vec::new();
        let mut write = |ending: &str, bytes: &[u8]| -> Result<(), ReportError> {
            let file = format!("{}.{ending}", chart.name);
            let path = folder.join(&file);
            write_whole(&path, bytes)?;
            pages.charts.push(path);
            files.push(file);
            Ok(())
        };
        if pictures == Pictures::All {
            write("svg", svg.as_bytes())?;
        }
        if pictures.has(&chart.name) {
            write("png", &to_png(&chart.name, &chart.scene)?)?;
        }
        figures.push(page::Figure::new(chart, svg, files));
    }
    let files = [("figures.csv", csv_files::figures(run)?), ("comparisons.csv", csv_files::comparisons(&analysis)?)];
    let whole = pictures == Pictures::All;
    let beside = if whole { vec![("counted.csv", counted::csv(&analysis)?)] } else { Vec::new() };
    for (name, text) in files.iter().chain(&beside) {
        let path = run.folder.join(name);
        write_whole(&path, text.as_bytes())?;
        pages.data.push(path);
    }
    write_whole(&pages.html, page::html(run, &analysis, (figures, left_out), &files, whole)?.as_bytes())?;
    let data: Vec<&str> = files.iter().chain(&beside).map(|(name, _)| *name).collect();
    write_whole(&pages.summary, summary::markdown(run, &analysis, &shown(pictures, &charts), &data)?.as_bytes())?;
    Ok(pages)
}

/// Draws what was simulated into `charts/` of `folder`, as SVG and as PNG; the paths of both.
///
/// # Errors
/// [`ReportError`] if it cannot be drawn or written.
pub fn write_stability(folder: &Path, found: &Stability) -> Result<Vec<PathBuf>, ReportError> {
    let chart = stability_chart(found);
    let charts = folder.join("charts");
    std::fs::create_dir_all(&charts).map_err(|source| ReportError::folder(&charts, source))?;
    let svg = to_svg(&chart.name, &chart.alt, &chart.scene)?;
    let files = [("stability.svg", svg.into_bytes()), ("stability.png", to_png(&chart.name, &chart.scene)?)];
    let mut paths = Vec::new();
    for (name, bytes) in files {
        let path = charts.join(name);
        write_whole(&path, &bytes)?;
        paths.push(path);
    }
    Ok(paths)
}

impl Pictures<'_> {
    fn has(&self, chart: &str) -> bool {
        match self {
            Self::All => true,
            Self::Png(names) => names.iter().any(|name| name == chart),
        }
    }
}

/// Refuses names that are no chart's.
fn check(pictures: Pictures<'_>, charts: &[Chart]) -> Result<(), ReportError> {
    let Pictures::Png(names) = pictures else { return Ok(()) };
    let there = || charts.iter().map(|chart| chart.name.clone());
    match names.iter().find(|name| !there().any(|chart| chart == **name)) {
        Some(name) => Err(ReportError::NoChart { name: name.clone(), there: there().collect() }),
        None => Ok(()),
    }
}

/// The charts that the summary shows: the key ones, or those that were chosen.
fn shown<'a>(pictures: Pictures<'_>, charts: &'a [Chart]) -> Vec<&'a Chart> {
    let wanted = |chart: &&Chart| match pictures {
        Pictures::All => summary::is_key(&chart.name),
        Pictures::Png(_) => pictures.has(&chart.name),
    };
    charts.iter().filter(wanted).collect()
}
