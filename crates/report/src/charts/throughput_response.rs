//! Response time, and what is missing of the offered load, over the offered load: where each strategy stops keeping up.

mod panel;
mod search;

use self::panel::{Lines, Pair, shortfall};
use super::subject::line;
use super::{Chart, Source, room};
use crate::analysis::{Point, Stack};
use crate::scene::{Area, GREY, LegendEntry, RED, Scale, Scene, Sheet, Swatch, level_headings};
use crate::units::{self, capital};
use cachemark_results::Figure;
use cachemark_results::MANY;
use cachemark_results::figure::{THROUGHPUT, response};

/// The axis of what is missing goes as far to either side at least: closer than a hundredth nobody counts.
const ABOUT_NONE: f64 = 0.01;
/// Offered loads further apart than this are drawn on log axes: on even ones the small would lie on each other.
const FAR_APART: f64 = 20.0;

/// The response time drawn: the one that a search was for; else the 99th percentile, or the median where no trial has enough
/// operations for more.
fn time(source: Source<'_>) -> &'static Figure {
    let searched = search::objective(source).map(|(figure, _)| figure);
    let any = |figure: &Figure| source.analysis.cells.iter().any(|figures| figures.median(figure).is_some());
    if let Some(figure) = searched.filter(|figure| is_response(figure) && any(figure)) {
        return figure;
    }
    if !any(response::P99) && any(response::P50) { response::P50 } else { response::P99 }
}

fn is_response(figure: &Figure) -> bool {
    figure.is_time() && figure.name.starts_with("response.")
}

/// `response time p99`.
fn name(time: &Figure) -> String {
    time.name.replacen("response.", "response time ", 1)
}

/// The line not to be passed, if the search was for the time that is drawn.
fn bound(source: Source<'_>) -> Option<f64> {
    search::objective(source).filter(|(figure, _)| *figure == time(source)).map(|(_, bound)| bound)
}

pub(crate) fn chart(source: Source<'_>) -> Chart {
    let title = "Response time and shortfall over offered load";
    Chart {
        lacks: None,
        name: "throughput-response".into(),
        title: title.into(),
        table: None,
        reading: format!(
            "Above, the response time; below, what was achieved less what was offered, as a share of what was offered. Where a line \
                  bends up and leaves the dotted line, the stack no longer keeps up: beyond that the response time grows for as long \
                  as one measures, and says only that.{}{}",
            if search::words(source).is_some() {
                " A large diamond is the greatest load that met the objective of the search."
            } else {
                ""
            },
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
    let mut subjects = subjects(source);
    let columns = if subjects.len() > 1 { 2 } else { 1 };
    let height = source.high_enough(560.0, 340.0);
    let beyond = room::cut(&mut subjects, room::panels(height, columns));
    level_headings(&mut subjects.iter_mut().map(|(.., heading)| heading).collect::<Vec<_>>(), columns);
    let mut legend = source.numbered_legend(&variants, line);
    let entry = |swatch, text: String| LegendEntry { swatch, text };
    let overloaded = format!("hollow: overloaded, more than {} of arrivals shed or unsent", units::percent(MANY));
    legend.push(entry(Swatch::Ring(GREY), overloaded));
    legend.push(entry(Swatch::Dotted(GREY), "achieved = offered".into()));
    legend.push(entry(Swatch::Whisker, "least to greatest over blocks".into()));
    if let Some(objective) = search::words(source) {
        legend.extend(bound(source).map(|_| entry(Swatch::Dashed(RED), format!("objective: {objective}"))));
        legend.push(entry(Swatch::Diamond(GREY), format!("the greatest load that met {objective}")));
    }
    let (mut scene, areas) = Sheet {
        title: title.into(),
        subtitle: source.subtitle("medians over blocks"),
        legend,
        notes: notes(source, &variants).into_iter().chain(beyond).collect(),
        panels: subjects.len(),
        columns,
        panel_height: height,
    }
    .lay_out();
    let pair = pair(source, variants);
    for ((stack, ratio, heading), area) in subjects.iter().zip(areas) {
        let area = Area { right: area.right - source.gutter(), ..area };
        let answers = search::answers(source, stack, *ratio);
        pair.draw(&mut scene, area, heading, (&lines(source, stack, *ratio, &pair.variants), &answers));
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
    let spread = |from: f64, to: f64| match far {
        true => Scale::Log { from: from / 1.25, to: to * 1.25 },
        false => Scale::Linear { from: 0.0, to: to * 1.06 },
    };
    let response = all(time(source)).flat_map(|summary| [summary.min, summary.max]).chain(bound(source));
    let missing = cells().filter_map(shortfall).flat_map(|summary| [summary.min, summary.max]);
    let (lowest, highest) = missing.fold((-ABOUT_NONE, ABOUT_NONE), |(low, high), of| (low.min(of), high.max(of)));
    Pair {
        source,
        variants,
        time: time(source),
        x: spread(least, greatest),
        response: Scale::log_around(response, 1.4).unwrap_or(Scale::Log { from: 1e3, to: 1e6 }),
        shortfall: Scale::Linear { from: lowest * 1.1, to: highest * 1.1 },
        bound: bound(source),
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
    let mut notes = vec![format!(
        "{}: the median over blocks of each trial's own, of all answered operations; a trial needs {} of them for one, and a \
         line has a gap where none has. Marks of one offered load stand side by side so that none hides another.",
        capital(&name(time(source))),
        units::count(time(source).needs.samples() as f64)
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
