//! The spectra of the panels, from the record's histograms.

use super::super::Source;
use crate::ReportError;
use crate::analysis::{CellFigures, Point};
use cachemark_results::{BucketHistogram, Histograms, Run};
use cachemark_stats::{Histogram, SpectrumPoint};

const POINTS: usize = 160;

/// The reads of one line of the legend.
pub(super) struct Line {
    /// Its place in the legend.
    pub(super) variant: usize,
    /// The response time; in a closed loop the service time.
    pub(super) main: Vec<SpectrumPoint>,
    /// The service time beside a response time; empty in a closed loop.
    pub(super) beside: Vec<SpectrumPoint>,
}

impl Line {
    pub(super) fn points(&self) -> impl Iterator<Item = &SpectrumPoint> {
        self.main.iter().chain(&self.beside)
    }
}

pub(super) struct Panel {
    /// Read ratio and offered load in words.
    pub(super) place: String,
    /// The stack's name; empty where there is only one.
    pub(super) stack: String,
    pub(super) lines: Vec<Line>,
}

impl Panel {
    pub(super) fn heading(&self) -> String {
        let parts = [self.stack.as_str(), self.place.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// The panels of the points, and how many reads took longer than a histogram can say.
pub(super) fn panels(source: Source<'_>, points: &[Point]) -> Result<(Vec<Panel>, u64), ReportError> {
    let mut overflowed = 0;
    let mut panels = Vec::new();
    for stack in &source.analysis.stacks {
        for point in points {
            let mut lines = Vec::new();
            for variant in 0..source.analysis.variants.len() {
                let Some(figures) = source.analysis.at(stack, variant, *point) else { continue };
                let reads = merged_reads(source.run, figures)?;
                let Some(first) = reads.response.as_ref().or(reads.service.as_ref()) else { continue };
                overflowed += first.overflowed();
                let service = reads.service.as_ref().filter(|_| reads.response.is_some());
                lines.push(Line {
                    variant,
                    main: first.spectrum(POINTS),
                    beside: service.map(|service| service.spectrum(POINTS)).unwrap_or_default(),
                });
            }
            lines.retain(|line: &Line| !line.main.is_empty());
            panels.push(Panel { place: source.place(*point), stack: source.heading(stack), lines });
        }
    }
    Ok((panels, overflowed))
}

#[derive(Default)]
struct Reads {
    service: Option<Histogram>,
    response: Option<Histogram>,
}

/// All answered reads of a cell, over its blocks.
fn merged_reads(run: &Run, figures: &CellFigures<'_>) -> Result<Reads, ReportError> {
    let mut all = Reads::default();
    for trial in &figures.trials {
        let histograms: Histograms = run.histograms(trial)?;
        merge(&mut all.service, histograms.merged(answered_read));
        merge(&mut all.response, histograms.merged_responses(answered_read));
    }
    Ok(all)
}

fn answered_read(bucket: &BucketHistogram) -> bool {
    bucket.operation == "read" && matches!(&*bucket.result, "ok" | "absent")
}

fn merge(all: &mut Option<Histogram>, more: Option<Histogram>) {
    match (all, more) {
        (Some(all), Some(more)) => all.merge(&more),
        (all @ None, more) => *all = more,
        (Some(_), None) => (),
    }
}
