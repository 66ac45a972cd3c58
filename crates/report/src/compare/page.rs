//! Comparisons as a page: one file that needs nothing else, neither network nor script.

use super::beside::Beside;
use super::{RunComparison, forest, sentences, table};
use crate::ReportError;
use crate::scene::to_svg;
use crate::table::Table;
use crate::tables::counted;
use askama::Template;

#[derive(Template)]
#[template(path = "compare.html")]
struct Page<'a> {
    title: String,
    sections: Vec<Section<'a>>,
}

/// One comparison on the page.
struct Section<'a> {
    title: String,
    conclusion: String,
    /// The regressions, a sentence each.
    regressions: Vec<String>,
    warnings: Vec<String>,
    /// What is known of each side's runs.
    sides: [(&'static str, String); 2],
    rows: Table,
    /// Nothing where no row has a ratio.
    svg: String,
    beside: &'a Beside,
}

/// The comparisons as an HTML page, the answer of each first.
///
/// # Errors
/// [`ReportError`] if it cannot be drawn or put together.
pub fn comparisons_as_html(comparisons: &[RunComparison]) -> Result<String, ReportError> {
    let sections = comparisons.iter().enumerate().map(|(place, comparison)| Section::of(place, comparison));
    let sections = sections.collect::<Result<Vec<_>, _>>()?;
    let title = match sections.as_slice() {
        [one] => one.title.clone(),
        several => format!("{} with one baseline", counted(several.len(), "comparison")),
    };
    Ok(Page { title, sections }.render()?)
}

impl<'a> Section<'a> {
    fn of(place: usize, comparison: &'a RunComparison) -> Result<Self, ReportError> {
        let name = format!("compare-{}", place + 1);
        let svg = forest::forest(comparison).map(|scene| to_svg(&name, &forest::in_words(comparison), &scene));
        let regression = |row: &super::ComparedRow| {
            let interval = row.interval();
            format!("{} of {}: {} ({interval})", row.title, row.cell, row.effect())
        };
        Ok(Self {
            title: sentences::title(comparison),
            conclusion: comparison.conclusion(),
            regressions: comparison.regressions().map(regression).collect(),
            warnings: sentences::warnings(comparison),
            sides: [
                ("Baseline", sentences::side(&comparison.baseline)),
                ("Compared", sentences::side(&comparison.compared)),
            ],
            rows: table::table(comparison),
            svg: svg.transpose()?.unwrap_or_default(),
            beside: &comparison.beside,
        })
    }
}
