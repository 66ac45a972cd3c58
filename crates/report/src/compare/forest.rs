//! The ratios of a comparison as a chart: one row a figure and cell, its interval, the margin.

use super::{ComparedRow, RowVerdict, RunComparison, sentences};
use crate::scene::{
    Align, Area, BODY, Colour, DARK, GREY, GRID, LegendEntry, RED, SMALL, Scale, Scene, Sheet, Swatch, shorten,
    shorten_name, width,
};
use crate::units;
use cachemark_stats::{Interval, Scale as OnScale};

const ROW: f64 = 25.0;
const HEADING: f64 = 32.0;
/// Room for the figures of the axis, above and below the rows.
const TOP: f64 = 26.0;
const FOOT: f64 = 46.0;
/// Room for names to the left, between these; and for words to the right.
const NAMES: (f64, f64) = (140.0, 320.0);
const WORDS: f64 = 320.0;
const BAND: Colour = Colour::new([221, 236, 247], [22, 44, 66]);
const MARK: Colour = Colour::new([9, 105, 218], [88, 166, 255]);
/// How far a row's mark reaches.
const DISC: f64 = 5.5;

/// The rows that have a ratio, under a heading for each figure and family; none where there is none.
pub(super) fn forest(comparison: &RunComparison) -> Option<Scene> {
    let rows: Vec<&ComparedRow> = comparison.rows.iter().filter(|row| ratio(row).is_some()).collect();
    let groups: Vec<&[&ComparedRow]> = rows.chunk_by(|one, other| heading(one) == heading(other)).collect();
    let of_rows = rows.iter().filter_map(|row| Some((ratio(row)?, interval(row))));
    let mut figures: Vec<f64> =
        of_rows.flat_map(|(ratio, interval)| [ratio].into_iter().chain(interval.into_iter().flat_map(ends))).collect();
    let margin = comparison.margin;
    figures.extend([1.0 / (1.0 + margin), 1.0 + margin]);
    let x = Scale::log_around(figures, 1.1)?;
    if rows.is_empty() {
        return None;
    }
    let entry = |swatch, text: String| LegendEntry { swatch, text };
    let (mut scene, areas) = Sheet {
        title: sentences::title(comparison),
        subtitle: "ratio of the compared side to the baseline, log axis".to_owned(),
        legend: vec![
            entry(Swatch::Disc(GREY), "estimate, and interval".to_owned()),
            entry(Swatch::Band(BAND), format!("doesn't matter: within {}", units::percent(margin))),
        ],
        notes: vec!["A figure that is 0 in a run has no ratio: it is in the table alone.".to_owned()],
        panels: 1,
        columns: 1,
        panel_height: TOP + FOOT + HEADING * groups.len() as f64 + ROW * rows.len() as f64,
    }
    .lay_out();
    let area = *areas.first()?;
    let names = rows.iter().map(|row| width(&row.label, BODY, false)).fold(0.0, f64::max);
    let left = area.left + (names + 24.0).clamp(NAMES.0, NAMES.1);
    let plot = Area { left, right: area.right - WORDS, top: area.top + TOP, bottom: area.bottom - FOOT };
    let panel = Panel { x, plot, area };
    panel.axis(&mut scene);
    let mut y = plot.top;
    for group in groups {
        scene.bold((area.left, y + HEADING / 2.0 + 3.0), panel.shortened(&heading(group[0])), BODY, DARK, Align::Left);
        y += HEADING;
        panel.grid(&mut scene, margin, (y, y + ROW * group.len() as f64));
        for row in group {
            panel.row(&mut scene, row, y + ROW / 2.0);
            y += ROW;
        }
    }
    Some(scene)
}

/// What the chart shows, for those who can't see it.
pub(super) fn in_words(comparison: &RunComparison) -> String {
    let rows = comparison.rows.iter().filter(|row| ratio(row).is_some());
    let rows: Vec<String> = rows.map(|row| format!("{}, {}: {}", row.title, row.cell, words(row))).collect();
    format!("{}. {}.", sentences::title(comparison), rows.join("; "))
}

struct Panel {
    x: Scale,
    /// Where the marks are.
    plot: Area,
    /// All of it.
    area: Area,
}

impl Panel {
    fn at(&self, ratio: f64) -> f64 {
        self.plot.left + self.x.place(ratio) * (self.plot.right - self.plot.left)
    }

    fn shortened(&self, heading: &str) -> String {
        shorten(heading, BODY * 1.1, self.area.right - self.area.left)
    }

    fn axis(&self, scene: &mut Scene) {
        let Area { top, bottom, right, .. } = self.plot;
        let mut taken = f64::NEG_INFINITY;
        for tick in self.x.ticks(6) {
            let (at, text) = (self.at(tick), units::short(tick));
            let half = width(&text, SMALL, false) / 2.0;
            if at - half > taken + 8.0 {
                scene.text((at, top - 12.0), text.clone(), SMALL, GREY, Align::Middle);
                scene.text((at, bottom + 13.0), text, SMALL, GREY, Align::Middle);
                taken = at + half;
            }
        }
        scene.bold((right + 16.0, top - 12.0), "ratio (interval): verdict", SMALL, GREY, Align::Left);
    }

    /// The margin and the lines behind the rows of one heading.
    fn grid(&self, scene: &mut Scene, margin: f64, (top, bottom): (f64, f64)) {
        scene.shade((self.at(1.0 / (1.0 + margin)), top), (self.at(1.0 + margin), bottom), BAND, 1.0);
        for tick in self.x.ticks(6) {
            scene.line(&[(self.at(tick), top), (self.at(tick), bottom)], GRID, 1.0);
        }
        scene.line(&[(self.at(1.0), top), (self.at(1.0), bottom)], DARK, 1.5);
    }

    fn row(&self, scene: &mut Scene, row: &ComparedRow, y: f64) {
        let colour = if row.verdict() == RowVerdict::Regression { RED } else { MARK };
        let name = shorten_name(&row.label, BODY, self.plot.left - self.area.left - 20.0);
        scene.text((self.plot.left - 14.0, y), name, BODY, DARK, Align::Right);
        if let Some([low, high]) = interval(row).map(ends) {
            scene.whisker((self.at(low), y), (self.at(high), y), colour);
        }
        if let Some(ratio) = ratio(row) {
            scene.disc((self.at(ratio), y), DISC, colour);
        }
        let room = self.area.right - self.plot.right - 16.0;
        scene.text((self.plot.right + 16.0, y), shorten(&words(row), SMALL, room), SMALL, DARK, Align::Left);
    }
}

fn heading(row: &ComparedRow) -> String {
    format!("{}: {}", row.heading(), row.family)
}

fn words(row: &ComparedRow) -> String {
    let interval = if interval(row).is_some() { format!(" ({})", row.interval()) } else { String::new() };
    format!("{}{interval}: {}", row.effect(), row.verdict().in_words())
}

fn ratio(row: &ComparedRow) -> Option<f64> {
    row.found.as_ref().filter(|found| found.scale == OnScale::Ratio).map(|found| found.estimate)
}

fn interval(row: &ComparedRow) -> Option<Interval> {
    row.found.as_ref().filter(|found| found.scale == OnScale::Ratio)?.interval
}

fn ends(interval: Interval) -> [f64; 2] {
    [interval.low, interval.high]
}
