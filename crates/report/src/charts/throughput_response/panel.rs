//! One stack and read ratio: response time above, what is missing of the offered load below, over one axis.

use super::super::Source;
use super::name;
use super::search::Answer;
use crate::analysis::CellFigures;
use crate::scene::{Area, Colour, DARK, GREY, Plot, Point, RED, SMALL, Scale, Scene, dashed, dotted, paler, width};
use crate::units;
use cachemark_results::Figure;
use cachemark_stats::Summary;

/// For each line of the legend its cells, by ascending offered load.
pub(super) type Lines<'a> = Vec<(usize, Vec<&'a CellFigures<'a>>)>;

/// What is read off a cell.
type Of<'f> = &'f dyn Fn(&CellFigures<'_>) -> Option<Summary>;

/// Two plots over one level axis.
pub(super) struct Pair<'a> {
    pub(super) source: Source<'a>,
    pub(super) variants: Vec<usize>,
    /// The response time drawn.
    pub(super) time: &'static Figure,
    pub(super) x: Scale,
    pub(super) response: Scale,
    pub(super) shortfall: Scale,
    /// The response time that a search was not to pass.
    pub(super) bound: Option<f64>,
}

/// How far apart the marks of one offered load stand, where there is room.
const APART: f64 = 6.0;

/// Half the height of the mark of a search's answer.
const ANSWER: f64 = 10.0;

/// What is missing of what was offered, as a share of it: below 0 where less was achieved.
pub(super) fn shortfall(figures: &CellFigures<'_>) -> Option<Summary> {
    figures.summary_of(|trial| {
        let offered = trial.open_loop.as_ref()?.offered_per_s;
        (offered > 0.0).then(|| (trial.throughput_ops_per_s - offered) / offered)
    })
}

/// A line across the whole panel at a height.
fn across(scene: &mut Scene, plot: &Plot, at: f64, draw: fn(&mut Scene, &[Point], Colour, f64), colour: Colour) {
    let y = plot.at(at);
    draw(scene, &[(plot.area.left, y), (plot.area.right, y)], colour, 1.5);
}

impl Pair<'_> {
    pub(super) fn draw(&self, scene: &mut Scene, area: Area, heading: &str, drawn: (&Lines<'_>, &[Answer])) {
        let (above, below) = Self::halves(area);
        let plot = Plot::begin(scene, above, 26.0, (heading, &name(self.time)), self.response, &units::time_tick);
        self.level_axis(scene, &plot, "");
        if let Some(bound) = self.bound {
            across(scene, &plot, bound, dashed::<Colour>, RED);
        }
        let none = format!("No trial has a {}.", self.source.analysis.title(self.time));
        self.draw_lines(scene, &plot, (&|figures| figures.summary(self.time), &none), drawn);
        let name = ("", "achieved less offered, as a share of offered");
        let plot = Plot::begin(scene, below, 44.0, name, self.shortfall, &units::signed_percent);
        self.level_axis(scene, &plot, "offered load, arrivals per second");
        across(scene, &plot, 0.0, dotted::<Colour>, GREY);
        self.draw_lines(scene, &plot, (&shortfall, "No trial has an achieved throughput."), drawn);
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

    /// How far apart the marks of one offered load stand: all of them take no more than half the way to the next load.
    fn apart(&self, plot: &Plot, lines: usize) -> f64 {
        (self.closest(plot) / 2.0 / lines.max(1) as f64).min(APART)
    }

    /// The lines of what `of` reads off a cell; or that there are none.
    fn draw_lines(
        &self,
        scene: &mut Scene,
        plot: &Plot,
        (of, none): (Of<'_>, &str),
        (lines, answers): (&Lines<'_>, &[Answer]),
    ) {
        if lines.iter().flat_map(|(_, cells)| cells).all(|figures| of(figures).is_none()) {
            return plot.say(scene, none);
        }
        let apart = self.apart(plot, lines.len());
        let mut ends = Vec::new();
        for (place, (variant, cells)) in lines.iter().enumerate() {
            let aside = apart * (place as f64 - (lines.len() as f64 - 1.0) / 2.0);
            let at = |figures: &&CellFigures<'_>| -> Option<Point> {
                let x = plot.across(self.x, figures.point().offered_per_s?) + aside;
                Some((x, plot.at(of(figures)?.median)))
            };
            let places: Vec<Option<Point>> = cells.iter().map(at).collect();
            let look = &self.source.analysis.variants[*variant];
            for path in places.split(Option::is_none) {
                let path: Vec<Point> = path.iter().flatten().copied().collect();
                if look.control { dashed(scene, &path, look.colour, 1.5) } else { scene.line(&path, look.colour, 2.0) }
            }
            ends.extend(places.iter().rev().flatten().next().map(|end| (*variant, *end)));
            for (figures, place) in cells.iter().zip(&places) {
                let (Some(at), Some(summary)) = (place, of(figures)) else { continue };
                if summary.count > 1 {
                    scene.whisker((at.0, plot.at(summary.max)), (at.0, plot.at(summary.min)), paler(look.colour, 0.25));
                }
                let radius = if look.control { 4.0 } else { 5.0 };
                let is_answer = |(arm, rate): &Answer| arm == variant && figures.point().offered_per_s == Some(*rate);
                if answers.iter().any(is_answer) {
                    scene.diamond(*at, ANSWER, DARK);
                    scene.diamond(*at, ANSWER - 2.5, look.colour);
                    continue;
                }
                match figures.was_overloaded() {
                    true => scene.ring(*at, radius + 0.5, look.colour),
                    false => scene.disc(*at, radius, look.colour),
                }
            }
        }
        self.source.number_lines(scene, plot.area, ends);
    }
}
