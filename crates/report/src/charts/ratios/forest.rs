//! The marks of the chart of ratios: intervals, margin, axis, words.

use super::super::Source;
use super::{BAND, words};
use crate::analysis::{Family, FamilyRow, Role};
use crate::scene::{AXIS, Align, Area, BODY, DARK, GREY, GRID, SMALL, Scale, Scene, paler, shorten, shorten_name};
use crate::units;
use cachemark_results::Figure;

/// Ratios from left to right, rows from top to bottom.
pub(super) struct Forest<'a> {
    pub(super) source: Source<'a>,
    pub(super) x: Scale,
    /// Where the marks are.
    pub(super) plot: Area,
    /// The whole panel.
    pub(super) area: Area,
    /// Room for names to the left.
    pub(super) names: f64,
}

impl Forest<'_> {
    fn at(&self, ratio: f64) -> f64 {
        self.plot.left + self.x.place(ratio) * (self.plot.right - self.plot.left)
    }

    pub(super) fn noise(&self, family: &Family) -> String {
        let text = match family.noise {
            Some(noise) if family.noisy => format!("noisy: the A/A control is ± {}", units::percent(noise)),
            Some(noise) => format!("noise floor: ± {}", units::percent(noise)),
            // Without a control nothing is missing.
            None if family.rows.iter().all(|row| row.role != Role::Control) => String::new(),
            None => "noise floor: n/a".to_owned(),
        };
        shorten(&text, SMALL, self.area.right - self.plot.right - 16.0)
    }

    /// The margin and the lines behind the rows of one family.
    pub(super) fn grid(&self, scene: &mut Scene, margin: f64, (top, bottom): (f64, f64)) {
        scene.shade((self.at(1.0 / (1.0 + margin)), top), (self.at(1.0 + margin), bottom), BAND, 1.0);
        for tick in self.x.ticks(6) {
            scene.line(&[(self.at(tick), top), (self.at(tick), bottom)], GRID, 1.0);
        }
        scene.line(&[(self.at(1.0), top), (self.at(1.0), bottom)], DARK, 1.5);
    }

    pub(super) fn axis(&self, scene: &mut Scene, figure: &Figure) {
        let Area { left, right, top, bottom } = self.plot;
        let mut taken = f64::NEG_INFINITY;
        for tick in self.x.ticks(6) {
            let at = self.at(tick);
            let text = units::short(tick);
            let half = crate::scene::width(&text, SMALL, false) / 2.0;
            if at - half > taken + 8.0 {
                scene.text((at, top - 12.0), text.clone(), SMALL, GREY, Align::Middle);
                scene.text((at, bottom + 13.0), text, SMALL, GREY, Align::Middle);
                taken = at + half;
            }
        }
        scene.line(&[(left, bottom), (right, bottom)], AXIS, 1.5);
        let middle = f64::midpoint(left, right);
        scene.text(
            (middle, bottom + 32.0),
            format!(
                "ratio of {} (1 = {})",
                figure.title,
                if self.source.analysis.pairs { "no difference" } else { "reference cell" }
            ),
            SMALL,
            GREY,
            Align::Middle,
        );
        scene.bold((right + 16.0, top - 12.0), "ratio (95 % interval): verdict", SMALL, GREY, Align::Left);
    }

    pub(super) fn row(&self, scene: &mut Scene, row: &FamilyRow, y: f64) {
        let variant = &self.source.analysis.variants[self.source.analysis.cells[row.cell].variant];
        let colour = variant.colour;
        scene.text(
            (self.plot.left - 14.0, y),
            shorten_name(&row.label, BODY, self.names - 20.0),
            BODY,
            DARK,
            Align::Right,
        );
        let comparison = row.primary.as_ref().map(|primary| &primary.comparison);
        if let Some(interval) = comparison.and_then(|comparison| comparison.interval) {
            scene.whisker((self.at(interval.low), y), (self.at(interval.high), y), colour);
            scene.line(&[(self.at(interval.low), y), (self.at(interval.high), y)], paler(colour, 0.15), 3.0);
        }
        if let Some(ratio) = comparison.and_then(|comparison| comparison.ratio) {
            let at = (self.at(ratio), y);
            if row.role == Role::Control { scene.ring(at, 5.5, colour) } else { scene.disc(at, 5.5, colour) }
        }
        let words = shorten(&words(row), SMALL, self.area.right - self.plot.right - 16.0);
        scene.text((self.plot.right + 16.0, y), words, SMALL, DARK, Align::Left);
    }
}
