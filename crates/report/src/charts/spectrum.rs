//! The whole distribution of reads' service times, by strategy: one panel a stack and read ratio.

use super::subject::line;
use super::{Chart, Source};
use crate::ReportError;
use crate::analysis::CellFigures;
use crate::scene::{Plot, Scale, Scene, Sheet, dashed};
use crate::units;
use cachemark_results::{BucketHistogram, Run};
use cachemark_stats::{Histogram, SpectrumPoint};

const POINTS: usize = 160;

/// One line: its place in the legend, and its points.
type Line = (usize, Vec<SpectrumPoint>);

struct Panel {
    /// The read ratio in words.
    ratio: String,
    /// The stack's name; empty where there is only one.
    stack: String,
    lines: Vec<Line>,
}

pub(crate) fn chart(source: Source<'_>) -> Result<Chart, ReportError> {
    let title = "Percentile spectrum of reads";
    let (panels, overflowed) = panels(source)?;
    Ok(Chart {
        name: "spectrum".into(),
        title: title.into(),
        reading: "Follow a line to the right to see rarer, slower reads: each step of the axis (90 %, 99 %, ..) is ten times \
                  rarer, and a line ends where too few reads stand behind it."
            .into(),
        alt: in_words(source, title, &panels),
        scene: scene(source, &panels, overflowed),
    })
}

fn panels(source: Source<'_>) -> Result<(Vec<Panel>, u64), ReportError> {
    let mut overflowed = 0;
    let mut panels = Vec::new();
    for stack in &source.analysis.stacks {
        for ratio in &source.analysis.read_ratios {
            let mut lines = Vec::new();
            for variant in 0..source.analysis.variants.len() {
                let Some(figures) = source.analysis.at(stack, variant, *ratio) else { continue };
                if let Some(reads) = merged_reads(source.run, figures)? {
                    overflowed += reads.overflowed();
                    lines.push((variant, reads.spectrum(POINTS)));
                }
            }
            lines.retain(|(_, points): &Line| !points.is_empty());
            panels.push(Panel { ratio: format!("read ratio {ratio}"), stack: source.heading(stack), lines });
        }
    }
    Ok((panels, overflowed))
}

/// All answered reads of a cell, over its blocks.
fn merged_reads(run: &Run, figures: &CellFigures<'_>) -> Result<Option<Histogram>, ReportError> {
    let answered = |bucket: &BucketHistogram| bucket.operation == "read" && matches!(&*bucket.result, "ok" | "absent");
    let mut all: Option<Histogram> = None;
    for trial in &figures.trials {
        let Some(reads) = run.histograms(trial)?.merged(answered) else { continue };
        match &mut all {
            Some(all) => all.merge(&reads),
            None => all = Some(reads),
        }
    }
    Ok(all)
}

fn scene(source: Source<'_>, panels: &[Panel], overflowed: u64) -> Scene {
    let shown = |variant: &usize| panels.iter().any(|panel| panel.lines.iter().any(|(line, _)| line == variant));
    let variants: Vec<usize> = (0..source.analysis.variants.len()).filter(shown).collect();
    let mut notes = Vec::new();
    if overflowed > 0 {
        notes.push(format!(
            "{} reads took more than an hour and are drawn at an hour.",
            units::count(overflowed as f64)
        ));
    }
    // One row a stack, where that is not too narrow.
    let columns = match (source.analysis.stacks.len(), source.analysis.read_ratios.len()) {
        (0 | 1, 1) => 1,
        (_, 3) => 3,
        (0 | 1, ratios) if ratios > 4 => 3,
        _ => 2,
    };
    let (mut scene, areas) = Sheet {
        title: "Percentile spectrum of the service time of reads (log axes)".into(),
        subtitle: source.subtitle("all trials of a cell merged"),
        legend: source.legend(&variants, line),
        notes,
        panels: panels.len(),
        columns,
        panel_height: if columns == 1 { 420.0 } else { 330.0 },
    }
    .lay_out();
    let points = || panels.iter().flat_map(|panel| panel.lines.iter().flat_map(|(_, points)| points));
    let y = Scale::log_around(points().map(|point| point.value_ns as f64), 1.2);
    let y = y.unwrap_or(Scale::Log { from: 1e3, to: 1e6 });
    let rarest = points().map(SpectrumPoint::decades).fold(1.0, f64::max);
    let x = Scale::Linear { from: 0.0, to: rarest * 1.03 };
    for (panel, area) in panels.iter().zip(areas) {
        let plot = Plot::begin(
            &mut scene,
            area,
            44.0,
            (&panel.ratio, if panel.stack.is_empty() { "service time" } else { &panel.stack }),
            y,
            &units::time_tick,
        );
        // 50 % lies a third of a decade in; then one tick a decade.
        let decades = (1..=rarest as i32).map(f64::from);
        let ticks: Vec<f64> = std::iter::once(0.5_f64.log10().abs()).chain(decades).collect();
        let name = |decades: f64| units::quantile(1.0 - 10_f64.powf(-decades));
        plot.level_axis(&mut scene, x, &ticks, &name, "percentile of reads");
        draw(source, &mut scene, &plot, x, panel);
    }
    scene
}

fn draw(source: Source<'_>, scene: &mut Scene, plot: &Plot, x: Scale, panel: &Panel) {
    if panel.lines.is_empty() {
        plot.say(scene, "No reads to show.");
    }
    for (variant, points) in &panel.lines {
        let variant = &source.analysis.variants[*variant];
        let place = |point: &SpectrumPoint| (plot.across(x, point.decades()), plot.at(point.value_ns as f64));
        let path: Vec<(f64, f64)> = points.iter().map(place).collect();
        if variant.control {
            dashed(scene, &path, variant.colour, 2.0)
        } else {
            scene.line(&path, variant.colour, 2.0)
        }
        if let Some(end) = path.last() {
            scene.disc(*end, 3.0, variant.colour);
        }
    }
}

fn in_words(source: Source<'_>, title: &str, panels: &[Panel]) -> String {
    let mut text = format!("{title}.");
    for panel in panels {
        let told = panel.lines.iter().filter_map(|(variant, points)| {
            let last = points.last()?;
            let (at, took) = (units::quantile(last.quantile), units::time(last.value_ns as f64));
            Some(format!("{} reaches {took} at {at}", source.analysis.variants[*variant].label))
        });
        let told: Vec<String> = told.collect();
        let told = if told.is_empty() { "no reads".to_owned() } else { told.join("; ") };
        text += &format!(" {} {}: {told}.", panel.stack, panel.ratio);
    }
    text
}
