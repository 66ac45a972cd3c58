//! Response time and achieved throughput over the offered load: where each strategy stops keeping up.

mod panel;

use self::panel::{Lines, Pair};
use super::subject::line;
use super::{Chart, Source};
use crate::analysis::{Point, Stack};
use crate::scene::{Area, GREY, LegendEntry, Scale, Scene, Sheet, Swatch};
use crate::units;
use cachemark_results::Figure;
use cachemark_results::MANY;
use cachemark_results::figure::{THROUGHPUT, response};

/// Offered loads further apart than this are drawn on log axes: on even ones the small would lie on each other.
const FAR_APART: f64 = 20.0;

/// The response time drawn: the 99th percentile, or the median where no trial has enough operations for more.
fn time(source: Source<'_>) -> &'static Figure {
    let any = |figure: &Figure| source.analysis.cells.iter().any(|figures| figures.median(figure).is_some());
    if !any(response::P99) && any(response::P50) { response::P50 } else { response::P99 }
}

pub(crate) fn chart(source: Source<'_>) -> Chart {
    let title = "Response time and achieved throughput over offered load";
    Chart {
        name: "throughput-response".into(),
        title: title.into(),
        reading: format!(
            "Above, the response time: its 99th percentile, or the median where that is all there is; below, what was \
                  achieved of what was offered. Where a line bends up and leaves the diagonal, the stack no longer keeps up: beyond that the \
                  response time grows for as long as one measures, and says only that.{}",
            source.on_lines()
        ),
        alt: source.in_words(title, &[time(source), THROUGHPUT]),
        scene: scene(source, title),
    }
}

/// A stack and a read ratio.
fn subjects<'a>(source: Source<'a>) -> Vec<(&'a Stack, f64, String)> {
    let ratios = &source.analysis.read_ratios;
    let subject = |stack: &'a Stack, ratio: f64| {
        let heading = [source.heading(stack), format!("read ratio {ratio}")];
        (stack, ratio, heading.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
    };
    let stacks = source.analysis.stacks.iter();
    stacks.flat_map(|stack| ratios.iter().map(move |ratio| subject(stack, *ratio))).collect()
}

fn scene(source: Source<'_>, title: &str) -> Scene {
    let variants = source.variants_with(&[time(source), THROUGHPUT]);
    let subjects = subjects(source);
    let mut legend = source.numbered_legend(&variants, line);
    let entry = |swatch, text: String| LegendEntry { swatch, text };
    let overloaded = format!("hollow: overloaded, more than {} of arrivals shed or unsent", units::percent(MANY));
    legend.push(entry(Swatch::Ring(GREY), overloaded));
    legend.push(entry(Swatch::Dotted(GREY), "achieved = offered".into()));
    legend.push(entry(Swatch::Whisker, "least to greatest over blocks".into()));
    let (mut scene, areas) = Sheet {
        title: title.into(),
        subtitle: source.subtitle("medians over blocks"),
        legend,
        notes: notes(source, &variants),
        panels: subjects.len(),
        columns: if subjects.len() > 1 { 2 } else { 1 },
        panel_height: source.high_enough(560.0, 340.0),
    }
    .lay_out();
    let pair = pair(source, variants);
    for ((stack, ratio, heading), area) in subjects.iter().zip(areas) {
        let area = Area { right: area.right - source.gutter(), ..area };
        pair.draw(&mut scene, area, heading, &lines(source, stack, *ratio, &pair.variants));
    }
    scene
}

/// The scales that all panels have in common.
fn pair(source: Source<'_>, variants: Vec<usize>) -> Pair<'_> {
    let cells = || source.analysis.cells.iter();
    let (least, greatest) = match source.analysis.rates.as_slice() {
        [least, .., greatest] => (*least, *greatest),
        _ => (1.0, 1.0),
    };
    let far = least > 0.0 && greatest / least > FAR_APART;
    let all = |figure: &'static Figure| cells().filter_map(move |figures| figures.summary(figure));
    let achieved: Vec<f64> = all(THROUGHPUT).flat_map(|summary| [summary.min, summary.max]).collect();
    let spread = |from: f64, to: f64| match far {
        true => Scale::Log { from: from / 1.25, to: to * 1.25 },
        false => Scale::Linear { from: 0.0, to: to * 1.06 },
    };
    let lowest = achieved.iter().copied().filter(|figure| *figure > 0.0).fold(least, f64::min);
    let response = all(time(source)).flat_map(|summary| [summary.min, summary.max]);
    Pair {
        source,
        variants,
        time: time(source),
        x: spread(least, greatest),
        response: Scale::log_around(response, 1.4).unwrap_or(Scale::Log { from: 1e3, to: 1e6 }),
        achieved: spread(lowest, achieved.into_iter().fold(greatest, f64::max)),
    }
}

fn lines<'a>(source: Source<'a>, stack: &Stack, read_ratio: f64, variants: &[usize]) -> Lines<'a> {
    let line = |variant: usize| {
        let at = |rate: &f64| source.analysis.at(stack, variant, Point { read_ratio, offered_per_s: Some(*rate) });
        (variant, source.analysis.rates.iter().filter_map(at).collect())
    };
    variants.iter().map(|variant| line(*variant)).collect()
}

fn notes(source: Source<'_>, variants: &[usize]) -> Vec<String> {
    let (name, percentile, least) =
        if time(source) == response::P50 { ("p50", "median", "20") } else { ("p99", "99th percentile", "1,000") };
    let mut notes = vec![format!(
        "Response time {name}: the median over blocks of each trial's {percentile}, of all answered operations; a trial needs \
         {least} of them for one, and a line has a gap where none has. Marks of one offered load stand side by side so that \
         none hides another."
    )];
    let all = 0..source.analysis.variants.len();
    let missing: Vec<&str> = all
        .filter(|variant| !variants.contains(variant))
        .map(|variant| source.analysis.variants[variant].label.as_str())
        .collect();
    if !missing.is_empty() && !variants.is_empty() {
        notes.push(format!("Without any figure: {}.", missing.join(", ")));
    }
    notes
}

impl Pair<'_> {
    /// The two halves of a panel: response time above, achieved throughput below.
    fn halves(area: Area) -> (Area, Area) {
        let middle = area.top + (area.bottom - area.top) * 0.56;
        (Area { bottom: middle, ..area }, Area { top: middle + 8.0, ..area })
    }
}
