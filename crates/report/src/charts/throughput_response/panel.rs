//! One stack and read ratio: response time above, achieved throughput below, over one axis.

use super::super::Source;
use crate::analysis::CellFigures;
use crate::scene::{Area, GREY, Plot, Point, SMALL, Scale, Scene, dashed, dotted, paler, width};
use crate::units;
use cachemark_results::Figure;
use cachemark_results::figure::{THROUGHPUT, response};

/// For each line of the legend its cells, by ascending offered load.
pub(super) type Lines<'a> = Vec<(usize, Vec<&'a CellFigures<'a>>)>;

/// Two plots over one level axis.
pub(super) struct Pair<'a> {
    pub(super) source: Source<'a>,
    pub(super) variants: Vec<usize>,
    /// The response time drawn.
    pub(super) time: &'static Figure,
    pub(super) x: Scale,
    pub(super) response: Scale,
    pub(super) achieved: Scale,
}

/// How far apart the marks of one offered load stand, where there is room.
const APART: f64 = 6.0;

impl Pair<'_> {
    pub(super) fn draw(&self, scene: &mut Scene, area: Area, heading: &str, lines: &Lines<'_>) {
        let (above, below) = Self::halves(area);
        let name = if self.time == response::P50 { "response time p50" } else { "response time p99" };
        let plot = Plot::begin(scene, above, 26.0, (heading, name), self.response, &units::time_tick);
        self.level_axis(scene, &plot, "");
        self.draw_lines(scene, &plot, self.time, lines);
        let name = ("", "achieved throughput, operations per second");
        let plot = Plot::begin(scene, below, 44.0, name, self.achieved, &units::short);
        self.level_axis(scene, &plot, "offered load, arrivals per second");
        self.diagonal(scene, &plot);
        self.draw_lines(scene, &plot, THROUGHPUT, lines);
    }

    /// The offered loads themselves as ticks, in few characters where they are close to each other.
    fn level_axis(&self, scene: &mut Scene, plot: &Plot, name: &str) {
        let rates = &self.source.analysis.rates;
        let widest = rates.iter().map(|rate| width(&units::count(*rate), SMALL, false)).fold(0.0, f64::max);
        let format: fn(f64) -> String = if widest + 6.0 <= self.closest(plot) { units::count } else { units::short };
        plot.level_axis(scene, self.x, rates, &format, name);
    }

    /// The pixels between the two offered loads that are closest to each other.
    fn closest(&self, plot: &Plot) -> f64 {
        let places: Vec<f64> = self.source.analysis.rates.iter().map(|rate| plot.across(self.x, *rate)).collect();
        places.windows(2).map(|pair| pair[1] - pair[0]).fold(f64::INFINITY, f64::min)
    }

    /// Where all that was offered is achieved.
    fn diagonal(&self, scene: &mut Scene, plot: &Plot) {
        let ends = |scale: Scale| match scale {
            Scale::Linear { from, to } | Scale::Log { from, to } => (from, to),
        };
        let ((x_from, x_to), (y_from, y_to)) = (ends(self.x), ends(self.achieved));
        let place = |rate: f64| (plot.across(self.x, rate), plot.at(rate));
        dotted(scene, &[place(x_from.max(y_from)), place(x_to.min(y_to))], GREY, 1.5);
    }

    /// How far apart the marks of one offered load stand: all of them take no more than half the way to the next load.
    fn apart(&self, plot: &Plot, lines: usize) -> f64 {
        (self.closest(plot) / 2.0 / lines.max(1) as f64).min(APART)
    }

    fn draw_lines(&self, scene: &mut Scene, plot: &Plot, figure: &Figure, lines: &Lines<'_>) {
        if lines.iter().flat_map(|(_, cells)| cells).all(|figures| figures.median(figure).is_none()) {
            return plot.say(scene, &format!("No trial has a {}.", self.source.analysis.title(figure)));
        }
        let apart = self.apart(plot, lines.len());
        let mut ends = Vec::new();
        for (place, (variant, cells)) in lines.iter().enumerate() {
            let aside = apart * (place as f64 - (lines.len() as f64 - 1.0) / 2.0);
            let at = |figures: &&CellFigures<'_>| -> Option<Point> {
                let x = plot.across(self.x, figures.point().offered_per_s?) + aside;
                Some((x, plot.at(figures.median(figure)?)))
            };
            let places: Vec<Option<Point>> = cells.iter().map(at).collect();
            let look = &self.source.analysis.variants[*variant];
            for path in places.split(Option::is_none) {
                let path: Vec<Point> = path.iter().flatten().copied().collect();
                if look.control { dashed(scene, &path, look.colour, 1.5) } else { scene.line(&path, look.colour, 2.0) }
            }
            ends.extend(places.iter().rev().flatten().next().map(|end| (*variant, *end)));
            for (figures, place) in cells.iter().zip(&places) {
                let (Some(at), Some(summary)) = (place, figures.summary(figure)) else { continue };
                if summary.count > 1 {
                    scene.whisker((at.0, plot.at(summary.max)), (at.0, plot.at(summary.min)), paler(look.colour, 0.25));
                }
                let radius = if look.control { 4.0 } else { 5.0 };
                match figures.was_overloaded() {
                    true => scene.ring(*at, radius + 0.5, look.colour),
                    false => scene.disc(*at, radius, look.colour),
                }
            }
        }
        self.source.number_lines(scene, plot.area, ends);
    }
}
