//! How long stale answers had been stale: the share of reads that were stale by more than a time, one panel a stack and point.

use super::subject::line;
use super::{Chart, Source, room};
use crate::ReportError;
use crate::analysis::{CellFigures, stale_ages};
use crate::scene::{Plot, Point, Scale, Scene, Sheet, dashed, level_headings};
use crate::units;
use cachemark_results::Run;
use cachemark_stats::Histogram;

/// How many offered loads have panels.
const RATES: usize = 3;
/// Ages below this are drawn at the left edge: the clock of acknowledgements is as coarse.
const LEAST_NS: f64 = 10_000.0;

/// The share of judged reads that were stale by more than so many nanoseconds.
type Curve = Vec<(f64, f64)>;

struct Panel {
    place: String,
    stack: String,
    lines: Vec<(usize, Curve)>,
}

/// None where no read was stale.
pub(crate) fn chart(source: Source<'_>) -> Result<Option<Chart>, ReportError> {
    let mut panels = panels(source)?;
    if panels.iter().all(|panel| panel.lines.is_empty()) {
        return Ok(None);
    }
    let most = room::panels(height(panels.len()), columns(panels.len()));
    let beyond = room::cut(&mut panels, most);
    Ok(Some(Chart {
        lacks: None,
        name: "staleness-age".into(),
        title: "Share of reads still stale after a time".into(),
        table: None,
        reading: format!(
            "Where a line begins is the share of reads that were stale; it falls to the right as ever older answers are left. A cell \
                  without a line served none. Ages of which only a lower bound is known are drawn at that bound.{}",
            source.on_marks()
        ),
        alt: in_words(source, &panels),
        scene: scene(source, &panels, beyond),
    }))
}

fn panels(source: Source<'_>) -> Result<Vec<Panel>, ReportError> {
    let mut panels = Vec::new();
    for stack in &source.analysis.stacks {
        for point in source.analysis.some_points(RATES) {
            let mut lines = Vec::new();
            for variant in 0..source.analysis.variants.len() {
                let Some(figures) = source.analysis.at(stack, variant, point) else { continue };
                if let Some((ages, judged)) = ages(source.run, figures)? {
                    lines.push((variant, curve(&ages, judged)));
                }
            }
            panels.push(Panel { place: source.place(point), stack: source.heading(stack), lines });
        }
    }
    Ok(panels)
}

/// The ages of all trials of a cell, and how many reads were judged; none without ages.
fn ages(run: &Run, figures: &CellFigures<'_>) -> Result<Option<(Histogram, u64)>, ReportError> {
    let judged = figures.trials.iter().filter_map(|trial| trial.freshness.as_ref()).map(|told| told.judged).sum();
    Ok(stale_ages(run, figures)?.with_bounds().map(|ages| (ages, judged)))
}

fn curve(ages: &Histogram, judged: u64) -> Curve {
    let share = |left: u64| left as f64 / judged.max(1) as f64;
    let mut left = ages.count();
    let mut points = vec![(LEAST_NS, share(left))];
    for (edge, count) in ages.buckets() {
        // A step: as many as before up to the age, fewer beyond.
        let at = (edge as f64).max(LEAST_NS);
        points.push((at, share(left)));
        left -= count;
        if left > 0 {
            points.push((at, share(left)));
        }
    }
    points
}

/// How many panels stand side by side.
fn columns(panels: usize) -> usize {
    if panels > 1 { 2 } else { 1 }
}

fn height(panels: usize) -> f64 {
    if columns(panels) == 1 { 420.0 } else { 330.0 }
}

fn scene(source: Source<'_>, panels: &[Panel], beyond: Option<String>) -> Scene {
    let shown = |variant: &usize| panels.iter().any(|panel| panel.lines.iter().any(|(shown, _)| shown == variant));
    let variants: Vec<usize> = (0..source.analysis.variants.len()).filter(shown).collect();
    let (mut scene, areas) = Sheet {
        title: "Share of reads still stale after a time (log axes)".into(),
        subtitle: source.subtitle("all trials of a cell merged"),
        legend: source.numbered_legend(&variants, line),
        notes: source.not_drawn(&source.analysis.some_rates(RATES)).into_iter().chain(beyond).collect(),
        panels: panels.len(),
        columns: columns(panels.len()),
        panel_height: height(panels.len()),
    }
    .lay_out();
    let points = || panels.iter().flat_map(|panel| &panel.lines).flat_map(|(_, curve)| curve);
    let y = Scale::log_around(points().map(|point| point.1), 1.5).unwrap_or(Scale::Log { from: 1e-6, to: 1.0 });
    let oldest = points().map(|point| point.0).fold(LEAST_NS * 10.0, f64::max);
    let x = Scale::Log { from: LEAST_NS, to: oldest * 1.2 };
    let heading = |panel: &Panel| {
        let parts = [panel.stack.as_str(), panel.place.as_str()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    };
    let mut headings: Vec<String> = panels.iter().map(heading).collect();
    level_headings(&mut headings.iter_mut().collect::<Vec<_>>(), columns(panels.len()));
    for ((panel, heading), area) in panels.iter().zip(&headings).zip(areas) {
        let plot = Plot::begin(&mut scene, area, 44.0, (heading, "share of judged reads"), y, &units::share_tick);
        plot.level_axis(&mut scene, x, &x.ticks(8), &units::time_tick, "stale by more than");
        draw(source, &mut scene, &plot, x, panel);
    }
    scene
}

fn draw(source: Source<'_>, scene: &mut Scene, plot: &Plot, x: Scale, panel: &Panel) {
    if panel.lines.is_empty() {
        plot.say(scene, "No read was stale.");
    }
    let (mut ends, mut paths) = (Vec::new(), Vec::new());
    for (index, curve) in &panel.lines {
        let variant = &source.analysis.variants[*index];
        let path: Vec<Point> = curve.iter().map(|(age, share)| (plot.across(x, *age), plot.at(*share))).collect();
        if variant.control {
            dashed(scene, &path, variant.colour, 2.0);
        } else {
            scene.line(&path, variant.colour, 2.0);
        }
        if let Some(end) = path.last() {
            scene.disc(*end, 3.0, variant.colour);
            ends.push((*index, *end));
        }
        paths.push(path);
    }
    source.number(scene, plot.area, &ends, &paths);
}

fn in_words(source: Source<'_>, panels: &[Panel]) -> String {
    let mut text = "Share of reads still stale after a time.".to_owned();
    for panel in panels {
        let told = panel.lines.iter().filter_map(|(variant, curve)| {
            let (first, last) = (curve.first()?, curve.last()?);
            let label = &source.analysis.variants[*variant].label;
            Some(format!("{label} {} of reads, by {} at most", units::tiny_share(first.1), units::time(last.0)))
        });
        let told: Vec<String> = told.collect();
        let told = if told.is_empty() { "none".to_owned() } else { told.join("; ") };
        text += &format!(" {} {}: {told}.", panel.stack, panel.place);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_curve_begins_with_all_stale_reads_and_falls_to_the_oldest() {
        let mut ages = Histogram::new();
        ages.record_n(0, 2);
        ages.record_n(1_000_000, 1);
        ages.record_n(2_000_000, 1);
        let curve = curve(&ages, 100);
        let shares: Vec<f64> = curve.iter().map(|point| point.1).collect();
        assert_eq!(shares, [0.04, 0.04, 0.02, 0.02, 0.01, 0.01]);
        assert!(curve.windows(2).all(|pair| pair[0].0 <= pair[1].0), "{curve:?}");
        assert_eq!(curve[1].0, LEAST_NS);
    }
}
