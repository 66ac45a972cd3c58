//! The whole distribution of reads' times, by strategy: one panel a stack, read ratio and offered load.

mod figures;
mod panels;

use self::panels::{Line, Panel, panels};
use super::subject::line;
use super::{Chart, Source, room};
use crate::ReportError;
use crate::scene::{
    Area, GREY, LegendEntry, Plot, SMALL, Scale, Scene, Sheet, Swatch, dashed, dotted, level_headings, width,
};
use crate::units;
use cachemark_stats::SpectrumPoint;

/// How many offered loads have panels: more would make the chart longer than anyone looks at.
const RATES: usize = 3;

pub(crate) fn chart(source: Source<'_>) -> Result<Chart, ReportError> {
    let title = "Percentile spectrum of reads";
    let points = source.analysis.some_points(RATES);
    let (mut panels, overflowed) = panels(source, &points)?;
    let beyond = room::cut(&mut panels, room::panels(height(source), columns(source)));
    let mut reading =
        "Follow a line to the right to see rarer, slower reads: each step of the axis (90 %, 99 %, ..) is ten \
                       times rarer, and a line ends where too few reads stand behind it."
            .to_owned();
    if source.analysis.open_loop {
        reading += " Where the response time parts from the service time, reads waited before they were sent.";
    }
    reading += source.on_lines();
    Ok(Chart {
        lacks: panels.iter().all(|panel| panel.lines.is_empty()).then_some("no trial has a read that was answered."),
        name: "spectrum".into(),
        title: title.into(),
        table: Some(figures::table(source, &panels)),
        reading,
        alt: in_words(source, title, &panels),
        scene: scene(source, &panels, notes(source, overflowed).into_iter().chain(beyond).collect()),
    })
}

/// How high a panel is.
fn height(source: Source<'_>) -> f64 {
    source.high_enough(if columns(source) == 1 { 420.0 } else { 330.0 }, 110.0)
}

fn scene(source: Source<'_>, panels: &[Panel], notes: Vec<String>) -> Scene {
    let open_loop = source.analysis.open_loop;
    let title = if open_loop { "response time and service time" } else { "the service time" };
    let (mut scene, areas) = Sheet {
        title: format!("Percentile spectrum of {title} of reads (log axes)"),
        subtitle: source.subtitle("all trials of a cell merged"),
        legend: legend(source, panels),
        notes,
        panels: panels.len(),
        columns: columns(source),
        panel_height: height(source),
    }
    .lay_out();
    let points = || panels.iter().flat_map(|panel| panel.lines.iter().flat_map(Line::points));
    let y = Scale::log_around(points().map(|point| point.value_ns as f64), 1.2);
    let y = y.unwrap_or(Scale::Log { from: 1e3, to: 1e6 });
    let rarest = points().map(SpectrumPoint::decades).fold(1.0, f64::max);
    let x = Scale::Linear { from: 0.0, to: rarest * 1.03 };
    let what = if open_loop { "time of a read" } else { "service time" };
    let mut headings: Vec<String> = panels.iter().map(Panel::heading).collect();
    level_headings(&mut headings.iter_mut().collect::<Vec<_>>(), columns(source));
    for ((panel, heading), area) in panels.iter().zip(&headings).zip(areas) {
        let area = Area { right: area.right - source.gutter(), ..area };
        let plot = Plot::begin(&mut scene, area, 44.0, (heading, what), y, &units::time_tick);
        plot.level_axis(&mut scene, x, &ticks(&plot, x, rarest), &name, "percentile of reads");
        draw(source, &mut scene, &plot, x, panel);
    }
    scene
}

/// One tick a decade, and before the first, a third of a decade in, the median, if there is room for both.
fn ticks(plot: &Plot, x: Scale, rarest: f64) -> Vec<f64> {
    let (median, ninety) = (0.5_f64.log10().abs(), 1.0);
    let wide = |decades: f64| width(&name(decades), SMALL, false);
    let apart = plot.across(x, ninety) - plot.across(x, median);
    let has_room = apart > f64::midpoint(wide(median), wide(ninety)) + 6.0;
    has_room.then_some(median).into_iter().chain((1..=rarest as i32).map(f64::from)).collect()
}

fn name(decades: f64) -> String {
    units::quantile(1.0 - 10_f64.powf(-decades))
}

fn legend(source: Source<'_>, panels: &[Panel]) -> Vec<LegendEntry> {
    let shown = |variant: &usize| panels.iter().any(|panel| panel.lines.iter().any(|line| line.variant == *variant));
    let variants: Vec<usize> = (0..source.analysis.variants.len()).filter(shown).collect();
    let mut legend = source.numbered_legend(&variants, line);
    if source.analysis.open_loop {
        let entry = |swatch, text: &str| LegendEntry { swatch, text: text.into() };
        legend.push(entry(Swatch::Line(GREY), "thick: response time"));
        legend.push(entry(Swatch::Dotted(GREY), "thin, dotted: service time"));
    }
    legend
}

fn notes(source: Source<'_>, overflowed: u64) -> Vec<String> {
    let mut notes = Vec::new();
    if overflowed > 0 {
        notes.push(format!(
            "{} reads took more than an hour and are drawn at an hour.",
            units::count(overflowed as f64)
        ));
    }
    if source.analysis.open_loop {
        let mut note =
            "Response time = completion - intended start; service time = completion - actual start.".to_owned();
        if source.analysis.variants.iter().any(|variant| variant.control) {
            note += " Of the A/A control only the response time is drawn.";
        }
        notes.push(note);
    }
    notes.extend(source.not_drawn(&source.analysis.some_rates(RATES)));
    notes
}

/// One row a stack, or a stack and read ratio, where that is not too narrow.
fn columns(source: Source<'_>) -> usize {
    let analysis = source.analysis;
    if analysis.has_many_rates() {
        return analysis.some_rates(RATES).len();
    }
    match (analysis.stacks.len(), analysis.read_ratios.len()) {
        (0 | 1, 1) => 1,
        (_, 3) => 3,
        (0 | 1, ratios) if ratios > 4 => 3,
        _ => 2,
    }
}

fn draw(source: Source<'_>, scene: &mut Scene, plot: &Plot, x: Scale, panel: &Panel) {
    if panel.lines.is_empty() {
        plot.say(scene, "No reads to show.");
    }
    let mut ends = Vec::new();
    for line in &panel.lines {
        let variant = &source.analysis.variants[line.variant];
        let place = |point: &SpectrumPoint| (plot.across(x, point.decades()), plot.at(point.value_ns as f64));
        let beside: Vec<(f64, f64)> = line.beside.iter().map(place).collect();
        // Under an A/A pair's one colour, four lines could not be told apart.
        if !variant.control {
            dotted(scene, &beside, variant.colour, 1.3);
        }
        let path: Vec<(f64, f64)> = line.main.iter().map(place).collect();
        if variant.control {
            dashed(scene, &path, variant.colour, 2.0)
        } else {
            scene.line(&path, variant.colour, 2.0)
        }
        if let Some(end) = path.last() {
            scene.disc(*end, 3.0, variant.colour);
            ends.push((line.variant, *end));
        }
    }
    source.number_lines(scene, plot.area, ends);
}

fn in_words(source: Source<'_>, title: &str, panels: &[Panel]) -> String {
    let mut text = format!("{title}.");
    for panel in panels {
        let told = panel.lines.iter().filter_map(|line| {
            let last = line.main.last()?;
            let (at, took) = (units::quantile(last.quantile), units::time(last.value_ns as f64));
            Some(format!("{} reaches {took} at {at}", source.analysis.variants[line.variant].label))
        });
        let told: Vec<String> = told.collect();
        let told = if told.is_empty() { "no reads".to_owned() } else { told.join("; ") };
        text += &format!(" {} {}: {told}.", panel.stack, panel.place);
    }
    text
}
