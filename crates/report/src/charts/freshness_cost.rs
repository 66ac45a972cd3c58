//! Freshness against its price: the share of stale reads over the store's load, and over the reads' 99th percentile.

use super::{Chart, Source, room};
use crate::analysis::{CellFigures, unbeaten};
use crate::scene::{Align, Area, GREY, LegendEntry, Plot, Point, SMALL, Scale, Scene, Sheet, Swatch, dotted};
use crate::units;
use cachemark_results::Figure;
use cachemark_results::figure::{STALE_READS, STORE_LOAD, read, service};

/// How many offered loads have panels.
const RATES: usize = 2;
/// How high a panel is.
const HEIGHT: f64 = 330.0;

/// None where no read was judged.
pub(crate) fn chart(source: Source<'_>) -> Option<Chart> {
    source.analysis.cells.iter().find_map(CellFigures::staleness)?;
    let title = "Freshness against its price";
    Some(Chart {
        lacks: None,
        name: "freshness-cost".into(),
        title: title.into(),
        table: None,
        reading: format!(
            "Each mark is an arm: further down it serves less that is stale (none at all at the foot of the log axis), further left it costs less. No arm is both fresher \
                  and cheaper than one on the dotted line; what lies above it to the right gives freshness away for nothing.{}",
            source.on_marks()
        ),
        alt: source.in_words(title, &[STALE_READS, STORE_LOAD, times(source)]),
        scene: scene(source, title),
    })
}

fn times(source: Source<'_>) -> &'static Figure {
    if source.analysis.open_loop { service::P99 } else { read::P99 }
}

fn scene(source: Source<'_>, title: &str) -> Scene {
    let analysis = source.analysis;
    let variants = source.variants_with(&[STALE_READS]);
    let mut legend =
        source.numbered_legend(
            &variants,
            |colour, control| if control { Swatch::Ring(colour) } else { Swatch::Disc(colour) },
        );
    legend.push(LegendEntry { swatch: Swatch::Dotted(GREY), text: "none is fresher and cheaper".into() });
    let points = analysis.some_points(RATES);
    let costs = [STORE_LOAD, times(source)];
    let stacks = analysis.stacks.iter();
    let mut places: Vec<_> = stacks.flat_map(|stack| points.iter().map(move |point| (stack, *point))).collect();
    let mut notes: Vec<String> = source.not_drawn(&analysis.some_rates(RATES)).into_iter().collect();
    notes.extend(room::cut(&mut places, room::panels(HEIGHT, costs.len()) / costs.len()));
    let (mut scene, areas) = Sheet {
        title: title.into(),
        subtitle: source.subtitle("medians over blocks"),
        legend,
        notes,
        panels: places.len() * costs.len(),
        columns: costs.len(),
        panel_height: HEIGHT,
    }
    .lay_out();
    for ((stack, point), areas) in places.into_iter().zip(areas.chunks(costs.len())) {
        let at = |variant: usize| Some((variant, analysis.at(stack, variant, point)?));
        let cells: Vec<(usize, &CellFigures<'_>)> = (0..analysis.variants.len()).filter_map(at).collect();
        let heading = [source.heading(stack), source.place(point)];
        let heading: Vec<String> = heading.into_iter().filter(|part| !part.is_empty()).collect();
        // Of both panels one upright axis.
        let height = Height::of(cells.iter().filter_map(|(_, figures)| Some(figures.staleness()?.median)));
        for (figure, area) in costs.into_iter().zip(areas) {
            panel(source, &mut scene, (*area, height), &heading.join(", "), (figure, &cells));
        }
    }
    scene
}

/// A cell's mark: its line of the legend, what it costs, and its share of stale reads.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Mark {
    variant: usize,
    cost: f64,
    stale: f64,
}

fn panel(
    source: Source<'_>,
    scene: &mut Scene,
    (area, height): (Area, Height),
    heading: &str,
    (cost, cells): (&'static Figure, &[(usize, &CellFigures<'_>)]),
) {
    let mark = |(variant, figures): &(usize, &CellFigures<'_>)| {
        Some(Mark { variant: *variant, cost: figures.median(cost)?, stale: figures.staleness()?.median })
    };
    let marks: Vec<Mark> = cells.iter().filter_map(mark).collect();
    let x = Scale::from_zero(marks.iter().map(|mark| mark.cost), 1.15);
    let name = |share: f64| if share < height.least { String::new() } else { units::share_tick(share) };
    let plot = Plot::begin(scene, area, 44.0, (heading, "share of stale reads"), height.scale, &name);
    if height.least > 0.0 {
        scene.text((plot.area.left - 8.0, plot.area.bottom), "0 %", SMALL, GREY, Align::Right);
    }
    let format = |value: f64| if cost.is_time() { units::time_tick(value) } else { units::short(value) };
    plot.level_axis(scene, x, &x.ticks(6), &format, source.analysis.title(cost));
    if marks.is_empty() {
        return plot.say(scene, "No figures to show.");
    }
    let place = |mark: &Mark| (plot.across(x, mark.cost), plot.at(height.place(mark.stale)));
    let best: Vec<Point> = frontier(&marks).iter().map(place).collect();
    dotted(scene, &best, GREY, 1.5);
    for mark in &marks {
        let look = &source.analysis.variants[mark.variant];
        match look.control {
            true => scene.ring(place(mark), 5.5, look.colour),
            false => scene.disc(place(mark), 5.0, look.colour),
        }
    }
    let places: Vec<(usize, Point)> = marks.iter().map(|mark| (mark.variant, place(mark))).collect();
    source.number(scene, plot.area, &places, &[best]);
}

/// The upright axis: log, for a share of a thousandth is to be told from none beside one of a half; none is at its foot.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Height {
    scale: Scale,
    /// What lies below it is not named: it is between the least share and none. 0 where no share is above none.
    least: f64,
    foot: f64,
}

impl Height {
    fn of(shares: impl Iterator<Item = f64>) -> Self {
        let shares: Vec<f64> = shares.filter(|share| *share > 0.0).collect();
        let (least, most) = (shares.iter().copied().reduce(f64::min), shares.iter().copied().reduce(f64::max));
        let (Some(least), Some(most)) = (least, most) else {
            return Self { scale: Scale::Linear { from: 0.0, to: 1.0 }, least: 0.0, foot: 0.0 };
        };
        let foot = least / 8.0;
        Self { scale: Scale::Log { from: foot, to: most * 2.0 }, least: least / 2.0, foot }
    }

    fn place(self, share: f64) -> f64 {
        share.max(self.foot)
    }
}

/// Those that no other beats, from the cheapest to the freshest.
fn frontier(marks: &[Mark]) -> Vec<Mark> {
    let places: Vec<[f64; 2]> = marks.iter().map(|mark| [mark.cost, mark.stale]).collect();
    let on_it = marks.iter().zip(unbeaten(&places)).filter(|(_, unbeaten)| *unbeaten);
    let mut best: Vec<Mark> = on_it.map(|(mark, _)| *mark).collect();
    best.sort_by(|a, b| a.cost.total_cmp(&b.cost));
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_stands_at_the_foot_and_a_little_well_above_it() {
        let height = Height::of([0.0, 0.001, 0.5].into_iter());
        let at = |share| height.scale.place(height.place(share));
        assert_eq!(at(0.0), 0.0);
        assert!(at(0.001) > 0.15 && at(0.5) > at(0.001) + 0.3 && at(0.5) < 1.0);
        assert_eq!(Height::of([0.0].into_iter()).least, 0.0);
    }

    #[test]
    fn only_what_is_beaten_in_neither_is_on_the_frontier() {
        let mark = |variant, cost, stale| Mark { variant, cost, stale };
        let marks = [mark(0, 1.0, 0.0), mark(1, 0.2, 0.1), mark(2, 0.3, 0.1), mark(3, 0.1, 0.5), mark(4, 0.5, 0.05)];
        let best: Vec<usize> = frontier(&marks).iter().map(|mark| mark.variant).collect();
        assert_eq!(best, [3, 1, 4, 0]);
    }
}
